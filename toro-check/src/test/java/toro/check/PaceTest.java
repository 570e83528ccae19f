package toro.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import toro.TaskGroup;
import toro.testing.TestLoop;

/** How fast a host is asked, in virtual time. */
class PaceTest {

  /** Returns after how many milliseconds each of {@code n} requests may be sent. */
  private static List<Long> turns(TestLoop loop, Pace pace, int n) {
    var times = new ArrayList<Long>();
    try (var requests = new TaskGroup()) {
      for (int i = 0; i < n; i++) {
        requests.spawn(
            () -> {
              pace.awaitTurn();
              times.add(loop.elapsed().toMillis());
            });
      }
    }
    return times;
  }

  @Test
  void withoutALimitNobodyWaits() {
    try (var loop = new TestLoop()) {
      assertThat(loop.run(() -> turns(loop, new Pace(), 3))).containsExactly(0L, 0L, 0L);
    }
  }

  @Test
  void theSlowestOfSeveralWishesCounts() {
    try (var loop = new TestLoop()) {
      var times =
          loop.run(
              () -> {
                var pace = new Pace();
                pace.slowTo(Duration.ofMillis(100));
                pace.slowTo(Duration.ofMillis(50));
                return turns(loop, pace, 3);
              });

      assertThat(times).containsExactly(0L, 100L, 200L);
    }
  }

  @Test
  void duringAPauseAllWaitAndAfterwardsTheyComeOneByOne() {
    try (var loop = new TestLoop()) {
      var times =
          loop.run(
              () -> {
                var pace = new Pace();
                pace.pause(Duration.ofSeconds(2));
                pace.pause(Duration.ofSeconds(1)); // which is shorter
                return turns(loop, pace, 3);
              });

      assertThat(times).containsExactly(2000L, 2050L, 2100L);
    }
  }
}
