package toro;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A callback that is to run on the loop at a later time; made by {@link IOLoop#callLater} and
 * {@link IOLoop#callAt}. It is the handle that Tornado's {@code add_timeout} returns.
 */
public final class Timeout {
  private final Timers timers;
  final long when;
  private final long number;
  // Null when it has run or was cancelled.
  private @Nullable Runnable callback;

  // Its place among those that are pending.
  @Nullable Timeout previous;
  @Nullable Timeout next;
  int index = -1; // in the heap, if it is the first of its run

  Timeout(Timers timers, long when, long number, Runnable callback) {
    this.timers = timers;
    this.when = when;
    this.number = number;
    this.callback = callback;
  }

  /**
   * Takes the callback back. It will not run, and the loop keeps nothing of it. To be called on the
   * loop; costs at most the logarithm of the number of pending timeouts.
   *
   * @return true if the callback was pending; false if it has run, is running, or was cancelled
   *     before
   * @throws WrongThreadException on another thread
   */
  public boolean cancel() {
    if (timers.loop.isClosed()) {
      return false;
    }
    timers.loop.check(this);
    return drop();
  }

  boolean drop() {
    boolean pending = callback != null;
    callback = null;
    timers.remove(this);
    return pending;
  }

  /**
   * Is the callback still to run?
   *
   * @return true until it runs or is cancelled
   */
  public boolean isPending() {
    return callback != null;
  }

  /** What the loop runs when this is due. */
  Task firing() {
    return new Firing(callback);
  }

  /** Fires this; its source is that of the callback. */
  private final class Firing implements Task {
    private final @Nullable Runnable due;

    Firing(@Nullable Runnable due) {
      this.due = due;
    }

    @Override
    public Object source() {
      return due == null ? Timeout.this : Task.sourceOf(due);
    }

    @Override
    public void run() {
      fire();
    }
  }

  /** Runs the callback unless it was cancelled since it became due. */
  void fire() {
    Runnable due = callback;
    callback = null;
    if (due != null) {
      due.run();
    }
  }

  /** Earlier ones first; those of the same time in the order in which they were made. */
  boolean isBefore(Timeout other) {
    long difference = when - other.when; // by difference: the clock wraps around
    return difference < 0 || (difference == 0 && number < other.number);
  }

  /** How long until it is due. */
  Duration left() {
    return Duration.ofNanos(Math.max(0, nanosLeft()));
  }

  /** Nanoseconds until it is due; zero or less when it is. */
  long nanosLeft() {
    return when - timers.loop.nanoTime();
  }

  @Override
  public String toString() {
    return callback == null ? "Timeout[done]" : "Timeout[in " + left() + "]";
  }
}
