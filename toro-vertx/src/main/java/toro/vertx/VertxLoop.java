package toro.vertx;

import io.vertx.core.Closeable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import org.jspecify.annotations.Nullable;
import toro.Coroutines;
import toro.IOLoop;

/**
 * The loops of Vert.x: each event-loop context has one, on which its coroutines run and its
 * primitives live.
 *
 * {@snippet file="toro/vertx/SnippetsTest.java" region="verticle"}
 *
 * <p><b>On the loop</b> are its coroutines and callbacks, and all handlers of the context: those of
 * a verticle, for example. They use its primitives and {@code spawn}, and {@link IOLoop#current()}
 * is the loop. Two verticles are on two loops, also if they share a thread; a handler of the other
 * one gets a {@link WrongThreadException}.
 *
 * <p><b>The context.</b> In a coroutine or callback of the loop {@link
 * io.vertx.core.Vertx#currentContext()} is the context, before and after each await, on both
 * engines; so timers, clients and the event bus call back on it. It is the context itself, and not
 * the duplicate of it that Vert.x makes for each request or message: what belongs to that one is
 * passed along in variables. With the engine on continuations coroutines run on the event-loop
 * thread; with that on virtual threads on threads of their own, while the event-loop thread waits.
 *
 * <p><b>The end.</b> The loop is closed when the verticle is undeployed, after its {@code stop}:
 * its coroutines are cancelled, and Vert.x waits until they have cleaned up, as {@link
 * IOLoop#close} tells. The loop of a context without a verticle is closed with Vert.x.
 *
 * <p>What fails on the loop while nobody looks goes to the exception handler of the context.
 */
public final class VertxLoop {
  private static final Object KEY = VertxLoop.class; // of the loop, among the context's data

  private VertxLoop() {}

  /**
   * The loop of the current context.
   *
   * @return always the same one for a context
   * @throws IllegalStateException if there is no current context, if it is not one of an event
   *     loop, or if it has ended
   */
  public static IOLoop current() {
    ContextInternal context = ContextInternal.current();
    if (context == null) {
      throw new IllegalStateException(
          "no Vert.x context is current on "
              + Thread.currentThread()
              + ": call this in a verticle or in a handler of one, or use VertxLoop.of(context)");
    }
    return of(context);
  }

  /**
   * The loop of a context. Any thread may call this.
   *
   * @param context one of an event loop; a duplicate has the loop of what it duplicates
   * @return always the same one for a context
   * @throws IllegalStateException if the context is not one of an event loop, or if it has ended
   * @throws java.util.concurrent.RejectedExecutionException if Vert.x is closed
   */
  public static IOLoop of(Context context) {
    ContextInternal base = ((ContextInternal) context).unwrap();
    if (!base.isEventLoopContext()) {
      throw new IllegalStateException(
          "a loop needs a context of an event loop, and this one is of the threading model "
              + base.threadingModel()
              + ": deploy the verticle with ThreadingModel.EVENT_LOOP");
    }
    return (IOLoop) base.contextData().computeIfAbsent(KEY, key -> newLoop(base));
  }

  private static IOLoop newLoop(ContextInternal context) {
    var executor = new ContextExecutor(context);
    IOLoop loop = IOLoop.on(executor, executor::isHere);
    loop.setExceptionHandler((source, failure) -> context.reportException(failure));
    Closeable end =
        ended -> {
          context.runOnContext(nothing -> loop.close()); // there it only begins to close
          loop.whenClosed().thenRun(ended::succeed);
        };
    if (!context.closeFuture().add(end)) {
      loop.execute(loop::close);
      throw new IllegalStateException("the context has ended: its verticle was undeployed");
    }
    loop.whenClosed().thenRun(() -> context.closeFuture().remove(end));
    return loop;
  }

  /**
   * Suspends the calling coroutine until a future of Vert.x is done: {@link
   * Coroutines#await(java.util.concurrent.CompletionStage)}. Cancelling the coroutine has no effect
   * on the future.
   *
   * @param future what to wait for
   * @param <T> the type of its value
   * @return its value
   * @throws IllegalStateException if there is no coroutine to suspend
   * @throws java.util.concurrent.CancellationException if the coroutine was cancelled
   * @throws toro.DeadlineExceededException if the time of a {@code withTimeout} around it is up
   */
  // What the future fails with is thrown as it is, also if it is checked.
  public static <T extends @Nullable Object> T await(Future<T> future) {
    return Coroutines.await(future.toCompletionStage());
  }
}
