package toro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** The one place where the tests get their loops: on virtual time. */
final class TestLoop {
  /** Do the tests run on loops that are on an executor, and not on their own threads? */
  static final boolean IS_HOSTED = "executor".equals(System.getProperty("toro.test.host"));

  private TestLoop() {}

  /** Is the engine that this JVM lets the loops choose the fast one? */
  static boolean isFast() {
    return ContinuationEngine.isAvailable();
  }

  static IOLoop create() {
    return create(new ManualClock());
  }

  static IOLoop create(LoopClock clock) {
    return IS_HOSTED ? onExecutor(new ClockExecutor(clock), clock) : new IOLoop(clock);
  }

  /** One that runs on an executor, and shuts that down when it is closed. */
  private static IOLoop onExecutor(ClockExecutor executor, LoopClock clock) {
    var loop = new IOLoop(executor, executor::isItsThread, clock);
    loop.whenClosed().thenRun(executor::shutdown);
    CompletableFuture.runAsync(() -> {}, executor).join(); // its first turn is over
    return loop;
  }

  /** One that collects what nobody else has seen fail. */
  static IOLoop create(List<Throwable> reported) {
    IOLoop loop = create();
    loop.setExceptionHandler((source, failure) -> reported.add(failure));
    return loop;
  }

  /** Runs a coroutine on a loop of its own; fails if anything was reported to the loop. */
  static <T> T run(Callable<T> body) {
    List<Throwable> reported = Collections.synchronizedList(new ArrayList<>());
    T result;
    try (IOLoop loop = create(reported)) {
      result = loop.runSync(body);
    }
    assertThat(reported).isEmpty();
    return result;
  }

  static void run(ThrowingRunnable body) {
    run(Coroutines.callable(body));
  }

  /** Runs a plain callback, in which there is no coroutine, and awaits that it has run. */
  static void callback(ThrowingRunnable body) {
    var done = new CompletableFuture<Void>();
    IOLoop.current()
        .execute(
            () -> {
              try {
                body.run();
                done.complete(null);
              } catch (Throwable failure) {
                done.completeExceptionally(failure);
              }
            });
    Coroutines.await(done);
  }

  /** Runs something on another thread to its end, while this one is blocked. */
  static void elsewhere(ThrowingRunnable body) {
    var failure = new Throwable[1];
    Thread thread =
        Thread.ofPlatform()
            .name("elsewhere")
            .start(
                () -> {
                  try {
                    body.run();
                  } catch (Throwable thrown) {
                    failure[0] = thrown;
                  }
                });
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure[0] != null) {
      throw Failures.sneaky(failure[0]);
    }
  }
}
