package toro.redis;

import static toro.Coroutines.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import toro.Coroutines;
import toro.IOLoop;
import toro.ThrowingRunnable;

/** What the tests of this module need of nodes and time. */
final class Nodes {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final long RUN = System.nanoTime();

  private Nodes() {}

  /** A name that no other test has. */
  static String name(String what) {
    return what + "-" + RUN + "-" + NAMES.incrementAndGet();
  }

  static RedisNode connect() {
    return connect(TestServer.shared());
  }

  static RedisNode connect(String uri) {
    return await(RedisNode.connect(IOLoop.current(), uri));
  }

  static RedisNode connect(String uri, Duration lease) {
    return await(RedisNode.connect(IOLoop.current(), RedisNode.Options.of(uri).lease(lease)));
  }

  /** A coroutine with a node, for at most a minute. */
  interface Body {
    void run(RedisNode node) throws Exception;
  }

  static void withNode(Body body) {
    run(
        () -> {
          try (RedisNode node = connect()) {
            body.run(node);
          }
        });
  }

  /** Ends a hang. */
  static void run(ThrowingRunnable body) {
    IOLoop.run(
        () ->
            Coroutines.withTimeout(Duration.ofSeconds(Integer.getInteger("toro.limit", 60)), body));
  }

  /** Lets the loop and the server do what they do until something is so. */
  static void until(java.util.concurrent.Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      Coroutines.sleep(Duration.ofMillis(2));
    }
  }

  /** All that was sent to the server so far has been done there. */
  static void settled(RedisNode node) {
    await(node.lock("settled").isLocked());
  }

  static <T> Throwable failure(CompletableFuture<T> future) {
    try {
      await(future);
      return null;
    } catch (Throwable failure) {
      return failure;
    }
  }
}
