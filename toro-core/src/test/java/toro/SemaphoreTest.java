package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
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

class SemaphoreTest {

  @Test
  void itsTextTellsTheCounterAndHowManyWait() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(2);
          assertThat(semaphore).hasToString("Semaphore[counter=2]");
          await(semaphore.acquire());
          await(semaphore.acquire());
          var unused = semaphore.acquire();
          var unusedToo = semaphore.acquire();
          var unlocked = semaphore.whenUnlocked();
          assertThat(semaphore).hasToString("Semaphore[counter=0 waiters[3]]");
          unlocked.cancel(true);
          assertThat(semaphore).hasToString("Semaphore[counter=0 waiters[2]]");
          assertThat(new BoundedSemaphore(3)).hasToString("BoundedSemaphore[counter=3]");
        });
  }

  @Test
  void itGivesOutAsManyPermitsAsItHas() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(3);
          var leases = new ArrayList<CompletableFuture<Lease>>();
          for (int i = 0; i < 5; i++) {
            leases.add(semaphore.acquire());
          }
          assertThat(leases.stream().filter(CompletableFuture::isDone)).hasSize(3);
          assertThat(semaphore.availablePermits()).isZero();
          leases.get(1).join().close();
          assertThat(leases.get(3)).isCompleted();
          assertThat(leases.get(4)).isNotDone();
        });
  }

  @Test
  void releaseMakesAPermitMore() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(0);
          assertThat(semaphore.isLocked()).isTrue();
          semaphore.release();
          semaphore.release();
          assertThat(semaphore.availablePermits()).isEqualTo(2);
          assertThat(semaphore.isLocked()).isFalse();
        });
  }

  @Test
  void thereIsAGreatestNumberOfPermits() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(Integer.MAX_VALUE);
          assertThatIllegalStateException().isThrownBy(semaphore::release);
          assertThat(semaphore.availablePermits()).isEqualTo(Integer.MAX_VALUE);
          var lease = await(semaphore.acquire());
          semaphore.release();
          lease.close(); // there is no room for it
          assertThat(semaphore.availablePermits()).isEqualTo(Integer.MAX_VALUE);
        });
  }

  @Test
  void aBoundedOneIsNotReleasedMoreOftenThanAcquired() {
    TestLoop.run(
        () -> {
          var semaphore = new BoundedSemaphore(2);
          assertThatIllegalStateException()
              .isThrownBy(semaphore::release)
              .withMessageContaining("released too many times");
          var first = await(semaphore.acquire());
          var second = await(semaphore.acquire());
          semaphore.release();
          first.close();
          assertThat(semaphore.availablePermits()).isEqualTo(2);
          second.close(); // its permit was released without it
          assertThat(semaphore.availablePermits()).isEqualTo(2);
          assertThatIllegalStateException().isThrownBy(semaphore::release);
        });
  }

  @Test
  void whenUnlockedIsDoneAtOnceIfAPermitIsFreeAndTakesNone() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(1);
          assertThat(semaphore.whenUnlocked()).isCompletedWithValue(null);
          assertThat(semaphore.whenUnlocked(Duration.ZERO)).isCompleted();
          assertThat(semaphore.availablePermits()).isOne();
        });
  }

  @Test
  void whenUnlockedTellsAllWhoWaitAfterThoseWhoAcquire() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(0);
          var first = semaphore.whenUnlocked();
          var acquirer = semaphore.acquire();
          var second = semaphore.whenUnlocked();
          semaphore.release(); // to the acquirer
          assertThat(acquirer).isCompleted();
          assertThat(first).isNotDone();
          assertThat(second).isNotDone();
          acquirer.join().close();
          assertThat(first).isCompleted();
          assertThat(second).isCompleted();
          assertThat(semaphore.availablePermits()).isOne();
        });
  }

  @Test
  void whoBeginsToWaitForUnlockingInACallbackWaitsForTheNextTime() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(0);
          var again = new ArrayList<CompletableFuture<Void>>();
          var told =
              semaphore
                  .whenUnlocked()
                  .thenRun(
                      () -> {
                        assertThat(semaphore.acquire()).isCompleted();
                        again.add(semaphore.whenUnlocked());
                      });
          semaphore.release();
          assertThat(told).isCompleted();
          assertThat(again.getFirst()).isNotDone();
          semaphore.release();
          assertThat(again.getFirst()).isCompleted();
        });
  }

  @Test
  void aHoldIsNotLimitedByTheDeadlineOfItsWait() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(1);
          var holder =
              spawn(
                  () -> {
                    try (var lease = await(semaphore.acquire(Duration.ofSeconds(1)))) {
                      sleep(Duration.ofHours(1));
                      return lease.toString();
                    }
                  });
          pause();
          assertThat(await(holder)).isEqualTo("Lease[held]");
        });
  }

  // Several at once.

  @Test
  void severalAreTakenAllOrNone() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(5);
          var lease = await(semaphore.acquire(3));
          assertThat(semaphore.availablePermits()).isEqualTo(2);
          var three = semaphore.acquire(3);
          assertThat(three).isNotDone();
          assertThat(semaphore).hasToString("Semaphore[counter=2 waiters[1]]");
          semaphore.release();
          assertThat(three).isCompleted();
          lease.close();
          lease.close();
          three.join().close();
          assertThat(semaphore.availablePermits()).isEqualTo(6);
        });
  }

  @Test
  void whoWaitsForManyIsNotPassedOverByThoseWhoWantLess() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(2);
          var many = semaphore.acquire(3);
          var one = semaphore.acquire();
          assertThat(one).isNotDone();
          assertThat(semaphore.acquire(Duration.ZERO)).isCompletedExceptionally();
          semaphore.release(2);
          assertThat(many).isCompleted();
          assertThat(one).isCompleted();
          assertThat(semaphore.availablePermits()).isZero();
        });
  }

  @Test
  void whenWhoWaitsForManyLeavesThoseBehindMoveUp() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(2);
          var many = semaphore.acquire(3, Duration.ofSeconds(1));
          var one = semaphore.acquire();
          var unlocked = semaphore.whenUnlocked();
          assertThat(semaphore.isLocked()).isTrue();
          assertThat(unlocked).isNotDone();
          sleep(Duration.ofSeconds(2));
          assertThat(many).isCompletedExceptionally();
          assertThat(one).isCompleted();
          assertThat(unlocked).isCompleted();
          assertThat(semaphore.isLocked()).isFalse();
          assertThat(semaphore).hasToString("Semaphore[counter=1]");
        });
  }

  @Test
  void whileSomebodyWaitsForManyItIsLockedThoughPermitsAreFree() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(2);
          var many = semaphore.acquire(3);
          assertThat(semaphore.availablePermits()).isEqualTo(2);
          assertThat(semaphore.isLocked()).isTrue();
          assertThat(semaphore.whenUnlocked()).isNotDone();
          many.cancel(true);
          assertThat(semaphore.isLocked()).isFalse();
          assertThat(semaphore).hasToString("Semaphore[counter=2]");
        });
  }

  @Test
  void severalAreReleasedAtOnceToAsManyAsTheyAreEnoughFor() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(0);
          var waits = new ArrayList<CompletableFuture<Lease>>();
          for (int i = 1; i <= 4; i++) {
            waits.add(semaphore.acquire(i));
          }
          semaphore.release(7);
          assertThat(waits.stream().map(CompletableFuture::isDone))
              .containsExactly(true, true, true, false);
          assertThat(semaphore).hasToString("Semaphore[counter=1 waiters[1]]");
        });
  }

  @Test
  void lessThanOneIsRefused() {
    TestLoop.run(
        () -> {
          var semaphore = new BoundedSemaphore(2);
          for (int n : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException()
                .isThrownBy(() -> semaphore.acquire(n))
                .withMessage("permits must be >= 1, not " + n);
            assertThatIllegalArgumentException().isThrownBy(() -> semaphore.release(n));
          }
          assertThatIllegalArgumentException()
              .isThrownBy(() -> semaphore.resize(-1))
              .withMessage("permits must be >= 0, not -1");
          assertThat(semaphore).hasToString("BoundedSemaphore[counter=2]");
        });
  }

  @Test
  void moreThanABoundedOneHasIsRefusedAtOnceAndMoreThanAPlainOneHasIsWaitedFor() {
    TestLoop.run(
        () -> {
          var bounded = new BoundedSemaphore(2);
          assertThatIllegalArgumentException()
              .isThrownBy(() -> bounded.acquire(3))
              .withMessage(
                  "3 permits can never be granted: BoundedSemaphore[counter=2] has 2 in all");
          var held = await(bounded.acquire());
          assertThatIllegalArgumentException().isThrownBy(() -> bounded.acquire(3, Duration.ZERO));
          held.close();
          var plain = new Semaphore(2);
          var three = plain.acquire(3);
          plain.release();
          assertThat(three).isCompleted();
        });
  }

  @Test
  void releasingMoreThanThereIsRoomForReleasesNone() {
    TestLoop.run(
        () -> {
          var bounded = new BoundedSemaphore(3);
          await(bounded.acquire(2));
          assertThatIllegalStateException()
              .isThrownBy(() -> bounded.release(3))
              .withMessageContaining("released too many times");
          assertThat(bounded.availablePermits()).isOne();
          bounded.release(2);
          var plain = new Semaphore(Integer.MAX_VALUE - 1);
          assertThatIllegalStateException().isThrownBy(() -> plain.release(2));
          assertThatIllegalStateException().isThrownBy(() -> plain.release(Integer.MAX_VALUE));
          plain.release(1);
          assertThat(plain.availablePermits()).isEqualTo(Integer.MAX_VALUE);
        });
  }

  @Test
  void whoWasGivenUpByAnotherThreadHoldsUpNobodyWhoWaitsForAFreePermit() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(1);
          var two = semaphore.acquire(2);
          elsewhere(() -> two.cancel(true)); // the loop does not know yet
          assertThat(semaphore.whenUnlocked()).isCompleted();
        });
  }

  // Resizing.

  @Test
  void growingGrantsThoseWhoWaitBeforeItReturns() {
    TestLoop.run(
        () -> {
          var semaphore = new BoundedSemaphore(1);
          await(semaphore.acquire());
          var waits = List.of(semaphore.acquire(), semaphore.acquire(), semaphore.acquire());
          semaphore.resize(3);
          assertThat(waits.stream().map(CompletableFuture::isDone))
              .containsExactly(true, true, false);
          assertThat(semaphore.totalPermits()).isEqualTo(3);
          assertThat(semaphore).hasToString("BoundedSemaphore[counter=0 waiters[1]]");
        });
  }

  @Test
  void shrinkingTakesNothingFromThoseWhoHold() {
    TestLoop.run(
        () -> {
          var semaphore = new BoundedSemaphore(3);
          var first = await(semaphore.acquire());
          var second = await(semaphore.acquire(2));
          semaphore.resize(1);
          assertThat(semaphore).hasToString("BoundedSemaphore[counter=-2]");
          assertThat(semaphore.availablePermits()).isEqualTo(-2);
          assertThat(semaphore.isLocked()).isTrue();
          assertThat(first).hasToString("Lease[held]");
          var next = semaphore.acquire();
          var unlocked = semaphore.whenUnlocked();
          second.close();
          assertThat(next).isNotDone();
          first.close();
          assertThat(next).isCompleted();
          assertThat(unlocked).isNotDone();
          next.join().close();
          assertThat(unlocked).isCompleted();
          assertThat(semaphore).hasToString("BoundedSemaphore[counter=1]");
          assertThatIllegalStateException().isThrownBy(semaphore::release);
        });
  }

  @Test
  void whoWaitsForMoreThanThereIsSinceAResizeIsRefusedAndThoseBehindMoveUp() {
    TestLoop.run(
        () -> {
          var semaphore = new BoundedSemaphore(4);
          await(semaphore.acquire());
          var order = new ArrayList<String>();
          var four = semaphore.acquire(4, Duration.ofHours(1));
          var two = semaphore.acquire(2);
          var three = semaphore.acquire(3);
          var one = semaphore.acquire();
          two.thenRun(() -> order.add("two"));
          four.whenComplete((lease, failure) -> order.add(failure.getMessage()));
          semaphore.resize(3);
          assertThat(order)
              .containsExactly(
                  "two",
                  "4 permits can never be granted: BoundedSemaphore[counter=0 waiters[2]] has 3"
                      + " in all");
          assertThat(four.exceptionNow()).isInstanceOf(IllegalArgumentException.class);
          assertThat(three).isNotDone();
          assertThat(one).isNotDone();
          assertThat(IOLoop.current().timers.size()).isZero();
        });
  }

  @Test
  void withoutAnyPermitsAllWaitUntilThereAreSome() {
    TestLoop.run(
        () -> {
          var semaphore = new BoundedSemaphore(2);
          semaphore.resize(0);
          var one = semaphore.acquire();
          var two = semaphore.acquire(2);
          var nine = semaphore.acquire(9);
          assertThat(semaphore).hasToString("BoundedSemaphore[counter=0 waiters[3]]");
          semaphore.resize(2);
          assertThat(one).isCompleted();
          assertThat(two).isNotDone();
          assertThat(nine).isCompletedExceptionally();
          one.join().close();
          assertThat(two).isCompleted();
        });
  }

  @Test
  void resizingAPlainOneMovesTheCounterByTheDifference() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(2);
          semaphore.release(3); // there are more now than it was made with
          semaphore.resize(4);
          assertThat(semaphore.availablePermits()).isEqualTo(7);
          assertThat(semaphore.totalPermits()).isEqualTo(4);
          semaphore.resize(0);
          assertThat(semaphore.availablePermits()).isEqualTo(3);
          var lease = await(semaphore.acquire(3));
          semaphore.resize(4);
          semaphore.resize(0);
          lease.close();
          assertThat(semaphore.availablePermits()).isEqualTo(3);
          var many = semaphore.acquire(5);
          semaphore.resize(1);
          assertThat(many).isNotDone();
          semaphore.resize(2);
          assertThat(many).isCompleted();
        });
  }

  @Test
  void resizingGoesToTheLimitsOfANumberAndNotBeyond() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(0);
          semaphore.release(1);
          assertThatIllegalStateException()
              .isThrownBy(() -> semaphore.resize(Integer.MAX_VALUE))
              .withMessageContaining("would have 2147483648 free permits");
          assertThat(semaphore).hasToString("Semaphore[counter=1]");
          assertThat(semaphore.totalPermits()).isZero();
          await(semaphore.acquire());
          semaphore.resize(Integer.MAX_VALUE);
          var all = await(semaphore.acquire(Integer.MAX_VALUE));
          semaphore.resize(0);
          assertThat(semaphore.availablePermits()).isEqualTo(-Integer.MAX_VALUE);
          all.close();
          assertThat(semaphore.availablePermits()).isZero();
          var bounded = new BoundedSemaphore(Integer.MAX_VALUE);
          await(bounded.acquire(Integer.MAX_VALUE)).close();
          bounded.resize(1);
          bounded.resize(Integer.MAX_VALUE);
          assertThat(bounded.availablePermits()).isEqualTo(Integer.MAX_VALUE);
        });
  }

  @Test
  void aLeaseOfBeforeTheResizeGivesBackWhatItTook() {
    TestLoop.run(
        () -> {
          var semaphore = new BoundedSemaphore(4);
          var lease = await(semaphore.acquire(4));
          semaphore.resize(2);
          semaphore.resize(8);
          lease.close();
          assertThat(semaphore.availablePermits()).isEqualTo(8);
        });
  }

  @Test
  void aCallbackOfOneWhoIsRefusedFindsEverythingInOrder() {
    TestLoop.run(
        () -> {
          var semaphore = new BoundedSemaphore(3);
          var held = await(semaphore.acquire(2));
          var again =
              semaphore
                  .acquire(3)
                  .handle(
                      (lease, failure) -> {
                        assertThat(semaphore).hasToString("BoundedSemaphore[counter=0]");
                        semaphore.resize(3);
                        return semaphore.acquire(1, Duration.ZERO);
                      });
          semaphore.resize(2);
          assertThat(again.join()).isCompleted();
          held.close();
          assertThat(semaphore.availablePermits()).isEqualTo(2);
        });
  }
}
