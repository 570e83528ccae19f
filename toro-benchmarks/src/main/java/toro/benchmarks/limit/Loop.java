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

    /** Suspends until it has ended. */
    public void join() {
      if (!ended) {
        joiner = current();
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
