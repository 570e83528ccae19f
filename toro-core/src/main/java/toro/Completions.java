package toro;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * How deep completions may nest. A future is completed inside the call that grants it, and its
 * callback may grant the next one, inside which … A chain of a million would overflow the stack; so
 * from a certain depth on a completion waits for the outermost one, which does it before it
 * returns. What was granted is granted at once all the same; only its callbacks come later.
 *
 * <p>A callback belongs to no coroutine, also when it is a coroutine that grants: it must not
 * suspend.
 */
final class Completions {
  private static final int DEPTH = 64;

  private final ArrayDeque<Runnable> postponed = new ArrayDeque<>();
  private int depth;

  /**
   * May the future be completed now? If so, {@link #leave} must follow; else it will be completed
   * later.
   */
  <T> boolean enter(Awaitable<T> future, @Nullable T value, @Nullable Throwable failure) {
    if (depth >= DEPTH) {
      postponed.add(failure == null ? () -> future.succeed(value) : () -> future.fail(failure));
      return false;
    }
    enter();
    return true;
  }

  /** A completion that cannot be postponed begins; {@link #leave} must follow. */
  void enter() {
    depth++;
  }

  void leave() {
    try {
      while (depth == 1 && !postponed.isEmpty()) {
        postponed.remove().run();
      }
    } finally {
      depth--;
    }
  }

  /** Is one under way, so that what runs may be a callback? */
  boolean areUnderWay() {
    return depth > 0;
  }
}
