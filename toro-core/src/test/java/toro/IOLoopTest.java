package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IOLoopTest {
  private final ManualClock clock = new ManualClock();
  private final IOLoop loop = TestLoop.create(clock);
  private final List<Object> log = new ArrayList<>();

  @AfterEach
  void close() {
    loop.close();
  }

  private static Thread onThread(Runnable task) {
    Thread thread = new Thread(task, "other");
    thread.start();
    return thread;
  }

  // Callbacks.

  @Test
  @OnItsOwnThread
  void callbacksRunInTheOrderTheyCame() {
    for (int i = 0; i < 100; i++) {
      int number = i;
      loop.execute(() -> log.add(number));
    }
    loop.execute(loop::stop);
    loop.start();
    assertThat(log).hasSize(100).isSortedAccordingTo((a, b) -> (Integer) a - (Integer) b);
  }

  @Test
  @OnItsOwnThread
  void aCallbackMadeByACallbackRunsAfterThoseThatWait() {
    loop.execute(
        () -> {
          log.add("first");
          loop.execute(
              () -> {
                log.add("third");
                loop.stop();
              });
        });
    loop.execute(() -> log.add("second"));
    loop.start();
    assertThat(log).containsExactly("first", "second", "third");
  }

  @Test
  void aCallbackNeverRunsWithinTheCallThatHandsItOver() {
    loop.runSync(
        () -> {
          loop.execute(() -> log.add("callback"));
          log.add("after execute");
          pause();
        });
    assertThat(log).containsExactly("after execute", "callback");
  }

  @Test
  @OnItsOwnThread
  void callbacksOfAnotherThreadWakeALoopThatWaits() throws Exception {
    Thread[] other = new Thread[1];
    loop.execute(
        () ->
            other[0] =
                onThread(
                    () -> {
                      for (int i = 0; i < 1000; i++) {
                        int number = i;
                        loop.execute(() -> log.add(number));
                      }
                      loop.execute(loop::stop);
                    }));
    loop.start();
    other[0].join();
    assertThat(log).hasSize(1000).isSortedAccordingTo((a, b) -> (Integer) a - (Integer) b);
  }

  @Test
  void nullIsRefused() {
    assertThatThrownBy(() -> loop.execute(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> loop.setExceptionHandler(null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> new IOLoop(null)).isInstanceOf(NullPointerException.class);
  }

  // Timers.

  @Test
  void timersRunInTheOrderOfTheirTimes() {
    loop.runSync(
        () -> {
          loop.callLater(Duration.ofSeconds(3), () -> log.add(clock.elapsed().toSeconds()));
          loop.callLater(Duration.ofSeconds(1), () -> log.add(clock.elapsed().toSeconds()));
          loop.callAt(
              Deadline.after(Duration.ofSeconds(2)), () -> log.add(clock.elapsed().toSeconds()));
          sleep(Duration.ofSeconds(4));
        });
    assertThat(log).containsExactly(1L, 2L, 3L);
  }

  @Test
  void timersOfTheSameTimeRunInTheOrderTheyWereMade() {
    loop.runSync(
        () -> {
          for (int i = 0; i < 100; i++) {
            int number = i;
            loop.callLater(Duration.ofSeconds(1), () -> log.add(number));
          }
          sleep(Duration.ofSeconds(1));
        });
    assertThat(log).hasSize(100).isSortedAccordingTo((a, b) -> (Integer) a - (Integer) b);
  }

  @Test
  void aTimerOfZeroOrLessRunsAsSoonAsItCanButNotWithinTheCall() {
    loop.runSync(
        () -> {
          loop.callLater(Duration.ZERO, () -> log.add("zero"));
          loop.callLater(Duration.ofDays(-1), () -> log.add("negative"));
          loop.callAt(Deadline.after(Duration.ofSeconds(-5)), () -> log.add("passed"));
          log.add("made");
          sleep(Duration.ofNanos(1));
        });
    assertThat(log).containsExactly("made", "zero", "negative", "passed");
    assertThat(clock.elapsed()).isEqualTo(Duration.ofNanos(1));
  }

  @Test
  void aCancelledTimerNeitherRunsNorIsKept() {
    loop.runSync(
        () -> {
          Timeout timeout = loop.callLater(Duration.ofSeconds(1), () -> log.add("no"));
          assertThat(timeout.isPending()).isTrue();
          assertThat(loop.timers.size()).isEqualTo(1);
          assertThat(timeout.cancel()).isTrue();
          assertThat(timeout.isPending()).isFalse();
          assertThat(loop.timers.size()).isZero();
          assertThat(timeout.cancel()).isFalse();
          sleep(Duration.ofSeconds(2));
        });
    assertThat(log).isEmpty();
  }

  @Test
  void aTimerThatHasRunCannotBeCancelled() {
    loop.runSync(
        () -> {
          Timeout timeout = loop.callLater(Duration.ofSeconds(1), () -> log.add("ran"));
          sleep(Duration.ofSeconds(2));
          assertThat(timeout.isPending()).isFalse();
          assertThat(timeout.cancel()).isFalse();
        });
    assertThat(log).containsExactly("ran");
  }

  @Test
  void aTimerThatIsDueCanBeCancelledByOneThatRunsBeforeIt() {
    loop.runSync(
        () -> {
          Timeout[] second = new Timeout[1];
          loop.callLater(
              Duration.ofSeconds(1),
              () -> {
                log.add("first");
                assertThat(second[0].isPending()).isTrue();
                assertThat(second[0].cancel()).isTrue();
              });
          second[0] = loop.callLater(Duration.ofSeconds(1), () -> log.add("second"));
          sleep(Duration.ofSeconds(2));
        });
    assertThat(log).containsExactly("first");
  }

  @Test
  void aTimerCannotCancelItselfWhileItRuns() {
    loop.runSync(
        () -> {
          Timeout[] self = new Timeout[1];
          self[0] = loop.callLater(Duration.ofSeconds(1), () -> log.add(self[0].cancel()));
          sleep(Duration.ofSeconds(2));
        });
    assertThat(log).containsExactly(false);
  }

  @Test
  @OnItsOwnThread
  void timersAreForTheLoopOnly() {
    assertThatThrownBy(() -> loop.callLater(Duration.ZERO, () -> {}))
        .isInstanceOf(WrongThreadException.class)
        .hasMessageContaining("IOLoop")
        .hasMessageContaining(Thread.currentThread().toString())
        .hasMessageContaining("loop.execute");
    Timeout timeout = loop.runSync(() -> loop.callLater(Duration.ofDays(1), () -> {}));
    assertThatThrownBy(timeout::cancel)
        .isInstanceOf(WrongThreadException.class)
        .hasMessageContaining("Timeout");
    assertThat(timeout.isPending()).isTrue();
  }

  @Test
  @OnItsOwnThread
  void aTimerForTheEndOfTimeDoesNoHarm() {
    loop.runSync(
        () -> {
          loop.callLater(Duration.ofSeconds(Long.MAX_VALUE), () -> log.add("never"));
          loop.callAt(Deadline.never(), () -> log.add("never"));
          sleep(Duration.ofDays(1));
        });
    assertThat(log).isEmpty();
    assertThat(loop.timers.size()).isEqualTo(2);
  }

  @Test
  void aTimerOnTheSystemClockRuns() {
    try (IOLoop real = TestLoop.create(LoopClock.system())) {
      real.runSync(() -> sleep(Duration.ofMillis(1)));
      assertThat(real.nanoTime()).isNotZero();
    }
    assertThat(LoopClock.system()).hasToString("system clock");
  }

  // Running, stopping.

  @Test
  @OnItsOwnThread
  void aLoopThatWasStoppedBeforeItsStartReturnsAtOnceAndThenRuns() {
    loop.execute(() -> log.add("ran"));
    loop.stop();
    loop.start();
    loop.execute(loop::stop);
    loop.start();
    assertThat(log).containsExactly("ran");
  }

  @Test
  @OnItsOwnThread
  void anotherThreadStopsIt() throws Exception {
    Thread[] other = new Thread[1];
    loop.execute(() -> other[0] = onThread(loop::stop));
    loop.start();
    other[0].join();
  }

  @Test
  @OnItsOwnThread
  void whatWaitsWhenItIsStoppedGoesOnWhenItIsStartedAgain() {
    Coroutine<String> sleeper =
        loop.spawn(
            () -> {
              log.add("begin");
              sleep(Duration.ofSeconds(5));
              log.add("end");
              return "value";
            });
    loop.runSync(
        () -> {
          loop.callLater(Duration.ofSeconds(1), loop::stop);
          loop.callLater(Duration.ofSeconds(6), loop::stop);
        });
    loop.start();
    assertThat(log).containsExactly("begin");
    assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(1));
    loop.start();
    assertThat(log).containsExactly("begin", "end");
    assertThat(sleeper.join()).isEqualTo("value");
    assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  @OnItsOwnThread
  void itIsStoppedAndStartedFromDifferentThreads() throws Exception {
    Coroutine<String> coroutine =
        loop.spawn(
            () -> {
              loop.stop();
              pause();
              return "done";
            });
    loop.start();
    Thread other = onThread(() -> loop.runSync(() -> await(coroutine)));
    other.join();
    assertThat(coroutine.join()).isEqualTo("done");
  }

  @Test
  @OnItsOwnThread
  void aCoroutineThatStopsTheLoopIsHeldWhereItAwaitsNext() {
    loop.spawn(
        () -> {
          loop.stop();
          log.add("after stop");
          pause();
          log.add("after pause");
        });
    loop.start();
    assertThat(log).containsExactly("after stop");
    loop.runSync(() -> {});
    assertThat(log).containsExactly("after stop", "after pause");
  }

  @Test
  void runSyncReturnsTheValueAndLeavesTheOthersWaiting() {
    AsyncResult<String> result = new AsyncResult<>(loop);
    Coroutine<String> other = loop.spawn(() -> await(result.get()));
    assertThat(loop.<Integer>runSync(() -> 42)).isEqualTo(42);
    assertThat(other.isDone()).isFalse();
    loop.runSync(() -> result.set("later"));
    assertThat(loop.<String>runSync(() -> await(other))).isEqualTo("later");
  }

  @Test
  void runSyncThrowsWhatTheBodyThrew() {
    IOException failure = new IOException("checked");
    assertThatThrownBy(
            () ->
                loop.runSync(
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    Error error = new AssertionError("error");
    assertThatThrownBy(
            () ->
                loop.runSync(
                    () -> {
                      pause();
                      throw error;
                    }))
        .isSameAs(error);
    assertThat(failure.getStackTrace())
        .extracting(StackTraceElement::getMethodName)
        .contains("runSyncThrowsWhatTheBodyThrew");
  }

  @Test
  void runSyncOfAStoppedLoopSaysSo() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                loop.runSync(
                    () -> {
                      loop.stop();
                      pause();
                    }))
        .withMessageContaining("stopped");
    assertThat(loop.<String>runSync(() -> "again")).isEqualTo("again");
  }

  @Test
  void runSyncWithTimeToSpareLeavesNoTimer() {
    assertThat(
            loop.<String>runSync(
                () -> {
                  sleep(Duration.ofSeconds(1));
                  return "in time";
                },
                Duration.ofSeconds(2)))
        .isEqualTo("in time");
    assertThat(loop.timers.size()).isZero();
    loop.runSync(() -> log.add("void"), Duration.ofSeconds(1));
    assertThat(log).containsExactly("void");
  }

  @Test
  @OnItsOwnThread
  void runSyncThatTakesTooLongIsCancelledAndMayCleanUp() {
    assertThatThrownBy(
            () ->
                loop.runSync(
                    () -> {
                      try {
                        sleep(Duration.ofSeconds(10));
                      } catch (CancellationException e) {
                        sleep(Duration.ofSeconds(1));
                        log.add("cleaned up");
                        throw e;
                      }
                    },
                    Duration.ofSeconds(2)))
        .isInstanceOf(DeadlineExceededException.class)
        .hasMessageContaining("runSync");
    assertThat(log).containsExactly("cleaned up");
    assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(3));
    assertThat(loop.timers.size()).isZero();
    assertThat(loop.<Integer>runSync(() -> 1)).isEqualTo(1);
  }

  @Test
  void runSyncWithAnEndlessTimeoutWaits() {
    loop.runSync(() -> sleep(Duration.ofDays(1)), Duration.ofSeconds(Long.MAX_VALUE));
    assertThat(loop.timers.size()).isZero();
  }

  @Test
  void runMakesALoopAndClosesIt() {
    AtomicReference<IOLoop> used = new AtomicReference<>();
    AtomicReference<Coroutine<?>> left = new AtomicReference<>();
    String value =
        IOLoop.run(
            () -> {
              used.set(IOLoop.current());
              left.set(spawn(() -> sleep(Duration.ofDays(1))));
              pause();
              return "value";
            });
    assertThat(value).isEqualTo("value");
    assertThat(left.get()).isCancelled();
    assertThatThrownBy(() -> used.get().execute(() -> {})).isInstanceOf(LoopClosedException.class);
    IOLoop.run(() -> log.add("void"));
    assertThat(log).containsExactly("void");
  }

  @Test
  void runClosesTheLoopAlsoWhenItsCoroutineFails() {
    AtomicReference<IOLoop> used = new AtomicReference<>();
    assertThatThrownBy(
            () ->
                IOLoop.run(
                    () -> {
                      used.set(IOLoop.current());
                      throw new IOException("gone");
                    }))
        .isInstanceOf(IOException.class);
    assertThat(used.get().isClosed()).isTrue();
  }

  @Test
  @OnItsOwnThread
  void aLoopThatRunsCannotBeRunAgain() {
    loop.runSync(
        () -> {
          assertThatIllegalStateException()
              .isThrownBy(() -> loop.runSync(() -> {}))
              .withMessageContaining("on the loop already");
          assertThatIllegalStateException().isThrownBy(loop::start);
          assertThatIllegalStateException().isThrownBy(loop::close);
        });
    CompletableFuture<Throwable> refused = new CompletableFuture<>();
    loop.runSync(
        () -> {
          onThread(
              () -> {
                try {
                  loop.start();
                  refused.complete(null);
                } catch (Throwable failure) {
                  refused.complete(failure);
                }
              });
          assertThat(await(refused))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("runs already");
        });
  }

  @Test
  @OnItsOwnThread
  void aLoopThatIsAboutToRunOnOneThreadCannotBeRunOnAnother() {
    List<Throwable> refused = new ArrayList<>();
    LoopClock clock =
        new LoopClock() {
          private boolean asked;

          @Override
          public long nanoTime() { // runSync looks at it before it runs anything
            if (starting != null && !asked) {
              asked = true;
              for (ThrowingRunnable drive :
                  List.<ThrowingRunnable>of(
                      () -> starting.runSync(() -> {}), starting::start, starting::close)) {
                TestLoop.elsewhere(
                    () -> {
                      try {
                        drive.run();
                      } catch (IllegalStateException failure) {
                        refused.add(failure);
                      }
                    });
              }
            }
            return 0;
          }

          @Override
          public Instant instant() {
            return Instant.EPOCH;
          }
        };
    starting = TestLoop.create(clock);
    assertThat(starting.runSync(() -> 7, Duration.ofSeconds(1))).isEqualTo(7);
    starting.close();
    assertThat(refused)
        .hasSize(3)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .hasMessage("the loop runs already, on " + Thread.currentThread()));
  }

  private IOLoop starting;

  @Test
  @OnItsOwnThread
  void anotherLoopCannotBeRunOnTheThreadOfALoop() {
    try (IOLoop other = TestLoop.create()) {
      loop.runSync(
          () ->
              assertThatIllegalStateException()
                  .isThrownBy(() -> other.runSync(() -> {}))
                  .withMessageContaining("another loop"));
      loop.execute(
          () ->
              assertThatIllegalStateException()
                  .isThrownBy(() -> IOLoop.run(() -> {}))
                  .withMessageContaining("another loop"));
      loop.runSync(() -> {});
    }
  }

  // Where am I?

  @Test
  void theCurrentLoopIsKnownInCallbacksTimersAndCoroutines() {
    loop.execute(() -> log.add(IOLoop.current()));
    loop.runSync(
        () -> {
          log.add(IOLoop.current());
          loop.callLater(Duration.ofSeconds(1), () -> log.add(IOLoop.current()));
          sleep(Duration.ofSeconds(2));
          log.add(IOLoop.current());
        });
    assertThat(log).containsExactly(loop, loop, loop, loop);
  }

  @Test
  void thereIsNoCurrentLoopElsewhere() throws Exception {
    assertThatIllegalStateException()
        .isThrownBy(IOLoop::current)
        .withMessageContaining("pass the loop");
    assertThatIllegalStateException().isThrownBy(Lock::new).withMessageContaining("pass the loop");
    assertThatIllegalStateException().isThrownBy(() -> spawn(() -> {}));
    CompletableFuture<Throwable> elsewhere = new CompletableFuture<>();
    loop.runSync(
        () -> {
          onThread(
              () -> {
                try {
                  IOLoop.current();
                } catch (Throwable failure) {
                  elsewhere.complete(failure);
                }
              });
          assertThat(await(elsewhere)).isInstanceOf(IllegalStateException.class);
        });
    assertThatIllegalStateException().isThrownBy(IOLoop::current);
  }

  @Test
  void suspendingWhereThereIsNoCoroutineFailsAtOnce() {
    List<Runnable> calls =
        List.of(
            () -> await(CompletableFuture.completedFuture(1)),
            () -> await(new CompletableFuture<>()),
            () -> awaitAll(),
            () -> sleep(Duration.ofDays(1)),
            () -> sleep(Duration.ZERO),
            () -> pause(),
            () -> withTimeout(Duration.ofDays(1), () -> {}));
    for (Runnable call : calls) {
      assertThatIllegalStateException()
          .isThrownBy(call::run)
          .withMessageContaining("runs no loop")
          .withMessageContaining("spawn(");
    }
    loop.execute(
        () -> {
          for (Runnable call : calls) {
            assertThatIllegalStateException()
                .isThrownBy(call::run)
                .withMessageContaining("in a callback on the loop");
            log.add(call);
          }
        });
    loop.runSync(
        () -> {
          // A callback that runs in place, on the thread of this coroutine, is none either.
          loop.execute(
              () -> {
                for (Runnable call : calls) {
                  assertThatIllegalStateException().isThrownBy(call::run);
                  log.add(call);
                }
              });
          sleep(Duration.ofSeconds(1));
        });
    assertThat(log).hasSize(2 * calls.size());
    assertThat(loop.timers.size()).isZero();
  }

  @Test
  void suspendingInACallbackAttachedToAWaitFailsAlsoWhenACoroutineGrantsIt() {
    loop.runSync(
        () -> {
          var event = new Event();
          event.whenSet().thenRun(() -> log.add(failureOf(() -> pause())));
          event.set();
          var outside = new AsyncResult<String>().get();
          outside.thenRun(() -> log.add(failureOf(() -> pause())));
          outside.complete("by a coroutine");
          pause(); // this one still may
        });
    assertThat(log).hasSize(2).allMatch(IllegalStateException.class::isInstance);
  }

  private static Throwable failureOf(Runnable call) {
    try {
      call.run();
      return null;
    } catch (Throwable failure) {
      return failure;
    }
  }

  // Failures and slow ones.

  @Test
  void whatACallbackThrowsGoesToTheHandlerAndTheLoopGoesOn() {
    loop.setExceptionHandler(
        (source, failure) -> {
          assertThat(source).isInstanceOf(Runnable.class);
          assertThat(IOLoop.current()).isSameAs(loop);
          log.add(failure.getMessage());
        });
    loop.runSync(
        () -> {
          loop.execute(
              () -> {
                throw new IllegalArgumentException("exception");
              });
          loop.execute(
              () -> {
                throw new AssertionError("error");
              });
          loop.callLater(
              Duration.ofSeconds(1),
              () -> {
                throw Failures.sneaky(new IOException("checked, in a timer"));
              });
          loop.execute(() -> log.add("next"));
          sleep(Duration.ofSeconds(2));
        });
    assertThat(log).containsExactly("exception", "error", "next", "checked, in a timer");
  }

  @Test
  void aHandlerThatThrowsDoesNotEndTheLoop() {
    loop.setExceptionHandler(
        (source, failure) -> {
          throw new IllegalStateException("the handler failed", failure);
        });
    List<LogRecord> records =
        logged(
            () ->
                loop.runSync(
                    () -> {
                      loop.execute(
                          () -> {
                            throw new IllegalArgumentException("first");
                          });
                      pause();
                      log.add("alive");
                    }));
    assertThat(log).containsExactly("alive");
    assertThat(records).hasSize(1);
    assertThat(records.getFirst().getThrown())
        .hasMessage("the handler failed")
        .hasSuppressedException(new IllegalArgumentException("first"));
  }

  @Test
  void aHandlerThatThrowsTheFailureItWasGivenDoesNotEndTheLoop() {
    loop.setExceptionHandler(
        (source, failure) -> {
          throw Failures.sneaky(failure);
        });
    List<LogRecord> records =
        logged(
            () ->
                loop.runSync(
                    () -> {
                      loop.execute(
                          () -> {
                            throw new IllegalArgumentException("same");
                          });
                      spawn(
                          () -> {
                            throw new IllegalArgumentException("same");
                          });
                      pause();
                      pause();
                      log.add("alive");
                    }));
    assertThat(log).containsExactly("alive");
    assertThat(records).hasSize(2);
  }

  @Test
  void theDefaultHandlerLogsAnError() {
    IllegalArgumentException failure = new IllegalArgumentException("of a callback");
    List<LogRecord> records =
        logged(
            () ->
                loop.runSync(
                    () -> {
                      loop.execute(
                          () -> {
                            throw failure;
                          });
                      spawn(
                          () -> {
                            throw new IOException("of a coroutine");
                          });
                      pause();
                      pause();
                    }));
    assertThat(records).hasSize(2).allMatch(record -> record.getLevel() == Level.SEVERE);
    assertThat(records.get(0).getThrown()).isSameAs(failure);
    assertThat(records.get(1).getMessage()).contains("Coroutine[");
    assertThat(records.get(1).getThrown()).isInstanceOf(IOException.class);
  }

  @Test
  void aCoroutineThatClosingHasToEndIsNamedInTheLogWithItsPlace() {
    List<LogRecord> records =
        logged(
            () -> {
              try (IOLoop closing = TestLoop.create()) {
                closing.spawn("stubborn", this::swallowsItsCancellation);
                closing.runSync(() -> pause());
              }
            });
    assertThat(records)
        .filteredOn(record -> record.getLevel() == Level.WARNING)
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.getMessage()).contains("\"stubborn\"", "does it catch Exception?");
              assertThat(record.getThrown().getStackTrace())
                  .anyMatch(frame -> frame.getMethodName().equals("swallowsItsCancellation"));
            });
  }

  private void swallowsItsCancellation() {
    for (int i = 0; i < 2; i++) {
      try {
        await(new Event().whenSet());
      } catch (CancellationException swallowed) {
        log.add("swallowed");
      }
    }
  }

  @Test
  void aCoroutineThatEndsWhenItIsCancelledIsNotInTheLog() {
    List<LogRecord> records =
        logged(
            () -> {
              try (IOLoop closing = TestLoop.create()) {
                closing.spawn(() -> await(new Event().whenSet()));
                closing.runSync(() -> pause());
              }
            });
    assertThat(records).isEmpty();
  }

  private static List<LogRecord> logged(Runnable action) {
    List<LogRecord> records = new ArrayList<>();
    Logger logger = Logger.getLogger(IOLoop.class.getName());
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            records.add(record);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      action.run();
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
    return records;
  }

  @Test
  @OnItsOwnThread
  void whoHoldsTheLoopTooLongIsReported() {
    Runnable slow = () -> clock.advance(Duration.ofSeconds(3));
    loop.reportSlow(
        Duration.ofSeconds(2),
        (source, time) -> {
          log.add(source);
          log.add(time.toSeconds());
        });
    Coroutine<?> slowCoroutine =
        loop.spawn(
            () -> {
              pause();
              clock.advance(Duration.ofSeconds(4));
              pause();
            });
    loop.runSync(
        () -> {
          loop.execute(slow);
          loop.execute(() -> clock.advance(Duration.ofSeconds(2))); // as long as it may
          sleep(Duration.ofHours(1)); // waiting is not holding
          await(slowCoroutine);
        });
    assertThat(log).containsExactlyInAnyOrder(slow, 3L, slowCoroutine, 4L);
  }

  @Test
  void slowOnesAreLoggedUnlessTheyAreReportedOtherwise() {
    loop.reportSlow(Duration.ofSeconds(2));
    List<LogRecord> records =
        logged(
            () ->
                loop.runSync(
                    () -> {
                      loop.execute(() -> clock.advance(Duration.ofSeconds(3)));
                      sleep(Duration.ofSeconds(1));
                    }));
    assertThat(records).hasSize(1);
    assertThat(records.getFirst().getLevel()).isEqualTo(Level.WARNING);
    assertThat(records.getFirst().getParameters()).contains(Duration.ofSeconds(3));
  }

  @Test
  void whoRanLastIsReportedWhenTheLoopRestsAndNotBlamedForTheTimeUntilItRunsAgain() {
    loop.reportSlow(Duration.ofSeconds(2), (source, time) -> log.add(time.toSeconds()));
    loop.runSync(() -> {});
    clock.advance(Duration.ofHours(1));
    loop.runSync(() -> {});
    assertThat(log).isEmpty();
    loop.runSync(() -> clock.advance(Duration.ofSeconds(3)));
    assertThat(log).containsExactly(3L);
  }

  @Test
  void aReportOfSlowOnesThatFailsGoesToTheHandler() {
    loop.setExceptionHandler((source, failure) -> log.add(failure.getMessage()));
    loop.reportSlow(
        Duration.ofSeconds(2),
        (source, time) -> {
          throw new IllegalStateException("report");
        });
    loop.runSync(
        () -> {
          loop.execute(() -> clock.advance(Duration.ofSeconds(3)));
          sleep(Duration.ofSeconds(1));
        });
    assertThat(log).containsExactly("report");
  }

  @Test
  void aThresholdMustBePositiveAndMayBeHuge() {
    assertThatThrownBy(() -> loop.reportSlow(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> loop.reportSlow(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-1S");
    loop.reportSlow(Duration.ofSeconds(Long.MAX_VALUE));
    loop.runSync(() -> {});
  }

  // What compiles.

  @Test
  void bodiesMayReturnNothingOrAValueAndThrowAnything() {
    Coroutine<String> value = loop.spawn(() -> "value");
    Coroutine<Void> nothing = loop.spawn(() -> log.add("ran") ? null : null);
    Coroutine<Void> statement =
        loop.spawn(
            () -> {
              log.add("ran");
            });
    Coroutine<Void> reference = loop.spawn(this::throwsChecked);
    Coroutine<String> valueReference = loop.spawn(this::returnsOrThrowsChecked);
    loop.runSync(
        () -> {
          assertThat(await(value)).isEqualTo("value");
          assertThat(await(nothing)).isNull();
          assertThat(await(statement)).isNull();
          assertThat(await(valueReference)).isEqualTo("value");
          assertThatThrownBy(() -> await(reference)).isInstanceOf(IOException.class);
        });
    loop.runSync(this::returnsOrThrowsChecked);
    String text = IOLoop.run(this::returnsOrThrowsChecked);
    assertThat(text).isEqualTo("value");
  }

  private void throwsChecked() throws IOException {
    throw new IOException();
  }

  @SuppressWarnings("unused")
  private String returnsOrThrowsChecked() throws IOException {
    return "value";
  }

  // toString.

  @Test
  void itsTextTellsItsState() {
    assertThat(loop.toString()).startsWith("IOLoop[idle engine=").endsWith("]");
    loop.runSync(
        () -> {
          loop.callLater(Duration.ofSeconds(1), () -> {});
          spawn(() -> {});
          assertThat(loop.toString())
              .startsWith("IOLoop[running engine=")
              .endsWith(" coroutines=2 timers=1]");
        });
    loop.close();
    assertThat(loop.toString()).startsWith("IOLoop[closed engine=").doesNotContain("timers");
  }

  @Test
  void theTextOfATimeoutTellsHowLongItStillIs() {
    loop.runSync(
        () -> {
          Timeout timeout = loop.callLater(Duration.ofSeconds(5), () -> {});
          sleep(Duration.ofSeconds(2));
          assertThat(timeout).hasToString("Timeout[in PT3S]");
          clock.advance(Duration.ofSeconds(9));
          assertThat(timeout).hasToString("Timeout[in PT0S]");
          pause();
          pause();
          timeout.cancel();
          assertThat(timeout).hasToString("Timeout[done]");
        });
  }

  // Fairness.

  @Test
  void aCoroutineThatPausesForEverStarvesNobody() throws Exception {
    CountDownLatch handedOver = new CountDownLatch(1);
    loop.runSync(
        () -> {
          Coroutine<Void> restless =
              spawn(
                  () -> {
                    while (true) {
                      clock.advance(Duration.ofMillis(1));
                      pause();
                    }
                  });
          loop.callLater(Duration.ofSeconds(1), () -> log.add("timer"));
          spawn(() -> log.add("coroutine"));
          onThread(
              () -> {
                loop.execute(() -> log.add("callback"));
                handedOver.countDown();
              });
          handedOver.await();
          sleep(Duration.ofSeconds(2));
          restless.cancel(false);
        });
    assertThat(log).containsExactlyInAnyOrder("timer", "coroutine", "callback");
  }

  @Test
  void callbacksThatMakeCallbacksForEverStarveNobody() {
    Runnable[] again = new Runnable[1];
    again[0] =
        () -> {
          clock.advance(Duration.ofMillis(1));
          loop.execute(again[0]);
        };
    loop.execute(again[0]);
    loop.runSync(() -> sleep(Duration.ofSeconds(1)));
    assertThat(clock.elapsed()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }
}
