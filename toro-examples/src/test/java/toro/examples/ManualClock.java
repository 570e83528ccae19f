package toro.examples;

import java.time.Duration;
import java.time.Instant;
import toro.LoopClock;

// @start region="clock"
/** A clock that a loop moves itself: when it has nothing to run, it is the next timer's time. */
final class ManualClock implements LoopClock {
  private long nanos;

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(nanos);
  }

  @Override
  public void park(long untilNextTimer) {
    if (untilNextTimer == Long.MAX_VALUE) {
      LoopClock.super.park(untilNextTimer); // no timer: another thread will wake it
    } else {
      nanos += untilNextTimer;
    }
  }

  Duration elapsed() {
    return Duration.ofNanos(nanos);
  }
}
// @end
