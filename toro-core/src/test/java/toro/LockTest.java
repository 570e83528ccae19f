package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LockTest {

  @Test
  void itsTextTellsItsStateAndHowManyWait() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          assertThat(lock).hasToString("Lock[unlocked]");
          var lease = await(lock.acquire());
          assertThat(lock).hasToString("Lock[locked]");
          var first = lock.acquire();
          var second = lock.acquire(Duration.ofDays(1));
          assertThat(lock).hasToString("Lock[locked waiters[2]]");
          lease.close();
          assertThat(lock).hasToString("Lock[locked waiters[1]]");
          second.cancel(true);
          first.join().close();
          assertThat(lock).hasToString("Lock[unlocked]");
        });
  }

  @Test
  void aStaleLeaseDoesNotTakeTheLockFromItsNextHolder() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          var stale = await(lock.acquire());
          var next = lock.acquire();
          lock.release();
          assertThat(stale).hasToString("Lease[released]");
          stale.close();
          assertThat(lock.isLocked()).isTrue();
          assertThat(next.join()).hasToString("Lease[held]");
          next.join().close();
          var later = await(lock.acquire());
          stale.close();
          next.join().close();
          assertThat(later).hasToString("Lease[held]");
          assertThat(lock.isLocked()).isTrue();
        });
  }

  @Test
  void itIsNotReentrant() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          await(lock.acquire());
          assertThat(lock.acquire(Duration.ZERO)).isCompletedExceptionally();
        });
  }

  @Test
  void anAttemptThatFailsAtOnceSaysWhatWasNotGranted() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          await(lock.acquire());
          assertThatThrownBy(() -> await(lock.acquire(Duration.ZERO)))
              .isInstanceOf(DeadlineExceededException.class)
              .hasMessageEndingWith("Lock[locked]");
        });
  }
}
