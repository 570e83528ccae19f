package toro;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A lock for each key: who acquires a key keeps out those who acquire an equal one, and nobody
 * else.
 *
 * {@snippet file="toro/KeyedSnippetsTest.java" region="keyed"}
 *
 * <p>A key is only known while somebody holds it or waits for it: there is nothing to add or
 * remove, and of a million keys that were used nothing is left. Keys are told apart by {@code
 * equals} and {@code hashCode}; if those throw, or say something else later, the lock of no other
 * key suffers, and the lease still gives the key back.
 *
 * <p>Each key is a {@link Lock}: fair, handed over inside the call that releases it, not reentrant.
 * To hold several keys, begin all waits before you await the first: {@code
 * awaitAll(locks.acquire(a), locks.acquire(b))}. All who do so stand in every line in the same
 * order, so they cannot wait for each other in a circle.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 *
 * @param <K> the type of the keys; they must not be null
 */
public final class KeyedLock<K> {
  private final IOLoop loop;
  private final Keys<K> keys;

  /**
   * A lock of the current loop, of which no key is held.
   *
   * @throws IllegalStateException if there is no current loop
   */
  public KeyedLock() {
    this(IOLoop.current());
  }

  /**
   * A lock of which no key is held.
   *
   * @param loop the loop on which it will be used; any thread may make it
   */
  @SuppressWarnings("this-escape") // only to be named in messages
  public KeyedLock(IOLoop loop) {
    this.loop = loop;
    this.keys = new Keys<>(loop, this, 1, Lock::state);
  }

  /**
   * Acquires a key; waits until it is granted.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the line without a trace. One that was granted holds the key: close its lease, also when you do
   * not want it any more.
   *
   * @param key which
   * @return the lease to close; it is granted at once if nobody holds the key
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<Lease> acquire(K key) {
    return acquire(key, Deadline.never());
  }

  /**
   * Like {@link #acquire(Object)}, for at most so long.
   *
   * @param key which
   * @param timeout how long to wait; zero or less: not at all
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   */
  public CompletableFuture<Lease> acquire(K key, Duration timeout) {
    return acquire(key, Deadline.in(timeout));
  }

  /**
   * Like {@link #acquire(Object)}, until a deadline.
   *
   * @param key which
   * @param deadline until when to wait; if it has passed: not at all
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   */
  public CompletableFuture<Lease> acquire(K key, Deadline deadline) {
    return keys.acquire(key, 1, true, deadline);
  }

  /**
   * Releases a key, whoever holds it; its lease is worth nothing from then on. The first in line
   * for it holds it when this returns.
   *
   * @param key which
   * @throws IllegalStateException if nobody holds it
   * @throws WrongThreadException on another thread
   */
  public void release(K key) {
    loop.check(this);
    Permits permits = keys.find(key);
    if (permits == null || !permits.isExclusive()) {
      throw new IllegalStateException("release unlocked lock: nobody holds " + Text.brief(key));
    }
    permits.releaseExclusive(1);
  }

  /**
   * Does somebody hold a key?
   *
   * @param key which
   * @return true if it is held
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
   * For example {@code KeyedLock[keys=2 waiters[3]]} or {@code KeyedLock[]}. A wait for a key is
   * told as {@code KeyedLock[key=a locked waiters[1]]}.
   */
  @Override
  public String toString() {
    return keys.toString();
  }
}
