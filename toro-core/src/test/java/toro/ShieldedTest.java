package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.shielded;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class ShieldedTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<Object> log = new ArrayList<>();

  private String commit() {
    sleep(SECOND);
    log.add("half");
    sleep(SECOND);
    log.add("done");
    return "result";
  }

  @Test
  void whatIsNotInterruptedReturnsItsResult() {
    TestLoop.run(() -> assertThat(shielded(this::commit)).isEqualTo("result"));
  }

  @Test
  void aCancellationIsThrownWhenTheBlockHasEnded() {
    TestLoop.run(
        () -> {
          var worker =
              spawn(
                  () -> {
                    shielded(this::commit);
                    log.add("not reached");
                  });
          pause();
          worker.cancel(false);
          worker.cancel(false);
          pause();
          assertThat(worker).isNotDone();
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(worker));
          assertThat(log).containsExactly("half", "done");
        });
  }

  @Test
  void aCancellationIsThrownOnce() {
    TestLoop.run(
        () -> {
          var worker =
              spawn(
                  () -> {
                    try {
                      shielded(this::commit);
                    } catch (CancellationException e) {
                      sleep(SECOND); // cleans up
                      return "cleaned up";
                    }
                    return "no";
                  });
          pause();
          worker.cancel(false);
          assertThat(await(worker)).isEqualTo("cleaned up");
        });
  }

  @Test
  void theTimeOfABlockAroundItIsThrownAfterItAndThatOfABlockInsideAtOnce() {
    TestLoop.run(
        () -> {
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(() -> withTimeout(Duration.ofMillis(500), () -> shielded(this::commit)));
          assertThat(log).containsExactly("half", "done");
          log.clear();
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(() -> shielded(() -> withTimeout(Duration.ofMillis(1500), this::commit)));
          assertThat(log).containsExactly("half");
        });
  }

  @Test
  void theFailureOfAGroupAroundItIsThrownAfterIt() {
    var failure = new IOException();
    TestLoop.run(
        () -> {
          assertThatThrownBy(
                  () -> {
                    try (var group = new TaskGroup()) {
                      group.spawn(
                          () -> {
                            throw failure;
                          });
                      shielded(this::commit);
                      log.add("not reached");
                    }
                  })
              .isSameAs(failure);
          assertThat(log).containsExactly("half", "done");
        });
  }

  @Test
  void aGroupInsideItLivesOnAndAGroupAroundItEndsAtOnce() {
    TestLoop.run(
        () -> {
          var worker =
              spawn(
                  () -> {
                    try (var outer = new TaskGroup()) {
                      outer.spawn(
                          () -> {
                            try {
                              sleep(SECOND.multipliedBy(100));
                            } finally {
                              log.add("outer ends");
                            }
                          });
                      shielded(
                          () -> {
                            try (var inner = new TaskGroup()) {
                              inner.spawn(this::commit);
                            }
                          });
                    }
                  });
          sleep(Duration.ofMillis(1));
          worker.cancel(false);
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(worker));
          assertThat(log).containsExactly("outer ends", "half", "done");
        });
  }

  @Test
  void whatTheBlockThrowsIsThrownAndTheCancellationByTheNextWait() {
    TestLoop.run(
        () -> {
          var worker =
              spawn(
                  () -> {
                    try {
                      shielded(
                          () -> {
                            sleep(SECOND);
                            throw new IOException("rollback");
                          });
                    } catch (Exception e) {
                      log.add(e.getMessage());
                    }
                    pause();
                    log.add("not reached");
                  });
          pause();
          worker.cancel(false);
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(worker));
          assertThat(log).containsExactly("rollback");
        });
  }

  @Test
  void shieldsNestAndTheOutermostCounts() {
    TestLoop.run(
        () -> {
          var worker =
              spawn(
                  () ->
                      shielded(
                          () -> {
                            shielded(this::commit);
                            log.add("after the inner one");
                            sleep(SECOND);
                            log.add("still shielded");
                          }));
          pause();
          worker.cancel(false);
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(worker));
          assertThat(log).containsExactly("half", "done", "after the inner one", "still shielded");
        });
  }

  @Test
  void whoIsCancelledCleansUpInAShieldThoughCancelledAgain() {
    TestLoop.run(
        () -> {
          var worker =
              spawn(
                  () -> {
                    try {
                      sleep(SECOND.multipliedBy(100));
                    } finally {
                      shielded(this::commit);
                    }
                  });
          pause();
          worker.cancel(false);
          sleep(Duration.ofMillis(500));
          worker.cancel(false);
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(worker));
          assertThat(log).containsExactly("half", "done");
        });
  }

  @Test
  void aLeaseThatNobodyGetsIsClosed() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          var worker =
              spawn(
                  () ->
                      shielded(
                          () -> {
                            var lease = await(lock.acquire());
                            sleep(SECOND);
                            return lease;
                          }));
          pause();
          worker.cancel(false);
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(worker));
          assertThat(lock).hasToString("Lock[unlocked]");
        });
  }

  @Test
  void insideItThereIsNoDeadlineFromOutside() {
    TestLoop.run(
        () ->
            withTimeout(
                SECOND,
                () -> {
                  assertThat(shielded(Deadline::current)).isSameAs(Deadline.never());
                  assertThat(shielded(() -> withTimeout(SECOND, Deadline::current)).remaining())
                      .isEqualTo(SECOND);
                }));
  }

  @Test
  void onlyTheEndOfTheLoopEndsABlockThatWaitsForEver() {
    IOLoop loop = TestLoop.create();
    var worker =
        loop.spawn(
            () -> {
              try {
                shielded(() -> await(new Event().whenSet()));
              } catch (LoopClosedException e) {
                log.add("closed");
                throw e;
              }
            });
    loop.runSync(() -> pause());
    loop.close();
    assertThat(log).containsExactly("closed");
    assertThat(worker).isCompletedExceptionally();
  }

  @Test
  void outsideACoroutineItIsRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> shielded(this::commit))
        .withMessageContaining("shielded() was called where there is no coroutine");
  }
}
