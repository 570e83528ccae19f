package toro.redis;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import toro.Deadline;
import toro.DeadlineExceededException;

/**
 * A rate limiter across machines: on all nodes of a server together, over any interval at most rate
 * × interval + burst permits are granted, by the clock of the server.
 *
 * <p>Fair: requests are granted in the order in which they reached the server; one for many permits
 * is not overtaken.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 */
public final class RedisRateLimiter {
  private final Remote remote;
  private final String each; // microseconds for a permit
  private final int burst;

  RedisRateLimiter(RedisNode node, String name, int permits, Duration period, int burst) {
    if (permits < 1 || burst < 1) {
      throw new IllegalArgumentException(
          "permits and burst must be >= 1, not " + permits + " and " + burst);
    }
    if (period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("period must be positive, not " + period);
    }
    this.each = each(permits, period);
    this.burst = burst;
    this.remote = new Remote(node, "rate", name, Script.RATE, this);
  }

  private static String each(int permits, Duration period) {
    return String.format(Locale.ROOT, "%.3f", period.toNanos() / 1e3 / permits);
  }

  String rate() {
    return text(each, burst);
  }

  static String rate(int permits, Duration period, int burst) {
    return text(each(permits, period), burst);
  }

  private static String text(String each, int burst) {
    return "of one each " + each + " µs, with a burst of " + burst;
  }

  /**
   * Takes a permit; waits until it is there.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the queue without a trace, and no permit goes to it. One that was granted is spent.
   *
   * @return done when the permit is taken
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> acquire() {
    return acquire(Deadline.never());
  }

  /**
   * Like {@link #acquire()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: it is granted or fails when the server has
   *     answered, which takes a second at most
   * @return done when the permit is taken, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> acquire(Duration timeout) {
    return acquire(Deadline.after(timeout));
  }

  /**
   * Like {@link #acquire()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: as with a timeout of zero
   * @return done when the permit is taken, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> acquire(Deadline deadline) {
    return acquire(1, deadline);
  }

  /**
   * Takes several permits at once, all or none; waits until all are there. Deadline and
   * cancellation: as with {@link #acquire()}.
   *
   * @param permits how many
   * @return done when they are taken
   * @throws IllegalArgumentException if {@code permits} is less than one, or more than the burst
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> acquire(int permits) {
    return acquire(permits, Deadline.never());
  }

  /**
   * Like {@link #acquire(int)}, for at most so long.
   *
   * @param permits how many
   * @param timeout how long to wait; zero or less: it is granted or fails when the server has
   *     answered, which takes a second at most
   * @return done when they are taken, or the failure {@link DeadlineExceededException}
   * @throws IllegalArgumentException if {@code permits} is less than one, or more than the burst
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> acquire(int permits, Duration timeout) {
    return acquire(permits, Deadline.after(timeout));
  }

  /**
   * Like {@link #acquire(int)}, until a deadline.
   *
   * @param permits how many
   * @param deadline until when to wait; if it has passed: as with a timeout of zero
   * @return done when they are taken, or the failure {@link DeadlineExceededException}
   * @throws IllegalArgumentException if {@code permits} is less than one, or more than the burst
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> acquire(int permits, Deadline deadline) {
    requireNonNull(deadline, "deadline");
    if (permits < 1 || permits > burst) {
      throw new IllegalArgumentException(
          "permits must be from 1 to " + burst + ", the burst, not " + permits);
    }
    return remote.await(
        new Remote.Request<@Nullable Void>(
            0,
            false,
            String.valueOf(permits),
            (id, payload) -> null,
            nothing -> {},
            null,
            "acquire",
            List.of(each, burst, permits)),
        requireNonNull(deadline, "deadline"));
  }

  /**
   * Asks the server how many permits there are.
   *
   * @return how many could be taken at once if nobody waits; out of date when it comes
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Integer> availablePermits() {
    return remote.command("look", false, reply -> (int) reply.number(2), each, burst);
  }

  /** For example {@code RedisRateLimiter["api" waiters[2]]}. */
  @Override
  public String toString() {
    return remote.text(remote.waiting(0, "waiters"));
  }
}
