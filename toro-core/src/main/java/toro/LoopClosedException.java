package toro;

import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The loop is closed: it takes no more tasks, and every wait on it has ended with this exception.
 * If the loop runs on an executor that has failed it, the message and the cause tell why.
 */
public final class LoopClosedException extends RejectedExecutionException {
  private static final long serialVersionUID = 1;

  LoopClosedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
