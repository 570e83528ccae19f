package toro;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A future of a loop. To block the loop's own thread until it is done would be a deadlock, so that
 * is refused; and so do the futures that are derived from it ({@code thenApply} …).
 */
class LoopFuture<T> extends CapturingFuture<T> {
  LoopFuture(IOLoop loop) {
    super(loop);
  }

  /** A future that is derived from this one is of the same loop. */
  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new LoopFuture<>(loop);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException on the loop, when it is not done: nothing could ever complete it
   */
  @Override
  public T get() throws InterruptedException, ExecutionException {
    refuseToBlock("get()");
    return super.get();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException on the loop, when it is not done: nothing could complete it
   *     meanwhile
   */
  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    refuseToBlock("get(timeout)");
    return super.get(timeout, unit);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException on the loop, when it is not done: nothing could ever complete it
   */
  @Override
  public T join() {
    refuseToBlock("join()");
    return super.join();
  }

  private void refuseToBlock(String method) {
    if (!isDone() && loop.isCurrent()) {
      throw new IllegalStateException(
          method
              + " on the loop's own thread would be a deadlock: what completes this future runs on this loop. In a coroutine use await(future), in a"
              + " callback future.thenAccept(…)");
    }
  }
}
