package toro;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A wait: the future that a wait-method returns, its place in line, and its timer.
 *
 * <p>It is in its list and its timer is armed until it is claimed: by the primitive that grants it,
 * by its deadline, or from outside.
 */
class Waiter<T> extends Awaitable<T> implements Runnable {
  // Its place in line. The list is null when it waits in none; it stays when it has left.
  @Nullable WaitList<?> list;
  boolean inLine;
  @Nullable Waiter<?> previous;
  @Nullable Waiter<?> next;
  long ticket; // which in its list it was
  @Nullable Timeout timer;
  // How many of its dependents want nothing of it: they were given up, or only take a timeout of
  // the JDK's back when it is done.
  private int uninterested;

  Waiter(IOLoop loop) {
    super(loop);
  }

  @Override
  public final <U> CompletableFuture<U> newIncompleteFuture() {
    return new Derived<>(this);
  }

  final void derivedWasGivenUp() {
    uninterested++;
    giveUpUnlessWanted();
  }

  /**
   * Who has waited for this does so no more: it leaves its line, unless somebody else is
   * interested.
   */
  void giveUpUnlessWanted() {
    if (!hasAwaiter() && getNumberOfDependents() <= uninterested) {
      cancel(false);
    }
  }

  @Override
  public final CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
    uninterested += isDone() ? 0 : 1;
    return super.orTimeout(timeout, unit);
  }

  @Override
  public final CompletableFuture<T> completeOnTimeout(
      @Nullable T value, long timeout, TimeUnit unit) {
    uninterested += isDone() ? 0 : 1;
    return super.completeOnTimeout(value, timeout, unit);
  }

  /** The time is up. */
  @Override
  public final void run() {
    if (claim()) {
      String waitedFor = list == null ? "a wait" : list.owner().toString();
      abandoned();
      expired(waitedFor);
    }
  }

  void expired(String waitedFor) {
    fail(
        new DeadlineExceededException("the deadline passed before this was granted: " + waitedFor));
  }

  @Override
  final void abandoned() {
    leave();
    if (list != null) {
      list.departed();
    }
  }

  /** Leaves its place and takes its timer back. */
  final void leave() {
    if (list != null && inLine) {
      list.unlink(this);
    }
    if (timer != null) {
      timer.drop();
      timer = null;
    }
  }
}
