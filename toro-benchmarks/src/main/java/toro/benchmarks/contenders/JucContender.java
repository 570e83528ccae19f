package toro.benchmarks.contenders;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MINUTES;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import toro.benchmarks.Contender;
import toro.benchmarks.Counter;
import toro.benchmarks.Work;

/**
 * {@code java.util.concurrent} in virtual threads, on the JDK's scheduler. To pause is {@link
 * Thread#yield}. There is no {@link Contender#pause}: with a processor each, two threads do not
 * pause in turn.
 */
public final class JucContender implements Contender {
  /** Who is cancelled walks along all who wait: with more of them, a run would take minutes. */
  private static final int MOST_WAITERS = 10_000;

  @Override
  public Work queue(int pairs, int capacity, int items) {
    return () -> {
      BlockingQueue<Integer> queue =
          capacity == 0 ? new LinkedBlockingQueue<>() : new ArrayBlockingQueue<>(capacity);
      return Channels.run(pairs, items, queue::put, queue::take);
    };
  }

  /** Acquires a lock. */
  private interface Acquire {
    void on(ReentrantLock lock) throws InterruptedException;
  }

  @Override
  public Work freeLock(int operations) {
    return () -> countAlone(ReentrantLock::lock, operations);
  }

  @Override
  public Work contendedLock(int coroutines, int operations) {
    return () -> countTogether(ReentrantLock::lock, coroutines, operations);
  }

  private static long countAlone(Acquire acquire, int operations) throws Exception {
    var lock = new ReentrantLock();
    var counter = new Counter();
    VirtualThreads.share(
        1,
        operations,
        share -> {
          for (int i = 0; i < share.size(); i++) {
            acquire.on(lock);
            try {
              counter.value++;
            } finally {
              lock.unlock();
            }
          }
          return 0;
        });
    return counter.value;
  }

  private static long countTogether(Acquire acquire, int coroutines, int operations)
      throws Exception {
    var lock = new ReentrantLock();
    var counter = new Counter();
    VirtualThreads.share(
        coroutines,
        operations,
        share -> {
          for (int i = 0; i < share.size(); i++) {
            acquire.on(lock);
            try {
              countWithPause(counter);
            } finally {
              lock.unlock();
            }
          }
          return 0;
        });
    return counter.value;
  }

  private static void countWithPause(Counter counter) {
    long seen = counter.value;
    pause();
    counter.value = seen + 1;
  }

  @SuppressWarnings("ThreadPriorityCheck") // that is what it is about
  private static void pause() {
    Thread.yield();
  }

  @Override
  public Work semaphore(int permits, int coroutines, int operations) {
    return () -> {
      var semaphore = new Semaphore(permits);
      return VirtualThreads.share(
          coroutines,
          operations,
          share -> {
            long done = 0;
            for (int i = 0; i < share.size(); i++) {
              semaphore.acquire();
              try {
                pause();
                done++;
              } finally {
                semaphore.release();
              }
            }
            return done;
          });
    };
  }

  @Override
  public Work readWriteLock(int coroutines, int operations) {
    return () -> {
      var lock = new ReentrantReadWriteLock();
      var writes = new Counter();
      long reads =
          VirtualThreads.share(
              coroutines,
              operations,
              share -> {
                long done = 0;
                for (int i = share.from(); i < share.to(); i++) {
                  if (share.isWrite(i)) {
                    lock.writeLock().lock();
                    try {
                      countWithPause(writes);
                    } finally {
                      lock.writeLock().unlock();
                    }
                  } else {
                    lock.readLock().lock();
                    try {
                      long seen = writes.value;
                      pause();
                      done += seen == writes.value ? 1 : 0;
                    } finally {
                      lock.readLock().unlock();
                    }
                  }
                }
                return done;
              });
      return reads + writes.value;
    };
  }

  @Override
  public Work condition(int operations) {
    return () -> {
      var lock = new ReentrantLock();
      Condition[] conditions = {lock.newCondition(), lock.newCondition()};
      var turns = new Counter();
      VirtualThreads.share(
          2,
          operations,
          share -> {
            int me = share.who();
            for (int i = 0; i < share.size(); i++) {
              lock.lock();
              try {
                while (turns.value % 2 != me) {
                  conditions[me].await();
                }
                turns.value++;
                conditions[1 - me].signal();
              } finally {
                lock.unlock();
              }
            }
            return 0;
          });
      return turns.value;
    };
  }

