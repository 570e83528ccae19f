package toro;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A counter of permits: {@code acquire} takes one, and waits while there is none; {@code release}
 * adds one.
 *
 * {@snippet file="toro/SnippetsTest.java" region="semaphore"}
 *
 * }
 *
 * <p>Fair: who came first is granted first. {@link #release()} hands the permit over before it
 * returns, so nobody can barge in between. Permits belong to nobody: {@code release} may be called
 * by somebody who has acquired none, and the counter may grow beyond its initial value; {@link
 * BoundedSemaphore} forbids that. Give a permit back once, by its lease <em>or</em> by {@code
 * release}. Semantics: toro's {@code Semaphore}.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 */
public sealed class Semaphore permits BoundedSemaphore {
  private final IOLoop loop;
  private final Permits permits;

  /**
   * A semaphore of one permit, of the current loop.
   *
   * @throws IllegalStateException if there is no current loop
   */
  public Semaphore() {
    this(1);
  }

  /**
   * A semaphore of the current loop.
   *
   * @param value how many permits there are at first
   * @throws IllegalArgumentException if {@code value} is negative
   * @throws IllegalStateException if there is no current loop
   */
  public Semaphore(int value) {
    this(IOLoop.current(), value);
  }

  /**
   * A semaphore of one permit.
   *
   * @param loop the loop on which it will be used; any thread may make it
   */
  public Semaphore(IOLoop loop) {
    this(loop, 1);
  }

  /**
   * A semaphore.
   *
   * @param loop the loop on which it will be used; any thread may make it
   * @param value how many permits there are at first
   * @throws IllegalArgumentException if {@code value} is negative
   */
  public Semaphore(IOLoop loop, int value) {
    this(loop, value, Integer.MAX_VALUE);
  }

  @SuppressWarnings("this-escape") // only to be named in messages
  Semaphore(IOLoop loop, int value, int bound) {
    if (value < 0) {
      throw new IllegalArgumentException("semaphore initial value must be >= 0, not " + value);
    }
    this.loop = loop;
    this.permits = new Permits(loop, this, value, bound);
  }

  /**
   * Takes a permit; waits until one is granted.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the line without a trace. One that was granted has its permit: close its lease, also when you
   * do not want it any more.
   *
   * @return the lease to close; it is granted at once if a permit is free
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
    return permits.acquire(1, false, deadline);
  }

  /**
   * Waits until a permit is free, and does not take it. All who wait are told, after those who
   * {@code acquire} have had theirs. It is toro's {@code Semaphore.wait}.
   *
   * <p><b>Deadline and cancellation:</b> nothing is held, nothing is lost.
   *
   * @return done when {@link #isLocked()} is false
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<@Nullable Void> whenUnlocked() {
    return whenUnlocked(Deadline.never());
  }

  /**
   * Like {@link #whenUnlocked()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: not at all
   * @return done when {@link #isLocked()} is false, or the failure {@link
   *     DeadlineExceededException}
   */
  public CompletableFuture<@Nullable Void> whenUnlocked(Duration timeout) {
    return whenUnlocked(Deadline.in(timeout));
  }

  /**
   * Like {@link #whenUnlocked()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: not at all
   * @return done when {@link #isLocked()} is false, or the failure {@link
   *     DeadlineExceededException}
   */
  public CompletableFuture<@Nullable Void> whenUnlocked(Deadline deadline) {
    return permits.whenUnlocked(deadline);
  }

  /**
   * Adds a permit. The first in line has it when this returns.
   *
   * @throws IllegalStateException if there would be too many: more than {@link Integer#MAX_VALUE},
   *     or than the bound of a {@link BoundedSemaphore}
   * @throws WrongThreadException on another thread
   */
  public void release() {
    loop.check(this);
    permits.release();
  }

  /**
   * Is there no permit?
   *
   * @return true if the counter is zero
   * @throws WrongThreadException on another thread while the loop runs
   */
  public boolean isLocked() {
    return availablePermits() == 0;
  }

  /**
   * How many permits are free. It is toro's {@code counter}.
   *
   * @return how many could be acquired at once
   * @throws WrongThreadException on another thread while the loop runs
   */
  public int availablePermits() {
    loop.checkRead(this);
    return permits.available();
  }

  /** For example {@code Semaphore[counter=2]} or {@code Semaphore[counter=0 waiters[3]]}. */
  @Override
  public String toString() {
    return Names.text(this, "counter=" + permits.available() + permits.waiters());
  }
}
