package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;
import static toro.TestLoop.callback;
import static toro.TestLoop.elsewhere;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskGroupTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final ManualClock clock = new ManualClock();
  private final IOLoop loop = TestLoop.create(clock);
  private final List<Object> reported = new ArrayList<>();
  private final List<Object> log = new ArrayList<>();
  private final IOException failure = new IOException("the first");

  TaskGroupTest() {
    loop.setExceptionHandler((source, thrown) -> reported.add(thrown));
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(loop.timers.size()).isZero();
    assertThat(loop.fibers.size()).isZero();
    assertThat(reported).isEmpty();
    loop.close();
  }

  private void fails() throws IOException {
    throw failure;
  }

  /** Sleeps for a day; when it is cancelled it cleans up for a second. */
  private void cleansUp() {
    try {
      sleep(DAY);
    } finally {
      sleep(SECOND);
      log.add("cleaned up");
    }
  }

  // Leaving the block.

  @Test
  void theBlockIsLeftWhenAllHaveEnded() {
    loop.runSync(
        () -> {
          Coroutine<String> first;
          try (var group = new TaskGroup()) {
            first =
                group.spawn(
                    () -> {
                      sleep(SECOND);
                      return "value";
                    });
            group.spawn(() -> sleep(SECOND.multipliedBy(2)));
            assertThat(group).hasToString("TaskGroup[coroutines[2]]");
          }
          assertThat(clock.elapsed()).isEqualTo(SECOND.multipliedBy(2));
          assertThat(await(first)).isEqualTo("value");
        });
  }

  @Test
  void anEmptyGroupIsLeftAtOnceAndClosingItTwiceDoesNothing() {
    loop.runSync(
        () -> {
          spawn(() -> log.add("another"));
          var group = new TaskGroup();
          assertThat(group).hasToString("TaskGroup[]");
          group.close();
          group.close();
          assertThat(group).hasToString("TaskGroup[closed]");
          assertThat(log).isEmpty();
          assertThatIllegalStateException()
              .isThrownBy(() -> group.spawn(() -> {}))
              .withMessageContaining("is closed");
          pause();
        });
  }

  @Test
  void itsCoroutinesMaySpawnMoreAlsoWhileItIsBeingClosed() {
    loop.runSync(
        () -> {
          try (var group = new TaskGroup()) {
            group.spawn(
                () -> {
                  sleep(SECOND);
                  group.spawn(
                      () -> {
                        sleep(SECOND);
                        group.spawn(() -> log.add("third"));
                      });
                });
          }
          assertThat(log).containsExactly("third");
        });
  }

  @Test
  void aCallbackThatTheLastOneRunsMaySpawnAnother() {
    loop.runSync(
        () -> {
          try (var group = new TaskGroup()) {
            group
                .spawn(() -> sleep(SECOND))
                .thenRun(() -> loop.execute(() -> group.spawn(() -> log.add("one more"))));
            sleep(SECOND);
          }
        });
    assertThat(loop.fibers.size()).isZero();
  }

  @Test
  void onlyTheOwnerMayCloseIt() {
    loop.runSync(
        () -> {
          try (var group = new TaskGroup()) {
            group.spawn(
                () ->
                    assertThatIllegalStateException()
                        .isThrownBy(group::close)
                        .withMessageContaining("by the coroutine that made it"));
            callback(() -> assertThatIllegalStateException().isThrownBy(group::close));
            elsewhere(
                () -> {
                  assertThatExceptionOfType(WrongThreadException.class).isThrownBy(group::close);
                  assertThatExceptionOfType(WrongThreadException.class)
                      .isThrownBy(() -> group.spawn(() -> {}))
                      .withMessageStartingWith("TaskGroup was used by");
                });
            callback(() -> group.spawn(() -> log.add("from a callback")));
          }
          callback(() -> assertThatIllegalStateException().isThrownBy(TaskGroup::new));
        });
    assertThatIllegalStateException()
        .isThrownBy(TaskGroup::new)
        .withMessageContaining("new TaskGroup() was called where there is no coroutine");
    assertThat(log).containsExactly("from a callback");
  }

  @Test
  void nullIsRefused() {
    loop.runSync(
        () -> {
          assertThatThrownBy(() -> new TaskGroup((Duration) null))
              .isInstanceOf(NullPointerException.class);
          assertThatThrownBy(() -> new TaskGroup((Deadline) null))
              .isInstanceOf(NullPointerException.class);
          try (var group = new TaskGroup()) {
            assertThatThrownBy(() -> group.spawn((ThrowingRunnable) null))
                .isInstanceOf(NullPointerException.class);
            assertThat(group).hasToString("TaskGroup[]");
          }
        });
  }

  // Failures.

  @Test
  void theFirstFailureCancelsTheRestAndIsThrownAsItIs() {
    loop.runSync(
        () -> {
          assertThatThrownBy(
                  () -> {
                    try (var group = new TaskGroup()) {
                      group.spawn(this::cleansUp);
                      group.spawn(this::fails);
                      group.spawn(() -> log.add("never starts"));
                    }
                  })
              .isSameAs(failure)
              .hasNoSuppressedExceptions();
          assertThat(log).containsExactly("cleaned up");
          assertThat(clock.elapsed()).isEqualTo(SECOND);
        });
  }

  @Test
  void theAwaitInWhichTheOwnerWaitsInTheBlockIsInterruptedAtOnce() {
    loop.runSync(
        () -> {
          assertThatThrownBy(
                  () -> {
                    try (var group = new TaskGroup()) {
                      group.spawn(this::cleansUp);
                      group.spawn(
                          () -> {
                            sleep(SECOND);
                            throw failure;
                          });
                      try {
                        sleep(DAY);
                      } finally {
                        log.add(clock.elapsed());
                      }
                    }
                  })
              .isSameAs(failure)
              .hasNoSuppressedExceptions();
          assertThat(log).containsExactly(SECOND, "cleaned up");
          sleep(DAY); // after the block nothing is left of it
        });
  }

  @Test
  void theWaitOfTheOwnerThatIsInterruptedLeavesItsLine() {
    loop.runSync(
        () -> {
          var lock = new Lock();
          var held = await(lock.acquire());
          assertThatThrownBy(
                  () -> {
                    try (var group = new TaskGroup()) {
                      group.spawn(this::fails);
                      await(lock.acquire());
                    }
                  })
              .isSameAs(failure);
          assertThat(lock).hasToString("Lock[locked]");
          held.close();
        });
  }

  @Test
  void anOwnerThatDoesNotWaitIsThrownItByItsNextAwaitAndMayCleanUpThen() {
    loop.runSync(
        () -> {
          var queue = new Queue<String>();
          assertThatThrownBy(
                  () -> {
                    try (var group = new TaskGroup()) {
                      group.spawn(
                          () -> {
                            queue.putNow("granted");
                            throw failure;
                          });
                      log.add(await(queue.get()));
                      try {
                        pause();
                        log.add("no");
                      } finally {
                        sleep(SECOND); // is thrown it once
                        log.add("owner cleaned up");
                      }
                    }
                  })
              .isSameAs(failure)
              .hasNoSuppressedExceptions();
          assertThat(log).containsExactly("granted", "owner cleaned up");
        });
  }

  @Test
  void theOthersFailuresAreItsSuppressedOnes() {
    IOException second = new IOException("while cleaning up");
    loop.runSync(
        () ->
            assertThatThrownBy(
                    () -> {
                      try (var group = new TaskGroup()) {
                        var failing =
                            group.spawn(
                                () -> {
                                  sleep(SECOND);
                                  throw failure;
                                });
                        group.spawn(
                            () -> {
                              try {
                                sleep(DAY);
                              } finally {
                                throw second;
                              }
                            });
                        group.spawn(() -> await(failing)); // fails with the same
                        pause();
                      }
                    })
                .isSameAs(failure)
                .hasSuppressedException(second)
                .satisfies(thrown -> assertThat(thrown.getSuppressed()).hasSize(1)));
  }

  @Test
  void anErrorIsAFailureToo() {
    Error error = new AssertionError("an error");
    loop.runSync(
        () ->
            assertThatThrownBy(
                    () -> {
                      try (var group = new TaskGroup()) {
                        group.spawn(
                            () -> {
                              throw error;
                            });
                      }
                    })
                .isSameAs(error));
  }

  @Test
  void aFailureThatTheOwnerIsThrownByAwaitingItsCoroutineIsThrownOnce() {
    loop.runSync(
        () -> {
          assertThatThrownBy(
                  () -> {
                    try (var group = new TaskGroup()) {
                      var slow = group.spawn(() -> sleep(DAY));
                      var failing = group.spawn(this::fails);
                      try {
                        awaitAll(failing, slow);
                      } finally {
                        sleep(SECOND);
                      }
                    }
                  })
              .isSameAs(failure)
              .hasNoSuppressedExceptions();
        });
  }

  @Test
  void aFailureThatTheOwnerHandlesHasEndedTheGroupButIsNotThrownAgain() {
    loop.runSync(
        () -> {
          try (var group = new TaskGroup()) {
            var slow = group.spawn(this::cleansUp);
            var failing = group.spawn(this::fails);
            assertThatThrownBy(() -> await(failing)).isSameAs(failure);
            assertThat(group).hasToString("TaskGroup[ended coroutines[1]]");
            sleep(DAY); // it may wait
            assertThat(slow).isCancelled();
            assertThat(group.spawn(() -> log.add("never starts"))).isCancelled();
          }
          assertThat(log).containsExactly("cleaned up");
        });
  }

  @Test
  void theCancellationThatTheGroupCausedIsNeverThrownToTheOwner() {
    loop.runSync(
        () -> {
          assertThatThrownBy(
                  () -> {
                    try (var group = new TaskGroup()) {
                      group.spawn(this::fails);
                      await(group.spawn(() -> log.add("never starts"))); // waits for it
                    }
                  })
              .isSameAs(failure);
          assertThatThrownBy(
                  () -> {
                    try (var group = new TaskGroup()) {
                      var cancelled = group.spawn(() -> sleep(DAY));
                      group.spawn(this::fails);
                      assertThatThrownBy(() -> sleep(DAY)).isSameAs(failure);
                      sleep(SECOND);
                      assertThat(cancelled).isCancelled();
                      await(cancelled); // is done, and does not wait
                    }
                  })
              .isSameAs(failure);
          assertThat(log).isEmpty();
        });
  }

  @Test
  void aCancellationThatNobodyAskedForIsAFailure() {
    var reply = new CompletableFuture<String>();
    reply.cancel(true); // the client gives up
    loop.runSync(
        () -> {
          assertThatThrownBy(
                  () -> {
                    try (var group = new TaskGroup()) {
                      group.spawn(
                          () -> {
                            try {
                              sleep(DAY);
                            } finally {
                              log.add("cancelled");
                              throw new IllegalStateException("while cleaning up");
                            }
                          });
                      group.spawn(() -> await(reply));
                    }
                  })
              .isInstanceOf(CancellationException.class)
              .satisfies(thrown -> assertThat(thrown.getSuppressed()).hasSize(1));
          assertThat(log).containsExactly("cancelled");
        });
  }

  @Test
  void oneThatWasCancelledByItselfHasNotFailed() {
    loop.runSync(
        () -> {
          try (var group = new TaskGroup()) {
            var cancelled = group.spawn(() -> sleep(DAY));
            var other =
                group.spawn(
                    () -> {
                      sleep(SECOND);
                      log.add("goes on");
                    });
            pause();
            cancelled.cancel(false);
            assertThatThrownBy(() -> await(cancelled)).isInstanceOf(CancellationException.class);
            await(other);
          }
          assertThat(log).containsExactly("goes on");
        });
  }

  @Test
  void oneThatSwallowsTheCancellationIsWaitedFor() {
    loop.runSync(
        () -> {
          List<Coroutine<String>> stubborn = new ArrayList<>();
          assertThatThrownBy(
                  () -> {
                    try (var group = new TaskGroup()) {
                      stubborn.add(
                          group.spawn(
                              () -> {
                                try {
                                  sleep(DAY);
                                } catch (CancellationException e) {
                                  sleep(SECOND.multipliedBy(5));
                                }
                                return "value";
                              }));
                      group.spawn(this::fails);
                    }
                  })
              .isSameAs(failure);
          assertThat(clock.elapsed()).isEqualTo(SECOND.multipliedBy(5));
          assertThat(await(stubborn.getFirst())).isEqualTo("value");
        });
  }

  @Test
  void oneWhoseFutureIsCompletedFromOutsideIsWaitedForUntilItsBodyHasEnded() {
    loop.runSync(
        () -> {
          try (var group = new TaskGroup()) {
            var child = group.spawn(this::cleansUp);
            pause();
            child.complete(null);
          }
          assertThat(log).containsExactly("cleaned up");
        });
  }

  @Test
  void whatTheBlockItselfThrowsWaitsForTheOthers() {
    loop.runSync(
        () -> {
          assertThatThrownBy(
                  () -> {
                    try (var group = new TaskGroup()) {
                      group.spawn(
                          () -> {
                            sleep(SECOND);
                            log.add("to its end");
                          });
                      fails();
                    }
                  })
              .isSameAs(failure);
          assertThat(log).containsExactly("to its end");
        });
  }

  @Test
  void aBlockThatThrowsDoesNotHangBecauseOfACoroutineThatNeverEnds() {
    loop.runSync(
        () -> {
          assertThatThrownBy(
                  () -> {
                    try (var group = new TaskGroup()) {
                      group.spawn(this::cleansUp);
                      pause();
                      fails();
                    }
                  })
              .isSameAs(failure)
              .hasNoSuppressedExceptions();
          assertThat(log).containsExactly("cleaned up");
          assertThat(clock.elapsed()).isLessThan(Duration.ofMinutes(1));
        });
  }

  @Test
  void aBlockThatThrowsInAFinallyOrInsideAnotherBlockOrALoopDoesNotHangEither() {
    loop.runSync(
        () -> {
          assertThatThrownBy(
                  () -> {
                    var group = new TaskGroup();
                    try {
                      group.spawn(this::cleansUp);
                      pause();
                      fails();
                    } finally {
                      group.close();
                    }
                  })
              .isSameAs(failure);
          for (int i = 0; i < 2; i++) {
            try (var outer = new TaskGroup()) {
              outer.spawn(() -> sleep(SECOND));
              try (var inner = new TaskGroup()) {
                inner.spawn(this::cleansUp);
                pause();
                fails();
              } catch (IOException e) {
                log.add("caught");
                continue;
              }
            }
            log.add("not reached");
          }
          assertThat(log)
              .containsExactly("cleaned up", "cleaned up", "caught", "cleaned up", "caught");
        });
  }

  @Test
  void aBlockThatIsLeftWithoutAnExceptionWaitsAsLongAsItTakes() {
    loop.runSync(
        () -> {
          try (var group = new TaskGroup()) {
            group.spawn(() -> sleep(DAY));
          }
          try {
            fails();
          } catch (IOException handled) {
            try (var group = new TaskGroup()) { // in a handler, and yet it has not thrown
              group.spawn(() -> sleep(DAY));
            }
          }
          for (int i = 0; i < 3; i++) {
            try (var group = new TaskGroup()) {
              group.spawn(() -> sleep(DAY));
              if (i == 1) {
                continue;
              }
              if (i == 2) {
                break;
              }
            }
          }
          var late = new TaskGroup();
          late.spawn(() -> sleep(DAY));
          try {
            fails();
          } catch (IOException handled) {
            late.close(); // what it has caught, it does not throw
          }
          assertThat(clock.elapsed()).isEqualTo(DAY.multipliedBy(6));
        });
  }

  @Test
  void whatIsDoneInACoroutineOfTheGroupCannotFailUnseen() {
    loop.runSync(
        () -> {
          assertThatThrownBy(
                  () -> {
                    try (var group = new TaskGroup()) {
                      group.spawn(this::cleansUp);
                      await(
                          group.spawn(
                              () -> {
                                pause();
                                fails();
                              }));
                    }
                  })
              .isSameAs(failure);
          assertThat(log).containsExactly("cleaned up");
        });
  }

  @Test
  void aThousandThatFailAtOnceAreOneFailure() {
    loop.runSync(
        () -> {
          var gate = new Event();
          Throwable thrown =
              catchThrowable(
                  () -> {
                    try (var group = new TaskGroup()) {
                      for (int i = 0; i < 1000; i++) {
                        group.spawn(
                            () -> {
                              await(gate.whenSet());
                              throw new IOException();
                            });
                      }
                      pause();
                      gate.set();
                    }
                  });
          assertThat(thrown).isInstanceOf(IOException.class);
          // All were granted before: a hundred others are attached, and the rest is counted.
          assertThat(thrown.getSuppressed()).hasSize(101);
          assertThat(thrown.getSuppressed()[100])
              .hasToString("899 more failures, which are not shown");
        });
  }

  // Cancellation and deadlines from outside.

  @Test
  void cancellingTheOwnerCancelsTheCoroutinesOfTheGroup() {
    loop.runSync(
        () -> {
          for (boolean inClose : List.of(true, false)) {
            log.clear();
            Coroutine<Void> owner =
                spawn(
                    () -> {
                      try (var group = new TaskGroup()) {
                        group.spawn(this::cleansUp);
                        if (!inClose) {
                          sleep(DAY);
                        }
                      }
                    });
            pause();
            pause();
            owner.cancel(false);
            pause();
            assertThat(owner).isNotDone();
            assertThatThrownBy(() -> await(owner))
                .isInstanceOf(CancellationException.class)
                .hasNoSuppressedExceptions();
            assertThat(log).containsExactly("cleaned up");
          }
        });
  }

  @Test
  void anOwnerThatIsCancelledBeforeItMakesTheGroupStartsNothingInIt() {
    loop.runSync(
        () -> {
          List<Coroutine<?>> self = new ArrayList<>();
          Coroutine<Void> owner =
              spawn(
                  () -> {
                    self.getFirst().cancel(false);
                    try (var group = new TaskGroup()) {
                      group.spawn(() -> log.add("no"));
                    }
                  });
          self.add(owner);
          assertThatThrownBy(() -> await(owner)).isInstanceOf(CancellationException.class);
          assertThat(log).isEmpty();
        });
  }

  @Test
  void aCancellationThatComesWhenAllHaveEndedIsForTheNextAwait() {
    loop.runSync(
        () -> {
          List<Coroutine<?>> self = new ArrayList<>();
          Coroutine<Void> owner =
              spawn(
                  () -> {
                    try (var group = new TaskGroup()) {
                      await(group.spawn(() -> log.add("ran")));
                      self.getFirst().cancel(false);
                    }
                    log.add("left");
                    pause();
                    log.add("no");
                  });
          self.add(owner);
          assertThatThrownBy(() -> await(owner)).isInstanceOf(CancellationException.class);
          assertThat(log).containsExactly("ran", "left");
        });
  }

  @Test
  void aCancellationFromOutsideAtTheSameTimeAsAFailureIsThrownAfterTheBlock() {
    loop.runSync(
        () -> {
          List<Coroutine<?>> self = new ArrayList<>();
          for (boolean inClose : List.of(true, false)) {
            self.clear();
            log.clear();
            Coroutine<Void> owner =
                spawn(
                    () -> {
                      try (var group = new TaskGroup()) {
                        group.spawn(this::cleansUp);
                        group.spawn(
                            () -> {
                              loop.execute(() -> self.getFirst().cancel(false));
                              throw failure;
                            });
                        if (!inClose) {
                          sleep(DAY);
                        }
                      } catch (Exception e) {
                        log.add(e);
                      }
                      pause();
                      log.add("no");
                    });
            self.add(owner);
            assertThatThrownBy(() -> await(owner)).isInstanceOf(CancellationException.class);
            assertThat(log).containsExactly("cleaned up", failure);
          }
        });
  }

  @Test
  void whatFailsWhileACancelledGroupCleansUpIsReported() {
    loop.runSync(
        () -> {
          Coroutine<Void> owner =
              spawn(
                  () -> {
                    try (var group = new TaskGroup()) {
                      group.spawn(
                          () -> {
                            try {
                              sleep(DAY);
                            } finally {
                              throw failure;
                            }
                          });
                    }
                  });
          pause();
          pause();
          owner.cancel(false);
          assertThatThrownBy(() -> await(owner)).isInstanceOf(CancellationException.class);
        });
    assertThat(reported).containsExactly(failure);
    reported.clear();
  }

  @Test
  void itsCoroutinesAreCancelledOnceHoweverOftenTheOwnerIs() {
    loop.runSync(
        () -> {
          Coroutine<Void> owner =
              spawn(
                  () -> {
                    try (var group = new TaskGroup()) {
                      group.spawn(this::cleansUp);
                    }
                  });
          pause();
          pause();
          owner.cancel(false);
          pause();
          owner.cancel(false);
          assertThatThrownBy(() -> await(owner)).isInstanceOf(CancellationException.class);
          assertThat(log).containsExactly("cleaned up");
        });
  }

  @Test
  void theTimeOfAWithTimeoutAroundItCancelsItsCoroutines() {
    loop.runSync(
        () -> {
          for (boolean inClose : List.of(true, false)) {
            log.clear();
            assertThatThrownBy(
                    () ->
                        withTimeout(
                            SECOND,
                            () -> {
                              try (var group = new TaskGroup()) {
                                group.spawn(this::cleansUp);
                                if (!inClose) {
                                  sleep(DAY);
                                }
                              }
                            }))
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessageContaining("withTimeout")
                .hasNoSuppressedExceptions();
            assertThat(log).containsExactly("cleaned up");
          }
          assertThat(clock.elapsed()).isEqualTo(SECOND.multipliedBy(4));
        });
  }

  @Test
  void aWithTimeoutInTheBlockIsOfTheBlockAlone() {
    loop.runSync(
        () -> {
          try (var group = new TaskGroup()) {
            group.spawn(
                () -> {
                  sleep(SECOND.multipliedBy(2));
                  log.add("goes on");
                });
            assertThatThrownBy(() -> withTimeout(SECOND, () -> sleep(DAY)))
                .isInstanceOf(DeadlineExceededException.class);
          }
          assertThat(log).containsExactly("goes on");
        });
  }

  @Test
  void aFailureOfTheGroupEndsAWithTimeoutInTheBlock() {
    loop.runSync(
        () ->
            assertThatThrownBy(
                    () -> {
                      try (var group = new TaskGroup()) {
                        group.spawn(this::fails);
                        withTimeout(SECOND, () -> sleep(DAY));
                      }
                    })
                .isSameAs(failure));
    assertThat(clock.elapsed()).isZero();
  }

  // Its own deadline.

  @Test
  void whenItsTimeIsUpItHasFailed() {
    loop.runSync(
        () -> {
          for (boolean inClose : List.of(true, false)) {
            log.clear();
            Duration begin = clock.elapsed();
            assertThatThrownBy(
                    () -> {
                      try (var group = new TaskGroup(SECOND)) {
                        group.spawn(this::cleansUp);
                        if (!inClose) {
                          sleep(DAY);
                        }
                      }
                    })
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessage("the time of the TaskGroup is up")
                .hasNoSuppressedExceptions();
            assertThat(log).containsExactly("cleaned up");
            assertThat(clock.elapsed().minus(begin)).isEqualTo(SECOND.multipliedBy(2));
          }
          try (var group = new TaskGroup(Deadline.after(SECOND))) {
            group.spawn(() -> log.add("in time"));
          }
          assertThat(log).endsWith("in time");
          assertThat(loop.timers.size()).isZero();
        });
  }

  @Test
  void aDeadlineThatPassesWhileItCleansUpAfterAFailureChangesNothing() {
    loop.runSync(
        () -> {
          assertThatThrownBy(
                  () -> {
                    try (var group = new TaskGroup(Duration.ofMillis(500))) {
                      group.spawn(this::cleansUp);
                      group.spawn(this::fails);
                    }
                  })
              .isSameAs(failure)
              .hasNoSuppressedExceptions();
          assertThat(log).containsExactly("cleaned up");
        });
  }

  @Test
  void withNoTimeNothingStarts() {
    loop.runSync(
        () -> {
          for (Duration none : List.of(Duration.ZERO, SECOND.negated())) {
            try (var group = new TaskGroup(none)) {
              log.add("what needs no waiting can be done in the block");
            }
            assertThatThrownBy(
                    () -> {
                      try (var group = new TaskGroup(none)) {
                        group.spawn(() -> log.add("no"));
                      }
                    })
                .isInstanceOf(DeadlineExceededException.class);
          }
        });
    assertThat(log).hasSize(2).doesNotContain("no");
  }

  @Test
  void whatEndsAtTheVeryMomentIsInTime() {
    loop.runSync(
        () -> {
          try (var group = new TaskGroup(Deadline.after(SECOND.plusNanos(1)))) {
            var child = group.spawn(() -> sleep(SECOND));
            child.thenRun(() -> clock.advance(Duration.ofNanos(1)));
          }
        });
  }

  // Nesting.

  @Test
  void aFailureEndsTheGroupsThatAreInside() {
    loop.runSync(
        () -> {
          assertThatThrownBy(
                  () -> {
                    try (var outer = new TaskGroup()) {
                      outer.spawn(
                          () -> {
                            sleep(SECOND);
                            throw failure;
                          });
                      outer.spawn(
                          () -> {
                            try (var itsOwn = new TaskGroup()) {
                              itsOwn.spawn(this::cleansUp);
                            }
                          });
                      try (var inner = new TaskGroup()) {
                        inner.spawn(this::cleansUp);
                      }
                    }
                  })
              .isSameAs(failure)
              .hasNoSuppressedExceptions();
          assertThat(log).containsExactly("cleaned up", "cleaned up");
        });
  }

  @Test
  void aFailureOfTheInnerGroupIsOneOfTheOuterWhenItsCoroutineFailsWithIt() {
    loop.runSync(
        () -> {
          assertThatThrownBy(
                  () -> {
                    try (var outer = new TaskGroup()) {
                      outer.spawn(this::cleansUp);
                      outer.spawn(
                          () -> {
                            try (var inner = new TaskGroup()) {
                              inner.spawn(this::cleansUp);
                              inner.spawn(this::fails);
                            }
                          });
                    }
                  })
              .isSameAs(failure)
              .hasNoSuppressedExceptions();
          assertThat(log).containsExactly("cleaned up", "cleaned up");
        });
  }

  @Test
  void aFailureOfTheOuterGroupWhileTheInnerOneCleansUpIsNotLost() {
    IOException other = new IOException("of the inner");
    loop.runSync(
        () ->
            assertThatThrownBy(
                    () -> {
                      try (var outer = new TaskGroup()) {
                        outer.spawn(
                            () -> {
                              sleep(Duration.ofMillis(500));
                              throw failure;
                            });
                        try (var inner = new TaskGroup()) {
                          inner.spawn(this::cleansUp);
                          inner.spawn(
                              () -> {
                                throw other;
                              });
                        }
                      }
                    })
                .isSameAs(other)
                .hasSuppressedException(failure));
    assertThat(log).containsExactly("cleaned up");
  }

  @Test
  void groupsThatAreClosedInTheWrongOrderAreClosedAllTheSame() {
    loop.runSync(
        () -> {
          var outer = new TaskGroup();
          var inner = new TaskGroup();
          inner.spawn(() -> sleep(SECOND));
          outer.close();
          inner.close();
          assertThat(clock.elapsed()).isEqualTo(SECOND);
          sleep(SECOND);
        });
  }

  @Test
  void aGroupMayOutliveAWithTimeoutInWhichItWasMade() {
    loop.runSync(
        () -> {
          var group =
              withTimeout(
                  SECOND,
                  () -> {
                    var made = new TaskGroup();
                    made.spawn(
                        () -> {
                          sleep(DAY);
                          throw failure;
                        });
                    return made;
                  });
          assertThatThrownBy(group::close).isSameAs(failure);
        });
  }

  // Never closed.

  @Test
  void theCoroutinesOfAGroupThatIsNeverClosedAreOrdinaryOnesWhenTheOwnerHasEnded() {
    loop.runSync(
        () -> {
          await(
              spawn(
                  () -> {
                    var group = new TaskGroup(SECOND.multipliedBy(5));
                    group.spawn(
                        () -> {
                          sleep(SECOND);
                          throw failure;
                        });
                    group.spawn(
                        () -> {
                          sleep(DAY);
                          log.add("goes on");
                        });
                  }));
          assertThat(loop.timers.size()).isEqualTo(2); // of those who sleep
          sleep(DAY.multipliedBy(2));
        });
    assertThat(log).containsExactly("goes on");
    assertThat(reported).containsExactly(failure);
    reported.clear();
  }

  @Test
  void aFailureThatTheOwnerOfSuchAGroupWasNotThrownIsReported() {
    loop.runSync(
        () -> {
          await(
              spawn(
                  () -> {
                    var group = new TaskGroup();
                    var granted = new CompletableFuture<Void>();
                    group.spawn(
                        () -> {
                          granted.complete(null);
                          throw failure;
                        });
                    var relayed = new AsyncResult<Void>();
                    granted.thenRun(() -> relayed.set(null));
                    await(relayed.get());
                  }));
        });
    assertThat(reported).containsExactly(failure);
    reported.clear();
  }

  // The end of the loop.

  @OnItsOwnThread
  @Test
  void aLoopThatIsClosedLetsTheOwnerAndTheCoroutinesCleanUp() {
    for (int turns = 1; turns < 4; turns++) {
      log.clear();
      IOLoop closing = TestLoop.create();
      int wait = turns;
      closing.runSync(
          () -> {
            spawn(
                () -> {
                  try (var group = new TaskGroup()) {
                    group.spawn(this::cleansUp);
                    group.spawn(this::cleansUp);
                  } catch (CancellationException e) {
                    log.add("owner");
                    throw e;
                  }
                });
            for (int i = 0; i < wait; i++) {
              pause();
            }
          });
      closing.close();
      assertThat(log)
          .isEqualTo( // the first time they have not started, and the group is left
              turns == 1 ? List.of() : List.of("cleaned up", "cleaned up", "owner"));
    }
  }

  @OnItsOwnThread
  @Test
  void oneThatNeverEndsDoesNotKeepTheLoopFromClosing() {
    IOLoop closing = TestLoop.create();
    closing.runSync(
        () -> {
          Coroutine<Void> owner =
              spawn(
                  () -> {
                    try (var group = new TaskGroup()) {
                      group.spawn(
                          () -> {
                            try {
                              sleep(DAY);
                            } catch (CancellationException e) {
                              await(new Event().whenSet());
                            }
                          });
                    }
                  });
          owner.whenComplete((value, thrown) -> log.add(thrown));
          pause();
          pause();
        });
    closing.close();
    assertThat(log).singleElement().isInstanceOf(LoopClosedException.class);
  }
}