  /** There is no event to reset: a fresh latch each time. */
  @Override
  public Work event(int operations) {
    return () -> {
      CountDownLatch[] latches = {new CountDownLatch(0), new CountDownLatch(1)};
      var turns = new Counter();
      VirtualThreads.share(
          2,
          operations,
          share -> {
            int me = share.who();
            for (int i = 0; i < share.size(); i++) {
              latches[me].await();
              latches[me] = new CountDownLatch(1);
              turns.value++;
              latches[1 - me].countDown();
            }
            return 0;
          });
      return turns.value;
    };
  }

  /** A value that is handed over, and where to reply to it. */
  private record Baton(int number, CompletableFuture<Baton> reply) {}

  @Override
  public Work handOver(int operations) {
    return () -> {
      var first = new CompletableFuture<Baton>();
      var reply = new CompletableFuture<Baton>();
      first.complete(new Baton(1, reply));
      return VirtualThreads.share(
              2, operations, share -> passOn(share.who() == 0 ? first : reply, operations))
          / 2;
    };
  }

  private static long passOn(CompletableFuture<Baton> next, int operations) throws Exception {
    CompletableFuture<Baton> awaited = next;
    Baton baton;
    do {
      baton = awaited.get();
      awaited = new CompletableFuture<>();
      baton.reply().complete(new Baton(baton.number() + 1, awaited));
    } while (baton.number() < operations);
    return baton.number();
  }

  @Override
  public Work spawnAndJoin(int operations) {
    return () -> {
      var counter = new Counter();
      VirtualThreads.share(
          1,
          operations,
          share -> {
            for (int i = 0; i < share.size(); i++) {
              Thread.startVirtualThread(() -> counter.value++).join();
            }
            return 0;
          });
      return counter.value;
    };
  }

  @Override
  public Work freeLockWithDeadline(int pending, int operations) {
    return besideDeadlines(pending, () -> countAlone(JucContender::acquireInTime, operations));
  }

  @Override
  public Work contendedLockWithDeadline(int pending, int coroutines, int operations) {
    return besideDeadlines(
        pending, () -> countTogether(JucContender::acquireInTime, coroutines, operations));
  }

  private static void acquireInTime(ReentrantLock lock) throws InterruptedException {
    if (!lock.tryLock(1, MINUTES)) {
      throw new IllegalStateException("not within a minute");
    }
  }

  private static Work besideDeadlines(int pending, Callable<Long> main) {
    return new ThreadWork() {
      @Override
      public void open() throws Exception {
        var semaphore = new Semaphore(0);
        renew(() -> semaphore.release(pending))
            .start(pending, () -> semaphore.tryAcquire(1, HOURS));
      }

      @Override
      public long run() throws Exception {
        return main.call();
      }
    };
  }

  @Override
  public @Nullable Work cancel(int waiters) {
    if (waiters > MOST_WAITERS) {
      return null;
    }
    return new ThreadWork() {
      @Override
      public void prepare() throws Exception {
        var lock = new ReentrantLock();
        lock.lock();
        renew(() -> {}).start(waiters, lock::lockInterruptibly);
        waiters().shuffle();
      }

      @Override
      public long run() throws Exception {
        return waiters().interrupt();
      }
    };
  }

  @Override
  public Work parkedCoroutines(int count) {
    return new ThreadWork() {
      private ReentrantLock lock = new ReentrantLock();

      @Override
      public void prepare() throws Exception {
        lock = new ReentrantLock();
        renew(lock::unlock);
        lock.lock();
      }

      @Override
      public long run() throws Exception {
        waiters().start(count, () -> passThrough(lock));
        return count;
      }
    };
  }

  private static void passThrough(ReentrantLock lock) {
    lock.lock();
    try {
      Thread.onSpinWait();
    } finally {
      lock.unlock();
    }
  }

  /** The loop is an executor with one thread. */
  @Override
  public Work execute(int threads, int operations) {
    return () -> {
      try (ExecutorService loop = Executors.newSingleThreadExecutor()) {
        var done = new CountDownLatch(1);
        var counter = new Counter();
        Runnable task =
            () -> {
              if (++counter.value == operations) {
                done.countDown();
              }
            };
        OtherThreads.submit(threads, operations, () -> loop.execute(task));
        done.await();
        return counter.value;
      }
    };
  }
}
