package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.sleep;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimersTest {

  private record Planned(long time, int number) {}

  /** Timers set and cancelled at random run as a sorted list of them would. */
  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 500_000, Long.MIN_VALUE, -500_000})
  void tenThousandRandomTimersRunAsASortedListWould(long origin) {
    ManualClock clock = new ManualClock(origin);
    Random random = new Random(4711 + origin);
    List<Planned> expected = new ArrayList<>();
    List<Planned> ran = new ArrayList<>();
    try (IOLoop loop = TestLoop.create(clock)) {
      loop.runSync(
          () -> {
            List<Timeout> pending = new ArrayList<>();
            List<Planned> plans = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
              Planned plan = new Planned(random.nextInt(1, 1_000_000), i);
              plans.add(plan);
              pending.add(loop.callLater(Duration.ofNanos(plan.time), () -> ran.add(plan)));
              if (random.nextInt(3) == 0) {
                int victim = random.nextInt(pending.size());
                pending.remove(victim).cancel();
                plans.remove(victim);
              }
              assertThat(loop.timers.size()).isEqualTo(pending.size());
            }
            expected.addAll(plans);
            sleep(Duration.ofNanos(1_000_001));
            assertThat(loop.timers.size()).isZero();
          });
    }
    expected.sort(Comparator.comparingLong(Planned::time).thenComparingInt(Planned::number));
    assertThat(ran).isEqualTo(expected);
  }

  @Test
  void timersOnBothSidesOfTheWrapOfTheClockKeepTheirOrder() {
    List<String> log = new ArrayList<>();
    ManualClock clock = new ManualClock(Long.MAX_VALUE - Duration.ofSeconds(5).toNanos());
    try (IOLoop loop = TestLoop.create(clock)) {
      loop.runSync(
          () -> {
            loop.callLater(Duration.ofSeconds(9), () -> log.add("after"));
            loop.callLater(Duration.ofSeconds(1), () -> log.add("before"));
            Deadline deadline = Deadline.after(Duration.ofSeconds(10));
            assertThat(deadline.hasPassed()).isFalse();
            sleep(Duration.ofSeconds(7));
            assertThat(loop.nanoTime()).isNegative();
            assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(3));
            sleep(Duration.ofSeconds(4));
            assertThat(deadline.hasPassed()).isTrue();
          });
    }
    assertThat(log).containsExactly("before", "after");
  }

  @Test
  void aTimerMadeByATimerForNowRunsInThisTurnOfTheClock() {
    ManualClock clock = new ManualClock();
    List<Duration> log = new ArrayList<>();
    try (IOLoop loop = TestLoop.create(clock)) {
      loop.runSync(
          () -> {
            loop.callLater(
                Duration.ofSeconds(1),
                () -> loop.callLater(Duration.ZERO, () -> log.add(clock.elapsed())));
            sleep(Duration.ofSeconds(2));
          });
    }
    assertThat(log).containsExactly(Duration.ofSeconds(1));
  }
}
