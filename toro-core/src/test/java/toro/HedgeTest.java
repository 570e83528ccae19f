package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.hedge;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class HedgeTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<Object> log = new ArrayList<>();
  private int attempts;

  /** An attempt that takes so many seconds: the first, the second. */
  private Callable<Integer> taking(int... seconds) {
    return () -> {
      int attempt = ++attempts;
      try {
        sleep(SECOND.multipliedBy(seconds[attempt - 1]));
        return attempt;
      } catch (CancellationException e) {
        sleep(SECOND);
        log.add("cleaned up " + attempt);
        throw e;
      }
    };
  }

  private static void assertNothingIsLeft() {
    assertThat(IOLoop.current().timers.size()).isZero();
    assertThat(IOLoop.current().fibers.size()).isOne();
  }

  @Test
  void aFirstResultInTimeIsTheOnlyOne() {
    TestLoop.run(
        () -> {
          assertThat(hedge(SECOND.multipliedBy(2), taking(1))).isOne();
          assertNothingIsLeft();
          assertThat(attempts).isOne();
        });
  }

  @Test
  void theSecondOvertakesTheFirstWhichIsCancelledAndWaitedFor() {
    TestLoop.run(
        () -> {
          assertThat(hedge(SECOND, taking(100, 1))).isEqualTo(2);
          assertThat(log).containsExactly("cleaned up 1");
          assertNothingIsLeft();
        });
  }

  @Test
  void theFirstMayStillWin() {
    TestLoop.run(
        () -> {
          assertThat(hedge(SECOND, taking(2, 100))).isOne();
          assertThat(log).containsExactly("cleaned up 2");
        });
  }

  @Test
  void aFailureBeforeTheSecondHasBegunIsThrownAtOnce() {
    var failure = new IOException();
    TestLoop.run(
        () -> {
          assertThatThrownBy(
                  () ->
                      hedge(
                          SECOND,
                          () -> {
                            attempts++;
                            throw failure;
                          }))
              .isSameAs(failure);
          assertThat(attempts).isOne();
          assertNothingIsLeft();
        });
  }

  @Test
  void whenBothRunOneThatFailsIsOut() {
    TestLoop.run(
        () ->
            assertThat(
                    hedge(
                        SECOND,
                        () -> {
                          int attempt = ++attempts;
                          sleep(SECOND.multipliedBy(2));
                          if (attempt == 1) {
                            throw new IOException();
                          }
                          return attempt;
                        }))
                .isEqualTo(2));
  }

  @Test
  void noDelayBeginsBoth() {
    TestLoop.run(() -> assertThat(hedge(Duration.ZERO, taking(2, 1))).isEqualTo(2));
  }

  @Test
  void itsCancellationCancelsBoth() {
    TestLoop.run(
        () -> {
          var owner = spawn(() -> hedge(SECOND, taking(100, 100)));
          sleep(SECOND.multipliedBy(2));
          owner.cancel(false);
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(owner));
          assertThat(log).containsExactly("cleaned up 1", "cleaned up 2");
          assertNothingIsLeft();
        });
  }

  @Test
  void aCancellationBeforeTheSecondHasBegunKeepsItFromBeginning() {
    TestLoop.run(
        () -> {
          var owner = spawn(() -> hedge(Duration.ofMillis(500), taking(100, 100)));
          pause();
          pause();
          owner.cancel(false); // the first one cleans up for a second
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(owner));
          assertThat(attempts).isOne();
          assertNothingIsLeft();
        });
  }

  @Test
  void aLeaseThatComesTooLateIsClosed() {
    TestLoop.run(
        () -> {
          var semaphore = new BoundedSemaphore(2);
          try (Lease lease =
              hedge(
                  SECOND,
                  () -> {
                    boolean first = ++attempts == 1;
                    var acquired = await(semaphore.acquire());
                    if (first) {
                      try {
                        sleep(SECOND.multipliedBy(100));
                      } catch (CancellationException e) {
                        return acquired;
                      }
                    }
                    return acquired;
                  })) {
            assertThat(semaphore.availablePermits()).isOne();
          }
        });
  }

  @Test
  void outsideACoroutineItIsRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> hedge(SECOND, taking(1)))
        .withMessageContaining("hedge() was called where there is no coroutine");
  }
}
