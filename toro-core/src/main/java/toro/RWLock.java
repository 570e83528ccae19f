package toro;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A read-write lock for coroutines: held by one writer, or by up to {@code maxReaders} readers.
 *
 * {@snippet file="toro/SnippetsTest.java" region="rwlock"}
 *
 * <p>Fair: readers and writers stand in one line, so neither starves; readers who stand next to
 * each other enter together. A writer waits for all readers at once and holds nothing until he is
 * granted, so one who gives up holds nothing back, and those behind him move up.
 *
 * <p>Like toro's, it admits <em>one</em> reader unless told otherwise: give {@code maxReaders}. Not
 * reentrant, and a read lock cannot be made a write lock.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 */
public final class RWLock {
  private final IOLoop loop;
  private final int maxReaders;
  private final Permits permits; // a reader takes one, a writer all

  /**
   * An unlocked lock of the current loop that admits one reader at a time.
   *
   * @throws IllegalStateException if there is no current loop
   */
  public RWLock() {
    this(1);
  }

  /**
   * An unlocked lock of the current loop.
   *
   * @param maxReaders how many readers may hold it at the same time; {@link Integer#MAX_VALUE} for
   *     any number
   * @throws IllegalArgumentException if {@code maxReaders} is less than one
   * @throws IllegalStateException if there is no current loop
   */
  public RWLock(int maxReaders) {
    this(IOLoop.current(), maxReaders);
  }

  /**
   * An unlocked lock that admits one reader at a time.
   *
   * @param loop the loop on which it will be used; any thread may make it
   */
  public RWLock(IOLoop loop) {
    this(loop, 1);
  }

  /**
   * An unlocked lock.
   *
   * @param loop the loop on which it will be used; any thread may make it
   * @param maxReaders how many readers may hold it at the same time; {@link Integer#MAX_VALUE} for
   *     any number
   * @throws IllegalArgumentException if {@code maxReaders} is less than one
   */
  public RWLock(IOLoop loop, int maxReaders) {
    if (maxReaders < 1) {
      throw new IllegalArgumentException("maxReaders must be >= 1, not " + maxReaders);
    }
    this.loop = loop;
    this.maxReaders = maxReaders;
    this.permits = new Permits(loop, this, maxReaders, true);
  }

  /**
   * Acquires the lock for reading; waits until it is granted.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the line without a trace. One that was granted holds the lock: close its lease, also when you
   * do not want it any more.
   *
   * @return the lease to close; it is granted at once if nobody waits, no writer holds the lock and
   *     there is room for a reader
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<Lease> acquireRead() {
    return acquireRead(Deadline.never());
  }

  /**
   * Like {@link #acquireRead()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: not at all
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   */
  public CompletableFuture<Lease> acquireRead(Duration timeout) {
    return acquireRead(Deadline.in(timeout));
  }

  /**
   * Like {@link #acquireRead()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: not at all
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   */
  public CompletableFuture<Lease> acquireRead(Deadline deadline) {
    return permits.acquire(1, false, deadline);
  }

  /**
   * Acquires the lock for writing; waits until it is granted.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the line without a trace, and the readers who waited behind it enter. One that was granted
   * holds the lock: close its lease, also when you do not want it any more.
   *
   * @return the lease to close; it is granted at once if nobody holds the lock
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<Lease> acquireWrite() {
    return acquireWrite(Deadline.never());
  }

  /**
   * Like {@link #acquireWrite()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: not at all
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   */
  public CompletableFuture<Lease> acquireWrite(Duration timeout) {
    return acquireWrite(Deadline.in(timeout));
  }

  /**
   * Like {@link #acquireWrite()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: not at all
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   */
  public CompletableFuture<Lease> acquireWrite(Deadline deadline) {
    return permits.acquire(maxReaders, true, deadline);
  }

  /**
   * Ends the hold of one reader; use it for readers whose leases are not closed. Those who can
   * enter have entered when this returns.
   *
   * @throws IllegalStateException if no reader holds the lock
   * @throws WrongThreadException on another thread
   */
  public void releaseRead() {
    loop.check(this);
    if (readers(permits) == 0) {
      throw new IllegalStateException("release unlocked lock: no reader holds it");
    }
    permits.release(1);
  }

  /**
   * Ends the hold of the writer, whoever it is; his lease is worth nothing from then on. Those who
   * can enter have entered when this returns.
   *
   * @throws IllegalStateException if no writer holds the lock
   * @throws WrongThreadException on another thread
   */
  public void releaseWrite() {
    loop.check(this);
    if (!permits.isExclusive()) {
      throw new IllegalStateException("release unlocked lock: no writer holds it");
    }
    permits.releaseExclusive(maxReaders);
  }

  /**
   * Is there no room for a reader? That is so while a writer holds the lock, or as many readers as
   * may.
   *
   * @return true if nobody can enter
   * @throws WrongThreadException on another thread while the loop runs
   */
  public boolean isLocked() {
    loop.checkRead(this);
    return permits.available() == 0;
  }

  static int readers(Permits permits) {
    return permits.isExclusive() ? 0 : permits.total() - permits.available();
  }

  /**
   * For example {@code RWLock[readers=2 waiters[1]]}, {@code RWLock[writer]} or {@code
   * RWLock[unlocked]}.
   */
  @Override
  public String toString() {
    return Names.text(this, state(permits));
  }

  static String state(Permits permits) {
    int readers = readers(permits);
    String state =
        permits.isExclusive() ? "writer" : readers > 0 ? "readers=" + readers : "unlocked";
    return state + permits.waiters();
  }
}
