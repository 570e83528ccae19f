package toro.benchmarks;

import java.util.List;

/**
 * How much is measured: forks of the JVM with a heap, and in each of them iterations of some
 * milliseconds; fewer and longer ones for a row that {@link Row#isLong takes long}.
 */
record Plan(
    int forks,
    List<String> heap,
    Phase warmup,
    Phase measurement,
    Phase longWarmup,
    Phase longMeasurement) {
  /** For a look: below 8 minutes. */
  static final Plan QUICK =
      new Plan(
          1,
          List.of("-Xmx4g"),
          new Phase(2, 200),
          new Phase(3, 100),
          new Phase(2, 250),
          new Phase(2, 150));

  /**
   * For figures to show: about 50 minutes. The heap does not grow while it is measured: the pages
   * that the system then has to clear took up to two thirds of the time of a row, of whoever
   * allocates most.
   */
  static final Plan FULL =
      new Plan(
          2,
          List.of("-Xms2g", "-Xmx4g", "-XX:+AlwaysPreTouch"),
          new Phase(5, 600),
          new Phase(5, 300),
          new Phase(4, 1000),
          new Phase(3, 600));

  /** So many iterations of so many milliseconds. */
  record Phase(int iterations, int millis) {}

  Phase warmup(Row row) {
    return row.isLong() ? longWarmup : warmup;
  }

  Phase measurement(Row row) {
    return row.isLong() ? longMeasurement : measurement;
  }
}
