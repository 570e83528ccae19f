package toro.check;

import static toro.Coroutines.await;
import static toro.Coroutines.sleep;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import toro.IOLoop;
import toro.RateLimiter;

/** How fast one host is asked: the time between two requests, and pauses that the host asks for. */
final class Pace {
  /** After a pause requests come one by one, at first so far apart. */
  private static final Duration AFTER_PAUSE = Duration.ofMillis(50);

  private static final Duration SLOWEST_AFTER_PAUSE = Duration.ofSeconds(1);

  /** Of the pauses in such a time, only one makes the host slower: they have one reason. */
  private static final Duration PAUSES_TOGETHER = Duration.ofSeconds(1);

  private final IOLoop loop = IOLoop.current();
  private Duration interval = Duration.ZERO;
  private @Nullable RateLimiter limiter; // null if the interval is zero
  private long resumes = loop.nanoTime();
  private long slowsAgain = loop.nanoTime();

  /** Suspends until the next request may be sent. */
  void awaitTurn() {
    do {
      for (var left = untilResumed(); left > 0; left = untilResumed()) {
        sleep(Duration.ofNanos(left));
      }
      if (limiter != null) {
        await(limiter.acquire());
      }
    } while (untilResumed() > 0);
  }

  private long untilResumed() {
    return resumes - loop.nanoTime();
  }

  /** Lets requests be at least so far apart. */
  void slowTo(Duration least) {
    if (least.compareTo(interval) > 0) {
      interval = least;
      limiter = new RateLimiter(1, least);
    }
  }

  /** Lets no request pass for so long, and fewer than before afterwards. */
  void pause(Duration duration) {
    var end = loop.nanoTime() + duration.toNanos();
    if (end - resumes > 0) {
      resumes = end;
    }
    if (loop.nanoTime() - slowsAgain >= 0) {
      slowsAgain = end + PAUSES_TOGETHER.toNanos();
      var slower = interval.isZero() ? AFTER_PAUSE : interval.multipliedBy(2);
      slowTo(slower.compareTo(SLOWEST_AFTER_PAUSE) < 0 ? slower : SLOWEST_AFTER_PAUSE);
    }
  }
}
