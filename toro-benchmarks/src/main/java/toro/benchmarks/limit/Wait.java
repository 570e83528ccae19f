package toro.benchmarks.limit;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A future that is not done yet, which one fiber awaits; nothing else is done with it. */
class Wait<T extends @Nullable Object> extends CompletableFuture<T> {
  private Loop.@Nullable Fiber awaiter;

  /** Suspends until a future that a primitive has returned is done. */
  static <T extends @Nullable Object> T await(Loop loop, CompletableFuture<T> future) {
    if (future instanceof Wait<T> wait && !wait.isDone()) {
      wait.awaiter = loop.current();
      loop.suspend();
    }
    return future.join();
  }

  /** Completes it, and wakes who awaits it. */
  final void grant(Loop loop, @Nullable T value) {
    complete(value);
    if (awaiter != null) {
      loop.wake(awaiter);
    }
  }
}
