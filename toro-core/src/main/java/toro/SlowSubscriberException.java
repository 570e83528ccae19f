package toro;

/**
 * A {@link Subscription} was cut off because it was too slow: its {@link Broadcast} was full, and
 * {@link Broadcast.Overflow#FAIL} is what it does then.
 */
public final class SlowSubscriberException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  SlowSubscriberException(String message) {
    super(message);
  }
}
