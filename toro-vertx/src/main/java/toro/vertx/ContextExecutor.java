package toro.vertx;

import io.netty.channel.EventLoop;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import toro.spi.Surroundings;

/** An event-loop context as an executor: its tasks run on the event loop, with that context. */
final class ContextExecutor extends AbstractExecutorService
    implements ScheduledExecutorService, Surroundings {
  private final ContextInternal context;
  private final EventLoop eventLoop;

  ContextExecutor(ContextInternal context) {
    this.context = context;
    this.eventLoop = context.nettyEventLoop();
  }

  /** Does the calling thread run a handler of this context, or of a duplicate? */
  boolean isHere() {
    ContextInternal current = eventLoop.inEventLoop() ? ContextInternal.current() : null;
    return current != null && current.unwrap() == context;
  }

  /**
   * To a thread that is not one of Vert.x, it gives the context for as long as the thread lives.
   */
  @Override
  public void enter() {
    context.beginDispatch();
  }

  private Runnable onContext(Runnable task) {
    return () -> context.dispatch(task);
  }

  @Override
  public void execute(Runnable task) {
    context.runOnContext(nothing -> task.run());
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    return eventLoop.schedule(onContext(task), delay, unit);
  }

  @Override
  public <V extends @Nullable Object> ScheduledFuture<V> schedule(
      Callable<V> task, long delay, TimeUnit unit) {
    return eventLoop.schedule(
        () -> {
          ContextInternal outer = context.beginDispatch();
          try {
            return task.call();
          } finally {
            context.endDispatch(outer);
          }
        },
        delay,
        unit);
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable task, long initialDelay, long period, TimeUnit unit) {
    return eventLoop.scheduleAtFixedRate(onContext(task), initialDelay, period, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable task, long initialDelay, long delay, TimeUnit unit) {
    return eventLoop.scheduleWithFixedDelay(onContext(task), initialDelay, delay, unit);
  }

  /** A context ends with its verticle, and the event loop with Vert.x. */
  @Override
  public void shutdown() {
    throw new UnsupportedOperationException("the event loop is that of Vert.x: close that");
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown();
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return eventLoop.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return eventLoop.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return eventLoop.awaitTermination(timeout, unit);
  }
}
