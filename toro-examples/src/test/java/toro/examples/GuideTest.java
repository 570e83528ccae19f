package toro.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.*;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import toro.*;

/** The shorter examples of the guide and of the FAQ: compiled, run, and checked. */
class GuideTest {
  private final List<String> printed = new ArrayList<>();

  private void println(Object line) {
    printed.add(line.toString());
  }

  @Test
  void counter() {
    // @start region="counter"
    int[] counter = {0};
    IOLoop.run(
        () -> {
          ThrowingRunnable inc =
              () -> {
                counter[0]++; // no await in it, so nobody comes between
                pause();
              };
          awaitAll(spawn(inc), spawn(inc), spawn(inc));
        });
    // @end
    assertThat(counter[0]).isEqualTo(3);
  }

  @Test
  void cancellation() {
    IOLoop.run(
        () -> {
          var lock = new Lock();
          var holder = await(lock.acquire());
          // @start region="cancel"
          var worker =
              spawn(
                  () -> {
                    try (var lease = await(lock.acquire())) {
                      println("working");
                    } catch (CancellationException e) {
                      println("cleaning up");
                      sleep(Duration.ofMillis(1)); // it may await meanwhile
                      throw e;
                    }
                  });
          pause(); // it begins, and waits for the lock
          worker.cancel(false);
          println(lock); // Lock[locked]: nobody waits any more
          try {
            await(worker); // until it has cleaned up
          } catch (CancellationException e) {
            println("cancelled");
          }
          // @end
          holder.close();
        });
    assertThat(printed).containsExactly("Lock[locked]", "cleaning up", "cancelled");
  }

  @Test
  void cancellationOfOtherFutures() {
    var reply = new CompletableFuture<String>();
    IOLoop.run(
        () -> {
          var worker =
              spawn(
                  () -> {
                    // @start region="others"
                    try {
                      return await(reply);
                    } catch (CancellationException e) {
                      reply.cancel(true); // only if nobody else needs it
                      throw e;
                    }
                    // @end
                  });
          pause();
          worker.cancel(false);
        });
    assertThat(reply).isCancelled();
  }

  @Test
  void derivedFutures() {
    IOLoop.run(
        () -> {
          var lock = new Lock();
          var holder = await(lock.acquire());
          // @start region="derived"
          var seen = lock.acquire().thenApply(lease -> lease).orTimeout(1, TimeUnit.MILLISECONDS);
          var unseen = CompletableFuture.allOf(lock.acquire()).orTimeout(1, TimeUnit.MILLISECONDS);
          // @end
          assertThatThrownBy(() -> await(seen)).isInstanceOf(Exception.class);
          assertThatThrownBy(() -> await(unseen)).isInstanceOf(Exception.class);
          while (!lock.toString().equals("Lock[locked waiters[1]]")) { // until the loop has heard
            pause();
          }
          holder.close();
          assertThat(lock.isLocked()).isTrue();
        });
  }

  @Test
  void handOver() {
    try (var loop = new IOLoop();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var queue = new Queue<String>(loop);
      // @start region="handover"
      threads.execute(
          () -> {
            loop.execute(() -> queue.putNow("from a callback")); // hands over, and goes on
            int size =
                loop.spawn(
                        () -> {
                          await(queue.put("from a coroutine"));
                          return queue.size();
                        })
                    .join(); // waits for the value; blocks this thread, not the loop
            println("there are " + size);
            loop.stop();
          });
      loop.start();
      // @end
      assertThat(printed).containsExactly("there are 2");
    }
  }

  private void handle(String item) throws IOException {
    if (item.isEmpty()) {
      throw new IOException("an empty item");
    }
    println(item);
  }

  @Test
  void survivor() {
    IOLoop.run(
        () -> {
          var queue = new Queue<String>();
          var survivor =
              spawn(
                  () -> {
                    // @start region="survivor"
                    while (true) {
                      try {
                        handle(await(queue.get()));
                      } catch (CancellationException e) {
                        throw e; // this coroutine is to end
                      } catch (Exception e) {
                        println(e.getMessage());
                      }
                    }
                    // @end
                  });
          queue.putNow("");
          queue.putNow("item");
          await(queue.put("another"));
          while (!queue.isEmpty()) {
            pause();
          }
          survivor.cancel(false);
          pause();
          assertThat(survivor).isCancelled();
        });
    assertThat(printed).containsExactly("an empty item", "item", "another");
  }

  @Test
  void slow() {
    var clock = new ManualClock();
    try (var loop = new IOLoop(clock)) {
      // @start region="slow"
      loop.reportSlow(
          Duration.ofMillis(50),
          (source, time) -> println(source + " held the loop for " + time.toMillis() + " ms"));
      // @end
      loop.execute(() -> clock.park(60_000_000));
      loop.runSync(() -> sleep(Duration.ofMillis(1)));
      assertThat(printed).singleElement().asString().endsWith("held the loop for 60 ms");
    }
  }

  @Test
  void failures() {
    try (var loop = new IOLoop()) {
      // @start region="handler"
      loop.setExceptionHandler((source, failure) -> println(failure.getMessage()));
      loop.runSync(
          () -> {
            spawn(
                () -> {
                  throw new IOException("nobody awaits this one");
                });
            var awaited =
                spawn(
                    () -> {
                      throw new IOException("this one is thrown by await");
                    });
            try {
              await(awaited);
            } catch (Exception e) {
              println(e.getMessage());
            }
          });
      // @end
      assertThat(printed).containsExactly("nobody awaits this one", "this one is thrown by await");
    }
  }

  @Test
  void trace() {
    assertThatThrownBy(() -> IOLoop.run(GuideTest::report))
        .isInstanceOf(IOException.class)
        .satisfies(
            failure ->
                assertThat(failure.getStackTrace())
                    .extracting(StackTraceElement::getMethodName)
                    .containsSubsequence("fetch", "await", "report", "run"));
  }

  // @start region="trace"
  static String report() {
    var page = spawn(GuideTest::fetch);
    return "the page: " + await(page);
  }

  static String fetch() throws IOException {
    throw new IOException("no route to host");
  }

  // @end

  private static final ScopedValue<String> USER = ScopedValue.newInstance();

  /** What the FAQ says of thread-locals and scoped values. */
  @Test
  void aCoroutineHasThreadLocalsAndScopedValuesOfItsOwn() {
    var local = new ThreadLocal<String>();
    IOLoop.run(
        () -> {
          local.set("main");
          ThrowingRunnable body =
              () -> {
                println(local.get() + " " + USER.isBound());
                local.set("own");
                pause();
                println(local.get() + " " + USER.isBound());
              };
          ScopedValue.where(USER, "me").run(() -> await(spawn(body)));
          println(local.get());
        });
    assertThat(printed).containsExactly("null false", "own false", "main");
  }
}
