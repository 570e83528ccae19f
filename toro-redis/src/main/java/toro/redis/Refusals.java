package toro.redis;

import toro.spi.RemoteLine;

/** What the server refuses, as an exception that says what to do. */
final class Refusals {
  private Refusals() {}

  /** Of a script: a word, and after a space what belongs to it. */
  static RuntimeException of(String refusal, Object owner, RemoteLine line) {
    int space = refusal.indexOf(' ');
    String word = space < 0 ? refusal : refusal.substring(0, space);
    String rest = space < 0 ? "" : refusal.substring(space + 1);
    return switch (word) {
      case "differs" ->
          new IllegalStateException(
              "other nodes made it with "
                  + rest
                  + ", so this is refused: "
                  + owner
                  + "; use the same options everywhere, or another name");
      case "never" ->
          new IllegalArgumentException(
              "so many permits can never be granted: " + owner + " has " + rest + " in all");
      case "closed" ->
          line.exception(RemoteLine.Failure.QUEUE_CLOSED, "the queue is closed: " + owner);
      case "set" -> line.exception(RemoteLine.Failure.ALREADY_SET, "already set: " + owner);
      case "broken" ->
          line.exception(
              RemoteLine.Failure.BARRIER_BROKEN,
              "the barrier is broken until it is reset: " + owner);
      case "failed" -> new RedisResultException(rest);
      default -> new IllegalStateException("the script answers " + refusal + " for " + owner);
    };
  }

  /** Of the server: an error. */
  static RuntimeException of(Throwable failure, String key, Object owner) {
    String message = String.valueOf(failure.getMessage());
    String advice =
        message.contains("WRONGTYPE")
            ? "the keys that begin with "
                + key
                + " are not toro's: delete them, or use another name"
            : message.contains("OOM")
                ? "the server's memory is full"
                : message.contains("NOPERM")
                    ? "the user needs the commands and the keys that docs/redis.md names"
                    : "the server refuses";
    return new IllegalStateException(advice + ": " + owner + " (" + message + ")", failure);
  }
}
