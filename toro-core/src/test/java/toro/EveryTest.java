package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.every;
import static toro.Coroutines.sleep;
import static toro.Coroutines.withTimeout;
import static toro.TestLoop.callback;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class EveryTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualClock clock = new ManualClock();
  private final List<Long> ticks = new ArrayList<>();

  private void run(ThrowingRunnable body) {
    try (IOLoop loop = TestLoop.create(clock)) {
      loop.runSync(body);
    }
  }

  private void tick() {
    ticks.add(clock.elapsed().toMillis());
  }

  @Test
  void itRunsOnceAPeriodFirstAfterOnePeriod() {
    run(
        () -> {
          var ticker = every(SECOND, this::tick);
          sleep(Duration.ofMillis(3500));
          ticker.cancel(false);
          sleep(SECOND.multipliedBy(3));
          assertThat(ticker).isCancelled();
        });
    assertThat(ticks).containsExactly(1000L, 2000L, 3000L);
  }

  @Test
  void whatTheBodyAwaitsDoesNotShiftTheTicks() {
    run(
        () -> {
          var ticker =
              every(
                  SECOND,
                  () -> {
                    tick();
                    sleep(Duration.ofMillis(700));
                  });
          sleep(Duration.ofMillis(3500));
          ticker.cancel(false);
        });
    assertThat(ticks).containsExactly(1000L, 2000L, 3000L);
  }

  @Test
  void missedTicksAreSkippedAndRunsNeverOverlap() {
    run(
        () -> {
          var ticker =
              every(
                  SECOND,
                  () -> {
                    tick();
                    sleep(Duration.ofMillis(ticks.size() == 1 ? 2500 : 1000));
                  });
          sleep(Duration.ofMillis(6500));
          ticker.cancel(false);
        });
    // The first one ends at 3500; the one of 4000 ends at the very tick of 5000.
    assertThat(ticks).containsExactly(1000L, 4000L, 5000L, 6000L);
  }

  @Test
  void missedTicksAreCaughtUpIfThatIsWanted() {
    run(
        () -> {
          var ticker =
              every(
                  SECOND,
                  MissedTicks.CATCH_UP,
                  () -> {
                    tick();
                    if (ticks.size() == 1) {
                      sleep(Duration.ofMillis(2500));
                    }
                  });
          sleep(Duration.ofMillis(5500));
          ticker.cancel(false);
        });
    assertThat(ticks).containsExactly(1000L, 3500L, 3500L, 4000L, 5000L);
  }

  @Test
  void aTickThatIsLateBecauseTheLoopWasHeldUpComesOnce() {
    run(
        () -> {
          var ticker = every(SECOND, this::tick);
          sleep(Duration.ofMillis(500));
          clock.advance(Duration.ofSeconds(5)); // somebody blocks the loop until 5500
          sleep(Duration.ofMillis(1000));
          ticker.cancel(false);
        });
    assertThat(ticks).containsExactly(5500L, 6000L);
  }

  @Test
  void whatTheBodyThrowsEndsIt() {
    var failure = new IOException();
    run(
        () -> {
          var ticker =
              every(
                  SECOND,
                  () -> {
                    tick();
                    throw failure;
                  });
          assertThatThrownBy(() -> await(ticker)).isSameAs(failure);
        });
    assertThat(ticks).hasSize(1);
  }

  @Test
  void aFailureThatNobodyAwaitsIsReported() {
    List<Throwable> reported = new ArrayList<>();
    try (IOLoop loop = TestLoop.create(reported)) {
      loop.runSync(
          () -> {
            every(
                SECOND,
                () -> {
                  throw new IOException("mine");
                });
            sleep(SECOND.multipliedBy(2));
          });
    }
    assertThat(reported).singleElement().satisfies(e -> assertThat(e).hasMessage("mine"));
  }

  @Test
  void itEndsWithTheCoroutineThatAwaitsIt() {
    run(
        () -> {
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(
                  () ->
                      withTimeout(Duration.ofMillis(2500), () -> await(every(SECOND, this::tick))));
          sleep(SECOND.multipliedBy(5));
          assertThat(IOLoop.current().timers.size()).isZero();
        });
    assertThat(ticks).containsExactly(1000L, 2000L);
  }

  @Test
  void itCanBeStartedInACallback() {
    run(
        () -> {
          var started = new ArrayList<Coroutine<?>>();
          callback(() -> started.add(every(SECOND, this::tick)));
          sleep(Duration.ofMillis(1500));
          started.getFirst().cancel(false);
          assertThatExceptionOfType(CancellationException.class)
              .isThrownBy(() -> await(started.getFirst()));
        });
    assertThat(ticks).hasSize(1);
  }

  @Test
  void aPeriodThatIsNoneIsRefused() {
    run(
        () -> {
          assertThatIllegalArgumentException()
              .isThrownBy(() -> every(Duration.ZERO, this::tick))
              .withMessage("the period must be positive, not PT0S");
          assertThatIllegalArgumentException()
              .isThrownBy(() -> every(SECOND.negated(), this::tick));
        });
    assertThatIllegalStateException()
        .isThrownBy(() -> every(SECOND, this::tick))
        .withMessageContaining("no IOLoop is current");
  }
}
