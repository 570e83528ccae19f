package toro;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Awaiting many futures as one. */
final class All {
  private All() {}

  static <T extends @Nullable Object> List<T> await(
      Fiber fiber, List<CompletableFuture<? extends T>> futures) {
    settle(fiber, futures);
    return values(fiber, futures);
  }

  /** Suspends until all are done, however they end. */
  static void settle(Fiber fiber, List<? extends CompletableFuture<?>> futures) {
    for (CompletableFuture<?> future : futures) {
      if (future instanceof Coroutine<?> coroutine) {
        coroutine.observed();
      }
    }
    int done = 0;
    fiber.hasNotWaited();
    fiber.coroutine.awaitsAll = futures;
    try {
      for (; done < futures.size(); done++) {
        if (!futures.get(done).isDone() || fiber.loop.isClosed()) {
          fiber.await(futures.get(done));
        }
      }
    } catch (Throwable interruption) {
      futures.subList(done, futures.size()).forEach(Fiber::forget);
      futures.forEach(All::giveBack);
      throw interruption;
    } finally {
      fiber.coroutine.awaitsAll = null;
    }
  }

  private static <T extends @Nullable Object> List<T> values(
      Fiber fiber, List<CompletableFuture<? extends T>> futures) {
    List<T> values = new ArrayList<>(futures.size());
    SuppressedFailures failures = null;
    for (CompletableFuture<? extends T> future : futures) {
      if (future.isCompletedExceptionally()) {
        failures = SuppressedFailures.with(failures, fiber.failureOf(future));
      } else {
        values.add(future.join());
      }
    }
    if (failures == null) {
      return values;
    }
    futures.forEach(All::giveBack);
    throw Failures.sneaky(Failures.awaited(failures.first()));
  }

  /** Nobody will get what it is, or is going to be: it leaves its line, or its lease is closed. */
  static void drop(CompletableFuture<?> future) {
    Fiber.forget(future);
    giveBack(future);
  }

  /** Closes the lease that nobody will get. */
  static void giveBack(CompletableFuture<?> future) {
    if (future instanceof Awaitable<?> own ? own.isClaimed() : future.isDone()) {
      future.whenComplete((value, failure) -> Lease.giveBack(value));
    }
  }
}
