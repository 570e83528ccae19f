package toro.benchmarks;

/**
 * A number that is only right in the end if nobody interferes between reading and writing it: what
 * is done under a lock.
 */
public final class Counter {
  /** The number. */
  public long value;
}
