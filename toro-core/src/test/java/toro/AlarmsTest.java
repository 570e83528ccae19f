package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AlarmsTest {
  /** As many as there may be, whatever happens. */
  private static final int MOST = Alarms.EXACT + 63;

  private final ManualClock clock = new ManualClock(Long.MAX_VALUE - 1_000); // it wraps around, too
  private final Keeping executor = new Keeping();
  private final Alarms alarms = new Alarms(clock, executor, this::ring);

  @AfterEach
  void shutDown() {
    executor.shutdownNow();
  }

  /** Takes what is scheduled, and runs it only when the clock of the test says so. */
  private final class Keeping extends ScheduledThreadPoolExecutor {
    private final List<Kept> kept = new ArrayList<>();
    private int scheduled;

    Keeping() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      scheduled++;
      kept.add(new Kept(clock.nanoTime() + unit.toNanos(delay), task));
      return super.schedule(() -> {}, 1, TimeUnit.DAYS);
    }
  }

  private record Kept(long at, Runnable task) {}

  private void ring(Alarms.Alarm alarm) {
    alarms.hasRung(alarm);
  }

  private void ringWithin(long nanos) {
    alarms.ringBy(clock.nanoTime() + nanos);
  }

  /** Passes the time, and runs the tasks that are due. */
  private void pass(long nanos) {
    clock.advance(Duration.ofNanos(nanos));
    for (Kept task : List.copyOf(executor.kept)) {
      if (task.at - clock.nanoTime() <= 0) {
        executor.kept.remove(task);
        task.task.run();
      }
    }
  }

  private long untilNext() {
    return executor.kept.stream()
        .mapToLong(task -> task.at - clock.nanoTime())
        .min()
        .orElse(Long.MAX_VALUE);
  }

  @Test
  void anAlarmIsSetForTheVeryTime() {
    ringWithin(1_000);
    assertThat(untilNext()).isEqualTo(1_000);
  }

  @Test
  void aLaterTimerNeedsNoOther() {
    ringWithin(1_000);
    ringWithin(1_000);
    ringWithin(2_000);
    assertThat(executor.scheduled).isOne();
  }

  @Test
  void anEarlierTimerHasOneOfItsOwnAndTheLaterOneIsKept() {
    ringWithin(1_000);
    ringWithin(10);
    assertThat(untilNext()).isEqualTo(10);
    pass(10);
    ringWithin(990);
    assertThat(executor.scheduled).isEqualTo(2);
    assertThat(untilNext()).isEqualTo(990);
  }

  @Test
  void manyShortTimersUnderALongOneLeaveOne() {
    ringWithin(Duration.ofDays(30).toNanos());
    for (int i = 0; i < 100_000; i++) {
      ringWithin(50_000);
      pass(50_000);
    }
    assertThat(alarms).hasToString("Alarms[1]");
    assertThat(executor.kept).hasSize(1);
  }

  @Test
  void timersOfWhichEachIsALittleEarlierLeaveSome() {
    long day = Duration.ofDays(1).toNanos();
    for (int i = 0; i < 100_000; i++) {
      ringWithin(day - i);
    }
    assertThat(executor.scheduled).isLessThanOrEqualTo(MOST);
    assertThat(untilNext()).isLessThan(day - 100_000);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whateverTimersComeAndGoAnAlarmRingsInTimeAndTheyAreFew(long seed) {
    var random = new SplittableRandom(seed);
    var timers = new TreeSet<Long>(); // times from the beginning
    long now = 0;
    for (int i = 0; i < 20_000; i++) {
      switch (random.nextInt(4)) {
        case 0, 1 -> timers.add(now + (1L << random.nextInt(45)) + random.nextInt(1_000));
        case 2 -> timers.pollFirst();
        default -> {
          long step = Math.min(untilNext(), 1L << random.nextInt(40));
          pass(step);
          now += step;
        }
      }
      long due = now;
      timers.removeIf(time -> time <= due);
      if (!timers.isEmpty()) {
        ringWithin(timers.first() - now);
        assertThat(untilNext()).isLessThanOrEqualTo(timers.first() - now);
      }
      assertThat(executor.kept).hasSizeLessThanOrEqualTo(MOST);
    }
  }

  @Test
  void clearedItLeavesNothingInTheExecutor() {
    for (int i = 0; i < 20; i++) {
      ringWithin(1_000_000 - i);
    }
    assertThat(executor.getQueue()).isNotEmpty();
    alarms.clear();
    assertThat(executor.getQueue()).isEmpty();
    assertThat(alarms).hasToString("Alarms[0]");
  }

  @Test
  void anExecutorThatRefusesIsSeenAndNothingIsKept() {
    var shutDown = new ScheduledThreadPoolExecutor(1);
    shutDown.shutdown();
    var refused = new Alarms(clock, shutDown, this::ring);
    assertThatThrownBy(() -> refused.ringBy(clock.nanoTime() + 1_000))
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(refused).hasToString("Alarms[0]");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLoopLeavesFewTasksInItsExecutorAndNoneWhenItIsClosed(boolean removes) {
    var pool = new ScheduledThreadPoolExecutor(1);
    pool.setRemoveOnCancelPolicy(removes);
    try {
      IOLoop loop = IOLoop.on(pool);
      loop.spawn(() -> sleep(Duration.ofDays(30)));
      for (int i = 0; i < 2_000; i++) {
        loop.submit(() -> sleep(Duration.ofNanos(50_000))).join();
      }
      loop.runSync(
          () -> {
            for (int i = 0; i < 2_000; i++) {
              var early = spawn(() -> sleep(Duration.ofDays(1)));
              Coroutines.pause();
              early.cancel(false);
            }
          });
      assertThat(pool.getQueue()).hasSizeLessThanOrEqualTo(4);
      loop.close();
      assertThat(pool.getQueue()).isEmpty();
    } finally {
      pool.shutdownNow();
    }
  }
}
