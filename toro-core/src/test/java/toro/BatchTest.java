package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static toro.Coroutines.await;
import static toro.Coroutines.on;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.TestLoop.elsewhere;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** {@link Queue#getBatch}: what the rules for every wait-method do not say. */
class BatchTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final ManualClock clock = new ManualClock();

  private void run(ThrowingRunnable body) {
    try (IOLoop loop = TestLoop.create(clock)) {
      loop.runSync(body);
      assertThat(loop.timers.size()).isZero();
    }
  }

  private static <T> void putAll(Queue<T> queue, List<T> items) {
    items.forEach(queue::putNow);
  }

  @Test
  void soManyItemsAreGivenAtOnceInTheOrderOfTheQueue() {
    run(
        () -> {
          var queue = new Queue<Integer>();
          putAll(queue, List.of(3, 1, 2, 4));
          assertThat(await(queue.getBatch(3, HOUR))).containsExactly(3, 1, 2);
          assertThat(queue.size()).isOne();
          var sorted = new PriorityQueue<Integer>(0);
          var batch = sorted.getBatch(3, HOUR);
          putAll(sorted, List.of(3, 1));
          assertThat(batch).isNotDone();
          sorted.putNow(2);
          assertThat(await(batch)).containsExactly(1, 2, 3);
        });
  }

  @Test
  void someTimeAfterTheFirstItGivesWhatThereIs() {
    run(
        () -> {
          var queue = new Queue<Integer>();
          var batch = queue.getBatch(10, SECOND);
          sleep(HOUR); // it waits for the first as long as it takes
          assertThat(batch).isNotDone();
          queue.putNow(1);
          sleep(Duration.ofMillis(600));
          queue.putNow(2);
          assertThat(batch).isNotDone();
          assertThat(await(batch)).containsExactly(1, 2);
          assertThat(clock.elapsed()).isEqualTo(HOUR.plus(SECOND));
          assertThat(queue.unfinishedTasks()).isEqualTo(2);
        });
  }

  @Test
  void theTimeOfItemsThatAreThereBeginsWhenTheBatchIsAskedFor() {
    run(
        () -> {
          var queue = new Queue<Integer>();
          queue.putNow(1);
          assertThat(await(queue.getBatch(10, SECOND))).containsExactly(1);
          assertThat(clock.elapsed()).isEqualTo(SECOND);
        });
  }

  @Test
  void withNoTimeItGivesWhatThereIsWithTheFirst() {
    run(
        () -> {
          var queue = new Queue<Integer>();
          putAll(queue, List.of(1, 2));
          assertThat(await(queue.getBatch(10, Duration.ZERO))).containsExactly(1, 2);
          var batch = queue.getBatch(10, Duration.ZERO);
          queue.putNow(3);
          assertThat(batch).isCompletedWithValue(List.of(3));
        });
  }

  @Test
  void aFullQueueIsABatchAndThePuttersInLineComeIn() {
    run(
        () -> {
          var queue = new Queue<Integer>(2);
          var batch = queue.getBatch(10, HOUR);
          queue.putNow(1);
          assertThat(batch).isNotDone();
          queue.putNow(2);
          assertThat(batch).isCompletedWithValue(List.of(1, 2));
          putAll(queue, List.of(3, 4));
          var fifth = queue.put(5);
          var sixth = queue.put(6);
          assertThat(await(queue.getBatch(3, HOUR))).containsExactly(3, 4, 5);
          assertThat(fifth).isCompleted();
          assertThat(sixth).isCompleted();
          assertThat(queue).hasToString("Queue[maxsize=2 queue=[6] tasks=6]");
        });
  }

  @Test
  void nobodyTakesAnItemThatABatchCollects() {
    run(
        () -> {
          var queue = new Queue<Integer>();
          var batch = queue.getBatch(3, HOUR);
          queue.putNow(1);
          var getter = queue.get();
          assertThatExceptionOfType(QueueEmptyException.class)
              .isThrownBy(queue::getNow)
              .withMessageContaining("are for the batch that the first in line collects");
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(() -> await(queue.get(Duration.ZERO)));
          var next = queue.getBatch(2, HOUR);
          putAll(queue, List.of(2, 3, 4));
          assertThat(batch).isCompletedWithValue(List.of(1, 2, 3));
          assertThat(getter).isCompletedWithValue(4);
          putAll(queue, List.of(5, 6));
          assertThat(next).isCompletedWithValue(List.of(5, 6));
        });
  }

  @Test
  void aBatchThatIsCancelledLeavesItsItemsToTheNext() {
    run(
        () -> {
          var queue = new Queue<Integer>();
          var first = spawn(() -> await(queue.getBatch(10, HOUR)));
          pause();
          putAll(queue, List.of(1, 2));
          var getter = queue.get();
          var last = queue.getBatch(10, SECOND);
          first.cancel(false);
          assertThat(getter).isCompletedWithValue(1);
          assertThat(await(last)).containsExactly(2);
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(first));
          assertThat(clock.elapsed()).isEqualTo(SECOND);
        });
  }

  @Test
  void whatAnotherThreadHasCompletedHoldsNoItemsBack() {
    run(
        () -> {
          var queue = new Queue<Integer>();
          var batch = queue.getBatch(10, HOUR);
          queue.putNow(1);
          elsewhere(() -> batch.complete(List.of()));
          assertThat(queue.getNow()).isOne();
          pause();
        });
  }

  @Test
  void atItsDeadlineItGivesWhatThereIsAndFailsOnlyIfThatIsNothing() {
    run(
        () -> {
          var queue = new Queue<Integer>();
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(() -> await(queue.getBatch(10, HOUR, SECOND)));
          queue.putNow(1);
          assertThat(await(queue.getBatch(10, HOUR, SECOND))).containsExactly(1);
          assertThat(clock.elapsed()).isEqualTo(SECOND.multipliedBy(2));
          queue.putNow(2);
          assertThat(await(queue.getBatch(10, HOUR, Duration.ZERO))).containsExactly(2);
        });
  }

  @Test
  void closingGivesTheBatchWhatThereIsAndTheOthersNothing() {
    run(
        () -> {
          var queue = new Queue<Integer>();
          var batch = queue.getBatch(10, HOUR);
          var next = queue.getBatch(10, HOUR);
          queue.putNow(1);
          queue.close();
          assertThat(batch).isCompletedWithValue(List.of(1));
          assertThatExceptionOfType(QueueClosedException.class).isThrownBy(() -> await(next));
          assertThatExceptionOfType(QueueClosedException.class)
              .isThrownBy(() -> await(queue.getBatch(10, HOUR)));
        });
  }

  @Test
  void aClosedQueueGivesItsRestAtOnce() {
    run(
        () -> {
          var queue = new Queue<Integer>();
          putAll(queue, List.of(1, 2, 3));
          queue.close();
          assertThat(await(queue.getBatch(2, HOUR))).containsExactly(1, 2);
          assertThat(await(queue.getBatch(2, HOUR))).containsExactly(3);
        });
  }

  @Test
  void whatIsDiscardedIsInNoBatch() {
    run(
        () -> {
          var queue = new Queue<Integer>();
          var batch = queue.getBatch(10, HOUR);
          queue.putNow(1);
          assertThat(queue.closeNow()).containsExactly(1);
          assertThatExceptionOfType(QueueClosedException.class).isThrownBy(() -> await(batch));
        });
  }

  @Test
  void aComparatorThatFailsFailsTheBatchOrKeepsTheRest() {
    run(
        () -> {
          var broken = new boolean[1];
          var queue =
              new PriorityQueue<Integer>(
                  0,
                  (a, b) -> {
                    if (broken[0]) {
                      throw new IllegalStateException("cannot compare");
                    }
                    return Integer.compare(a, b);
                  });
          putAll(queue, List.of(3, 2, 1));
          broken[0] = true;
          var batch = queue.getBatch(10, SECOND);
          sleep(SECOND.multipliedBy(2));
          broken[0] = false;
          assertThat(batch).isDone();
          int taken = batch.isCompletedExceptionally() ? 0 : batch.join().size();
          assertThat(taken + queue.size()).isEqualTo(3);
        });
  }

  @Test
  void aSelectTakesABatchOrLeavesTheItems() {
    run(
        () -> {
          var queue = new Queue<Integer>();
          var event = new Event();
          spawn(
              () -> {
                queue.putNow(1);
                sleep(Duration.ofMillis(500));
                event.set();
              });
          assertThat(
                  Coroutines.<Object>select(
                      on(() -> queue.getBatch(10, SECOND), batch -> batch),
                      on(event::whenSet, () -> "event")))
              .isEqualTo("event");
          assertThat(
                  Coroutines.<Object>select(
                      on(new Event()::whenSet, () -> "event"),
                      on(() -> queue.getBatch(10, SECOND), batch -> batch)))
              .isEqualTo(List.of(1));
          assertThat(queue.isEmpty()).isTrue();
        });
  }

  @Test
  void aCallbackThatIsGivenABatchMayAskForTheNext() {
    run(
        () -> {
          var queue = new Queue<Integer>();
          var batches = new ArrayList<List<Integer>>();
          var unused =
              queue
                  .getBatch(2, HOUR)
                  .thenAccept(
                      batch -> {
                        batches.add(batch);
                        queue.getBatch(2, HOUR).thenAccept(batches::add);
                      });
          putAll(queue, List.of(1, 2, 3, 4));
          assertThat(batches).containsExactly(List.of(1, 2), List.of(3, 4));
        });
  }

  @Test
  void noItemsAreNoBatch() {
    run(
        () ->
            assertThatIllegalArgumentException()
                .isThrownBy(() -> new Queue<Integer>().getBatch(0, SECOND))
                .withMessage("max must be >= 1, not 0"));
  }
}
