package toro;

import java.time.Duration;

/**
 * Permits that come one after the other at an even pace, as many as there is room for: what a
 * {@link RateLimiter} gives out. Nothing has to happen for one to come: it is all in the time at
 * which the bucket is full, and to take a permit moves that.
 *
 * <p>Time is exact, in fractions of a nanosecond, so rates like three a second do not drift.
 */
final class Bucket {
  private final int room;

  // From one permit to the next it is interval + part / parts nanoseconds.
  private final long interval;
  private final long part;
  private final long parts;

  // Full at this reading of the clock, and so many parts of a nanosecond later.
  // Invariant: 0 <= fullAtPart < parts; and fullAt is at most room intervals after the last spill.
  private long fullAt;
  private long fullAtPart;

  /**
   * One that is full.
   *
   * @param permits how many come in a period
   * @param period how long that is
   * @param room for how many there is room
   * @param now a reading of the clock
   */
  Bucket(int permits, Duration period, int room, long now) {
    long nanos = Deadline.in(period).nanosLeft();
    long divisor = gcd(nanos, permits);
    this.parts = permits / divisor;
    this.interval = nanos / permits;
    this.part = nanos / divisor % parts;
    this.room = room;
    this.fullAt = now;
    if (interval > Deadline.FOREVER / room) {
      throw new IllegalArgumentException(
          "burst must be less than what comes in 146 years, not " + room);
    }
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** What there is no room for is lost. To be called before something is taken that comes now. */
  void spill(long now) {
    if (fullAt - now < 0) {
      fullAt = now;
      fullAtPart = 0;
    }
  }

  /** How long until there are so many; zero or less if they are there. */
  long nanosUntil(int permits, long now) {
    long rest = (long) room - permits; // to come after them
    long restParts = rest * part;
    long before = rest * interval + restParts / parts;
    return fullAt - before - now + (fullAtPart > restParts % parts ? 1 : 0);
  }

  /** Takes so many, that there are or will be. */
  void take(int permits) {
    fullAtPart += permits * part;
    fullAt += permits * interval + fullAtPart / parts;
    fullAtPart %= parts;
  }

  /** How many there are. */
  int available(long now) {
    if (fullAt - now < 0) {
      return room;
    }
    int there = 0;
    for (int more = room; there < more; ) {
      int middle = more - (more - there) / 2;
      if (nanosUntil(middle, now) <= 0) {
        there = middle;
      } else {
        more = middle - 1;
      }
    }
    return there;
  }
}
