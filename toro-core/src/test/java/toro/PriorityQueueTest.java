package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lowest first. */
class PriorityQueueTest extends QueueRules {

  private record Job(int priority, String name) {}

  private static final class Refusal extends RuntimeException {}

  @Override
  Queue<String> queue(int maxSize) {
    return new PriorityQueue<>(maxSize);
  }

  @Override
  Queue<String> queue() {
    return new PriorityQueue<>();
  }

  @Override
  Queue<String> queueOf(IOLoop loop, int maxSize) {
    return new PriorityQueue<>(loop, maxSize);
  }

  @Override
  Queue<Object> anything(int maxSize) {
    return new PriorityQueue<>(maxSize, (a, b) -> 0);
  }

  @Override
  String shown(String... texts) {
    return "[" + texts[0] + ", … " + (texts.length - 1) + " more]";
  }

  @Override
  List<String> outOrder(List<String> ascending) {
    return ascending;
  }

  @Override
  String kind() {
    return "PriorityQueue";
  }

  private static <T> List<T> drain(Queue<T> queue) {
    List<T> items = new ArrayList<>();
    while (!queue.isEmpty()) {
      items.add(queue.getNow());
    }
    return items;
  }

  @Test
  void theLowestComesFirst() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    loop.runSync(
        () -> {
          var queue = new PriorityQueue<Integer>();
          var items = random.ints(1000, 0, 100).boxed().toList();
          items.forEach(queue::putNow);
          assertThat(drain(queue)).as("seed " + seed).isEqualTo(items.stream().sorted().toList());
        });
  }

  @Test
  void equalOnesComeInTheOrderTheyWerePutIn() {
    loop.runSync(
        () -> {
          var queue = new PriorityQueue<Job>(0, Comparator.comparing(Job::priority));
          var jobs =
              IntStream.range(0, 1000).mapToObj(i -> new Job(i * 7 % 3, "job " + i)).toList();
          jobs.forEach(queue::putNow);
          assertThat(drain(queue))
              .isEqualTo(jobs.stream().sorted(Comparator.comparing(Job::priority)).toList());
        });
  }

  @Test
  void theOrderMayBeAnother() {
    loop.runSync(
        () -> {
          Queue<String> queue = new PriorityQueue<>(loop, 0, Comparator.reverseOrder());
          List.of("b", "c", "a").forEach(queue::putNow);
          assertThat(queue.toString())
              .isEqualTo("PriorityQueue[maxsize=0 queue=[c, b, a] tasks=3]");
          assertThat(drain(queue)).containsExactly("c", "b", "a");
          assertThatThrownBy(() -> new PriorityQueue<String>(1, null))
              .isInstanceOf(NullPointerException.class);
        });
  }

  @Test
  void theItemOfAWaitingPutterTakesPartInTheOrderWhenASlotGetsFree() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(2);
          List.of("c", "d", "a", "b").forEach(queue::put);
          assertThat(queue.getNow()).isEqualTo("a"); // as in Tornado: a came in, then it was taken
          assertThat(queue.getNow()).isEqualTo("b");
          assertThat(queue.getNow()).isEqualTo("c");
          assertThat(queue.getNow()).isEqualTo("d");
        });
  }

  @Test
  void whatCannotBeComparedIsRefusedAndNothingChanges() {
    loop.runSync(
        () -> {
          Queue<Object> queue = new PriorityQueue<>(4);
          assertThatThrownBy(() -> queue.put(new Object())).isInstanceOf(ClassCastException.class);
          assertThatThrownBy(() -> queue.putNow(new Object()))
              .isInstanceOf(ClassCastException.class);
          assertThat(queue.toString()).isEqualTo("PriorityQueue[maxsize=4]");
          queue.putNow("a");
          assertThatThrownBy(() -> queue.put(7)).isInstanceOf(ClassCastException.class);
          assertThat(queue.toString()).isEqualTo("PriorityQueue[maxsize=4 queue=[a] tasks=1]");
        });
  }

  @Test
  void aWaitingPutterWhoseItemIsRefusedFailsAndTheOthersGoOn() {
    loop.runSync(
        () -> {
          Queue<Object> queue = new PriorityQueue<>(2);
          queue.putNow("c");
          queue.putNow("d");
          var refused = queue.put(new Object());
          var refusedToo = queue.put(7);
          var next = queue.put("b");
          var last = queue.put("a");
          assertThat(queue.get()).isCompletedWithValue("b");
          assertThat(refused).isCompletedExceptionally();
          assertThat(Failures.of(refused)).isInstanceOf(ClassCastException.class);
          assertThat(Failures.of(refusedToo)).isInstanceOf(ClassCastException.class);
          assertThat(next).isCompleted();
          assertThat(last).isNotDone();
          assertThat(queue.toString())
              .isEqualTo("PriorityQueue[maxsize=2 queue=[c, d] putters[1] tasks=3]");
          assertThat(drain(queue)).containsExactly("a", "c", "d");
        });
  }

  @Test
  void aComparatorThatThrowsWhenAnItemIsPutInChangesNothing() {
    loop.runSync(
        () -> {
          // Fails at the third comparison: when two items would have made room for the new one.
          int[] left = {Integer.MAX_VALUE};
          var queue =
              new PriorityQueue<Integer>(
                  15,
                  (a, b) -> {
                    if (--left[0] < 0) {
                      throw new Refusal();
                    }
                    return Integer.compare(a, b);
                  });
          var items = IntStream.rangeClosed(1, 15).boxed().toList();
          items.forEach(queue::putNow);
          queue.getNow();
          for (int comparisons = 0; comparisons < 3; comparisons++) {
            left[0] = comparisons;
            assertThatThrownBy(() -> queue.putNow(0)).isInstanceOf(Refusal.class);
          }
          left[0] = Integer.MAX_VALUE;
          assertThat(drain(queue)).isEqualTo(items.subList(1, 15));
          assertThat(queue.unfinishedTasks()).isEqualTo(15);
        });
  }

  @Test
  void aComparatorThatThrowsWhenAnItemIsTakenOutChangesNothing() {
    loop.runSync(
        () -> {
          int[] left = {Integer.MAX_VALUE};
          var queue =
              new PriorityQueue<Integer>(
                  0,
                  (a, b) -> {
                    if (--left[0] < 0) {
                      throw new Refusal();
                    }
                    return Integer.compare(a, b);
                  });
          var items = IntStream.rangeClosed(1, 15).boxed().toList();
          items.forEach(queue::putNow);
          for (int comparisons = 0; comparisons < 4; comparisons++) {
            left[0] = comparisons;
            assertThatThrownBy(queue::getNow).isInstanceOf(Refusal.class);
            assertThat(queue.size()).isEqualTo(15);
          }
          left[0] = Integer.MAX_VALUE;
          assertThat(drain(queue)).isEqualTo(items);
        });
  }

  @Test
  void aPutterIsNotForgottenWhenTheComparatorThrowsForTheGetterThatLetsItIn() {
    loop.runSync(
        () -> {
          int[] left = {Integer.MAX_VALUE};
          var queue =
              new PriorityQueue<Integer>(
                  3,
                  (a, b) -> {
                    if (--left[0] < 0) {
                      throw new Refusal();
                    }
                    return Integer.compare(a, b);
                  });
          List.of(1, 2, 3).forEach(queue::putNow);
          var putter = queue.put(4);
          left[0] = 1; // 4 goes in with one comparison, 1 comes out with more
          assertThatThrownBy(queue::get).isInstanceOf(Refusal.class);
          left[0] = Integer.MAX_VALUE;
          assertThat(putter).isCompleted();
          assertThat(drain(queue)).containsExactly(1, 2, 3, 4);
          assertThat(queue.unfinishedTasks()).isEqualTo(4);
        });
  }

  @Test
  void theHeapShowsItsFirstItemWithoutTakingIt() {
    var heap = new StableHeap<Integer>(Comparator.naturalOrder());
    assertThat(heap.peek()).isNull();
    heap.add(2);
    heap.add(1);
    assertThat(heap.peek()).isOne();
    assertThat(heap).containsExactly(1, 2);
  }

  @Test
  void theTextOfALongOneShowsTheLowestWithFewComparisons() {
    loop.runSync(
        () -> {
          int[] comparisons = {0};
          Comparator<Integer> counting =
              (a, b) -> {
                comparisons[0]++;
                return a.compareTo(b);
              };
          var queue = new PriorityQueue<Integer>(100_000, counting);
          for (int i = 0; i < 100_000; i++) {
            queue.putNow((i * 7_919 + 5_000) % 100_000);
          }
          comparisons[0] = 0;
          assertThat(queue.toString())
              .isEqualTo(
                  "PriorityQueue[maxsize=100000 queue=[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … 99990 more]"
                      + " tasks=100000]");
          assertThat(comparisons[0]).isLessThan(200);
          comparisons[0] = 0;
          assertThatThrownBy(() -> queue.putNow(0)).isInstanceOf(QueueFullException.class);
          var late = queue.put(0, Duration.ZERO);
          assertThat(Failures.of(late)).isInstanceOf(DeadlineExceededException.class);
          assertThat(comparisons[0]).isZero();
          assertThat(queue.closeNow()).isSorted().hasSize(100_000);
        });
  }
}
