package toro;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A {@link Coroutines#withTimeout withTimeout} block. */
final class TimeScope extends Scope {
  private boolean exceeded;

  private TimeScope(Fiber fiber) {
    super(fiber);
  }

  static <T> T call(Fiber fiber, Deadline deadline, Callable<T> body) throws Exception {
    if (deadline.isNever()) {
      return body.call();
    }
    TimeScope scope = new TimeScope(fiber);
    long nanos = deadline.nanosLeft();
    scope.exceeded = nanos <= 0;
    Timeout timer = scope.exceeded ? null : fiber.loop.timers.limit(nanos, scope::exceed);
    scope.enter();
    try {
      return body.call();
    } finally {
      fiber.scope = scope.outer();
      if (timer != null) {
        timer.drop();
      }
    }
  }

  private void exceed() {
    exceeded = true;
    fiber.interrupt(this, failure());
  }

  @Override
  @Nullable Throwable owed() {
    return exceeded ? failure() : null;
  }

  private static Throwable failure() {
    return new DeadlineExceededException("the time of withTimeout(…) is up");
  }
}
