package toro;

/**
 * The time was up before a wait was granted, or before a {@link Coroutines#withTimeout withTimeout}
 * scope ended. It is toro's {@code Timeout}.
 *
 * <p>The wait has left no trace: no place in line, no permit, no item. The stack trace tells where
 * the failure was awaited.
 */
public final class DeadlineExceededException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private transient boolean hasTrace; // made where nobody called: none until it is awaited

  /**
   * Made by the library.
   *
   * @param message what was waited for
   */
  DeadlineExceededException(String message) {
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
