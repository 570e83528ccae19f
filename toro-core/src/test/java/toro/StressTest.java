package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.withTimeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * 100 000 coroutines over each primitive, whose waits end in every way there is: granted, by a
 * deadline, by the time of a block, cancelled as a future or as a coroutine, and completed on
 * another thread. In the end everything must be accounted for.
 *
 * <p>Repeat a failure's choices with {@code -Dtoro.seed=…}; what the other threads do in between is
 * not repeated.
 */
class StressTest {
  private static final int COROUTINES = 100_000;

  /** How many come at a time. */
  private static final int WAVE = 500;

  private final long seed = Long.getLong("toro.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Throwable> failures = new ArrayList<>();
  private final IOLoop loop = TestLoop.create(failures);
  private final ExecutorService outside = Executors.newFixedThreadPool(2);

  /** How a wait has ended. */
  private enum End {
    GRANTED,
    EXPIRED,
    CANCELLED,
    ENDED_OUTSIDE
  }

  private final Map<End, Integer> ends = new EnumMap<>(End.class);
  private int immune; // waits now that nothing but a grant can end

  @AfterEach
  void theOthersEnd() {
    outside.shutdownNow();
  }

  private String seeded() {
    return "seed " + seed;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private Duration someTime() {
    return Duration.ofNanos(random.nextInt(3_000_000));
  }

  // The frame.

  /** What one of the coroutines does. */
  private interface Body {
    void run(int number) throws Exception;
  }

  /** Lets the coroutines come in waves, and {@code tick} run between them until all have ended. */
  private void stress(Body body, Runnable tick, Runnable accounts) {
    try {
      loop.runSync(
          () -> {
            List<Coroutine<?>> all = new ArrayList<>(COROUTINES);
            while (all.size() < COROUTINES) {
              for (int i = 0; i < WAVE; i++) {
                int number = all.size();
                Coroutine<?> coroutine = loop.spawn(() -> body.run(number));
                all.add(coroutine);
                if (isImmune(number)) {
                  continue;
                } else if (chance(2)) {
                  coroutine.cancel(true); // before it has started
                } else if (chance(10)) {
                  loop.callLater(someTime(), () -> coroutine.cancel(true));
                } else if (chance(3)) {
                  outside.execute(() -> coroutine.cancel(true));
                }
              }
              sleep(Duration.ofMillis(1));
              tick.run();
            }
            for (Coroutine<?> coroutine : all) {
              while (!coroutine.isDone()) {
                sleep(Duration.ofMillis(1));
                tick.run();
              }
              try {
                await(coroutine);
              } catch (CancellationException cancelled) {
                // that is how some end
              }
            }
            outside.shutdown();
            assertThat(outside.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            sleep(Duration.ofSeconds(1)); // what the others handed over is brought in
            assertThat(immune).isZero();
            accounts.run();
          });
      loop.runSync(
          () -> {
            assertThat(loop.timers.size()).isZero();
            assertThat(loop.fibers.size()).isOne();
          });
      assertThat(failures).isEmpty();
      assertThat(ends.keySet()).contains(End.values());
      loop.close();
      assertThat(failures).isEmpty();
    } catch (Throwable failure) {
      throw new AssertionError(seeded() + ": " + ends + ": " + failure, failure);
    }
  }

  /** Does nothing but a grant end its waits? */
  private static boolean isImmune(int number) {
    return number % 10 == 0;
  }

  /** What is done with what a grant has brought. */
  private interface Use<T> {
    void of(T value) throws Exception;
  }

  /**
   * Begins a wait, lets something happen to it perhaps, and awaits it.
   *
   * @param foreign what another thread may complete it with; null: it only makes it fail
   */
  private <T> End waitFor(
      int number, Function<Deadline, CompletableFuture<T>> begin, Foreign<T> foreign, Use<T> use)
      throws Exception {
    End end;
    try {
      T value;
      if (isImmune(number)) {
        immune++;
        value = await(begin.apply(Deadline.never()));
        immune--;
      } else if (chance(10)) {
        value = withTimeout(someTime(), () -> await(endangered(begin, foreign)));
      } else {
        value = await(endangered(begin, foreign));
      }
      if (foreign != null && Objects.equals(value, foreign.value())) {
        end = End.ENDED_OUTSIDE;
      } else {
        end = End.GRANTED;
        use.of(value);
      }
    } catch (DeadlineExceededException expired) {
      end = End.EXPIRED;
    } catch (TimeoutException timedOut) {
      end = End.ENDED_OUTSIDE;
    } catch (CancellationException cancelled) {
      end = End.CANCELLED;
    }
    ends.merge(end, 1, Integer::sum);
    return end;
  }

  private record Foreign<T>(T value) {}

  private <T> CompletableFuture<T> endangered(
      Function<Deadline, CompletableFuture<T>> begin, Foreign<T> foreign) {
    CompletableFuture<T> wait =
        begin.apply(
            chance(50)
                ? Deadline.after(someTime())
                : chance(50) ? Deadline.after(Duration.ofDays(1)) : Deadline.never());
    if (chance(15)) {
      loop.callLater(someTime(), () -> wait.cancel(true));
    } else if (chance(5)) {
      outside.execute(() -> wait.cancel(true));
    } else if (chance(5)) {
      outside.execute(() -> wait.completeExceptionally(new TimeoutException()));
    } else if (chance(5) && foreign != null) {
      outside.execute(() -> wait.complete(foreign.value()));
    } else if (chance(5)) {
      wait.orTimeout(random.nextInt(300_000), TimeUnit.NANOSECONDS);
    }
    return wait;
  }

  /** Long enough that more come than can enter. */
  private void spendSomeTime(int atATime) {
    if (chance(30)) {
      sleep(Duration.ofNanos(random.nextInt(20_000 * atATime)));
    } else if (chance(30)) {
      pause();
    }
  }

  // What has permits.

  private static final Foreign<Lease> NO_LEASE = new Foreign<>(null);
  private static final int PERMITS = 8;

  private int readers;
  private int writers;

  private void read(Lease lease, Runnable release, int max) {
    readers++;
    try {
      assertThat(writers).isZero();
      assertThat(readers).isLessThanOrEqualTo(max);
      spendSomeTime(max);
    } finally {
      readers--;
      release(lease, release);
    }
  }

  private void write(Lease lease, Runnable release) {
    writers++;
    try {
      assertThat(writers).isOne();
      assertThat(readers).isZero();
      spendSomeTime(1);
      assertThat(writers).isOne();
      assertThat(readers).isZero();
    } finally {
      writers--;
      release(lease, release);
    }
  }

  private void release(Lease lease, Runnable release) {
    if (chance(50)) {
      release.run();
    } else {
      lease.close();
    }
  }

  @Test
  void lock() {
    Lock lock = new Lock(loop);
    stress(
        number -> waitFor(number, lock::acquire, NO_LEASE, lease -> write(lease, lock::release)),
        () -> {},
        () -> assertThat(lock.toString()).isEqualTo("Lock[unlocked]"));
  }

  @Test
  void semaphore() {
    stressed(new Semaphore(loop, PERMITS), "Semaphore[counter=8]");
  }

  @Test
  void boundedSemaphore() {
    stressed(new BoundedSemaphore(loop, PERMITS), "BoundedSemaphore[counter=8]");
  }

  private void stressed(Semaphore semaphore, String unlocked) {
    stress(
        number -> {
          if (number % 7 == 0) {
            waitFor(number, semaphore::whenUnlocked, null, nothing -> {});
          } else {
            waitFor(
                number,
                semaphore::acquire,
                NO_LEASE,
                lease -> read(lease, semaphore::release, PERMITS));
          }
        },
        () -> {},
        () -> assertThat(semaphore.toString()).isEqualTo(unlocked));
  }

  @Test
  void rwLock() {
    RWLock lock = new RWLock(loop, PERMITS);
    stress(
        number -> {
          if (number % 3 == 0) {
            waitFor(
                number, lock::acquireWrite, NO_LEASE, lease -> write(lease, lock::releaseWrite));
          } else {
            waitFor(
                number,
                lock::acquireRead,
                NO_LEASE,
                lease -> read(lease, lock::releaseRead, PERMITS));
          }
        },
        () -> {},
        () -> assertThat(lock.toString()).isEqualTo("RWLock[unlocked]"));
  }

  // What has none.

  @Test
  void condition() {
    Condition condition = new Condition(loop);
    int[] tokens = new int[1];
    int[] made = new int[1];
    int[] taken = new int[1];
    stress(
        number -> {
          while (tokens[0] == 0) {
            if (waitFor(number, condition::whenSignalled, null, nothing -> {}) != End.GRANTED) {
              return;
            }
          }
          tokens[0]--;
          taken[0]++;
        },
        () -> {
          // Nothing is ready but this: nobody may wait for what is there.
          assertThat(tokens[0] > 0 && immune > 0).isFalse();
          int more = random.nextInt(600);
          tokens[0] += more;
          made[0] += more;
          if (chance(50)) {
            condition.signal(more);
          } else {
            for (int i = 0; i < more; i++) {
              condition.signal();
            }
          }
        },
        () -> {
          assertThat(tokens[0]).isEqualTo(made[0] - taken[0]);
          assertThat(condition.toString()).isEqualTo("Condition[]");
        });
  }

  @Test
  void event() {
    Event event = new Event(loop);
    stress(
        number -> waitFor(number, event::whenSet, null, nothing -> {}),
        () -> {
          if (event.isSet()) {
            assertThat(immune).isZero();
            event.clear();
          } else {
            event.set();
          }
        },
        () -> {
          event.clear();
          assertThat(event.toString()).isEqualTo("Event[clear]");
        });
  }

  @Test
  void asyncResult() {
    int waiters = 100;
    List<AsyncResult<Integer>> results = new ArrayList<>();
    for (int i = 0; i < COROUTINES / waiters; i++) {
      results.add(new AsyncResult<>(loop));
    }
    int[] next = new int[1];
    stress(
        number -> {
          int which = number / waiters;
          AsyncResult<Integer> result = results.get(which);
          boolean isNeverSet = which % 2 == 1;
          if (isNeverSet && isImmune(number)) {
            return;
          }
          waitFor(
              number,
              deadline -> result.get(isNeverSet ? Deadline.after(someTime()) : deadline),
              new Foreign<>(-1),
              value -> assertThat(value).isEqualTo(which));
        },
        () -> {
          for (int i = 0; i < 8 && next[0] < results.size(); i++, next[0] += 2) {
            results.get(next[0]).set(next[0]);
          }
        },
        () -> {
          for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i).toString())
                .isEqualTo(i % 2 == 1 ? "AsyncResult[unset]" : "AsyncResult[value=" + i + "]");
          }
        });
  }

