package toro;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A lock for coroutines: one holds it, the others wait in line.
 *
 * {@snippet file="toro/SnippetsTest.java" region="lock"}
 *
 * <p>Fair: who came first is granted first. {@link #release()} hands the lock over before it
 * returns, so nobody can barge in between.
 *
 * <p>On a loop nothing runs between two awaits, so {@code if (!lock.isLocked()) …} is a fact; a
 * lock is only needed to keep others out <em>across</em> an await. It is not reentrant: a holder
 * who acquires it again waits for himself. Semantics: toro's {@code Lock}.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 */
public final class Lock {
  private final IOLoop loop;
  private final Permits permits;

  /**
   * An unlocked lock of the current loop.
   *
   * @throws IllegalStateException if there is no current loop
   */
  public Lock() {
    this(IOLoop.current());
  }

  /**
   * An unlocked lock.
   *
   * @param loop the loop on which it will be used; any thread may make it
   */
  public Lock(IOLoop loop) {
    this.loop = loop;
    this.permits = new Permits(loop, this, 1, true);
  }

  /**
   * Acquires the lock; waits until it is granted.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the line without a trace. One that was granted holds the lock: close its lease, also when you
   * do not want it any more.
   *
   * @return the lease to close; it is granted at once if the lock is free
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<Lease> acquire() {
    return acquire(Deadline.never());
  }

  /**
   * Like {@link #acquire()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: not at all
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   */
  public CompletableFuture<Lease> acquire(Duration timeout) {
    return acquire(Deadline.in(timeout));
  }

  /**
   * Like {@link #acquire()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: not at all
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   */
  public CompletableFuture<Lease> acquire(Deadline deadline) {
    return permits.acquire(1, true, deadline);
  }

  /**
   * Releases the lock, whoever holds it; its lease is worth nothing from then on. The first in line
   * holds it when this returns.
   *
   * @throws IllegalStateException if it is not locked
   * @throws WrongThreadException on another thread
   */
  public void release() {
    loop.check(this);
    if (!permits.isExclusive()) {
      throw new IllegalStateException("release unlocked lock");
    }
    permits.releaseExclusive(1);
  }

  /**
   * Does somebody hold it?
   *
   * @return true if it is held
   * @throws WrongThreadException on another thread while the loop runs
   */
  public boolean isLocked() {
    loop.checkRead(this);
    return permits.isExclusive();
  }

  /** For example {@code Lock[locked waiters[1]]} or {@code Lock[unlocked]}. */
  @Override
  public String toString() {
    return Names.text(this, state(permits));
  }

  static String state(Permits permits) {
    return (permits.isExclusive() ? "locked" : "unlocked") + permits.waiters();
  }
}
