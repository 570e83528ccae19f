package toro;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random programs on a {@link RateLimiter} and on its model. */
class RateLimiterModelTest {

  private record Real(RateLimiter limiter, int burst) implements RealWorld.Primitive {
    @Override
    public CompletableFuture<?> begin(String method, int item, RealWorld.Call call) {
      if (method.equals("acquire")) {
        return call.with(limiter::acquire, limiter::acquire, limiter::acquire);
      }
      int count = count(item, burst);
      try {
        return call.with(
            () -> limiter.acquire(count),
            timeout -> limiter.acquire(count, timeout),
            deadline -> limiter.acquire(count, deadline));
      } catch (IllegalArgumentException refused) {
        return CompletableFuture.failedFuture(refused);
      }
    }

    @Override
    public Object act(String action, int value) {
      return "nothing else can be done";
    }

    @Override
    public String state() {
      return limiter.toString();
    }
  }

  /** From one to one more than there can be. */
  private static int count(int item, int burst) {
    return 1 + item % (burst + 1);
  }

  /**
   * A bucket that is filled drop by drop. A permit is as many drops as a period has nanoseconds,
   * and in a nanosecond come as many as there are permits in a period; so from one drop to the next
   * it is one tick, of which a nanosecond has as many, and all is in whole numbers.
   */
  private static final class Model extends ModelWorld.Model {
    private final List<ModelWorld.Place> acquirers = new ArrayList<>();
    private final int permits;
    private final int period;
    private final int burst;
    private long drops;
    private long at; // in ticks
    private ModelWorld.Place timed;
    private ModelWorld.Timer timer;

    Model(int permits, int period, int burst) {
      this.permits = permits;
      this.period = period;
      this.burst = burst;
      this.drops = (long) burst * period;
    }

    @Override
    Object begin(String method, int item, ModelWorld.Place wait) {
      wait.count = method.equals("acquire") ? 1 : RateLimiterModelTest.count(item, burst);
      if (wait.count > burst) {
        return "IllegalArgumentException";
      }
      grantDue();
      if (first(acquirers) != null || !isDue(wait)) {
        return acquirers;
      }
      pourUntil(world.now() * permits);
      take(wait);
      return "null";
    }

    /** When there is enough for one who is first. */
    private long due(ModelWorld.Place wait) {
      return at + Math.max(0, (long) wait.count * period - drops);
    }

    private boolean isDue(ModelWorld.Place wait) {
      return due(wait) <= world.now() * permits;
    }

    private void pourUntil(long tick) {
      drops = Math.min((long) burst * period, drops + tick - at);
      at = tick;
    }

    private void take(ModelWorld.Place wait) {
      drops -= (long) wait.count * period;
    }

    private void grantDue() {
      for (ModelWorld.Place next; (next = first(acquirers)) != null && isDue(next); ) {
        pourUntil(due(next)); // he had it then
        take(next);
        pourUntil(world.now() * permits);
        world.grant(next, "null");
      }
      setTimer();
    }

    @Override
    void waits() {
      setTimer();
    }

    @Override
    void departed() {
      grantDue();
    }

    @Override
    void expires() {
      grantDue();
    }

    private void setTimer() {
      ModelWorld.Place next = first(acquirers);
      if (next != timed || timer == null) {
        if (timer != null) {
          world.removeTimer(timer);
        }
        timed = next;
        timer = next == null ? null : world.setTimer(Math.ceilDiv(due(next), permits), this::fire);
      }
    }

    private void fire() {
      if (timer != null && timer.when() <= world.now()) { // else it was removed when it was due
        timer = null;
        grantDue();
      }
    }

    @Override
    Object act(String action, int value) {
      return "nothing else can be done";
    }

    @Override
    String state() {
      long there = Math.min((long) burst * period, drops + world.now() * permits - at);
      return "RateLimiter[available=" + there / period + count("waiters", acquirers) + "]";
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 10, 1", "1, 10, 3", "3, 10, 1", "3, 10, 4", "7, 100, 5", "5, 2, 1", "5, 2, 30"})
  void theRateLimiterDoesWhatItsModelDoes(int permits, int period, int burst) {
    ModelCheck.of(
            "RateLimiter of " + permits + " in " + period + " ns, burst " + burst,
            loop ->
                new Real(new RateLimiter(loop, permits, Duration.ofNanos(period), burst), burst),
            () -> new Model(permits, period, burst))
        .waits("acquire", "acquireSome")
        .calls("nothing");
  }
}
