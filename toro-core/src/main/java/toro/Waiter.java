package toro;

import org.jspecify.annotations.Nullable;

/**
 * A wait: the future that a wait-method returns, its place in line, and its timer.
 *
 * <p>It is in its list and its timer is armed until it is claimed: by the primitive that grants it,
 * by its deadline, or from outside.
 */
class Waiter<T> extends Awaitable<T> implements Task {
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
  final boolean endsWithInterest() {
    return true;
  }

  @Override
  boolean dismiss() {
    if (isWanted() || !claimEnd()) {
      return false;
    }
    leave();
    return true;
  }

  @Override
  void dismissed() {
    departed();
    fail(new Cancelled("the wait was cancelled"));
  }

  /** The wait itself, unless its coroutine is all that users know of it. */
  @Override
  public Object source() {
    return this;
  }

  /** The time is up. */
  @Override
  public void run() {
    String what = waitedFor(); // before the claim: the text of a key is foreign code
    if (claim()) {
      abandoned();
      expired(what);
    }
  }

  void expired(String waitedFor) {
    fail(
        new DeadlineExceededException("the deadline passed before this was granted: " + waitedFor));
  }

  @Override
  final void abandoned() {
    leave();
    departed();
  }

  /** It has left its place and was not granted. */
  void departed() {
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

  /** Describes what it waits for, as messages do. */
  String waitedFor() {
    return list == null ? getClass().getSimpleName() : list.text();
  }

  /** Could something other than a fiber of this loop end it: the time, or another thread? */
  boolean canEndByItself() {
    return timer != null || isForeign() || (list != null && list.grantor().isTime());
  }

  /** Will another thread, as far as the loop knows, end it? */
  boolean isForeign() {
    return false;
  }
}
