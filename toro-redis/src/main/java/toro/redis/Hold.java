package toro.redis;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the server granted to a request, until it is released or lost: the life of a lease, and of a
 * delivery. On the loop.
 */
final class Hold {
  private final Remote remote;
  final String id;
  final long token;

  // Invariant: lost, or ended != null, iff it is not among the holds of its primitive.
  private boolean lost;
  private @Nullable CompletableFuture<Boolean> ended;
  private final CompletableFuture<@Nullable Void> whenLost = new CompletableFuture<>();

  Hold(Remote remote, String id, long token) {
    this.remote = remote;
    this.id = id;
    this.token = token;
  }

  /** Consults the clock: the node may not have been running when the time was up. */
  boolean isLost() {
    if (!lost && ended == null) {
      remote.loseWhatIsDue();
    }
    return lost;
  }

  /** Nothing is to be done any more. */
  boolean isClosed() {
    return ended != null || remote.isClosed();
  }

  String state() {
    return lost ? "lost" : ended == null ? "held" : "released";
  }

  CompletableFuture<@Nullable Void> whenLost() {
    isLost();
    return whenLost.copy();
  }

  /** The server, or the clock, says so. */
  void lose() {
    if (!lost) {
      lost = true;
      whenLost.complete(null);
    }
  }

  /**
   * Ends it with an operation of the script; only the first call does. The future says whether it
   * was held until then.
   */
  CompletableFuture<Boolean> end(String operation, Object... arguments) {
    if (ended == null) {
      if (isLost()) {
        ended = CompletableFuture.completedFuture(false);
      } else {
        remote.released(this);
        ended =
            remote.command(
                operation,
                true,
                reply -> {
                  boolean held = reply.text(2).equals("1");
                  if (!held) {
                    lose();
                  }
                  return held;
                },
                arguments);
      }
    }
    return ended;
  }
}
