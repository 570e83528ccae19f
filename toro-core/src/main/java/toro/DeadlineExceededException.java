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

  /**
   * Made by the library.
   *
   * @param message what was waited for
   */
  DeadlineExceededException(String message) {
    super(message);
  }

  /**
   * It is made in a timer of the loop, and that stack tells nothing; {@link Failures#awaited} adds
   * the one that does.
   */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
