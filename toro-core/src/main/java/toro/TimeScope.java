package toro;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A {@link Coroutines#withTimeout withTimeout} block of a fiber, within the blocks around it. */
final class TimeScope {
  private final Fiber fiber;
  private final @Nullable TimeScope outer;
  private boolean exceeded;

  private TimeScope(Fiber fiber) {
    this.fiber = fiber;
    this.outer = fiber.scope;
  }

  static <T> T call(Fiber fiber, Deadline deadline, Callable<T> body) throws Exception {
    if (deadline.isNever()) {
      return body.call();
    }
    TimeScope scope = new TimeScope(fiber);
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
        return failure();
      }
    }
    return null;
  }

  private static Throwable failure() {
    return new DeadlineExceededException("the time of withTimeout(…) is up");
  }
}
