package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Very many at a time: all are served, in order, and when they have gone the heap is what it was.
 *
 * <p>{@code -Dtoro.load=100} makes a million waiters of ten thousand, and prints what each cost.
 */
@OnItsOwnThread
class LoadTest {
  private static final int LOAD = Integer.getInteger("toro.load", 1);
  private static final int WAITERS = 10_000 * LOAD;
  private static final int ITEMS = 1_000_000 * LOAD;

  /** Beside the waiters: what the JVM and the tests' framework take as they like. */
  private static final long NOISE = 3L << 20;

  /** Of the arrays that have grown, and do not shrink: for each who was there at the same time. */
  private static final long KEPT = 8;

  private static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < (LOAD == 1 ? 1 : 3); i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  private static void print(String what, int count, String figures) {
    if (LOAD > 1) {
      System.out.printf(
          "load, %s: %,d %s, %s%n",
          TestLoop.isFast() ? "fast engine" : "any JVM", count, what, figures);
    }
  }

  private static String each(long nanos, int count) {
    return "%d ns each".formatted(nanos / count);
  }

  /** The time that something takes, in nanoseconds. */
  private static long time(Runnable action) {
    long before = System.nanoTime();
    action.run();
    return System.nanoTime() - before;
  }

  /** How somebody begins to wait, and how all of them end. */
  private interface Crowd {
    CompletableFuture<?> begin(int number);

    void end(List<CompletableFuture<?>> waits);
  }

  /** Lets so many wait at a time, and all of them end. */
  private static String crowd(int count, Crowd crowd) {
    long empty = heap();
    List<CompletableFuture<?>> waits = new ArrayList<>(count);
    long begun =
        time(
            () -> {
              for (int i = 0; i < count; i++) {
                waits.add(crowd.begin(i));
              }
            });
    long full = LOAD == 1 ? empty : heap(); // only to be printed
    long ended = time(() -> crowd.end(waits));
    assertThat(waits).allMatch(CompletableFuture::isDone);
    waits.clear();
    ((ArrayList<?>) waits).trimToSize();
    long left = heap() - empty;
    assertThat(left).as("bytes left").isLessThan(NOISE + KEPT * count);
    return "%d bytes each; begun in %s, ended in %s; %,d bytes left"
        .formatted((full - empty) / count, each(begun, count), each(ended, count), left);
  }

