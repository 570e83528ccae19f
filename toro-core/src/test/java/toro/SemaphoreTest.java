package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.time.Duration;
import java.util.ArrayList;
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
}
