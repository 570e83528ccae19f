package toro.benchmarks.contenders;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Lock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import toro.benchmarks.Contender;
import toro.benchmarks.Counter;
import toro.benchmarks.Share;
import toro.benchmarks.Work;

/**
 * Vert.x: the local locks of its shared data, on an event loop. To pause is to have the loop run
 * the rest later.
 */
public final class VertxContender implements Contender {
  private static final String NAME = "the lock";

  /** Each acquisition copies the list of those who wait for that lock: so there are several. */
  private static final int OTHERS = 1_000;

  /** With more that wait for one lock, a run would take minutes. */
  static final int MOST_WAITERS = 10_000;

  @Override
  public Work freeLock(int operations) {
    return locks(0, false, 1, operations, VertxContender::lock);
  }

  @Override
  public @Nullable Work contendedLock(int coroutines, int operations) {
    return coroutines > MOST_WAITERS
        ? null
        : locks(0, true, coroutines, operations, VertxContender::lock);
  }

  @Override
  public Work freeLockWithDeadline(int pending, int operations) {
    return locks(pending, false, 1, operations, VertxContender::lockInTime);
  }

  @Override
  public @Nullable Work contendedLockWithDeadline(int pending, int coroutines, int operations) {
    return coroutines > MOST_WAITERS
        ? null
        : locks(pending, true, coroutines, operations, VertxContender::lockInTime);
  }

  private static Future<Lock> lock(Vertx vertx) {
    return vertx.sharedData().getLocalLock(NAME);
  }

  private static Future<Lock> lockInTime(Vertx vertx) {
    return vertx.sharedData().getLocalLockWithTimeout(NAME, TimeUnit.MINUTES.toMillis(1));
  }

  /** Acquires the lock. */
  private interface Acquire {
    Future<Lock> on(Vertx vertx);
  }

  private static Work locks(
      int pending, boolean pauses, int coroutines, int operations, Acquire acquire) {
    return new VertxWork() {
      @Override
      public void open() throws Exception {
        begin();
        if (pending > 0) {
          leaveWaiting(vertx(), context(), pending);
        }
      }

      @Override
      public long run() throws Exception {
        var counter = new Counter();
        var done = new CompletableFuture<Void>();
        context()
            .runOnContext(
                start -> {
                  for (Share share : Share.of(coroutines, operations)) {
                    new Locking(vertx(), context(), acquire, pauses, counter, share.size())
                        .step(() -> complete(done, counter, operations));
                  }
                });
        done.get();
        return counter.value;
      }
    };
  }

  private static void complete(CompletableFuture<Void> done, Counter counter, int operations) {
    if (counter.value == operations) {
      done.complete(null);
    }
  }

  /** What a coroutine would do, as callbacks. */
  private static final class Locking {
    private final Vertx vertx;
    private final Context context;
    private final Acquire acquire;
    private final boolean pauses;
    private final Counter counter;
    private int left;

    Locking(
        Vertx vertx, Context context, Acquire acquire, boolean pauses, Counter counter, int left) {
      this.vertx = vertx;
      this.context = context;
      this.acquire = acquire;
      this.pauses = pauses;
      this.counter = counter;
      this.left = left;
    }

    /** Goes on as long as it is granted at once, in a loop; else when it is granted. */
    void step(Runnable end) {
      while (left > 0) {
        Future<Lock> granted = acquire.on(vertx);
        if (pauses || !granted.succeeded()) {
          granted.onSuccess(lock -> hold(lock, end));
          return;
        }
        count(granted.result(), counter.value);
      }
      end.run();
    }

    private void hold(Lock lock, Runnable end) {
      long seen = counter.value;
      if (pauses) {
        context.runOnContext(
            later -> {
              count(lock, seen);
              step(end);
            });
      } else {
        count(lock, seen);
        step(end);
      }
    }

    private void count(Lock lock, long seen) {
      counter.value = seen + 1;
      left--;
      lock.release();
    }
  }

  private static void leaveWaiting(Vertx vertx, Context context, int count) throws Exception {
    for (Share share : Share.of(OTHERS, count)) {
      context.runOnContext(task -> leaveWaiting(vertx, share));
    }
    var done = new CompletableFuture<Void>();
    context.runOnContext(task -> done.complete(null));
    done.get();
  }

  private static void leaveWaiting(Vertx vertx, Share share) {
    String name = "other lock " + share.who();
    for (int i = 0; i <= share.size(); i++) { // one more: the first gets it
      vertx.sharedData().getLocalLockWithTimeout(name, TimeUnit.HOURS.toMillis(1));
    }
  }

  @Override
  public Work waitingFutures(int count) {
    return new VertxWork() {
      @Override
      public void prepare() throws Exception {
        begin();
      }

      @Override
      public long run() throws Exception {
        leaveWaiting(vertx(), context(), count);
        return count;
      }
    };
  }

  @Override
  public Work execute(int threads, int operations) {
    return new VertxWork() {
      @Override
      public void open() throws Exception {
        begin();
      }

      @Override
      public long run() throws Exception {
        var counter = new Counter();
        var done = new CompletableFuture<Void>();
        OtherThreads.submit(
            threads,
            operations,
            () ->
                context()
                    .runOnContext(
                        task -> {
                          counter.value++;
                          complete(done, counter, operations);
                        }));
        done.get();
        return counter.value;
      }
    };
  }
}
