package toro.examples.check;

import static toro.Coroutines.await;
import static toro.Coroutines.sleep;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import toro.IOLoop;
import toro.Lock;

/**
 * Spaces out the requests to each host. Who waits for a turn waits in a lock's queue: first come,
 * first served.
 */
final class RateLimit {
  private final IOLoop loop = IOLoop.current();
  private final Map<String, Turnstile> turnstiles = new HashMap<>();

  /** Suspends the calling coroutine until {@code interval} after the last turn for {@code host}. */
  void awaitTurn(String host, Duration interval) {
    if (!interval.isZero()) {
      turnstiles.computeIfAbsent(host, newHost -> new Turnstile()).pass(interval);
    }
  }

  private final class Turnstile {
    private final Lock lock = new Lock();
    private long next = loop.nanoTime();

    void pass(Duration interval) {
      try (var lease = await(lock.acquire())) {
        var early = next - loop.nanoTime();
        if (early > 0) {
          sleep(Duration.ofNanos(early));
        }
        next = loop.nanoTime() + interval.toNanos();
      }
    }
  }
}
