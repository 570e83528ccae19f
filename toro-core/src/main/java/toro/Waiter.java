package toro;

import java.util.concurrent.CompletableFuture;
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
  long ticket; // more than those before it in its list; also tells when it came: IOLoop.seen
  @Nullable Timeout timer;

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
  @Override
  void giveUpUnlessWanted() {
    if (!isWanted()) {
      cancel(false);
    }
  }

  /** The time is up. */
  @Override
  public void run() {
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

  /** Does the time end it, or grant it? */
  final boolean endsByItself() {
    return timer != null || (list != null && list.grantor().isTime());
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
