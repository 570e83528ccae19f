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

  private final IOLoop loop;
  private final ArrayDeque<Runnable> postponed = new ArrayDeque<>();
  private int depth;
  private @Nullable Fiber granter;

  Completions(IOLoop loop) {
    this.loop = loop;
  }

  /**
   * May the future be completed now? If so, {@link #leave} must follow; else it will be completed
   * later.
   */
  <T> boolean enter(Awaitable<T> future, @Nullable T value, @Nullable Throwable failure) {
    if (depth == DEPTH) {
      postponed.add(failure == null ? () -> future.succeed(value) : () -> future.fail(failure));
      return false;
    }
    if (depth++ == 0) {
      granter = loop.current;
      loop.current = null;
    }
    return true;
  }

  void leave() {
    if (depth == 1) {
      for (Runnable completion; (completion = postponed.poll()) != null; ) {
        completion.run();
      }
      loop.current = granter;
      granter = null;
    }
    depth--;
  }
}
