package toro;

import java.time.Duration;
import java.time.Instant;

/**
 * A clock that stands still until it is moved: by the test, with {@link #advance}, or by a loop
 * that has nothing to run and waits for a timer, which then is due at once. A day of sleeping takes
 * no time.
 */
final class ManualClock implements LoopClock {
  private final Instant start = Instant.parse("2020-01-01T00:00:00Z");
  private volatile long nanos;

  ManualClock() {
    this(0);
  }

  /** One that begins at some reading: near {@link Long#MAX_VALUE} it will wrap around. */
  ManualClock(long origin) {
    this.origin = origin;
  }

  private final long origin;

  void advance(Duration duration) {
    nanos += duration.toNanos();
  }

  /** The time since the test began. */
  Duration elapsed() {
    return Duration.ofNanos(nanos);
  }

  @Override
  public long nanoTime() {
    return origin + nanos;
  }

  @Override
  public Instant instant() {
    return start.plusNanos(nanos);
  }

  @Override
  public void park(long untilNextTimer) {
    if (untilNextTimer == Long.MAX_VALUE) {
      LoopClock.super.park(untilNextTimer);
    } else {
      nanos += untilNextTimer;
    }
  }

  @Override
  public String toString() {
    return "ManualClock[" + elapsed() + "]";
  }
}
