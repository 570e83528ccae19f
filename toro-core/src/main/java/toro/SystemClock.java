package toro;

import java.time.Instant;

/** The machine's clock. */
final class SystemClock implements LoopClock {
  static final SystemClock INSTANCE = new SystemClock();

  private SystemClock() {}

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public String toString() {
    return "system clock";
  }
}
