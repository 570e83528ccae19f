package toro.redis;

import org.jspecify.annotations.Nullable;

/**
 * The Redis server could not be reached, or not for as long as {@link
 * RedisNode.Options#giveUp(java.time.Duration) giveUp} says, or the node is closed. A wait that
 * fails with this holds nothing; a command whose answer was lost may have taken effect.
 */
public final class RedisUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Made by the library.
   *
   * @param message which server, and what to do
   */
  RedisUnavailableException(String message) {
    super(message);
  }

  RedisUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
