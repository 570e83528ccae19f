package toro.examples;

import java.time.Instant;
import toro.LoopClock;

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
    nanos += untilNextTimer;
  }
}
