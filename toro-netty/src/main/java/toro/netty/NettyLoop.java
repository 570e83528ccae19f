package toro.netty;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import toro.Coroutines;
import toro.IOLoop;

/**
 * The loops of Netty: each {@link EventLoop} has one, on which its coroutines run and its
 * primitives live.
 *
 * {@snippet file="toro/netty/SnippetsTest.java" region="handler"}
 *
 * <p><b>On the loop</b> are its coroutines and callbacks, and all that the event loop runs: the
 * handlers of its channels, its tasks, the listeners of its futures. They use its primitives and
 * {@code spawn}, and {@link IOLoop#current()} is the loop. A primitive belongs to one event loop:
 * in a group of several, channels of another one get a {@link WrongThreadException}.
 *
 * <p>With the engine on continuations a coroutine runs on the event loop's very thread: {@link
 * EventLoop#inEventLoop()} is true in it, before and after each await, so that what it writes goes
 * straight into the pipeline. With that on virtual threads it runs on a thread of its own, while
 * the event loop's waits; Netty hands its writes over, in their order.
 *
 * <p><b>The end.</b> When the event loop is {@linkplain EventLoop#shutdownGracefully shut down},
 * its coroutines are cancelled as soon as the tasks that it has then are done. They may clean up
 * until it ends: as long as there is something to do, and then for Netty's quiet period. Netty
 * drops all timers meanwhile, so neither a {@code sleep} nor a deadline passes any more. What still
 * waits when the event loop has terminated fails with {@link toro.LoopClosedException}, on a thread
 * of Netty's.
 */
public final class NettyLoop {
  // Invariant: an event loop that has terminated is not here, or will be taken out at once.
  static final Map<EventLoop, IOLoop> LOOPS = new ConcurrentHashMap<>();

  private NettyLoop() {}

  /**
   * The loop of an event loop. Any thread may call this.
   *
   * @param eventLoop where to run: of a single thread, as all of Netty's are
   * @return always the same one for an event loop
   * @throws java.util.concurrent.RejectedExecutionException if the event loop has shut down
   * @throws UnsupportedOperationException if the event loop cannot tell its end: that of an {@code
   *     EmbeddedChannel}, which takes every thread for its own
   * @throws IllegalStateException if the system property {@code toro.engine} names an engine that
   *     does not exist, or that this JVM does not allow
   */
  public static IOLoop of(EventLoop eventLoop) {
    IOLoop known = LOOPS.get(eventLoop);
    return known != null ? known : make(eventLoop);
  }

  /**
   * The loop of the event loop of a channel: {@link #of(EventLoop)}. Any thread may call this.
   *
   * @param channel one that is registered
   * @return always the same one for an event loop
   * @throws IllegalStateException if the channel is not registered with an event loop yet
   * @throws java.util.concurrent.RejectedExecutionException if the event loop has shut down
   * @throws UnsupportedOperationException if it is an {@code EmbeddedChannel}
   */
  public static IOLoop of(Channel channel) {
    return of(channel.eventLoop());
  }

  private static synchronized IOLoop make(EventLoop eventLoop) {
    IOLoop known = LOOPS.get(eventLoop);
    if (known != null) {
      return known;
    }
    Future<?> termination = eventLoop.terminationFuture();
    IOLoop loop = IOLoop.on(eventLoop, eventLoop::inEventLoop);
    if (eventLoop instanceof SingleThreadEventExecutor executor) {
      executor.addShutdownHook(loop::close); // on its thread, where this begins the closing
    }
    LOOPS.put(eventLoop, loop);
    termination.addListener(
        terminated -> {
          LOOPS.remove(eventLoop);
          loop.close(); // for who has not ended by then
        });
    return loop;
  }

  /**
   * Suspends the calling coroutine until a future of Netty is done.
   *
   * <p><b>Deadline and cancellation:</b> when this ends before the future is done, because the
   * coroutine is cancelled or the time of a {@code withTimeout} is up, the future goes on, and
   * nothing of this wait is left at it. To end it as well, catch the exception and cancel it.
   *
   * @param future what to wait for; it may be of another event loop, or of none
   * @param <T> the type of its value
   * @return its value
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled, or the future
   *     was
   * @throws toro.DeadlineExceededException if the time of a {@code withTimeout} around it is up
   * @throws toro.LoopClosedException if the loop is closed
   */
  // What the future fails with is thrown as it is, also if it is checked.
  public static <T extends @Nullable Object> T await(Future<T> future) {
    var stage = new CompletableFuture<T>();
    GenericFutureListener<Future<T>> listener = done -> settle(stage, done);
    if (future.isDone()) {
      settle(stage, future);
    } else {
      future.addListener(listener);
    }
    try {
      return Coroutines.await(stage);
    } finally {
      if (!stage.isDone()) {
        future.removeListener(listener);
      }
    }
  }

  private static <T extends @Nullable Object> void settle(
      CompletableFuture<T> stage, Future<T> done) {
    Throwable failure = done.cause();
    if (failure == null) {
      stage.complete(done.getNow());
    } else {
      stage.completeExceptionally(failure);
    }
  }
}
