package toro.examples.check;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.*;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import toro.Coroutine;
import toro.testing.TestLoop;
import toro.testing.ToroTest;

class RateLimitTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<Duration> turns = new ArrayList<>();

  private Coroutine<?> request(RateLimit limit, String host, TestLoop test) {
    return spawn(
        () -> {
          limit.awaitTurn(host, SECOND);
          turns.add(test.elapsed());
        });
  }

  @ToroTest(schedules = 10)
  void eachHostHasALineOfItsOwn(TestLoop test) {
    var limit = new RateLimit();
    awaitAll(
        request(limit, "a", test),
        request(limit, "b", test),
        request(limit, "a", test),
        request(limit, "b", test));
    assertThat(turns).containsExactly(Duration.ZERO, Duration.ZERO, SECOND, SECOND);
  }

  @ToroTest(schedules = 10, interruptions = true)
  void whoGivesUpHoldsNobodyUp(TestLoop test) {
    var limit = new RateLimit();
    var first = request(limit, "a", test);
    var second = test.target(request(limit, "a", test));
    var third = request(limit, "a", test);
    var end = second.handle((nothing, failure) -> failure);
    awaitAll(first, third, end);
    for (int i = 0; i < turns.size(); i++) {
      assertThat(turns.get(i)).isEqualTo(SECOND.multipliedBy(i));
    }
    assertThat(turns).hasSize(second.isCancelled() ? 2 : 3);
  }
}
