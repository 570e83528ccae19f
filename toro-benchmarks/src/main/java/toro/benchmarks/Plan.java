package toro.benchmarks;

import java.util.List;

/**
 * How much is measured: rounds, in each of which each contender of a row has a JVM with a heap, and
 * in that iterations of some milliseconds; fewer and longer ones for a row that {@link Row#isLong
 * takes long}. The contenders take turns, so that a time in which the machine is slow hits all of
 * them, and in one of the rounds only.
 */
record Plan(
    int rounds,
    List<String> heap,
    Phase warmup,
    Phase measurement,
    Phase longWarmup,
    Phase longMeasurement) {
  /**
   * There from the start: a heap that grows while it is measured makes the system clear pages, and
   * a row of much garbage takes up to ten times as long.
   */
  private static final List<String> HEAP = List.of("-Xms2g", "-Xmx4g", "-XX:+AlwaysPreTouch");

  /** For a look: one round of fewer and shorter iterations, in the same heap. */
  static final Plan QUICK =
      new Plan(1, HEAP, new Phase(2, 250), new Phase(3, 100), new Phase(1, 500), new Phase(2, 150));

  /** For figures to show: about an hour. */
  static final Plan FULL =
      new Plan(
          3, HEAP, new Phase(4, 500), new Phase(4, 250), new Phase(3, 1000), new Phase(3, 500));

  /** So many iterations of so many milliseconds. */
  record Phase(int iterations, int millis) {}

  Phase warmup(Row row) {
    return row.isLong() ? longWarmup : warmup;
  }

  Phase measurement(Row row) {
    return row.isLong() ? longMeasurement : measurement;
  }
}
