package toro.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.*;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
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
}
