package toro.benchmarks.contenders;

import com.ibm.asyncutil.iteration.AsyncIterator;
import com.ibm.asyncutil.iteration.AsyncQueue;
import com.ibm.asyncutil.iteration.AsyncQueues;
import com.ibm.asyncutil.iteration.AsyncTrampoline;
import com.ibm.asyncutil.iteration.BoundedAsyncQueue;
import com.ibm.asyncutil.locks.AsyncLock;
import com.ibm.asyncutil.locks.AsyncReadWriteLock;
import com.ibm.asyncutil.locks.AsyncSemaphore;
import com.ibm.asyncutil.locks.FairAsyncSemaphore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import toro.benchmarks.Contender;
import toro.benchmarks.Counter;
import toro.benchmarks.Share;
import toro.benchmarks.Work;

/**
 * IBM's asyncutil: stages, and loops over them. It has no loop of its own, so to pause is to go on
 * in an executor with one thread. Its queues have one consumer, its locks neither deadlines nor
 * cancellation.
 */
public final class AsyncutilContender implements Contender {
  /** What is done on the executor's one thread. */
  private interface Main {
    CompletionStage<?> start(ExecutorService executor, Counter counter);
  }

  private static Work onFreshExecutor(Main main) {
    return () -> {
      try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
        var counter = new Counter();
        CompletableFuture.supplyAsync(() -> main.start(executor, counter), executor)
            .thenCompose(stage -> stage)
            .join();
        return counter.value;
      }
    };
  }

  /** Does each share in a loop of stages. */
  private static CompletionStage<?> share(int sharers, int operations, Step step) {
    return CompletableFuture.allOf(
        Share.of(sharers, operations).stream()
            .map(share -> repeat(share, step).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  /** One operation, with a stage of its end. */
  private interface Step {
    CompletionStage<?> run(Share share, int operation);
  }

  private static CompletionStage<Integer> repeat(Share share, Step step) {
    return AsyncTrampoline.asyncWhile(
        next -> next < share.to(),
        next -> step.run(share, next).thenApply(done -> next + 1),
        share.from());
  }

  @Override
  public @Nullable Work queue(int pairs, int capacity, int items) {
    if (pairs > 1) {
      return null; // one consumer only
    }
    return onFreshExecutor(
        (executor, sum) -> capacity == 0 ? unbounded(items, sum) : bounded(capacity, items, sum));
  }

  private static CompletionStage<?> unbounded(int items, Counter sum) {
    AsyncQueue<Integer> queue = AsyncQueues.unbounded();
    for (int item = 0; item < items; item++) {
      queue.send(item);
    }
    queue.terminate();
    return consume(queue, sum);
  }

  private static CompletionStage<?> bounded(int capacity, int items, Counter sum) {
    BoundedAsyncQueue<Integer> queue = AsyncQueues.buffered(capacity);
    repeat(new Share(0, 0, items), (share, item) -> queue.send(item))
        .thenCompose(sent -> queue.terminate());
    return consume(queue, sum);
  }

  private static CompletionStage<?> consume(AsyncIterator<Integer> queue, Counter sum) {
    return queue.forEach(item -> sum.value += item);
  }

  @Override
  public Work freeLock(int operations) {
    return onFreshExecutor(
        (executor, counter) -> {
          AsyncLock lock = AsyncLock.create();
          return share(
              1,
              operations,
              (share, i) ->
                  lock.acquireLock()
                      .thenAccept(
                          token -> {
                            counter.value++;
                            token.releaseLock();
                          }));
        });
  }

  @Override
  public Work contendedLock(int coroutines, int operations) {
    return onFreshExecutor(
        (executor, counter) -> {
          AsyncLock lock = AsyncLock.create();
          return share(
              coroutines,
              operations,
              (share, i) ->
                  lock.acquireLock().thenCompose(token -> count(executor, counter, token)));
        });
  }

  private static CompletionStage<?> count(
      ExecutorService executor, Counter counter, AsyncLock.LockToken token) {
    long seen = counter.value;
    return CompletableFuture.runAsync(
        () -> {
          counter.value = seen + 1;
          token.releaseLock();
        },
        executor);
  }

  @Override
  public Work semaphore(int permits, int coroutines, int operations) {
    return onFreshExecutor(
        (executor, counter) -> {
          AsyncSemaphore semaphore = new FairAsyncSemaphore(permits);
          return share(
              coroutines,
              operations,
              (share, i) ->
                  semaphore
                      .acquire()
                      .thenRunAsync(
                          () -> {
                            counter.value++;
                            semaphore.release();
                          },
                          executor));
        });
  }

  @Override
  public Work readWriteLock(int coroutines, int operations) {
    var reads = new Counter();
    Work work =
        onFreshExecutor(
            (executor, writes) -> {
              reads.value = 0;
              AsyncReadWriteLock lock = AsyncReadWriteLock.create();
              return share(
                  coroutines,
                  operations,
                  (share, i) ->
                      share.isWrite(i)
                          ? lock.acquireWriteLock()
                              .thenCompose(token -> count(executor, writes, token))
                          : lock.acquireReadLock()
                              .thenCompose(token -> read(executor, writes, reads, token)));
            });
    return () -> work.run() + reads.value;
  }

  private static CompletionStage<?> read(
      ExecutorService executor, Counter writes, Counter reads, AsyncLock.LockToken token) {
    long seen = writes.value;
    return CompletableFuture.runAsync(
        () -> {
          reads.value += seen == writes.value ? 1 : 0;
          token.releaseLock();
        },
        executor);
  }

  @Override
  public Work waitingFutures(int count) {
    return new Work() {
      private AsyncLock lock = AsyncLock.create();

      @Override
      public void prepare() {
        lock = AsyncLock.create();
      }

      @Override
      public long run() {
        lock.acquireLock();
        for (int i = 0; i < count; i++) {
          lock.acquireLock();
        }
        return count;
      }
    };
  }
}
