package toro;

/**
 * The body of a coroutine that returns nothing: a {@link Runnable} that may throw anything, as a
 * {@link java.util.concurrent.Callable} may.
 */
@FunctionalInterface
public interface ThrowingRunnable {

  /**
   * Runs the body.
   *
   * @throws Exception what the coroutine fails with
   */
  void run() throws Exception;
}
