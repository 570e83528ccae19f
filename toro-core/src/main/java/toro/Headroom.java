package toro;

/**
 * Room on the stack. A fiber that waits lets the loop, or other coroutines, run on what is left of
 * its stack; if that ran out half-way, the loop would be left between two states. So it must run
 * out before anything has changed, in the fiber that recurses too deeply.
 */
final class Headroom {
  /** More calls, and larger ones, than there ever are below {@link Fiber#await}. */
  private static final int CALLS = 20;

  /** As many calls as take 64 KB at least. */
  private static final int AMPLE_CALLS = 1000;

  private Headroom() {}

  /** Returns whether there is room for the code of others too. A look takes some microseconds. */
  static boolean isAmple() {
    try {
      descend(AMPLE_CALLS, 1, 2, 3, 4, 5, 6);
      return true;
    } catch (StackOverflowError tooDeep) {
      return false;
    }
  }

  /**
   * Returns if there is room.
   *
   * @throws StackOverflowError if there is not
   */
  static void check() {
    descend(CALLS, 1, 2, 3, 4, 5, 6);
  }

  /** What it returns needs all parameters after the call, so they take their place on the stack. */
  private static long descend(int calls, long a, long b, long c, long d, long e, long f) {
    return calls == 0 ? a : descend(calls - 1, b, c, d, e, f, a) + (a ^ b) + (c ^ d) + (e ^ f);
  }
}
