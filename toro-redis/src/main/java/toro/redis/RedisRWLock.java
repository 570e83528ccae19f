package toro.redis;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import toro.Deadline;
import toro.DeadlineExceededException;

/**
 * A read-write lock across machines: one writer, or up to a number of readers, on all nodes of a
 * server together.
 *
 * <p>Fair: readers and writers stand in one queue, in the order in which their requests reached the
 * server, so neither starves; readers that follow each other enter together. What is granted is a
 * lease, and lost like that of a lock: see {@link RedisLease}.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 */
public final class RedisRWLock {
  private final Permits permits;

  RedisRWLock(RedisNode node, String name, int maxReaders) {
    this.permits = new Permits(node, "rwlock", name, maxReaders, this);
  }

  int maxReaders() {
    return permits.declared();
  }

  /**
   * Acquires the lock for reading; waits until it is granted. Deadline and cancellation: as with
   * {@link RedisLock#acquire()}.
   *
   * @return the lease to close; or the failure {@link RedisUnavailableException}, or {@link
   *     IllegalStateException} if other nodes have the lock with another number of readers
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<RedisLease> acquireRead() {
    return acquireRead(Deadline.never());
  }

  /**
   * Like {@link #acquireRead()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: it is granted or fails when the server has
   *     answered, which takes a second at most
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<RedisLease> acquireRead(Duration timeout) {
    return acquireRead(Deadline.after(timeout));
  }

  /**
   * Like {@link #acquireRead()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: as with a timeout of zero
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<RedisLease> acquireRead(Deadline deadline) {
    return permits.acquire(1, requireNonNull(deadline, "deadline"));
  }

  /**
   * Acquires the lock for writing; waits until it is granted. Deadline and cancellation: as with
   * {@link RedisLock#acquire()}; a writer that leaves the queue holds no reader back.
   *
   * @return the lease to close; or a failure as with {@link #acquireRead()}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<RedisLease> acquireWrite() {
    return acquireWrite(Deadline.never());
  }

  /**
   * Like {@link #acquireWrite()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: it is granted or fails when the server has
   *     answered, which takes a second at most
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<RedisLease> acquireWrite(Duration timeout) {
    return acquireWrite(Deadline.after(timeout));
  }

  /**
   * Like {@link #acquireWrite()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: as with a timeout of zero
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<RedisLease> acquireWrite(Deadline deadline) {
    return permits.acquire(permits.declared(), requireNonNull(deadline, "deadline"));
  }

  /**
   * Asks the server whether somebody reads or writes, on any node.
   *
   * @return true if so; out of date when it comes
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Boolean> isLocked() {
    return permits.look(state -> state.used() > 0);
  }

  /** As {@link RedisLock#toString()}. */
  @Override
  public String toString() {
    return permits.text();
  }
}
