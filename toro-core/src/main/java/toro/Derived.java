package toro;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What was made of a wait: {@code lock.acquire().thenApply(…)}, {@code queue.get().copy()}.
 *
 * <p>When somebody gives it up, with {@code cancel} or {@code orTimeout}, nobody would give back
 * what the wait is granted; so the wait is given up with it, unless somebody else is interested in
 * that.
 */
final class Derived<T> extends LoopFuture<T> {
  private final Waiter<?> wait;

  Derived(Waiter<?> wait) {
    super(wait.loop);
    this.wait = wait;
  }

  /** What it was made of. */
  Waiter<?> source() {
    return wait;
  }

  /** Of what is made of this the wait knows nothing. */
  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new LoopFuture<>(loop);
  }

  @Override
  public boolean complete(@Nullable T value) {
    return super.complete(value) && givenUp();
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    return super.completeExceptionally(failure) && givenUp();
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean pending = !isDone();
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    if (pending && cancelled) {
      givenUp();
    }
    return cancelled;
  }

  private boolean givenUp() {
    loop.runOrOffer(wait, wait::derivedWasGivenUp);
    return true;
  }
}
