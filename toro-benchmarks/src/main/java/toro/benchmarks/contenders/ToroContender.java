package toro.benchmarks.contenders;

import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.spawn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import toro.AsyncResult;
import toro.Condition;
import toro.Coroutine;
import toro.Coroutines;
import toro.Event;
import toro.IOLoop;
import toro.Lease;
import toro.Lock;
import toro.Queue;
import toro.RWLock;
import toro.Semaphore;
import toro.benchmarks.Contender;
import toro.benchmarks.Counter;
import toro.benchmarks.Share;
import toro.benchmarks.Work;

/** Toro, on a certain engine and in a certain thread. */
public final class ToroContender implements Contender {
  private static final Duration DEADLINE = Duration.ofMinutes(1);
  private static final Duration LATER = Duration.ofHours(1);

  private final ToroLoops loops;

  /**
   * Toro on an engine.
   *
   * @param engine a value of the system property {@code toro.engine}
   * @param host what gives its loops their thread
   */
  public ToroContender(String engine, ToroHost host) {
    this.loops = new ToroLoops(engine, host);
  }

  @Override
  public boolean isAvailable() {
    return loops.areAvailable();
  }

  private Work onLoop(Callable<Long> main) {
    return besideDeadlines(0, main);
  }

  /** Lets a coroutine do each share, and waits for all. */
  private static void share(int sharers, int operations, ShareBody body) {
    List<Coroutine<?>> coroutines = new ArrayList<>();
    for (Share share : Share.of(sharers, operations)) {
      coroutines.add(spawn(() -> body.run(share)));
    }
    awaitAll(coroutines);
  }

  /** What a coroutine does. */
  private interface ShareBody {
    void run(Share share) throws Exception;
  }

  @Override
  public Work queue(int pairs, int capacity, int items) {
    return onLoop(
        () -> {
          var queue = new Queue<Integer>(capacity);
          var consumers = new ArrayList<Coroutine<Long>>();
          for (Share share : Share.of(pairs, items)) {
            spawn(() -> produce(queue, share));
            consumers.add(spawn(() -> consume(queue, share.size())));
          }
          return awaitAll(consumers).stream().mapToLong(sum -> sum).sum();
        });
  }

  private static void produce(Queue<Integer> queue, Share share) {
    for (int item = share.from(); item < share.to(); item++) {
      await(queue.put(item));
    }
  }

  private static long consume(Queue<Integer> queue, int items) {
    long sum = 0;
    for (int i = 0; i < items; i++) {
      sum += await(queue.get());
    }
    return sum;
  }

  @Override
  public Work freeLock(int operations) {
    return onLoop(() -> countAlone(Lock::acquire, operations));
  }

  @Override
  public Work contendedLock(int coroutines, int operations) {
    return onLoop(() -> countTogether(Lock::acquire, coroutines, operations));
  }

  /** Acquires a lock. */
  private interface Acquire extends Function<Lock, CompletableFuture<Lease>> {}

  private static long countAlone(Acquire acquire, int operations) {
    var lock = new Lock();
    var counter = new Counter();
    for (int i = 0; i < operations; i++) {
      try (Lease lease = await(acquire.apply(lock))) {
        counter.value++;
      }
    }
    return counter.value;
  }

  private static long countTogether(Acquire acquire, int coroutines, int operations) {
    var lock = new Lock();
    var counter = new Counter();
    share(
        coroutines,
        operations,
        share -> {
          for (int i = 0; i < share.size(); i++) {
            try (Lease lease = await(acquire.apply(lock))) {
              countWithPause(counter);
            }
          }
        });
    return counter.value;
  }

  private static void countWithPause(Counter counter) {
    long seen = counter.value;
    Coroutines.pause();
    counter.value = seen + 1;
  }

  @Override
  public Work semaphore(int permits, int coroutines, int operations) {
    return onLoop(
        () -> {
          var semaphore = new Semaphore(permits);
          var counter = new Counter();
          share(
              coroutines,
              operations,
              share -> {
                for (int i = 0; i < share.size(); i++) {
                  try (Lease lease = await(semaphore.acquire())) {
                    Coroutines.pause();
                    counter.value++;
                  }
                }
              });
          return counter.value;
        });
  }

  @Override
  public Work readWriteLock(int coroutines, int operations) {
    return onLoop(
        () -> {
          var lock = new RWLock(coroutines);
          var writes = new Counter();
          var reads = new Counter();
          share(
              coroutines,
              operations,
              share -> {
                for (int i = share.from(); i < share.to(); i++) {
                  if (share.isWrite(i)) {
                    try (Lease lease = await(lock.acquireWrite())) {
                      countWithPause(writes);
                    }
                  } else {
                    try (Lease lease = await(lock.acquireRead())) {
                      long seen = writes.value;
                      Coroutines.pause();
                      reads.value += seen == writes.value ? 1 : 0;
                    }
                  }
                }
              });
          return reads.value + writes.value;
        });
  }

  @Override
  public Work condition(int operations) {
    return onLoop(
        () -> {
          Condition[] conditions = {new Condition(), new Condition()};
          var turns = new Counter();
          share(
              2,
              operations,
              share -> {
                int me = share.who();
                for (int i = 0; i < share.size(); i++) {
                  while (turns.value % 2 != me) {
                    await(conditions[me].whenSignalled());
                  }
                  turns.value++;
                  conditions[1 - me].signal();
                }
              });
          return turns.value;
        });
  }

