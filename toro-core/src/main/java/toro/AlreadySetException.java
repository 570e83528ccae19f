package toro;

/**
 * An {@link AsyncResult} was set a second time; it keeps its first result. It is toro's {@code
 * AlreadySet}.
 */
public final class AlreadySetException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  AlreadySetException(String message) {
    super(message);
  }
}
