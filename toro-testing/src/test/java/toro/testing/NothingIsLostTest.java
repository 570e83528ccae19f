package toro.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.*;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import toro.*;

/**
 * Small programs on each primitive, in many orders, with each wait cancelled or expired in turn:
 * whatever happens to one coroutine, no permit, item or wake-up of the others is lost.
 */
class NothingIsLostTest {
  private static final int SCHEDULES = 10;
  private static final Duration HOUR = Duration.ofHours(1);

  /** Interrupted or not; a failure of another kind is one of the test. */
  private static List<Throwable> end(TestLoop test, List<Coroutine<?>> all) {
    all.forEach(test::target);
    var ends = all.stream().map(each -> each.handle((value, failure) -> failure)).toList();
    test.advance(HOUR.multipliedBy(10));
    var failures = awaitAll(ends).stream().filter(Objects::nonNull).toList();
    assertThat(failures)
        .allMatch(
            e -> e instanceof CancellationException || e instanceof DeadlineExceededException);
    return failures;
  }

  private static List<Coroutine<?>> spawnAll(int n, Function<Integer, ThrowingRunnable> bodies) {
    List<Coroutine<?>> all = new ArrayList<>();
    IntStream.range(0, n).forEach(i -> all.add(spawn(bodies.apply(i))));
    return all;
  }

