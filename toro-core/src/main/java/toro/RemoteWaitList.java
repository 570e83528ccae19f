package toro;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import toro.spi.RemoteLine;

/** The wait queue of a primitive whose state is on a server: {@link RemoteLine}. */
final class RemoteWaitList implements RemoteLine {
  private final IOLoop loop;
  private final Object owner;
  private final WaitList<RemoteWaiter<?>> waiters;

  RemoteWaitList(IOLoop loop, Object owner) {
    this.loop = requireNonNull(loop, "loop");
    this.owner = requireNonNull(owner, "owner");
    this.waiters = new WaitList<>(loop, owner);
  }

  /** A wait that a server grants. */
  private static final class RemoteWaiter<T extends @Nullable Object> extends Waiter<T>
      implements Wait<T> {
    private final Runnable departed;

    RemoteWaiter(IOLoop loop, Runnable departed) {
      super(loop);
      this.departed = departed;
    }

    @Override
    public CompletableFuture<T> future() {
      return this;
    }

    @Override
    public boolean grant(@Nullable T value) {
      if (!claim()) {
        return false;
      }
      leave();
      succeed(value);
      return true;
    }

    @Override
    public boolean refuse(Throwable failure) {
      if (!claimEnd()) {
        return false;
      }
      leave();
      fail(failure);
      return true;
    }

    @Override
    public boolean expire() {
      String what = waitedFor();
      if (!claimEnd()) {
        return false;
      }
      leave();
      expired(what);
      return true;
    }

    @Override
    void departed() {
      try {
        departed.run();
      } catch (Throwable failure) { // the wait is claimed, and has to end
        loop.report(this, failure);
      }
    }

    @Override
    boolean isForeign() {
      return true;
    }
  }

  @Override
  public void check() {
    loop.check(owner);
  }

  @Override
  public boolean isInCoroutine() {
    return loop.currentFiber() != null;
  }

  @Override
  public <T extends @Nullable Object> Wait<T> await(Deadline deadline, Runnable departed) {
    check();
    var waiter = new RemoteWaiter<T>(loop, departed);
    waiters.await(waiter, deadline);
    return waiter;
  }

  @Override
  public RuntimeException exception(Failure failure, String message) {
    return switch (failure) {
      case QUEUE_CLOSED -> new QueueClosedException(message, null);
      case QUEUE_EMPTY -> new QueueEmptyException(message);
      case QUEUE_FULL -> new QueueFullException(message);
      case ALREADY_SET -> new AlreadySetException(message);
      case BARRIER_BROKEN -> new BarrierBrokenException(message, null);
    };
  }

  @Override
  public int size() {
    return waiters.size();
  }
}
