package toro;

/**
 * {@link AsyncResult#getNow()} was called before the result was set. It is toro's {@code NotReady}.
 */
public final class NotReadyException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  NotReadyException(String message) {
    super(message);
  }
}
