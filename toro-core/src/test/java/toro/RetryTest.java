package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.retry;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class RetryTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Retry EXACT =
      Retry.attempts(5).backoff(SECOND, SECOND.multipliedBy(3)).jitter(0);

  private final ManualClock clock = new ManualClock();
  private final List<Long> starts = new ArrayList<>();

  /** Fails so often, and says when it was called. */
  private Callable<String> failing(int times) {
    return () -> {
      starts.add(clock.elapsed().toMillis());
      if (starts.size() <= times) {
        throw new IOException("failure " + starts.size());
      }
      return "done";
    };
  }

  private void run(ThrowingRunnable body) {
    try (IOLoop loop = TestLoop.create(clock)) {
      loop.runSync(body);
    }
  }

  @Test
  void whatSucceedsIsDoneOnce() {
    run(() -> assertThat(retry(EXACT, failing(0))).isEqualTo("done"));
    assertThat(starts).hasSize(1);
  }

  @Test
  void thePausesDoubleUpToTheMaximum() {
    run(() -> assertThat(retry(EXACT, failing(4))).isEqualTo("done"));
    assertThat(starts).containsExactly(0L, 1000L, 3000L, 6000L, 9000L);
  }

  @Test
  void theLastFailureIsThrownWithTheOthersSuppressed() {
    run(
        () ->
            assertThatThrownBy(() -> retry(EXACT, failing(9)))
                .isInstanceOf(IOException.class)
                .hasMessage("failure 5")
                .satisfies(
                    e ->
                        assertThat(e.getSuppressed())
                            .extracting(Throwable::getMessage)
                            .containsExactly("failure 1", "failure 2", "failure 3", "failure 4")));
  }

  @Test
  void theJitterShortensEachPauseAndIsTheSameInEachRun() {
    Retry policy = Retry.attempts(50).backoff(SECOND, SECOND).jitter(0.5);
    run(() -> retry(policy, failing(49)));
    List<Long> first = List.copyOf(starts);
    for (int i = 1; i < 50; i++) {
      assertThat(first.get(i) - first.get(i - 1)).isBetween(500L, 1000L);
    }
    assertThat(first.getLast()).isBetween(30_000L, 45_000L);
    var again = new RetryTest();
    again.run(() -> retry(policy, again.failing(49)));
    assertThat(again.starts).isEqualTo(first);
  }

  @Test
  void onlyTheFailuresThatAreMeantAreRetried() {
    run(
        () -> {
          assertThatThrownBy(() -> retry(EXACT.on(FileNotFoundException.class), failing(3)))
              .hasMessage("failure 1");
          assertThat(retry(EXACT.on(IllegalStateException.class, IOException.class), failing(2)))
              .isEqualTo("done");
          starts.clear();
          assertThatThrownBy(
                  () -> retry(EXACT.when(e -> !e.getMessage().endsWith("3")), failing(9)))
              .hasMessage("failure 3");
        });
  }

  @Test
  void anErrorIsNotRetried() {
    run(
        () ->
            assertThatThrownBy(
                    () ->
                        retry(
                            EXACT,
                            () -> {
                              starts.add(0L);
                              throw new AssertionError("mine");
                            }))
                .isInstanceOf(AssertionError.class));
    assertThat(starts).hasSize(1);
  }

  @Test
  void aCancellationIsNeverRetried() {
    run(
        () -> {
          var inBody =
              spawn(
                  () ->
                      retry(
                          EXACT.when(e -> true),
                          () -> {
                            starts.add(0L);
                            sleep(SECOND);
                          }));
          var inPause = spawn(() -> retry(EXACT, failing(9)));
          pause();
          assertThat(starts).hasSize(2);
          inBody.cancel(false);
          inPause.cancel(false);
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(inBody));
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(inPause));
          assertThat(starts).hasSize(2);
        });
  }

  @Test
  void aPauseThatWouldOutlastTheDeadlineIsNotBegun() {
    run(
        () ->
            assertThatThrownBy(
                    () -> withTimeout(Duration.ofMillis(2500), () -> retry(EXACT, failing(9))))
                .isInstanceOf(IOException.class)
                .hasMessage("failure 2"));
    assertThat(clock.elapsed()).isEqualTo(SECOND);
  }

  @Test
  void theDeadlineOfTheGroupCountsForItsCoroutines() {
    run(
        () ->
            assertThatThrownBy(
                    () ->
                        TaskGroup.run(
                            Duration.ofMillis(2500),
                            group -> await(group.spawn(() -> retry(EXACT, failing(9))))))
                .hasMessage("failure 2"));
    assertThat(clock.elapsed()).isEqualTo(SECOND);
  }

  @Test
  void theTimeOfABlockAroundItIsNotRetriedButThatOfAnAttemptIs() {
    run(
        () -> {
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(
                  () ->
                      withTimeout(
                          SECOND,
                          () ->
                              retry(
                                  EXACT.backoff(Duration.ZERO),
                                  () -> {
                                    starts.add(0L);
                                    sleep(SECOND.multipliedBy(2));
                                  })));
          assertThat(starts).hasSize(1);
          assertThat(
                  retry(
                      EXACT,
                      () ->
                          withTimeout(
                              SECOND,
                              () -> {
                                starts.add(0L);
                                if (starts.size() < 4) {
                                  sleep(SECOND.multipliedBy(2));
                                }
                                return "in time";
                              })))
              .isEqualTo("in time");
        });
  }

  @Test
  void theFailureOfAGroupAroundItIsNotRetried() {
    var failure = new IOException("of another");
    run(
        () ->
            assertThatThrownBy(
                    () -> {
                      try (var group = new TaskGroup()) {
                        group.spawn(
                            () -> {
                              throw failure;
                            });
                        retry(
                            EXACT,
                            () -> {
                              starts.add(0L);
                              sleep(SECOND);
                            });
                      }
                    })
                .isSameAs(failure));
    assertThat(starts).hasSize(1);
  }

  @Test
  void oneAttemptIsNoRetry() {
    run(
        () ->
            assertThatThrownBy(() -> retry(Retry.attempts(1), failing(9)))
                .hasMessage("failure 1")
                .hasNoSuppressedExceptions());
  }

  @Test
  void aPolicyThatMakesNoSenseIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Retry.attempts(0))
        .withMessage("attempts must be >= 1, not 0");
    assertThatIllegalArgumentException().isThrownBy(() -> EXACT.backoff(SECOND.negated()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EXACT.backoff(SECOND, Duration.ofMillis(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> EXACT.jitter(1.1));
    assertThatIllegalArgumentException().isThrownBy(() -> EXACT.jitter(Double.NaN));
    assertThat(Retry.attempts(3)).hasToString("Retry[attempts=3 backoff=PT0.1S..PT10S jitter=0.5]");
  }
}