  @ParameterizedTest
  @EnumSource
  void allWhoWaitAreServedInOrderAndLeaveNothing(WaitMethod method) {
    for (int count : LOAD == 1 ? new int[] {WAITERS} : new int[] {WAITERS / 10, WAITERS}) {
      TestLoop.run(
          () -> {
            WaitMethod.Scene scene = method.scene();
            int[] served = {0};
            String figures =
                crowd(
                    count,
                    new Crowd() {
                      @Override
                      public CompletableFuture<?> begin(int number) {
                        CompletableFuture<?> wait = scene.begin();
                        wait.thenRun(
                            () -> {
                              if (number == served[0]) { // as long as it is in order
                                served[0]++;
                              }
                            });
                        return wait;
                      }

                      @Override
                      public void end(List<CompletableFuture<?>> waits) {
                        while (!waits.getLast().isDone()) {
                          scene.grant();
                        }
                      }
                    });
            assertThat(scene.waiting()).isZero();
            assertThat(served[0]).isEqualTo(count);
            print("granted on " + method, count, figures);
          });
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {"CONDITION_WHEN_SIGNALLED", "LOCK_ACQUIRE", "RWLOCK_ACQUIRE_WRITE", "QUEUE_GET"})
  void aStormOfCancellationsLeavesNothing(WaitMethod method) {
    for (int count : LOAD == 1 ? new int[] {WAITERS} : new int[] {WAITERS / 10, WAITERS}) {
      TestLoop.run(
          () -> {
            WaitMethod.Scene scene = method.scene();
            String figures =
                crowd(
                    count,
                    new Crowd() {
                      @Override
                      public CompletableFuture<?> begin(int number) {
                        return scene.begin(Duration.ofDays(1 + number % 7));
                      }

                      @Override
                      public void end(List<CompletableFuture<?>> waits) {
                        Collections.shuffle(waits, new Random(7));
                        waits.forEach(wait -> wait.cancel(true));
                      }
                    });
            assertThat(scene.waiting()).isZero();
            assertThat(IOLoop.current().timers.size()).isZero();
            print("cancelled in random order on " + method, count, figures);
          });
    }
  }

  @Test
  void allDeadlinesPassInTheirOrderAndLeaveNothing() {
    for (int count : LOAD == 1 ? new int[] {WAITERS} : new int[] {WAITERS / 10, WAITERS}) {
      TestLoop.run(
          () -> {
            Event event = new Event();
            Random random = new Random(7);
            long[] last = {0};
            int[] expired = {0};
            String figures =
                crowd(
                    count,
                    new Crowd() {
                      @Override
                      public CompletableFuture<?> begin(int number) {
                        long nanos = 1 + random.nextLong(1_000_000_000);
                        CompletableFuture<?> wait = event.whenSet(Duration.ofNanos(nanos));
                        wait.whenComplete(
                            (value, failure) -> {
                              if (failure instanceof DeadlineExceededException
                                  && nanos >= last[0]) { // as long as it is in order
                                expired[0]++;
                                last[0] = nanos;
                              }
                            });
                        return wait;
                      }

                      @Override
                      public void end(List<CompletableFuture<?>> waits) {
                        sleep(Duration.ofSeconds(2));
                      }
                    });
            assertThat(expired[0]).isEqualTo(count);
            assertThat(event).hasToString("Event[clear]");
            print("deadlines", count, figures);
          });
    }
  }

  /** Lets something be done with each item; the heap must be as it was. */
  private static void stream(String what, IntConsumer warmUp, IntConsumer through) {
    warmUp.accept(10_000);
    long before = heap();
    long nanos = time(() -> through.accept(ITEMS));
    assertThat(heap() - before).as("bytes left").isLessThan(NOISE);
    print(what, ITEMS, each(nanos, ITEMS));
  }

  @Test
  void aQueueTakesAnyNumberOfItems() {
    TestLoop.run(
        () -> {
          Queue<Integer> queue = new Queue<>(100);
          IntConsumer through =
              items -> {
                for (int i = 0; i < items; i += 100) {
                  for (int k = 0; k < 100; k++) {
                    queue.putNow(k);
                  }
                  for (int k = 0; k < 100; k++) {
                    if (queue.getNow() != k) {
                      throw new AssertionError("not the " + k + "th");
                    }
                    queue.taskDone();
                  }
                }
              };
          stream("items through a queue, without waiting", through, through);
          assertThat(queue).hasToString("Queue[maxsize=100]");
        });
  }

  @Test
  void aQueueBetweenTwoCoroutinesTakesAnyNumberOfItems() {
    TestLoop.run(
        () -> {
          Queue<Integer> queue = new Queue<>(100);
          IntConsumer through =
              items -> {
                Coroutine<Void> producer =
                    spawn(
                        () -> {
                          for (int i = 0; i < items; i++) {
                            await(queue.put(i));
                          }
                        });
                for (int i = 0; i < items; i++) {
                  if (await(queue.get()) != i) {
                    throw new AssertionError("not the " + i + "th");
                  }
                  queue.taskDone();
                }
                await(producer);
              };
          stream("items through a queue, between two coroutines", through, through);
          assertThat(queue).hasToString("Queue[maxsize=100]");
        });
  }

  @Test
  void coroutinesThatHaveEndedLeaveNothing() {
    TestLoop.run(
        () -> {
          IntConsumer through =
              count -> {
                for (int i = 0; i < count; i += 1_000) {
                  List<Coroutine<?>> coroutines = new ArrayList<>();
                  for (int k = 0; k < 1_000; k++) {
                    coroutines.add(spawn(Coroutines::pause));
                  }
                  coroutines.forEach(Coroutines::await);
                }
              };
          through.accept(10_000);
          long before = heap();
          long nanos = time(() -> through.accept(WAITERS));
          assertThat(heap() - before).as("bytes left").isLessThan(NOISE);
          print("coroutines, a thousand at a time", WAITERS, each(nanos, WAITERS));
        });
  }
}
