package toro;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many pass in a period of time: {@code acquire} takes a permit that comes at an even pace,
 * and waits until it is there. Nothing is given back.
 *
 * {@snippet file="toro/KeyedSnippetsTest.java" region="rate"}
 *
 * <p>Permits that nobody takes are kept, up to the <em>burst</em>; at first there are so many. With
 * a burst of one, the default, they pass evenly apart: with {@code new RateLimiter(5, second)} one
 * every 200 milliseconds. In any time no more permits come than the rate says, and the burst.
 *
 * <p>Fair: who came first passes first, also before those who want less. Times are exact: of three
 * a second the three millionth passes after a million seconds. If something holds the loop, the
 * first in line passes late, and does not delay those behind him: his permits were his when they
 * came. But of what came since then, what is more than the burst is lost, as if nobody had waited.
 *
 * <p>While nobody waits it keeps nothing but two numbers, and no timer; while somebody does, one
 * timer for all. It is a token bucket, as in aiolimiter or in Guava's {@code RateLimiter}, on the
 * clock of the loop.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 */
public final class RateLimiter {
  private final IOLoop loop;
  private final int burst;
  private final WaitList<Acquirer> acquirers;
  final Bucket bucket;

  // Invariant: somebody waits iff a timer is pending, for the time when the first can pass.
  private @Nullable Timeout timer;
  private @Nullable Acquirer timed; // whose it is

  /**
   * A limiter of the current loop, with a burst of one.
   *
   * @param permits how many come in a period
   * @param period how long that is; more than 146 years count as 146
   * @throws IllegalArgumentException if {@code permits} is less than one, or {@code period} not
   *     positive
   * @throws IllegalStateException if there is no current loop
   */
  public RateLimiter(int permits, Duration period) {
    this(IOLoop.current(), permits, period);
  }

  /**
   * A limiter of the current loop.
   *
   * @param permits how many come in a period
   * @param period how long that is; more than 146 years count as 146
   * @param burst how many are kept while nobody takes them, and can be taken at once
   * @throws IllegalArgumentException if {@code permits} or {@code burst} is less than one, {@code
   *     period} is not positive, or {@code burst} permits do not come in 146 years
   * @throws IllegalStateException if there is no current loop
   */
  public RateLimiter(int permits, Duration period, int burst) {
    this(IOLoop.current(), permits, period, burst);
  }

  /**
   * A limiter with a burst of one.
   *
   * @param loop the loop on which it will be used; any thread may make it
   * @param permits how many come in a period
   * @param period how long that is; more than 146 years count as 146
   * @throws IllegalArgumentException if {@code permits} is less than one, or {@code period} not
   *     positive
   */
  public RateLimiter(IOLoop loop, int permits, Duration period) {
    this(loop, permits, period, 1);
  }

  /**
   * A limiter.
   *
   * @param loop the loop on which it will be used; any thread may make it
   * @param permits how many come in a period
   * @param period how long that is; more than 146 years count as 146
   * @param burst how many are kept while nobody takes them, and can be taken at once
   * @throws IllegalArgumentException if {@code permits} or {@code burst} is less than one, {@code
   *     period} is not positive, or {@code burst} permits do not come in 146 years
   */
  public RateLimiter(IOLoop loop, int permits, Duration period, int burst) {
    this.loop = requireNonNull(loop, "loop");
    if (requireNonNull(period, "period").isNegative() || period.isZero()) {
      throw new IllegalArgumentException("period must be positive, not " + period);
    }
    this.burst = positive("burst", burst);
    this.bucket = new Bucket(positive("permits", permits), period, burst, loop.nanoTime());
    this.acquirers = new WaitList<>(loop, this, new Grantor());
  }

  /** Grants by and by, as the time allows. */
  private final class Grantor implements WaitList.Grantor {
    @Override
    public void departed() {
      grantDue();
    }

    @Override
    public boolean isTime() {
      return true;
    }
  }

