package toro;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Is done when a certain time has passed. */
final class Sleep extends Waiter<@Nullable Void> {

  Sleep(IOLoop loop, long nanos) {
    super(loop);
    timer = loop.timers.add(nanos, this);
  }

  /** One on the current loop; done at once if the deadline has passed. */
  static CompletableFuture<@Nullable Void> until(Deadline deadline) {
    long nanos = deadline.nanosLeft();
    return nanos <= 0
        ? CompletableFuture.completedFuture(null)
        : new Sleep(IOLoop.current(), nanos);
  }

  @Override
  void expired(String waitedFor) {
    succeed(null);
  }
}
