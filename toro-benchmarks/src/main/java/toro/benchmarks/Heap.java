package toro.benchmarks;

import java.lang.management.ManagementFactory;

/** What the objects that are reachable take. */
final class Heap {
  private Heap() {}

  /** The bytes in use, when collecting garbage does not make them fewer. */
  static long used() {
    long used = Long.MAX_VALUE;
    for (int same = 0; same < 2; ) {
      System.gc();
      long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      same = now < used ? 0 : same + 1;
      used = Math.min(used, now);
    }
    return used;
  }
}
