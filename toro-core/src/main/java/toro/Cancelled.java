package toro;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A cancellation. Like that of a {@link DeadlineExceededException} its trace begins where it is
 * awaited; but the coroutine that is cancelled gets it without one, and with the name of what it
 * waited for instead: the trace would be the greater part of what it costs to cancel.
 */
final class Cancelled extends CancellationException {
  private static final long serialVersionUID = 1;

  private transient boolean hasTrace; // made where nobody called: none until it is awaited
  private final @Nullable Class<?> waitedFor;

  Cancelled(String message) {
    this(message, null);
  }

  /**
   * @param waitedFor what kind of thing was waited for
   */
  Cancelled(String message, @Nullable Class<?> waitedFor) {
    super(message);
    this.waitedFor = waitedFor;
  }

  @Override
  public @Nullable String getMessage() {
    return super.getMessage()
        + (waitedFor == null ? "" : " while it waited: " + waitedFor.getSimpleName());
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return hasTrace ? super.fillInStackTrace() : this;
  }

  /** Begins the trace with the current call, if there is none; false if there is one. */
  boolean beginTrace() {
    if (hasTrace) {
      return false;
    }
    hasTrace = true;
    fillInStackTrace();
    return true;
  }
}
