package toro.benchmarks;

/**
 * How much is measured: forks of the JVM, and in each of them iterations of some milliseconds;
 * fewer and longer ones for a row that {@link Row#isLong takes long}.
 */
record Plan(int forks, Phase warmup, Phase measurement, Phase longWarmup, Phase longMeasurement) {
  /** For a look: below 8 minutes. */
  static final Plan QUICK =
      new Plan(1, new Phase(3, 150), new Phase(3, 150), new Phase(2, 250), new Phase(2, 150));

  /** For figures to show: about 40 minutes. */
  static final Plan FULL =
      new Plan(2, new Phase(4, 400), new Phase(5, 300), new Phase(4, 1000), new Phase(3, 600));

  /** So many iterations of so many milliseconds. */
  record Phase(int iterations, int millis) {}

  Phase warmup(Row row) {
    return row.isLong() ? longWarmup : warmup;
  }

  Phase measurement(Row row) {
    return row.isLong() ? longMeasurement : measurement;
  }
}
