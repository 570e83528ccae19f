package toro;

/**
 * {@link Queue#putNow} or {@link Broadcast#putNow} was called while there was no free slot. It is
 * Python's {@code queue.Full}.
 */
public final class QueueFullException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  QueueFullException(String message) {
    super(message);
  }
}
