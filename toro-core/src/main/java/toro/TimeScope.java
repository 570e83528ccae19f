package toro;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A {@link Coroutines#withTimeout withTimeout} block. */
final class TimeScope extends Scope implements Task {
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
    if (!scope.exceeded) {
      scope.timer = fiber.loop.timers.limit(nanos, scope);
    }
    scope.enter();
    try {
      return body.call();
    } finally {
      fiber.scope = scope.outer();
      if (scope.timer != null) {
        scope.timer.drop();
      }
    }
  }

  @Override
  public Object source() {
    return fiber.coroutine;
  }

  /** The time is up. */
  @Override
  public void run() {
    exceeded = true;
    fiber.interrupt(this, failure());
  }

  @Override
  boolean isOver() {
    return exceeded;
  }

  @Override
  @Nullable Throwable owed() {
    return exceeded ? failure() : null;
  }

  private static Throwable failure() {
    return new DeadlineExceededException("the time of withTimeout(…) is up");
  }
}
