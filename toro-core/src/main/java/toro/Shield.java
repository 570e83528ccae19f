package toro;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A block that nothing around it interrupts. The blocks inside it work as ever: they are what it
 * does.
 */
final class Shield extends Scope {
  private @Nullable Throwable held; // the first that would have interrupted it

  Shield(Fiber fiber) {
    super(fiber);
  }

  /** Runs a body in such a block, and then throws what came meanwhile. */
  static <T extends @Nullable Object> T call(Fiber fiber, Callable<T> body) throws Exception {
    Shield shield = new Shield(fiber);
    T value;
    shield.enter();
    try {
      value = body.call();
    } finally {
      shield.leave();
    }
    if (shield.held != null) {
      Lease.giveBack(value);
      throw fiber.interruptedBy(shield.held);
    }
    return value;
  }

  void hold(Throwable reason) {
    held = held == null ? reason : held;
  }

  @Override
  boolean isOver() {
    return false;
  }

  @Override
  @Nullable Throwable owed() {
    return null;
  }
}