  @Override
  public Work event(int operations) {
    return onLoop(
        () -> {
          Event[] events = {new Event(), new Event()};
          var turns = new Counter();
          events[0].set();
          share(
              2,
              operations,
              share -> {
                int me = share.who();
                for (int i = 0; i < share.size(); i++) {
                  await(events[me].whenSet());
                  events[me].clear();
                  turns.value++;
                  events[1 - me].set();
                }
              });
          return turns.value;
        });
  }

  /** A value that is handed over, and where to reply to it. */
  private record Baton(int number, AsyncResult<Baton> reply) {}

  @Override
  public Work handOver(int operations) {
    return onLoop(
        () -> {
          var first = new AsyncResult<Baton>();
          var second = spawn(() -> passOn(first, operations));
          var reply = new AsyncResult<Baton>();
          first.set(new Baton(1, reply));
          return Math.min(passOn(reply, operations), await(second));
        });
  }

  private static long passOn(AsyncResult<Baton> next, int operations) {
    AsyncResult<Baton> awaited = next;
    Baton baton;
    do {
      baton = await(awaited.get());
      awaited = new AsyncResult<>();
      baton.reply().set(new Baton(baton.number() + 1, awaited));
    } while (baton.number() < operations);
    return baton.number();
  }

  @Override
  public Work spawnAndJoin(int operations) {
    return onLoop(
        () -> {
          var counter = new Counter();
          for (int i = 0; i < operations; i++) {
            await(spawn(() -> counter.value++));
          }
          return counter.value;
        });
  }

  @Override
  public Work pause(int operations) {
    return onLoop(
        () -> {
          var counter = new Counter();
          share(
              2,
              operations,
              share -> {
                for (int i = 0; i < share.size(); i++) {
                  Coroutines.pause();
                  counter.value++;
                }
              });
          return counter.value;
        });
  }

  @Override
  public Work freeLockWithDeadline(int pending, int operations) {
    return besideDeadlines(pending, () -> countAlone(lock -> lock.acquire(DEADLINE), operations));
  }

  @Override
  public Work contendedLockWithDeadline(int pending, int coroutines, int operations) {
    return besideDeadlines(
        pending, () -> countTogether(lock -> lock.acquire(DEADLINE), coroutines, operations));
  }

  private Work besideDeadlines(int pending, Callable<Long> main) {
    return new ToroWork(loops) {
      private final List<Lock> locks = new ArrayList<>();

      @Override
      public void open() {
        renew(() -> locks.add(leaveWaiting(pending)));
      }

      @Override
      long main() throws Exception {
        return main.call();
      }
    };
  }

  private static Lock leaveWaiting(int count) {
    Lock lock = heldLock();
    for (int i = 0; i < count; i++) {
      lock.acquire(LATER);
    }
    return lock;
  }

  private static Lock heldLock() {
    var lock = new Lock();
    lock.acquire();
    return lock;
  }

  @Override
  public Work cancel(int waiters) {
    return new ToroWork(loops) {
      private final Counter cancelled = new Counter();
      private final List<Coroutine<?>> coroutines = new ArrayList<>();

      @Override
      public void prepare() {
        renew(this::park);
      }

      private void park() {
        cancelled.value = 0;
        coroutines.clear();
        Lock lock = heldLock();
        for (int i = 0; i < waiters; i++) {
          coroutines.add(spawn(() -> waitFor(lock)));
        }
        Collections.shuffle(coroutines, new Random(1));
        Coroutines.pause();
      }

      private void waitFor(Lock lock) {
        try {
          await(lock.acquire());
        } catch (CancellationException expected) {
          cancelled.value++;
        }
      }

      @Override
      long main() {
        for (Coroutine<?> coroutine : coroutines) {
          coroutine.cancel(true);
        }
        awaitAll(coroutines);
        return cancelled.value;
      }
    };
  }

  @Override
  public Work parkedCoroutines(int count) {
    return leftBehind(
        lock -> {
          for (int i = 0; i < count; i++) {
            spawn(() -> await(lock.acquire()));
          }
          Coroutines.pause();
          return count;
        });
  }

  @Override
  public Work waitingFutures(int count) {
    return leftBehind(
        lock -> {
          for (int i = 0; i < count; i++) {
            lock.acquire();
          }
          return count;
        });
  }

  private Work leftBehind(ToLongFunction<Lock> main) {
    return new ToroWork(loops) {
      // A loop does not keep its primitives, nor those who wait in vain for one that is forgotten.
      @SuppressWarnings("UnusedVariable")
      private @Nullable Lock lock;

      @Override
      public void prepare() {
        renew(() -> {});
      }

      @Override
      long main() {
        lock = heldLock();
        return main.applyAsLong(lock);
      }
    };
  }

  @Override
  public Work execute(int threads, int operations) {
    return onLoop(
        () -> {
          var counter = new Counter();
          var done = new Event();
          Runnable task =
              () -> {
                if (++counter.value == operations) {
                  done.set();
                }
              };
          IOLoop loop = IOLoop.current();
          OtherThreads.submit(threads, operations, () -> loop.execute(task));
          await(done.whenSet());
          return counter.value;
        });
  }

  @Override
  public Work ask(int operations) {
    return onLoop(
        () -> {
          long sum = 0;
          for (int i = 0; i < operations; i++) {
            sum += loops.host().ask(i) == i ? 1 : 0;
          }
          return sum;
        });
  }
}
