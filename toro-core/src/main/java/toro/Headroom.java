package toro;

/**
 * Room on the stack. A virtual thread that suspends drives the loop on what is left of its stack;
 * if that ran out half-way, the loop would be left between two states. So it must run out before
 * anything has changed, in the fiber that recurses too deeply.
 */
final class Headroom {
  /** More calls, and larger ones, than there ever are below {@link Fiber#await}. */
  private static final int CALLS = 20;

  private Headroom() {}

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