  private static int positive(String name, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(name + " must be >= 1, not " + number);
    }
    return number;
  }

  /** One who waits for permits. */
  private final class Acquirer extends Waiter<Void> {
    final int permits;

    Acquirer(int permits) {
      super(RateLimiter.this.loop);
      this.permits = permits;
    }

    /** What comes at the very moment of the deadline comes in time. */
    @Override
    public void run() {
      grantDue();
      super.run();
    }
  }

  /**
   * Takes a permit; waits until it is there.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the line without a trace, and no permit goes to it. It fails at its deadline, not before, also
   * if it could be foretold: those ahead may leave the line. One that was granted is spent.
   *
   * @return done when the permit is taken; at once if there is one and nobody waits
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<@Nullable Void> acquire() {
    return acquire(1);
  }

  /**
   * Like {@link #acquire()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: not at all
   * @return done when the permit is taken, or the failure {@link DeadlineExceededException}
   */
  public CompletableFuture<@Nullable Void> acquire(Duration timeout) {
    return acquire(1, timeout);
  }

  /**
   * Like {@link #acquire()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: not at all
   * @return done when the permit is taken, or the failure {@link DeadlineExceededException}
   */
  public CompletableFuture<@Nullable Void> acquire(Deadline deadline) {
    return acquire(1, deadline);
  }

  /**
   * Takes several permits at once, all or none; waits until all are there. Deadline and
   * cancellation: as with {@link #acquire()}.
   *
   * @param permits how many
   * @return done when they are taken; at once if there are so many and nobody waits
   * @throws IllegalArgumentException if {@code permits} is less than one; or more than the burst,
   *     since there are never so many
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<@Nullable Void> acquire(int permits) {
    return acquire(permits, Deadline.never());
  }

  /**
   * Like {@link #acquire(int)}, for at most so long.
   *
   * @param permits how many
   * @param timeout how long to wait; zero or less: not at all
   * @return done when they are taken, or the failure {@link DeadlineExceededException}
   * @throws IllegalArgumentException as {@link #acquire(int)}
   */
  public CompletableFuture<@Nullable Void> acquire(int permits, Duration timeout) {
    return acquire(permits, Deadline.in(timeout));
  }

  /**
   * Like {@link #acquire(int)}, until a deadline.
   *
   * @param permits how many
   * @param deadline until when to wait; if it has passed: not at all
   * @return done when they are taken, or the failure {@link DeadlineExceededException}
   * @throws IllegalArgumentException as {@link #acquire(int)}
   */
  public CompletableFuture<@Nullable Void> acquire(int permits, Deadline deadline) {
    loop.check(this);
    requireNonNull(deadline, "deadline");
    if (positive("permits", permits) > burst) {
      throw new IllegalArgumentException(
          "permits must be <= "
              + burst
              + ", the burst, not "
              + permits
              + ": so many never come together");
    }
    grantDue();
    if (acquirers.isEmpty()) {
      long now = loop.nanoTime();
      bucket.spill(now);
      if (bucket.nanosUntil(permits, now) <= 0) {
        bucket.take(permits);
        return CompletableFuture.completedFuture(null);
      }
    }
    CompletableFuture<Void> wait = acquirers.await(new Acquirer(permits), deadline);
    setTimer();
    return wait;
  }

  /**
   * Lets those pass whose time has come. What the first one waited for was his when it came,
   * however late this is called; only then what there was no room for is lost.
   */
  void grantDue() {
    long now = loop.nanoTime();
    for (Acquirer first;
        (first = acquirers.first()) != null && bucket.nanosUntil(first.permits, now) <= 0; ) {
      first.leave();
      if (first.claim()) {
        bucket.take(first.permits);
        bucket.spill(now);
        first.succeed(null);
      }
    }
    setTimer();
  }

  private void setTimer() {
    Acquirer first = loop.isClosed() ? null : acquirers.first();
    if (timer != null && (first != timed || !timer.isPending())) {
      timer.drop();
      timer = null;
    }
    if (first != null && timer == null) {
      timer =
          loop.timers.add(
              bucket.nanosUntil(first.permits, loop.nanoTime()), Task.of(this, this::grantDue));
    }
    timed = first;
  }

  /**
   * For example {@code RateLimiter[available=2]} or {@code RateLimiter[available=0 waiters[3]]}.
   */
  @Override
  public String toString() {
    return Names.text(
        this, "available=" + bucket.available(loop.nanoTime()) + acquirers.count("waiters"));
  }
}
