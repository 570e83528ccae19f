package toro;

import java.util.NoSuchElementException;

/**
 * {@link Queue#getNow()} or {@link Subscription#getNow()} was called while there was no item. It is
 * Python's {@code queue.Empty}.
 */
public final class QueueEmptyException extends NoSuchElementException {
  private static final long serialVersionUID = 1;

  QueueEmptyException(String message) {
    super(message);
  }
}
