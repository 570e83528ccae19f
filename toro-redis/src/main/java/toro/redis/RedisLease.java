package toro.redis;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What was acquired on the server, until it is given back or lost: {@code try (var lease =
 * await(lock.acquire())) { … }}.
 *
 * <p><b>How it is lost.</b> The server ends it when it has not heard from the node for {@link
 * RedisNode.Options#lease}: the process was suspended for longer, the network was away, the server
 * lost its data. The node notices that before anybody else is granted, by its own clock: {@link
 * #isLost} is true then, {@link #whenLost} is done, and the body of {@link RedisLock#whileHeld} is
 * cancelled.
 *
 * <p><b>Fencing.</b> Between the look at {@code isLost} and what is done next there is always a
 * moment, and a server without its last data, after a failover, may grant a second holder. Whatever
 * must never happen twice has to be refused where it happens: give it the {@link #token}, and let
 * it refuse one that is less than one it has seen.
 *
 * <p>All methods must be called on the loop.
 */
public final class RedisLease implements AutoCloseable {
  private final Hold hold;

  RedisLease(Hold hold) {
    this.hold = hold;
  }

  /**
   * Returns the fencing token: greater than that of every grant before it of the same lock, also
   * after the server was restarted. Tokens do not follow each other closely.
   *
   * @return the token, positive
   */
  public long token() {
    return hold.token;
  }

  /**
   * Reports whether it was lost, by the clock of this moment: also right after the process was
   * suspended.
   *
   * @return true if it ended without being released
   * @throws WrongThreadException on another thread
   */
  public boolean isLost() {
    return hold.isLost();
  }

  /**
   * Waits until it is lost. It never is when it has been released before.
   *
   * @return done when it is lost; to cancel it has no effect on the lease
   */
  public CompletableFuture<@Nullable Void> whenLost() {
    return hold.whenLost();
  }

  /**
   * Gives back what was acquired. The server grants it to the first in the queue.
   *
   * <p><b>Deadline and cancellation:</b> it is given back also if nobody waits for the answer.
   * While the server is not there this waits, and the lease ends by itself.
   *
   * @return true when the server has confirmed that it was held until now; false if it was lost
   *     before. The same future each time.
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Boolean> release() {
    return hold.end("finish", "", hold.id);
  }

  /** Gives back what was acquired, and does not wait for the answer: {@link #release()}. */
  @Override
  public void close() {
    if (!hold.isClosed()) {
      release();
    }
  }

  /** For example {@code RedisLease[held token=17]}, or {@code released} or {@code lost}. */
  @Override
  public String toString() {
    return "RedisLease[" + hold.state() + " token=" + hold.token + "]";
  }
}
