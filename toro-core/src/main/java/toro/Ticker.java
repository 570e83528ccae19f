package toro;

import java.time.Duration;

/** The ticks of {@link Coroutines#every}: multiples of a period since it began. */
final class Ticker {
  private final IOLoop loop;
  private final long period;
  private final MissedTicks missed;
  private long next; // when; on the clock of the loop

  Ticker(IOLoop loop, Duration period, MissedTicks missed) {
    if (period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("the period must be positive, not " + period);
    }
    this.loop = loop;
    this.period = Deadline.in(period).nanosLeft();
    this.missed = missed;
    this.next = loop.nanoTime() + this.period;
  }

  /** Runs a body at each tick, until it throws. */
  void run(ThrowingRunnable body) throws Exception {
    while (true) {
      Coroutines.sleep(Duration.ofNanos(next - loop.nanoTime()));
      body.run();
      next += period;
      long late = loop.nanoTime() - next;
      if (late > 0 && missed == MissedTicks.SKIP) {
        next += (late + period - 1) / period * period;
      }
    }
  }
}
