package toro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Last in, first out. */
class LifoQueueTest extends QueueRules {

  @Override
  Queue<String> queue(int maxSize) {
    return new LifoQueue<>(maxSize);
  }

  @Override
  Queue<String> queue() {
    return new LifoQueue<>();
  }

  @Override
  Queue<String> queueOf(IOLoop loop, int maxSize) {
    return new LifoQueue<>(loop, maxSize);
  }

  @Override
  Queue<Object> anything(int maxSize) {
    return new LifoQueue<>(maxSize);
  }

  @Override
  List<String> outOrder(List<String> ascending) {
    return ascending.reversed();
  }

  @Override
  String kind() {
    return "LifoQueue";
  }

  @Test
  void theItemOfAWaitingPutterIsTheLastInAndTheFirstOut() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(2);
          List.of("a", "b", "c", "d").forEach(queue::put);
          assertThat(queue.getNow()).isEqualTo("c"); // as in Tornado: c came in, then it was taken
          assertThat(queue.getNow()).isEqualTo("d");
          assertThat(queue.getNow()).isEqualTo("b");
          assertThat(queue.getNow()).isEqualTo("a");
        });
  }
}
