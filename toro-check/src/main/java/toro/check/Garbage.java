package toro.check;

/**
 * Keeps the process small. The serial collector would rather let the heap grow, up to a quarter of
 * the machine's memory, than collect the pages that have become old while they were read.
 */
final class Garbage {
  private static final long LEAST = 128L << 20;

  private long limit = LEAST;

  /** Collects everything if the heap has doubled since the last time. */
  void collectIfGrown() {
    if (used() > limit) {
      System.gc();
      limit = Math.max(LEAST, 2 * used());
    }
  }

  private static long used() {
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
