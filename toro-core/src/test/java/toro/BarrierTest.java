package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.TestLoop.elsewhere;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BarrierTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static void assertBroken(CompletableFuture<?> arrival) {
    assertThat(arrival.isCompletedExceptionally()).isTrue();
    assertThat(arrival.exceptionNow()).isInstanceOf(BarrierBrokenException.class);
  }

  @Test
  void itsTextTellsItsStateAndHowManyWait() {
    TestLoop.run(
        () -> {
          var barrier = new Barrier(3);
          assertThat(barrier).hasToString("Barrier[parties=3]");
          barrier.arrive();
          var second = barrier.arrive();
          assertThat(barrier).hasToString("Barrier[parties=3 waiters[2]]");
          assertThat(barrier.waiting()).isEqualTo(2);
          second.cancel(true);
          assertThat(barrier.waiting()).isOne();
          barrier.abort();
          assertThat(barrier).hasToString("Barrier[parties=3 broken]");
        });
  }

  @Test
  void theLastToArriveReleasesAllAndEachLearnsWhichItWas() {
    TestLoop.run(
        () -> {
          var barrier = new Barrier(3);
          for (int round = 0; round < 3; round++) {
            var first = barrier.arrive();
            var second = barrier.arrive(SECOND);
            assertThat(List.of(first, second)).noneMatch(CompletableFuture::isDone);
            assertThat(barrier.arrive()).isCompletedWithValue(2);
            assertThat(first).isCompletedWithValue(0);
            assertThat(second).isCompletedWithValue(1);
            assertThat(barrier.waiting()).isZero();
          }
        });
  }

  @Test
  void aBarrierOfOneNeverLetsWait() {
    TestLoop.run(
        () -> {
          var rounds = new int[1];
          var barrier = new Barrier(1, () -> rounds[0]++);
          assertThat(await(barrier.arrive())).isZero();
          assertThat(await(barrier.arrive(Duration.ZERO))).isZero();
          assertThat(rounds[0]).isEqualTo(2);
        });
  }

  @Test
  void whoLeavesHasNotArrivedAndTheIndexesAreThoseOfWhoStayed() {
    TestLoop.run(
        () -> {
          var barrier = new Barrier(3);
          var cancelled = barrier.arrive();
          var expired = barrier.arrive(SECOND);
          cancelled.cancel(true);
          sleep(SECOND);
          assertThat(expired).isCompletedExceptionally();
          var stays = barrier.arrive();
          var last = barrier.arrive();
          assertThat(last).isNotDone();
          assertThat(barrier.arrive()).isCompletedWithValue(2);
          assertThat(stays).isCompletedWithValue(0);
          assertThat(last).isCompletedWithValue(1);
        });
  }

  @Test
  void whoWasCompletedOnAnotherThreadHasNotArrivedEvenBeforeTheLoopKnows() {
    TestLoop.run(
        () -> {
          var barrier = new Barrier(3);
          var first = barrier.arrive();
          var gone = barrier.arrive();
          elsewhere(() -> gone.complete(7));
          var second = barrier.arrive();
          assertThat(List.of(first, second)).noneMatch(CompletableFuture::isDone);
          assertThat(barrier.waiting()).isEqualTo(2);
          assertThat(barrier.arrive()).isCompletedWithValue(2);
          assertThat(first).isCompletedWithValue(0);
          assertThat(second).isCompletedWithValue(1);
          assertThat(gone).isCompletedWithValue(7);
        });
  }

  @Test
  void aCancelledCoroutineHasNotArrived() {
    TestLoop.run(
        () -> {
          var barrier = new Barrier(2);
          var party = spawn(() -> await(barrier.arrive()));
          pause();
          party.cancel(true);
          assertThat(barrier.arrive(Duration.ZERO)).isCompletedExceptionally();
          var other = spawn(() -> await(barrier.arrive()));
          pause();
          assertThat(await(barrier.arrive())).isOne();
          assertThat(await(other)).isZero();
        });
  }

  @Test
  void theActionRunsOnceForEachRoundBeforeAnybodyIsReleased() {
    TestLoop.run(
        () -> {
          var events = new ArrayList<String>();
          var barrier = new Barrier(2, () -> events.add("action"));
          for (int round = 0; round < 2; round++) {
            var unused = barrier.arrive().thenRun(() -> events.add("first"));
            unused = barrier.arrive().thenRun(() -> events.add("last"));
          }
          assertThat(events).containsExactly("action", "first", "last", "action", "first", "last");
        });
  }

  @Test
  void anActionThatThrowsBreaksTheBarrier() {
    TestLoop.run(
        () -> {
          var failure = new AssertionError("mine");
          var fails = new boolean[] {true};
          var barrier =
              new Barrier(
                  2,
                  () -> {
                    if (fails[0]) {
                      throw failure;
                    }
                  });
          var first = barrier.arrive();
          var last = barrier.arrive();
          assertBroken(first);
          assertThat(first.exceptionNow())
              .hasCause(failure)
              .hasMessageContaining("action")
              .hasMessageEndingWith("Barrier[parties=2 broken]");
          assertThat(last.exceptionNow()).isSameAs(failure);
          assertThat(barrier.isBroken()).isTrue();
          assertThat(barrier.arrive().exceptionNow())
              .isInstanceOf(BarrierBrokenException.class)
              .hasCause(failure);
          barrier.abort();
          assertThat(barrier.arrive().exceptionNow()).hasCause(failure);
          barrier.reset();
          fails[0] = false;
          first = barrier.arrive();
          assertThat(barrier.arrive()).isCompletedWithValue(1);
          assertThat(first).isCompletedWithValue(0);
        });
  }

  @Test
  void anActionMustNotSuspend() {
    TestLoop.run(
        () -> {
          var barrier = new Barrier(1, Coroutines::pause);
          assertThatIllegalStateException()
              .isThrownBy(() -> await(barrier.arrive()))
              .withMessageContaining("callback");
          assertThat(barrier.isBroken()).isTrue();
          pause(); // the coroutine itself still may
        });
  }

  @Test
  void whatTheActionDoesWithTheBarrierIsAboutTheNextRound() {
    TestLoop.run(
        () -> {
          var next = new ArrayList<CompletableFuture<Integer>>();
          var barriers = new Barrier[1];
          var barrier =
              new Barrier(
                  2,
                  () -> {
                    assertThat(barriers[0].waiting()).isZero();
                    if (next.isEmpty()) {
                      next.add(barriers[0].arrive());
                    }
                  });
          barriers[0] = barrier;
          var first = barrier.arrive();
          assertThat(barrier.arrive()).isCompletedWithValue(1);
          assertThat(first).isCompletedWithValue(0);
          assertThat(next.getFirst()).isNotDone();
          assertThat(barrier.arrive()).isCompletedWithValue(1);
          assertThat(next.getFirst()).isCompletedWithValue(0);
        });
  }

  @Test
  void anActionMayAbortOrResetWithoutHarmToThisRound() {
    TestLoop.run(
        () -> {
          var barriers = new Barrier[1];
          for (boolean abort : new boolean[] {true, false}) {
            var barrier =
                new Barrier(
                    2,
                    () -> {
                      if (abort) {
                        barriers[0].abort();
                      } else {
                        barriers[0].reset();
                      }
                    });
            barriers[0] = barrier;
            var first = barrier.arrive();
            assertThat(barrier.arrive()).isCompletedWithValue(1);
            assertThat(first).isCompletedWithValue(0);
            assertThat(barrier.isBroken()).isEqualTo(abort);
          }
        });
  }

  @Test
  void anActionThatThrowsFailsAlsoWhomItLetArrive() {
    TestLoop.run(
        () -> {
          var next = new ArrayList<CompletableFuture<Integer>>();
          var barriers = new Barrier[1];
          var barrier =
              new Barrier(
                  2,
                  () -> {
                    next.add(barriers[0].arrive());
                    throw new IllegalArgumentException("mine");
                  });
          barriers[0] = barrier;
          var first = barrier.arrive();
          assertThat(barrier.arrive().exceptionNow()).hasMessage("mine");
          assertBroken(first);
          assertBroken(next.getFirst());
          assertThat(barrier).hasToString("Barrier[parties=2 broken]");
        });
  }

  @Test
  void whoArrivesAgainInACallbackWaitsForTheNextRound() {
    TestLoop.run(
        () -> {
          var barrier = new Barrier(3);
          var again = new ArrayList<CompletableFuture<Integer>>();
          for (int i = 0; i < 2; i++) {
            var unused = barrier.arrive().thenRun(() -> again.add(barrier.arrive()));
          }
          assertThat(barrier.arrive()).isCompletedWithValue(2);
          assertThat(again).hasSize(2).noneMatch(CompletableFuture::isDone);
          assertThat(barrier.arrive()).isCompletedWithValue(2);
          assertThat(again.get(0)).isCompletedWithValue(0);
          assertThat(again.get(1)).isCompletedWithValue(1);
        });
  }

  @Test
  void aRoundMayEndInsideTheReleaseOfTheOneBefore() {
    TestLoop.run(
        () -> {
          var barrier = new Barrier(3);
          var nested = new ArrayList<CompletableFuture<Integer>>();
          var unused =
              barrier
                  .arrive()
                  .thenRun(
                      () -> {
                        for (int i = 0; i < 3; i++) {
                          nested.add(barrier.arrive());
                        }
                      });
          var second = barrier.arrive();
          assertThat(barrier.arrive()).isCompletedWithValue(2);
          assertThat(nested).extracting(CompletableFuture::resultNow).containsExactly(0, 1, 2);
          assertThat(second).isCompletedWithValue(1);
        });
  }

  @Test
  void aHundredThousandRoundsInsideEachOtherDoNotOverflowTheStack() {
    TestLoop.run(
        () -> {
          var barrier = new Barrier(2);
          var rounds = new int[1];
          barrier.arrive().thenRun(() -> again(barrier, rounds));
          assertThat(barrier.arrive()).isCompletedWithValue(1);
          assertThat(rounds[0]).isEqualTo(100_000);
        });
  }

  private static void again(Barrier barrier, int[] rounds) {
    if (++rounds[0] < 100_000) {
      barrier.arrive().thenRun(() -> again(barrier, rounds));
      assertThat(barrier.arrive()).isCompletedWithValue(1);
    }
  }

  @Test
  void aResetFailsWhoWaitsAndIsFreshAfterwards() {
    TestLoop.run(
        () -> {
          var barrier = new Barrier(2);
          var again = new ArrayList<CompletableFuture<Integer>>();
          var waits = barrier.arrive(SECOND);
          waits.whenComplete((index, failure) -> again.add(barrier.arrive()));
          barrier.reset();
          assertBroken(waits);
          assertThat(waits.exceptionNow()).hasNoCause().hasMessageContaining("reset");
          assertThat(barrier.isBroken()).isFalse();
          assertThat(IOLoop.current().timers.size()).isZero();
          assertThat(again.getFirst()).isNotDone();
          assertThat(barrier.arrive()).isCompletedWithValue(1);
          assertThat(again.getFirst()).isCompletedWithValue(0);
          barrier.reset(); // nobody waits
        });
  }

  @Test
  void anAbortFailsWhoWaitsAndWhoComesUntilItIsReset() {
    TestLoop.run(
        () -> {
          var barrier = new Barrier(2);
          var waits = spawn(() -> await(barrier.arrive()));
          pause();
          barrier.abort();
          assertThat(barrier.isBroken()).isTrue();
          assertThatExceptionOfType(BarrierBrokenException.class)
              .isThrownBy(() -> await(waits))
              .withMessageContaining("aborted");
          assertThatExceptionOfType(BarrierBrokenException.class)
              .isThrownBy(() -> await(barrier.arrive()))
              .withMessageContaining("until it is reset")
              .withNoCause();
          assertBroken(barrier.arrive(Duration.ZERO));
          assertThat(barrier.waiting()).isZero();
          barrier.abort();
          barrier.reset();
          var first = barrier.arrive();
          assertThat(first).isNotDone();
          assertThat(barrier.arrive()).isCompletedWithValue(1);
        });
  }

  @Test
  void nullIsRefusedAndChangesNothing() {
    TestLoop.run(
        () -> {
          assertThatNullPointerException()
              .isThrownBy(() -> new Barrier(2, null))
              .withMessage("action");
          var barrier = new Barrier(1, () -> fail());
          assertThatNullPointerException()
              .isThrownBy(() -> barrier.arrive((Duration) null))
              .withMessage("timeout");
          assertThatNullPointerException()
              .isThrownBy(() -> barrier.arrive((Deadline) null))
              .withMessage("deadline");
          assertThat(barrier.isBroken()).isFalse();
        });
  }

  private static void fail() {
    throw new AssertionError("nobody has arrived");
  }

  @Test
  void thereMayBeAsManyPartiesAsAnIntegerCounts() {
    TestLoop.run(
        () -> {
          var barrier = new Barrier(Integer.MAX_VALUE);
          var first = barrier.arrive();
          assertThat(barrier).hasToString("Barrier[parties=2147483647 waiters[1]]");
          barrier.reset();
          assertThat(first).isCompletedExceptionally();
        });
  }
}
