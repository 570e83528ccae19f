package toro.redis;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import toro.Deadline;
import toro.DeadlineExceededException;

/**
 * Permits across machines: on all nodes of a server together at most so many are held.
 *
 * <p>Fair: requests are granted in the order in which they reached the server; one for many permits
 * is not overtaken. What is granted is a lease, and lost like that of a lock: the permits of a
 * process that died come back. See {@link RedisLease}.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 */
public final class RedisSemaphore {
  private final Permits permits;

  RedisSemaphore(RedisNode node, String name, int declared) {
    this.permits = new Permits(node, "semaphore", name, declared, this);
  }

  int declared() {
    return permits.declared();
  }

  /**
   * Acquires a permit; waits until it is granted. Deadline and cancellation: as with {@link
   * RedisLock#acquire()}.
   *
   * @return the lease to close; or the failure {@link RedisUnavailableException}, or {@link
   *     IllegalStateException} if other nodes have the semaphore with another number of permits
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<RedisLease> acquire() {
    return acquire(1);
  }

  /**
   * Like {@link #acquire()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: it is granted or fails when the server has
   *     answered, which takes a second at most
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<RedisLease> acquire(Duration timeout) {
    return acquire(1, timeout);
  }

  /**
   * Like {@link #acquire()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: as with a timeout of zero
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<RedisLease> acquire(Deadline deadline) {
    return acquire(1, deadline);
  }

  /**
   * Acquires several permits at once, all or none; waits until all are granted. Deadline and
   * cancellation: as with {@link RedisLock#acquire()}.
   *
   * @param permits how many
   * @return the lease to close, of all of them; or a failure as with {@link #acquire()}, or {@link
   *     IllegalArgumentException} if there are not so many in all
   * @throws IllegalArgumentException if {@code permits} is less than one
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<RedisLease> acquire(int permits) {
    return acquire(permits, Deadline.never());
  }

  /**
   * Like {@link #acquire(int)}, for at most so long.
   *
   * @param permits how many
   * @param timeout how long to wait; zero or less: as with {@link #acquire(Duration)}
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   * @throws IllegalArgumentException if {@code permits} is less than one
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<RedisLease> acquire(int permits, Duration timeout) {
    return acquire(permits, Deadline.after(timeout));
  }

  /**
   * Like {@link #acquire(int)}, until a deadline.
   *
   * @param permits how many
   * @param deadline until when to wait; if it has passed: as with a timeout of zero
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   * @throws IllegalArgumentException if {@code permits} is less than one
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<RedisLease> acquire(int permits, Deadline deadline) {
    requireNonNull(deadline, "deadline");
    if (permits < 1) {
      throw new IllegalArgumentException("permits must be >= 1, not " + permits);
    }
    return this.permits.acquire(permits, deadline);
  }

  /**
   * Asks the server how many permits are free.
   *
   * @return how many, out of date when it comes; negative while more are held than there are, since
   *     a {@link #resize}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Integer> availablePermits() {
    return permits.look(state -> (int) (state.total() - state.used()));
  }

  /**
   * Changes how many permits there are, for all nodes. Nobody loses what is held. A request for
   * more than there will be fails with {@link IllegalArgumentException}, as with a local semaphore.
   *
   * <p>Nodes go on making the semaphore with the number it was made with at first.
   *
   * @param permits how many there are from now on
   * @return done when the server has changed it
   * @throws IllegalArgumentException if {@code permits} is negative
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> resize(int permits) {
    if (permits < 0) {
      throw new IllegalArgumentException("permits must be >= 0, not " + permits);
    }
    return this.permits.resize(permits);
  }

  /** As {@link RedisLock#toString()}. */
  @Override
  public String toString() {
    return permits.text();
  }
}
