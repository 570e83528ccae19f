package toro;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A counter of permits: {@code acquire} takes one, and waits while there is none; {@code release}
 * adds one. Several can be taken and added at once, and how many there are in all can be changed
 * while it is in use: {@link #resize}.
 *
 * {@snippet file="toro/SnippetsTest.java" region="semaphore"}
 *
 * <p>Fair: who came first is granted first. {@link #release()} hands the permit over before it
 * returns, so nobody can barge in between. Permits belong to nobody: {@code release} may be called
 * by somebody who has acquired none, and the counter may grow beyond its initial value; {@link
 * BoundedSemaphore} forbids that. Give a permit back once, by its lease <em>or</em> by {@code
 * release}. Semantics: toro's {@code Semaphore}; several permits at once are as with {@link
 * java.util.concurrent.Semaphore}, {@code resize} as with the {@code total_tokens} of anyio's
 * {@code CapacityLimiter}.
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
    this(loop, value, false);
  }

  @SuppressWarnings("this-escape") // only to be named in messages
  Semaphore(IOLoop loop, int value, boolean bounded) {
    if (value < 0) {
      throw new IllegalArgumentException("semaphore initial value must be >= 0, not " + value);
    }
    this.loop = loop;
    this.permits = new Permits(loop, this, value, bounded);
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
   * Takes several permits at once, all or none; waits until they are granted. Who waits for many
   * holds up those who come later, also those who want less: he is not passed over again and again.
   *
   * <p>What this semaphore does not have in all it waits for too, since {@link #release} and {@link
   * #resize} make permits; a {@link BoundedSemaphore} refuses that.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the line without a trace, and those who waited behind it for less move up. One that was granted
   * has its permits: close its lease, also when you do not want it any more.
   *
   * @param permits how many
   * @return the lease to close, of all of them; it is granted at once if nobody waits and so many
   *     are free
   * @throws IllegalArgumentException if {@code permits} is less than one; or more than a {@link
   *     BoundedSemaphore} has in all, unless it has none at all
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<Lease> acquire(int permits) {
    return acquire(permits, Deadline.never());
  }

  /**
   * Like {@link #acquire(int)}, for at most so long.
   *
   * @param permits how many
   * @param timeout how long to wait; zero or less: not at all
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   * @throws IllegalArgumentException as {@link #acquire(int)}
   */
  public CompletableFuture<Lease> acquire(int permits, Duration timeout) {
    return acquire(permits, Deadline.in(timeout));
  }

  /**
   * Like {@link #acquire(int)}, until a deadline.
   *
   * @param permits how many
   * @param deadline until when to wait; if it has passed: not at all
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   * @throws IllegalArgumentException as {@link #acquire(int)}
   */
  public CompletableFuture<Lease> acquire(int permits, Deadline deadline) {
    return this.permits.acquire(positive(permits), false, deadline);
  }

  private static int positive(int permits) {
    if (permits < 1) {
      throw new IllegalArgumentException("permits must be >= 1, not " + permits);
    }
    return permits;
  }

  /**
   * Waits until a permit can be had at once, and does not take it. All who wait are told, after
   * those who {@code acquire} have had theirs. It is toro's {@code Semaphore.wait}.
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
    release(1);
  }

  /**
   * Adds several permits. The first in line have what is enough for them when this returns.
   *
   * @param permits how many
   * @throws IllegalArgumentException if {@code permits} is less than one
   * @throws IllegalStateException if there would be too many: more than {@link Integer#MAX_VALUE},
   *     or than the bound of a {@link BoundedSemaphore}; then none is added
   * @throws WrongThreadException on another thread
   */
  public void release(int permits) {
    loop.check(this);
    this.permits.release(positive(permits));
  }

  /**
   * Changes how many permits there are in all. More: the first in line have theirs when this
   * returns. Fewer: nobody loses what he holds; the counter is negative until enough was given
   * back.
   *
   * <p>The counter changes by the difference to {@link #totalPermits()}. The bound of a {@link
   * BoundedSemaphore} moves with it, and who waits there for more than there are now fails with
   * {@link IllegalArgumentException}, as he would if he came now. With a total of zero all wait
   * until it is resized again.
   *
   * @param permits how many there are from now on, free or held
   * @throws IllegalArgumentException if {@code permits} is negative
   * @throws IllegalStateException if the counter would be more than {@link Integer#MAX_VALUE}
   * @throws WrongThreadException on another thread
   */
  public void resize(int permits) {
    loop.check(this);
    if (permits < 0) {
      throw new IllegalArgumentException("permits must be >= 0, not " + permits);
    }
    this.permits.resize(permits);
  }

  /**
   * How many permits there are in all, free or held: what the constructor or {@link #resize} said.
   * Releases without an acquire, and acquires that are never given back, do not count.
   *
   * @return how many
   * @throws WrongThreadException on another thread while the loop runs
   */
  public int totalPermits() {
    loop.checkRead(this);
    return permits.total();
  }

  /**
   * Would {@link #acquire()} have to wait? That is so while no permit is free, and while somebody
   * waits for more of them than are.
   *
   * @return true if it would
   * @throws WrongThreadException on another thread while the loop runs
   */
  public boolean isLocked() {
    loop.checkRead(this);
    return permits.isLocked();
  }

  /**
   * How many permits are free. It is toro's {@code counter}. It is negative while more are held
   * than there are, since a {@link #resize}.
   *
   * @return how many could be acquired at once if nobody waits
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