  // Queues.

  @Test
  void queue() {
    stressed(new Queue<>(loop, 5), "Queue[maxsize=5]");
  }

  @Test
  void lifoQueue() {
    stressed(new LifoQueue<>(loop, 5), "LifoQueue[maxsize=5]");
  }

  @Test
  void priorityQueue() {
    stressed(new PriorityQueue<>(loop, 5), "PriorityQueue[maxsize=5]");
  }

  private void stressed(Queue<Integer> queue, String empty) {
    BitSet in = new BitSet();
    BitSet out = new BitSet();
    Use<Integer> take =
        item -> {
          assertThat(out.get(item)).as("item came out twice").isFalse();
          out.set(item);
          queue.taskDone();
        };
    int[] extra = {COROUTINES};
    stress(
        number -> {
          if (chance(number / WAVE % 2 == 0 ? 80 : 20)) { // more putters, then more getters
            waitFor(
                number, deadline -> queue.put(number, deadline), null, nothing -> in.set(number));
          } else {
            waitFor(number, queue::get, new Foreign<>(-1), take);
          }
        },
        () -> {
          for (int i = 0; i < 50 && !queue.isEmpty(); i++) {
            uncheck(take, queue.getNow());
          }
          for (int i = 0; i < 50 && !queue.isFull(); i++) {
            in.set(extra[0]);
            queue.putNow(extra[0]++);
          }
        },
        () -> {
          while (!queue.isEmpty()) {
            uncheck(take, queue.getNow());
          }
          assertThat(in).isEqualTo(out);
          assertThat(queue.unfinishedTasks()).isZero();
          assertThat(queue.join()).isCompleted();
          assertThat(queue.toString()).isEqualTo(empty);
        });
  }

