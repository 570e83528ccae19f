package toro.examples.netty;

import static toro.Coroutines.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import toro.IOLoop;
import toro.KeyedLock;
import toro.Semaphore;

/**
 * Pages that come from somebody slow. Each is asked for once by all who want it at the same time,
 * no more than a few are asked for at a time, and what came is kept for a moment.
 */
final class Pages {
  private static final Duration KEPT = Duration.ofMillis(10);

  private final IOLoop loop;
  private final Function<String, CompletableFuture<String>> upstream;
  private final int atOnce;

  // @start region="state"
  private final KeyedLock<String> locks; // one for each page that somebody wants now
  private final Semaphore requests; // to upstream
  private final Map<String, String> fresh = new HashMap<>(); // a plain map: used on the loop only

  // @end

  /**
   * @param upstream is asked for a page; cancelling its future ends the request
   * @param atOnce how many requests may be under way
   */
  Pages(IOLoop loop, Function<String, CompletableFuture<String>> upstream, int atOnce) {
    this.loop = loop;
    this.upstream = upstream;
    this.atOnce = atOnce;
    this.locks = new KeyedLock<>(loop);
    this.requests = new Semaphore(loop, atOnce);
  }

  // @start region="get"
  /** Gets a page; called in a coroutine, which may be cancelled anywhere in here. */
  String get(String name) {
    try (var mine = await(locks.acquire(name))) {
      String known = fresh.get(name); // perhaps who had the lock before has got it
      return known != null ? known : fetch(name);
    }
  }

  private String fetch(String name) {
    try (var request = await(requests.acquire())) {
      CompletableFuture<String> reply = upstream.apply(name);
      try {
        String page = await(reply);
        fresh.put(name, page);
        loop.callLater(KEPT, () -> fresh.remove(name));
        return page;
      } finally {
        reply.cancel(true); // nobody else waits for it; if it is done this changes nothing
      }
    }
  }

  // @end

  /** What is left where nobody wants a page: null if nothing is, and so it should be. */
  @Nullable String leftOver() {
    return locks.size() == 0 && requests.availablePermits() == atOnce
        ? null
        : locks + " " + requests;
  }
}
