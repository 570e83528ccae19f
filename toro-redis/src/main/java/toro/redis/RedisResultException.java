package toro.redis;

/**
 * The failure that was set as a {@link RedisAsyncResult} by {@link
 * RedisAsyncResult#setException(String)}: its message is what was given there.
 */
public final class RedisResultException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Made by the library.
   *
   * @param message what was given
   */
  RedisResultException(String message) {
    super(message);
  }
}
