package toro.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * A row of the table: a workload of a certain size.
 *
 * @param id its short name, in commands and in results
 * @param title what the table says
 * @param unit what is measured
 * @param operations how many a run does
 * @param expected what a run returns if it did them all
 * @param isLong a run takes long, so there are few of them
 * @param maker makes the work of a contender
 */
record Row(
    String id,
    String title,
    Unit unit,
    int operations,
    long expected,
    boolean isLong,
    Maker maker) {
  /** Makes the work of a contender, or says that it has none. */
  @FunctionalInterface
  interface Maker {
    @Nullable Work make(Contender contender, int operations);
  }

  /** What is measured. */
  enum Unit {
    /** Time an operation. */
    NANOSECONDS("ns"),
    /** Heap an operation leaves in use. */
    BYTES("bytes");

    final String text;

    Unit(String text) {
      this.text = text;
    }
  }

  /** The work of a contender, if it has what it takes. */
  @Nullable Work work(Contender contender) {
    return maker.make(contender, operations);
  }

  /** Refuses the sum of a run that did something else. */
  long check(long sum) {
    if (sum != expected) {
      throw new AssertionError(id + ": the sum is " + sum + ", not " + expected);
    }
    return sum;
  }
}
