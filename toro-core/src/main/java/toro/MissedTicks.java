package toro;

/**
 * What {@link Coroutines#every(java.time.Duration, MissedTicks, ThrowingRunnable) every} does about
 * the ticks that pass while its body still runs, or while the loop is held up.
 */
public enum MissedTicks {
  /** They are left out: the body runs again at the next tick. */
  SKIP,
  /** They are made up for: the body runs once for each, without a break, until it is on time. */
  CATCH_UP
}
