package toro;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A read-write lock for each key: a key is held by one writer, or by any number of readers.
 *
 * {@snippet file="toro/KeyedSnippetsTest.java" region="rw"}
 *
 * <p>A key is only known while somebody holds it or waits for it, as with a {@link KeyedLock}. For
 * each it is an {@link RWLock}: readers and writers stand in one line, so neither starves, and
 * readers who stand next to each other enter together. But there is no limit to the readers.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 *
 * @param <K> the type of the keys; they must not be null
 */
public final class KeyedRWLock<K> {
  private static final int ALL = Integer.MAX_VALUE;

  private final IOLoop loop;
  private final Keys<K> keys; // a reader takes one permit of a key, a writer all

  /**
   * A lock of the current loop, of which no key is held.
   *
   * @throws IllegalStateException if there is no current loop
   */
  public KeyedRWLock() {
    this(IOLoop.current());
  }

  /**
   * A lock of which no key is held.
   *
   * @param loop the loop on which it will be used; any thread may make it
   */
  @SuppressWarnings("this-escape") // only to be named in messages
  public KeyedRWLock(IOLoop loop) {
    this.loop = loop;
    this.keys = new Keys<>(loop, this, ALL, RWLock::state);
  }

  /**
   * Acquires a key for reading; waits until it is granted.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the line without a trace. One that was granted holds the key: close its lease, also when you do
   * not want it any more.
   *
   * @param key which
   * @return the lease to close; it is granted at once if nobody waits and no writer holds the key
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<Lease> acquireRead(K key) {
    return acquireRead(key, Deadline.never());
  }

  /**
   * Like {@link #acquireRead(Object)}, for at most so long.
   *
   * @param key which
   * @param timeout how long to wait; zero or less: not at all
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   */
  public CompletableFuture<Lease> acquireRead(K key, Duration timeout) {
    return acquireRead(key, Deadline.in(timeout));
  }

  /**
   * Like {@link #acquireRead(Object)}, until a deadline.
   *
   * @param key which
   * @param deadline until when to wait; if it has passed: not at all
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   */
  public CompletableFuture<Lease> acquireRead(K key, Deadline deadline) {
    return keys.acquire(key, 1, false, deadline);
  }

  /**
   * Acquires a key for writing; waits until it is granted.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the line without a trace, and the readers who waited behind it enter. One that was granted
   * holds the key: close its lease, also when you do not want it any more.
   *
   * @param key which
   * @return the lease to close; it is granted at once if nobody holds the key
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<Lease> acquireWrite(K key) {
    return acquireWrite(key, Deadline.never());
  }

  /**
   * Like {@link #acquireWrite(Object)}, for at most so long.
   *
   * @param key which
   * @param timeout how long to wait; zero or less: not at all
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   */
  public CompletableFuture<Lease> acquireWrite(K key, Duration timeout) {
    return acquireWrite(key, Deadline.in(timeout));
  }

  /**
   * Like {@link #acquireWrite(Object)}, until a deadline.
   *
   * @param key which
   * @param deadline until when to wait; if it has passed: not at all
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   */
  public CompletableFuture<Lease> acquireWrite(K key, Deadline deadline) {
    return keys.acquire(key, ALL, true, deadline);
  }

  /**
   * Ends the hold of one reader of a key; use it for readers whose leases are not closed. Those who
   * can enter have entered when this returns.
   *
   * @param key which
   * @throws IllegalStateException if no reader holds it
   * @throws WrongThreadException on another thread
   */
  public void releaseRead(K key) {
    loop.check(this);
    Permits permits = keys.find(key);
    if (permits == null || RWLock.readers(permits) == 0) {
      throw new IllegalStateException("release unlocked lock: no reader holds " + Text.brief(key));
    }
    permits.release(1);
  }

  /**
   * Ends the hold of the writer of a key, whoever it is; his lease is worth nothing from then on.
   * Those who can enter have entered when this returns.
   *
   * @param key which
   * @throws IllegalStateException if no writer holds it
   * @throws WrongThreadException on another thread
   */
  public void releaseWrite(K key) {
    loop.check(this);
    Permits permits = keys.find(key);
    if (permits == null || !permits.isExclusive()) {
      throw new IllegalStateException("release unlocked lock: no writer holds " + Text.brief(key));
    }
    permits.releaseExclusive(ALL);
  }

  /**
   * Does a writer hold a key, so that no reader can enter?
   *
   * @param key which
   * @return true if a writer holds it
   * @throws WrongThreadException on another thread while the loop runs
   */
  public boolean isLocked(K key) {
    loop.checkRead(this);
    Permits permits = keys.find(key);
    return permits != null && permits.isExclusive();
  }

  /**
   * How many keys are known: those that somebody holds or waits for.
   *
   * @return how many
   * @throws WrongThreadException on another thread while the loop runs
   */
  public int size() {
    loop.checkRead(this);
    return keys.size();
  }

  /**
   * For example {@code KeyedRWLock[keys=2 waiters[3]]} or {@code KeyedRWLock[]}. A wait for a key
   * is told as {@code KeyedRWLock[key=a readers=2 waiters[1]]}.
   */
  @Override
  public String toString() {
    return keys.toString();
  }
}
