package toro;

import java.util.concurrent.CancellationException;

/**
 * A cancellation; like {@link DeadlineExceededException} its trace is that of the {@code await} it
 * ends.
 */
final class Cancelled extends CancellationException {
  private static final long serialVersionUID = 1;

  Cancelled(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
