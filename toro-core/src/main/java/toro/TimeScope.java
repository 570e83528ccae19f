package toro;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A {@link Coroutines#withTimeout withTimeout} block of a fiber, within the blocks around it. */
final class TimeScope {
  private final Fiber fiber;
  private final @Nullable TimeScope outer;
  private final boolean refuses; // to wait, whatever the time
  private boolean exceeded;

  private TimeScope(Fiber fiber, boolean refuses) {
    this.fiber = fiber;
    this.refuses = refuses;
    this.exceeded = refuses;
    this.outer = fiber.scope;
  }

  static <T> T call(Fiber fiber, Deadline deadline, Callable<T> body) throws Exception {
    if (deadline.isNever()) {
      return body.call();
    }
    TimeScope scope = new TimeScope(fiber, false);
    long nanos = deadline.nanosLeft();
    scope.exceeded = nanos <= 0;
    Timeout timer = scope.exceeded ? null : fiber.loop.timers.limit(nanos, scope::exceed);
    fiber.scope = scope;
    try {
      return body.call();
    } finally {
      fiber.scope = scope.outer;
      if (timer != null) {
        timer.drop();
      }
    }
  }

  /** Runs what must not wait: it begins one of the waits of a {@link Select}. */
  static <T> T callAtOnce(Fiber fiber, Supplier<T> body) {
    TimeScope scope = new TimeScope(fiber, true);
    fiber.scope = scope;
    try {
      return body.get();
    } finally {
      fiber.scope = scope.outer;
    }
  }

  private void exceed() {
    exceeded = true;
    fiber.interrupt(failure());
  }

  /**
   * The failure of a wait that begins in this scope: null while there is time, in this one and in
   * those around it.
   */
  @Nullable Throwable exceeded() {
    for (TimeScope scope = this; scope != null; scope = scope.outer) {
      if (scope.exceeded) {
        return scope.failure();
      }
    }
    return null;
  }

  private Throwable failure() {
    return refuses
        ? new IllegalStateException(
            "what begins a wait of select(…) must not suspend: do that before, or in the handler")
        : new DeadlineExceededException("the time of withTimeout(…) is up");
  }
}
