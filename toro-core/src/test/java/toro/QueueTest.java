package toro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** First in, first out. */
class QueueTest extends QueueRules {

  @Override
  Queue<String> queue(int maxSize) {
    return new Queue<>(maxSize);
  }

  @Override
  Queue<String> queue() {
    return new Queue<>();
  }

  @Override
  Queue<String> queueOf(IOLoop loop, int maxSize) {
    return new Queue<>(loop, maxSize);
  }

  @Override
  Queue<Object> anything(int maxSize) {
    return new Queue<>(maxSize);
  }

  @Override
  List<String> outOrder(List<String> ascending) {
    return ascending;
  }

  @Override
  String kind() {
    return "Queue";
  }

  @Test
  void itemsOfWaitingPuttersComeOutInTheOrderTheyCame() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(2);
          List.of("d", "a", "c", "b").forEach(queue::put);
          var out = new ArrayList<CompletableFuture<String>>();
          for (int i = 0; i < 4; i++) {
            out.add(queue.get());
          }
          assertThat(out).extracting(CompletableFuture::join).containsExactly("d", "a", "c", "b");
        });
  }

  @Test
  void aQueueOfALoopIsNeverFullUnlessToldOtherwise() {
    Queue<String> queue = new Queue<>(loop);
    assertThat(queue.maxSize()).isZero();
    assertThat(queue.isFull()).isFalse();
  }

  @Test
  void anItemWithoutATextIsShownByItsClass() {
    final class Mute {
      @Override
      public String toString() {
        throw new UnsupportedOperationException();
      }
    }
    loop.runSync(
        () -> {
          Queue<Object> queue = new Queue<>();
          queue.putNow("a");
          queue.putNow(new Mute());
          assertThat(queue.toString())
              .isEqualTo("Queue[maxsize=0 queue=[a, Mute (its toString() failed)] tasks=2]");
        });
  }
}
