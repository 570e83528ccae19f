package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static toro.Coroutines.asCompleted;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What users of other libraries have reported, where no other test shows what happens here. */
class ReportedElsewhereTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final List<Object> log = new ArrayList<>();

  @Test
  void aReaderThatReadsAgainBehindAWriterWaitsForItsDeadlineAndThenTheWriterEnters() {
    TestLoop.run(
        () -> {
          var lock = new RWLock(2);
          Coroutine<Void> reader =
              spawn(
                  () -> {
                    try (var outer = await(lock.acquireRead())) {
                      pause(); // the writer joins the queue
                      assertThatThrownBy(() -> await(lock.acquireRead(SECOND)))
                          .isInstanceOf(DeadlineExceededException.class);
                    }
                  });
          Coroutine<Void> writer = spawn(() -> await(lock.acquireWrite()).close());
          awaitAll(reader, writer);
          assertThat(lock.isLocked()).isFalse();
        });
  }

  @Test
  void aTimeoutInsideALockReleasesIt() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          assertThatThrownBy(
                  () ->
                      withTimeout(
                          SECOND,
                          () -> {
                            try (var lease = await(lock.acquire())) {
                              sleep(DAY);
                            }
                          }))
              .isInstanceOf(DeadlineExceededException.class);
          await(lock.acquire(Duration.ZERO)).close();
        });
  }

  @Test
  void aTimeoutAndACancellationAtTheSameMomentLoseNeither() {
    for (boolean cancelledFirst : List.of(true, false)) {
      TestLoop.run(
          () -> {
            IOLoop loop = IOLoop.current();
            List<Coroutine<?>> target = new ArrayList<>();
            Runnable cancel = () -> target.getFirst().cancel(false);
            if (cancelledFirst) {
              loop.callLater(SECOND, cancel);
            }
            Coroutine<Void> coroutine =
                spawn(
                    () -> {
                      try {
                        withTimeout(SECOND, () -> sleep(DAY));
                      } catch (DeadlineExceededException e) {
                        log.add("time is up");
                      }
                      sleep(DAY);
                      log.add("never");
                    });
            target.add(coroutine);
            pause(); // its timer is set
            if (!cancelledFirst) {
              loop.callLater(SECOND, cancel);
            }
            assertThatThrownBy(() -> await(coroutine)).isInstanceOf(CancellationException.class);
          });
    }
    assertThat(log).containsExactly("time is up"); // the second time
  }

  @Test
  void aBlockThatIsCancelledBeforeItsTimeIsUpHasNotTimedOut() {
    TestLoop.run(
        () -> {
          Coroutine<Void> coroutine = spawn(() -> withTimeout(DAY, () -> sleep(DAY.plus(DAY))));
          sleep(SECOND);
          coroutine.cancel(false);
          assertThatThrownBy(() -> await(coroutine)).isInstanceOf(CancellationException.class);
        });
  }

  @Test
  void aDeadlineThatPassesWhileAGroupCleansUpIsThrownByTheNextWait() {
    TestLoop.run(
        () ->
            assertThatThrownBy(
                    () ->
                        withTimeout(
                            SECOND,
                            () -> {
                              try (var group = new TaskGroup()) {
                                group.spawn(
                                    () -> {
                                      try {
                                        sleep(DAY);
                                      } finally {
                                        sleep(SECOND.multipliedBy(2));
                                        log.add("cleaned up");
                                      }
                                    });
                                group.spawn(
                                    () -> {
                                      throw new IOException();
                                    });
                              } catch (Exception e) {
                                log.add(e.getClass());
                              }
                              sleep(DAY);
                              log.add("never");
                            }))
                .isInstanceOf(DeadlineExceededException.class));
    assertThat(log).containsExactly("cleaned up", IOException.class);
  }

  @Test
  void aTimeoutThatNothingHandlesIsReported() {
    List<Throwable> reported = new ArrayList<>();
    try (IOLoop loop = TestLoop.create(reported)) {
      loop.runSync(
          () -> {
            spawn(() -> withTimeout(SECOND, () -> sleep(DAY)));
            sleep(DAY);
          });
    }
    assertThat(reported).hasSize(1).first().isInstanceOf(DeadlineExceededException.class);
  }

  @Test
  void theTimeoutOfAnAttemptIsToldFromThatOfTheBlockByTheCurrentDeadline() {
    TestLoop.run(
        () ->
            assertThatThrownBy(
                    () ->
                        withTimeout(
                            SECOND.multipliedBy(5),
                            () -> {
                              while (true) {
                                try {
                                  withTimeout(SECOND, () -> await(new CompletableFuture<>()));
                                } catch (DeadlineExceededException e) {
                                  if (Deadline.current().hasPassed()) {
                                    throw e;
                                  }
                                  log.add("attempt");
                                }
                              }
                            }))
                .isInstanceOf(DeadlineExceededException.class));
    assertThat(log).hasSize(4);
  }

  @Test
  void aLoopThatCatchesTheTimeoutOfABlockAroundItLetsTheOthersRun() {
    TestLoop.run(
        () -> {
          var stopped = new Event();
          List<ThrowingRunnable> waits =
              List.of(
                  () -> sleep(SECOND),
                  () -> pause(),
                  () -> await(new CompletableFuture<>()),
                  () -> withTimeout(SECOND, () -> await(new Event().whenSet())),
                  () -> awaitAll(new CompletableFuture<>()),
                  () -> Coroutines.select(Coroutines.on(() -> new CompletableFuture<>())));
          List<Coroutine<Void>> loops = new ArrayList<>();
          for (ThrowingRunnable wait : waits) {
            loops.add(
                spawn(
                    () ->
                        withTimeout(
                            Duration.ZERO,
                            () -> {
                              for (int i = 0; i < 20_000 && !stopped.isSet(); i++) {
                                try {
                                  wait.run();
                                } catch (DeadlineExceededException e) {
                                  // tries again
                                }
                              }
                              assertThat(stopped.isSet()).isTrue();
                            })));
          }
          pause();
          pause();
          stopped.set();
          awaitAll(loops);
        });
  }

  @Test
  void aStageThatIsCancelledComesLikeTheOthers() {
    TestLoop.run(
        () -> {
          Coroutine<Void> cancelled = spawn(() -> sleep(DAY));
          IOLoop.current().callLater(SECOND, () -> cancelled.cancel(false));
          for (var stage : asCompleted(CompletableFuture.completedFuture("done"), cancelled)) {
            log.add(stage.toCompletableFuture().isCancelled());
          }
          assertThat(log).containsExactly(false, true);
        });
  }

  @Test
  void aCoroutineThatNothingHoldsIsNotCollectedWhileItWaits() {
    TestLoop.run(
        () -> {
          var gate = new Event();
          spawn(
              () -> {
                await(gate.whenSet());
                log.add("event");
              });
          spawn(
              () -> {
                sleep(SECOND);
                log.add("sleep");
              });
          pause();
          System.gc();
          gate.set();
          sleep(SECOND.multipliedBy(2));
          assertThat(log).containsExactly("event", "sleep");
        });
  }

  @Test
  void aFailureThatIsThrownAgainAndAgainDoesNotCollectTheOthersForEver() {
    TestLoop.run(
        () -> {
          var cached = new IOException("one and the same");
          for (int i = 0; i < 1000; i++) {
            assertThatThrownBy(
                    () ->
                        awaitAll(
                            CompletableFuture.failedFuture(cached),
                            CompletableFuture.failedFuture(new IOException())))
                .isSameAs(cached);
          }
          assertThat(cached.getSuppressed()).hasSize(101);
          assertThat(cached.getSuppressed()[100])
              .hasToString("900 more failures, which are not shown");
        });
  }

  @Test
  void aRetryWithoutEndKeepsAHundredFailuresAndCountsTheRest() {
    TestLoop.run(
        () -> {
          Throwable last =
              catchThrowable(
                  () ->
                      Coroutines.retry(
                          Retry.attempts(1000).backoff(Duration.ofMillis(1)),
                          () -> {
                            throw new IOException();
                          }));
          assertThat(last).isInstanceOf(IOException.class);
          assertThat(last.getSuppressed()).hasSize(101);
          assertThat(last.getSuppressed()[100])
              .hasToString("899 more failures, which are not shown");
        });
  }
}
