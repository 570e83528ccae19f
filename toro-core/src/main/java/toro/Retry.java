package toro;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How often, when and after which failures {@link Coroutines#retry(Retry, Callable) retry} tries
 * again: {@code Retry.attempts(5).backoff(Duration.ofMillis(50)).on(IOException.class)}.
 *
 * <p>The pause before the second attempt is the first backoff, and each pause is twice the one
 * before, up to a maximum; a random part of each is left out, so that many clients do not come back
 * together. Unless told otherwise the backoff begins with 100 milliseconds, grows to 10 seconds and
 * has a jitter of one half, and each {@link Exception} is retried.
 *
 * <p>Immutable; any thread may use it.
 */
public final class Retry {
  private final int attempts;
  private final Duration first;
  private final Duration max;
  private final double jitter;
  private final Predicate<? super Throwable> isRetried;

  private Retry(
      int attempts,
      Duration first,
      Duration max,
      double jitter,
      Predicate<? super Throwable> isRetried) {
    this.attempts = attempts;
    this.first = first;
    this.max = max;
    this.jitter = jitter;
    this.isRetried = isRetried;
  }

  /**
   * Creates a policy with a number of attempts.
   *
   * @param attempts how often the body runs at most, the first time included
   * @return the policy
   * @throws IllegalArgumentException if {@code attempts} is less than one
   */
  public static Retry attempts(int attempts) {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be >= 1, not " + attempts);
    }
    return new Retry(
        attempts, Duration.ofMillis(100), Duration.ofSeconds(10), 0.5, Exception.class::isInstance);
  }

  /**
   * Returns this policy with another backoff, whose pauses grow to 100 times the first.
   *
   * @param first the pause before the second attempt; zero: there are no pauses
   * @return the policy
   * @throws IllegalArgumentException if {@code first} is negative
   */
  public Retry backoff(Duration first) {
    return backoff(first, first.multipliedBy(100));
  }

  /**
   * Returns this policy with another backoff. With a {@code max} that equals {@code first} all
   * pauses are the same.
   *
   * @param first the pause before the second attempt; zero: there are no pauses
   * @param max the longest pause
   * @return the policy
   * @throws IllegalArgumentException if {@code first} is negative, or greater than {@code max}
   */
  public Retry backoff(Duration first, Duration max) {
    if (first.isNegative() || first.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "a backoff must be >= 0 and its maximum not less, not " + first + " up to " + max);
    }
    return new Retry(attempts, first, max, jitter, isRetried);
  }

  /**
   * Returns this policy with another jitter.
   *
   * @param share how much of each pause may be left out: with 0 none, so that the pauses are exact;
   *     with 1 up to the whole
   * @return the policy
   * @throws IllegalArgumentException if {@code share} is not from 0 to 1
   */
  public Retry jitter(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("the jitter must be from 0 to 1, not " + share);
    }
    return new Retry(attempts, first, max, share, isRetried);
  }

  /**
   * Returns this policy for certain failures only. Any other one is thrown at once.
   *
   * @param types a failure of one of these is retried
   * @return the policy
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public final Retry on(Class<? extends Throwable>... types) {
    List<Class<? extends Throwable>> all = List.of(types);
    return when(failure -> all.stream().anyMatch(type -> type.isInstance(failure)));
  }

  /**
   * Returns this policy for certain failures only. Any other one is thrown at once.
   *
   * @param isRetried is asked on the loop, by the coroutine; what it throws is thrown
   * @return the policy
   */
  public Retry when(Predicate<? super Throwable> isRetried) {
    return new Retry(attempts, first, max, jitter, requireNonNull(isRetried, "isRetried"));
  }

  /** Runs a body as often as it has to be. */
  <T extends @Nullable Object> T call(Callable<T> body) throws Exception {
    Fiber fiber = Coroutines.fiber("retry");
    requireNonNull(body, "body");
    List<Throwable> earlier = new ArrayList<>(); // the first of them: attempts may have no end
    int notKept = 0;
    for (int attempt = 1; ; attempt++) {
      Duration pause;
      try {
        return body.call();
      } catch (Throwable failure) {
        pause = pauseAfter(attempt, fiber);
        if (!goesOn(attempt, failure, fiber, pause)) {
          var suppressed = new SuppressedFailures(failure);
          earlier.forEach(suppressed::add);
          suppressed.count(notKept);
          throw failure;
        }
        if (earlier.size() < SuppressedFailures.MAX) {
          earlier.add(failure);
        } else {
          notKept++;
        }
      }
      Coroutines.sleep(pause);
    }
  }

  private boolean goesOn(int attempt, Throwable failure, Fiber fiber, Duration pause) {
    return attempt < attempts
        && !(failure instanceof CancellationException)
        && !fiber.isToLeave()
        && isRetried.test(failure)
        && Deadline.in(pause).nanosLeft() < fiber.nanosLeft();
  }

  private Duration pauseAfter(int attempt, Fiber fiber) {
    Duration pause = first;
    for (int i = 1; i < attempt && pause.compareTo(max) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    long nanos = Deadline.in(pause.compareTo(max) < 0 ? pause : max).nanosLeft();
    return Duration.ofNanos(nanos - (long) (nanos * jitter * fiber.loop.random.nextDouble()));
  }

  /** For example {@code Retry[attempts=5 backoff=PT0.1S..PT10S jitter=0.5]}. */
  @Override
  public String toString() {
    return "Retry[attempts="
        + attempts
        + " backoff="
        + first
        + ".."
        + max
        + (jitter == 0 ? "" : " jitter=" + jitter)
        + "]";
  }
}
