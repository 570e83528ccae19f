package toro;

import java.util.concurrent.RejectedExecutionException;

/**
 * The loop is closed: it takes no more tasks, and every wait on it has ended with this exception.
 */
public final class LoopClosedException extends RejectedExecutionException {
  private static final long serialVersionUID = 1;

  LoopClosedException(String message) {
    super(message);
  }
}
