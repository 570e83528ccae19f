package toro;

import org.jspecify.annotations.Nullable;

/**
 * A {@link Queue} is closed: it takes no item any more, or it has none left to give. Its cause is
 * the failure with which the queue was closed; null if there was none. It is Python's {@code
 * asyncio.QueueShutDown}.
 */
public final class QueueClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  QueueClosedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
