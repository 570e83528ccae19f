package toro;

import java.util.function.BooleanSupplier;

/** How coroutines run: what makes fibers, and lets a thread drive the loop. */
interface Engine {

  /**
   * A fiber that has not started.
   *
   * @param body what it runs; throws nothing
   */
  Fiber newFiber(Coroutine<?> coroutine, Runnable body);

  /**
   * Drives the loop on the calling thread until {@code until} is true: calls {@link IOLoop#runNext}
   * again and again.
   */
  void drive(BooleanSupplier until);
}
