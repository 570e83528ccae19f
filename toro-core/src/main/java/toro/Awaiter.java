package toro;

/** Who waits for an {@link Awaitable}: a {@link Fiber}, or a {@link Select} on behalf of one. */
abstract class Awaiter {
  /** It is done. Called on the loop. */
  abstract void wake();

  /**
   * It is about to be granted: is that wanted? Only asked of who waits for one that is {@linkplain
   * Awaitable#share shared}; who says so takes what it is granted, or its failure.
   */
  boolean takes() {
    return true;
  }
}
