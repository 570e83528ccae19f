package toro;

import static java.util.Comparator.comparingLong;
import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.sleep;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimersTest {

  private record Planned(long time, int number) {}

  private static final long LONGEST = 1_000_000;

  /** Timers set and cancelled at random run as a sorted list of them would. */
  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 500_000, Long.MIN_VALUE, -500_000})
  void tenThousandRandomTimersRunAsASortedListWould(long origin) {
    Random random = new Random(4711 + origin);
    runAsASortedListWould(origin, random, () -> random.nextLong(1, LONGEST), 0);
  }

  /** Likewise where time goes by, and a few durations are used again and again. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 5, 30})
  void timersOfAFewDurationsRunAsASortedListWould(int durations) {
    Random random = new Random(durations);
    long[] nanos = random.longs(durations, 1, LONGEST).toArray();
    runAsASortedListWould(0, random, () -> nanos[random.nextInt(durations)], 100);
  }

  private static void runAsASortedListWould(
      long origin, Random random, LongSupplier durations, int step) {
    ManualClock clock = new ManualClock(origin);
    Set<Planned> plans = new TreeSet<>(comparingLong(Planned::time).thenComparing(Planned::number));
    List<Planned> ran = new ArrayList<>();
    try (IOLoop loop = TestLoop.create(clock)) {
      loop.runSync(
          () -> {
            Map<Planned, Timeout> pending = new HashMap<>();
            for (int i = 0; i < 10_000; i++) {
              long nanos = durations.getAsLong();
              Planned plan = new Planned(clock.elapsed().toNanos() + nanos, i);
              plans.add(plan);
              pending.put(plan, loop.callLater(Duration.ofNanos(nanos), () -> ran.add(plan)));
              if (random.nextInt(3) == 0) {
                Planned victim = List.copyOf(plans).get(random.nextInt(plans.size()));
                assertThat(pending.remove(victim).cancel()).isTrue();
                plans.remove(victim);
              }
              assertThat(loop.timers.size()).isEqualTo(plans.size());
              if (step > 0) {
                clock.advance(Duration.ofNanos(random.nextInt(step)));
                expectThoseThatAreDue(clock, plans, ran);
              }
            }
            clock.advance(Duration.ofNanos(LONGEST));
            expectThoseThatAreDue(clock, plans, ran);
            assertThat(loop.timers.size()).isZero();
          });
    }
  }

  private static void expectThoseThatAreDue(
      ManualClock clock, Set<Planned> plans, List<Planned> ran) {
    sleep(Duration.ofNanos(1)); // until the loop has looked at its clock
    long now = clock.elapsed().toNanos();
    List<Planned> due = plans.stream().takeWhile(plan -> plan.time <= now).toList();
    assertThat(ran).isEqualTo(due);
    plans.removeAll(due);
    ran.clear();
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
