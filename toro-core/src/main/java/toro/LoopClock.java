package toro;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;

/**
 * The clock of an {@link IOLoop}: where its timers, deadlines and sleeps take the time from.
 *
 * <p>The default, {@link #system()}, is the machine's. Tests hand the loop a clock of their own,
 * and then move it instead of sleeping: {@code new IOLoop(clock)}.
 *
 * <p>A clock is read by the thread that drives its loop; {@link #nanoTime()} and {@link #instant()}
 * also by any thread that makes a {@link Deadline} on it.
 */
public interface LoopClock extends InstantSource {

  /**
   * The current time of this clock in nanoseconds, as in {@link System#nanoTime()}: it never goes
   * back, its origin is arbitrary, and it may wrap around, so two readings are compared by their
   * difference.
   *
   * @return nanoseconds since some origin
   */
  long nanoTime();

  /**
   * Waits because the loop has nothing to run. Called by the thread that drives the loop.
   *
   * <p>It returns when {@code nanos} have passed on this clock, when the thread was unparked
   * ({@link LockSupport#unpark}: somebody has handed the loop a task), or for no reason: the loop
   * looks again. A clock of virtual time moves itself forward by {@code nanos} and returns.
   *
   * @param nanos how long until the next timer is due, more than zero; {@link Long#MAX_VALUE} if
   *     there is none
   */
  default void park(long nanos) {
    if (nanos == Long.MAX_VALUE) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, nanos);
    }
  }

  /**
   * The machine's clock: {@link System#nanoTime()} and {@link Instant#now()}.
   *
   * @return the default clock of a loop
   */
  static LoopClock system() {
    return SystemClock.INSTANCE;
  }
}
