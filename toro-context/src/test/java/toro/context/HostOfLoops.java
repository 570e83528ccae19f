package toro.context;

import io.netty.channel.DefaultEventLoop;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import toro.IOLoop;
import toro.ThrowingRunnable;
import toro.netty.NettyLoop;
import toro.vertx.VertxLoop;

/** What gives a loop its thread. */
enum HostOfLoops {
  OWN_THREAD {
    @Override
    void run(ThrowingRunnable main) {
      try (var loop = new IOLoop()) {
        ContextPropagation.install(loop);
        loop.runSync(main);
      }
    }
  },
  EXECUTOR {
    @Override
    void run(ThrowingRunnable main) throws Exception {
      try (var executor = Executors.newSingleThreadScheduledExecutor();
          var loop = IOLoop.on(executor)) {
        runOn(loop, main, executor);
      }
    }
  },
  NETTY {
    @Override
    void run(ThrowingRunnable main) throws Exception {
      var eventLoop = new DefaultEventLoop();
      try (var loop = NettyLoop.of(eventLoop)) {
        runOn(loop, main, eventLoop);
      } finally {
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
      }
    }
  },
  VERTX {
    @Override
    void run(ThrowingRunnable main) throws Exception {
      Vertx vertx = Vertx.vertx();
      try {
        var context = vertx.getOrCreateContext();
        runOn(VertxLoop.of(context), main, task -> context.runOnContext(nothing -> task.run()));
      } finally {
        vertx.close().toCompletionStage().toCompletableFuture().join();
      }
    }
  };

  /**
   * Runs a coroutine on a loop of its own, and then looks whether the thread has been left clean.
   */
  abstract void run(ThrowingRunnable main) throws Exception;

  private static volatile Executor current;

  /** The thread of the host whose loop runs now, for tasks between the turns. */
  static Executor thread() {
    return current;
  }

  private static void runOn(IOLoop loop, ThrowingRunnable main, Executor thread) {
    current = thread;
    ContextPropagation.install(loop);
    loop.runSync(main);
    for (Variable variable : Variable.values()) {
      String left = call(variable::get, thread);
      if (left != null) {
        throw new AssertionError(variable + " was left on the thread of the host: " + left);
      }
    }
  }

  static <T> T call(Callable<T> task, Executor thread) {
    var result = new CompletableFuture<T>();
    thread.execute(
        () -> {
          try {
            result.complete(task.call());
          } catch (Throwable failure) {
            result.completeExceptionally(failure);
          }
        });
    return result.join();
  }
}
