package toro;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lets coroutines wait until they are signalled. There is no lock to hold, as there is with a
 * {@link java.util.concurrent.locks.Condition}: on a loop nothing can happen between a test and the
 * wait.
 *
 * {@snippet file="toro/SnippetsTest.java" region="condition"}
 *
 * <p>A signal that nobody waits for is not kept; use an {@link Event} where it should be. Waiters
 * are woken in the order they came. Semantics: toro's {@code Condition}; {@code wait} and {@code
 * notify} are taken in Java, hence {@code whenSignalled} and {@code signal}.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 */
public final class Condition {
  private final IOLoop loop;
  private final WaitList<Waiter<Void>> waiters;

  /**
   * A condition of the current loop.
   *
   * @throws IllegalStateException if there is no current loop
   */
  public Condition() {
    this(IOLoop.current());
  }

  /**
   * A condition.
   *
   * @param loop the loop on which it will be used; any thread may make it
   */
  public Condition(IOLoop loop) {
    this.loop = loop;
    this.waiters = new WaitList<>(loop, this);
  }

  /**
   * Waits for a signal that is given after this call.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the line without a trace, and no signal goes to it: {@link #signal()} wakes the next in line
   * instead.
   *
   * @return done when signalled
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<@Nullable Void> whenSignalled() {
    return whenSignalled(Deadline.never());
  }

  /**
   * Like {@link #whenSignalled()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: not at all
   * @return done when signalled, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<@Nullable Void> whenSignalled(Duration timeout) {
    return whenSignalled(Deadline.in(timeout));
  }

  /**
   * Like {@link #whenSignalled()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: not at all
   * @return done when signalled, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<@Nullable Void> whenSignalled(Deadline deadline) {
    loop.check(this);
    return waiters.await(new Waiter<>(loop), deadline);
  }

  /**
   * Wakes the first in line, if there is one: its future is done when this returns.
   *
   * @throws WrongThreadException on another thread
   */
  public void signal() {
    signal(1);
  }

  /**
   * Wakes the first {@code n} of those who wait now: their futures are done when this returns.
   *
   * @param n how many at most
   * @throws IllegalArgumentException if {@code n} is negative
   * @throws WrongThreadException on another thread
   */
  public void signal(int n) {
    loop.check(this);
    if (n < 0) {
      throw new IllegalArgumentException("n must be >= 0, not " + n);
    }
    long mark = waiters.mark();
    Waiter<Void> waiter;
    for (int left = n; left > 0 && (waiter = waiters.poll(mark)) != null; left--) {
      waiter.succeed(null);
    }
  }

  /**
   * Wakes all who wait now: their futures are done when this returns. Who begins to wait in one of
   * their callbacks waits for the next signal.
   *
   * @throws WrongThreadException on another thread
   */
  public void signalAll() {
    signal(Integer.MAX_VALUE);
  }

  /** For example {@code Condition[waiters[2]]} or {@code Condition[]}. */
  @Override
  public String toString() {
    return Names.text(this, waiters.count("waiters").strip());
  }
}
