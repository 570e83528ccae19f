package toro.benchmarks.limit;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Runs continuations in the order in which they became ready. */
public final class Loop {
  private final ArrayDeque<Fiber> ready = new ArrayDeque<>();
  private @Nullable Fiber current;

  /** A continuation, and who waits for its end. */
  public final class Fiber {
    private final Object continuation;
    private boolean begun;
    private boolean ended;
    private @Nullable Fiber joiner;
    int wanted; // so many permits, while it waits for some

    private Fiber(Runnable body) {
      continuation =
          Continuations.of(
              () -> {
                body.run();
                ended = true;
                if (joiner != null) {
                  ready.add(joiner);
                }
              });
    }

    /**
     * Suspends until it has ended. If it is next and has not begun, it begins on the stack of the
     * caller, which need not be suspended if it ends at once.
     */
    public void join() {
      Fiber caller = current();
      if (!begun && ready.peek() == this) {
        ready.poll();
        begun = true;
        current = this;
        Continuations.run(continuation);
        current = caller;
      }
      if (!ended) {
        joiner = caller;
        suspend();
      }
    }
  }

  /** Makes a continuation ready to begin. */
  public Fiber spawn(Runnable body) {
    Fiber fiber = new Fiber(body);
    ready.add(fiber);
    return fiber;
  }

  /** Runs what is ready until nothing is. */
  public void run() {
    for (Fiber next; (next = ready.poll()) != null; ) {
      current = next;
      next.begun = true;
      Continuations.run(next.continuation);
    }
    current = null;
  }

  /** Goes to the end of those that are ready, if there are any. */
  public void pause() {
    if (!ready.isEmpty()) {
      ready.add(current());
      suspend();
    }
  }

  @SuppressWarnings("NullAway") // asked for by a fiber only
  Fiber current() {
    return current;
  }

  void suspend() {
    Continuations.suspend();
  }

  void wake(Fiber fiber) {
    ready.add(fiber);
  }
}
