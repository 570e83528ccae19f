package toro;

import java.util.concurrent.CancellationException;

/**
 * A cancellation; like {@link DeadlineExceededException} its trace is that of the {@code await} it
 * ends.
 */
final class Cancelled extends CancellationException {
  private static final long serialVersionUID = 1;

  private transient boolean hasTrace; // made where nobody called: none until it is awaited

  Cancelled(String message) {
    super(message);
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