  private static <T> void uncheck(Use<T> use, T value) {
    try {
      use.of(value);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  // Interleavings of a read-write lock, one step at a time.

  private record Request(boolean write, CompletableFuture<Lease> lease) {}

  @Test
  void noInterleavingBreaksTheRulesOfARWLock() {
    loop.runSync(
        () -> {
          for (int round = 0; round < 100; round++) {
            int maxReaders = 1 + random.nextInt(4);
            RWLock lock = new RWLock(maxReaders);
            List<Request> holders = new ArrayList<>();
            List<Request> waiting = new ArrayList<>();
            for (int step = 0; step < 100; step++) {
              int choice = random.nextInt(6);
              if (choice < 3) {
                boolean write = choice == 0;
                Deadline deadline = chance(30) ? Deadline.after(someTime()) : Deadline.never();
                waiting.add(
                    new Request(
                        write, write ? lock.acquireWrite(deadline) : lock.acquireRead(deadline)));
              } else if (choice == 3 && !holders.isEmpty()) {
                holders.remove(random.nextInt(holders.size())).lease().join().close();
              } else if (choice == 4 && !waiting.isEmpty()) {
                waiting.get(random.nextInt(waiting.size())).lease().cancel(true);
              } else if (chance(20)) {
                sleep(someTime());
              }
              checkRules(lock, maxReaders, holders, waiting);
            }
            while (!holders.isEmpty()) {
              holders.removeFirst().lease().join().close();
              checkRules(lock, maxReaders, holders, waiting);
            }
            assertThat(waiting).as(seeded()).isEmpty();
            assertThat(lock.toString()).as(seeded()).isEqualTo("RWLock[unlocked]");
          }
        });
    assertThat(loop.timers.size()).isZero();
  }

  private void checkRules(
      RWLock lock, int maxReaders, List<Request> holders, List<Request> waiting) {
    waiting.removeIf(request -> request.lease().isCompletedExceptionally());
    while (!waiting.isEmpty() && waiting.getFirst().lease().isDone()) {
      holders.add(waiting.removeFirst());
    }
    String state = seeded() + " " + lock;
    assertThat(waiting).as(state).noneMatch(request -> request.lease().isDone()); // in line
    long writing = holders.stream().filter(Request::write).count();
    long reading = holders.size() - writing;
    assertThat(writing).as(state).isLessThanOrEqualTo(1);
    assertThat(reading).as(state).isLessThanOrEqualTo(writing == 1 ? 0 : maxReaders);
    if (!waiting.isEmpty()) { // the first one cannot enter
      boolean full = writing == 1 || reading == maxReaders;
      assertThat(waiting.getFirst().write() ? !holders.isEmpty() : full).as(state).isTrue();
    }
    assertThat(lock.isLocked()).as(state).isEqualTo(writing == 1 || reading == maxReaders);
  }
}
