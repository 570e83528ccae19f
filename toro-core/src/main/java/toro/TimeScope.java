package toro;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A {@link Coroutines#withTimeout withTimeout} block of a fiber, within the blocks around it. */
final class TimeScope implements Runnable {
  private final Fiber fiber;
  private final @Nullable TimeScope outer;
  private boolean exceeded;
  private @Nullable Timeout timer; // null: it had no time from the beginning

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
    if (!scope.exceeded) {
      scope.timer = fiber.loop.timers.limit(nanos, scope);
    }
    fiber.scope = scope;
    try {
      return body.call();
    } finally {
      fiber.scope = scope.outer;
      if (scope.timer != null) {
        scope.timer.drop();
      }
    }
  }

  /** The time is up. */
  @Override
  public void run() {
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

  /** The timers of this scope and of those around it. */
  List<Timeout> timers() {
    List<Timeout> timers = new ArrayList<>();
    for (TimeScope scope = this; scope != null; scope = scope.outer) {
      if (scope.timer != null) {
        timers.add(scope.timer);
      }
    }
    return timers;
  }

  private static Throwable failure() {
    return new DeadlineExceededException("the time of withTimeout(…) is up");
  }
}