  private static void hold(CompletableFuture<Lease> acquired) {
    try (var lease = await(acquired)) {
      pause();
    }
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aLock(TestLoop test) {
    var lock = new Lock();
    end(test, spawnAll(3, i -> () -> hold(i == 1 ? lock.acquire(HOUR) : lock.acquire())));
    assertThat(lock).hasToString("Lock[unlocked]");
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aSemaphore(TestLoop test) {
    var semaphore = new BoundedSemaphore(2);
    end(test, spawnAll(4, i -> () -> hold(i == 1 ? semaphore.acquire(HOUR) : semaphore.acquire())));
    assertThat(semaphore).hasToString("BoundedSemaphore[counter=2]");
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void readersAndWriters(TestLoop test) {
    var lock = new RWLock(2);
    end(
        test,
        spawnAll(
            4, i -> () -> hold(i % 2 == 0 ? lock.acquireRead(HOUR) : lock.acquireWrite(HOUR))));
    assertThat(lock).hasToString("RWLock[unlocked]");
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aWriterThatGivesUpHoldsNobodyBack(TestLoop test) {
    var lock = new RWLock(2);
    var held = await(lock.acquireRead());
    var writer = spawn(() -> hold(lock.acquireWrite(HOUR)));
    var reader = spawn(() -> hold(lock.acquireRead()));
    assertThat(end(test, List.of(writer))).hasSize(1);
    assertThat(reader).isCompleted();
    held.close();
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aQueue(TestLoop test) {
    conserves(test, new Queue<>(1));
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aPriorityQueue(TestLoop test) {
    conserves(test, new PriorityQueue<>(1));
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aLifoQueue(TestLoop test) {
    conserves(test, new LifoQueue<>(1));
  }

  /** What was put in comes out, once. */
  private static void conserves(TestLoop test, Queue<Integer> queue) {
    var put = new ArrayList<Integer>();
    var got = new ArrayList<Integer>();
    var all =
        spawnAll(
            2,
            i ->
                () -> {
                  await(queue.put(i, HOUR));
                  put.add(i);
                });
    all.addAll(
        spawnAll(
            2,
            i ->
                () -> {
                  got.add(await(queue.get(HOUR)));
                  queue.taskDone();
                }));
    end(test, all);
    while (!queue.isEmpty()) {
      got.add(queue.getNow());
      queue.taskDone();
    }
    assertThat(got).containsExactlyInAnyOrderElementsOf(put);
    await(queue.join());
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aSignal(TestLoop test) {
    var condition = new Condition();
    var woken = new ArrayList<Integer>();
    var waiters =
        spawnAll(
            3,
            i ->
                () -> {
                  await(condition.whenSignalled(HOUR));
                  woken.add(i);
                });
    spawn(
        () -> {
          sleep(Duration.ofMinutes(1));
          condition.signal(2);
        });
    int left = 3 - end(test, waiters).size();
    assertThat(woken).hasSize(left < 2 ? left : 2);
    assertThat(condition).hasToString("Condition[]");
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void anEventAndAResult(TestLoop test) {
    var event = new Event();
    var result = new AsyncResult<String>();
    var all =
        spawnAll(
            2,
            i ->
                () -> {
                  await(event.whenSet(HOUR));
                  assertThat(await(result.get(HOUR))).isEqualTo("result");
                });
    spawn(event::set);
    spawn(() -> result.set("result"));
    end(test, all);
    assertThat(event).hasToString("Event[set]");
    assertThat(result).hasToString("AsyncResult[value=result]");
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aBatch(TestLoop test) {
    var queue = new Queue<Integer>(2);
    var put = new ArrayList<Integer>();
    var got = new ArrayList<Integer>();
    var all =
        spawnAll(
            3,
            i ->
                () -> {
                  await(queue.put(i, HOUR));
                  put.add(i);
                });
    all.addAll(
        spawnAll(
            3,
            i ->
                () -> {
                  if (i == 1) {
                    got.add(await(queue.get(HOUR)));
                  } else {
                    got.addAll(await(queue.getBatch(2, Duration.ofMinutes(1), HOUR)));
                  }
                }));
    end(test, all);
    while (!queue.isEmpty()) {
      got.add(queue.getNow());
    }
    assertThat(got).containsExactlyInAnyOrderElementsOf(put);
    assertThat(queue.unfinishedTasks()).isEqualTo(put.size());
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aSingleFlight(TestLoop test) {
    var flights = new SingleFlight<String, Integer>();
    var calls = new int[2]; // begun, ended
    var all =
        spawnAll(
            3,
            i ->
                () ->
                    await(
                        flights.get(
                            "key",
                            () -> {
                              calls[0]++;
                              try {
                                sleep(Duration.ofMinutes(1));
                                return calls[0];
                              } finally {
                                try {
                                  pause(); // cleans up
                                } finally {
                                  calls[1]++;
                                }
                              }
                            },
                            HOUR)));
    end(test, all);
    assertThat(flights).hasToString("SingleFlight[]");
    assertThat(calls[1]).isEqualTo(calls[0]);
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aBroadcastWithPatience(TestLoop test) {
    var broadcast = Broadcast.<Integer>withPatience(1, Duration.ofMinutes(1));
    var got = new ArrayList<Integer>();
    var all =
        spawnAll(
            2,
            i ->
                () -> {
                  try (var subscription = broadcast.subscribe()) {
                    sleep(Duration.ofSeconds(100 * i));
                    for (int item : subscription) {
                      got.add(item);
                    }
                  } catch (SlowSubscriberException e) {
                    got.add(-1);
                  }
                });
    all.add(
        spawn(
            () -> {
              for (int i = 0; i < 3; i++) {
                await(broadcast.put(i, HOUR));
              }
            }));
    end(test, all.subList(2, 3));
    broadcast.close();
    end(test, all.subList(0, 2));
    assertThat(broadcast).hasToString("Broadcast[closed maxsize=1]");
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void mapConcurrentlyAndItsLimit(TestLoop test) {
    var semaphore = new BoundedSemaphore(2);
    var all =
        spawnAll(
            2,
            i ->
                () ->
                    mapConcurrently(
                        List.of(1, 2, 3),
                        2,
                        item -> {
                          hold(semaphore.acquire(HOUR));
                          return item;
                        }));
    end(test, all);
    assertThat(semaphore).hasToString("BoundedSemaphore[counter=2]");
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aRetryAHedgeAndATicker(TestLoop test) {
    var lock = new Lock();
    var ended = new int[3]; // begun, ended; and those of the ticker
    ThrowingRunnable attempt =
        () -> {
          ended[0]++;
          try (var lease = await(lock.acquire(HOUR))) {
            sleep(Duration.ofMinutes(1));
          } finally {
            ended[1]++;
          }
        };
    List<Coroutine<?>> all = new ArrayList<>();
    all.add(
        spawn(
            () ->
                retry(
                    Retry.attempts(3).when(e -> e instanceof IllegalStateException),
                    () -> {
                      attempt.run();
                      if (ended[0] < 5) {
                        throw new IllegalStateException("once more");
                      }
                    })));
    all.add(
        spawn(
            () ->
                hedge(
                    Duration.ofSeconds(1),
                    () -> {
                      attempt.run();
                      return "value";
                    })));
    var ticker = every(Duration.ofMinutes(5), () -> ended[2]++);
    all.forEach(test::target);
    var ends = all.stream().map(each -> each.handle((value, failure) -> failure)).toList();
    awaitAll(ends);
    ticker.cancel(false);
    assertThat(lock).hasToString("Lock[unlocked]");
    assertThat(ended[1]).isEqualTo(ended[0]);
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aShieldIsNeverHalfDone(TestLoop test) {
    var halves = new int[2];
    var all =
        spawnAll(
            2,
            i ->
                () -> {
                  sleep(Duration.ofSeconds(i));
                  shielded(
                      () -> {
                        halves[0]++;
                        sleep(Duration.ofSeconds(1));
                        pause();
                        halves[1]++;
                      });
                });
    end(test, all);
    assertThat(halves[1]).isEqualTo(halves[0]);
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aBlockingCallHasEndedWhenTheCoroutineGoesOn(TestLoop test) {
    var limiter = new BoundedSemaphore(1);
    var calls = new AtomicInteger();
    // In place of a thread, so that each run is the same: the call is made a second later.
    Executor executor = call -> test.loop().callLater(Duration.ofSeconds(1), call);
    var blocking = new Blocking().withLimiter(limiter).withExecutor(executor);
    var all =
        spawnAll(
            3,
            i ->
                () -> {
                  int before = calls.get();
                  blocking.run(calls::incrementAndGet);
                  assertThat(calls.get()).isGreaterThan(before);
                  pause();
                });
    end(test, all);
    assertThat(limiter).hasToString("BoundedSemaphore[counter=1]");
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aGroupWhoseBlockThrowsLeavesNobody(TestLoop test) {
    var lock = new Lock();
    var failure = new IllegalStateException("of the block");
    var owner =
        spawn(
            () ->
                TaskGroup.run(
                    group -> {
                      group.spawn("holder", () -> hold(lock.acquire()));
                      group.spawn(() -> await(new Event().whenSet()));
                      hold(lock.acquire());
                      throw failure;
                    }));
    test.target(owner);
    Throwable thrown = await(owner.handle((value, outcome) -> outcome));
    assertThat(thrown == failure || thrown instanceof CancellationException).isTrue();
    assertThat(lock).hasToString("Lock[unlocked]");
  }
}
