package toro.examples.netty;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Takes its time for a page, and does not answer one of fifty. It watches what is asked of it at
 * the same time.
 */
final class SlowUpstream implements Function<String, CompletableFuture<String>> {
  private static final int MAX_MILLIS = 20;
  private static final int FORGETS = 50;

  private final Map<String, Integer> underWay = new ConcurrentHashMap<>();
  private final AtomicInteger allUnderWay = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger twice = new AtomicInteger();
  private final AtomicLong requests = new AtomicLong();

  static String page(String name) {
    return "this is " + name;
  }

  @Override
  public CompletableFuture<String> apply(String name) {
    long request = requests.incrementAndGet();
    most.accumulateAndGet(allUnderWay.incrementAndGet(), Math::max);
    if (underWay.merge(name, 1, Integer::sum) > 1) {
      twice.incrementAndGet();
    }
    var answer = new CompletableFuture<String>();
    var reply = new CompletableFuture<String>(); // only told after this has counted
    answer.whenComplete(
        (page, failure) -> {
          allUnderWay.decrementAndGet();
          underWay.computeIfPresent(name, (same, count) -> count == 1 ? null : count - 1);
          reply.complete(page);
        });
    reply.whenComplete((page, failure) -> answer.cancel(false));
    if (request % FORGETS != 0) {
      answer.completeOnTimeout(page(name), request * 7 % MAX_MILLIS, TimeUnit.MILLISECONDS);
    }
    return reply;
  }

  long requests() {
    return requests.get();
  }

  /** How many requests were under way at the same time, at most. */
  int most() {
    return most.get();
  }

  /** How many requests were for a page that was under way already. */
  int twice() {
    return twice.get();
  }

  /** How many requests are under way. */
  int now() {
    return allUnderWay.get();
  }
}
