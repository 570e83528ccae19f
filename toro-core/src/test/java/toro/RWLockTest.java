package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.TestLoop.elsewhere;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RWLockTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void itsTextTellsWhoHoldsItAndHowManyWait() {
    TestLoop.run(
        () -> {
          var lock = new RWLock(3);
          assertThat(lock).hasToString("RWLock[unlocked]");
          var first = await(lock.acquireRead());
          var second = await(lock.acquireRead());
          assertThat(lock).hasToString("RWLock[readers=2]");
          var writer = lock.acquireWrite();
          assertThat(lock).hasToString("RWLock[readers=2 waiters[1]]");
          first.close();
          second.close();
          assertThat(lock).hasToString("RWLock[writer]");
          writer.join().close();
          assertThat(lock).hasToString("RWLock[unlocked]");
        });
  }

  @Test
  void itAdmitsOneReaderUnlessToldOtherwise() {
    TestLoop.run(
        () -> {
          var lock = new RWLock();
          await(lock.acquireRead());
          assertThat(lock.isLocked()).isTrue();
          assertThat(lock.acquireRead(Duration.ZERO)).isCompletedExceptionally();
        });
  }

  @Test
  void itIsLockedWhenThereIsNoRoomForAReader() {
    TestLoop.run(
        () -> {
          var lock = new RWLock(2);
          await(lock.acquireRead());
          assertThat(lock.isLocked()).isFalse();
          await(lock.acquireRead());
          assertThat(lock.isLocked()).isTrue();
          lock.releaseRead();
          lock.releaseRead();
          await(lock.acquireWrite());
          assertThat(lock.isLocked()).isTrue();
        });
  }

  @Test
  void readersAndAWriterExcludeEachOther() {
    TestLoop.run(
        () -> {
          var lock = new RWLock(2);
          var reader = await(lock.acquireRead());
          assertThat(lock.acquireWrite(Duration.ZERO)).isCompletedExceptionally();
          reader.close();
          await(lock.acquireWrite());
          assertThat(lock.acquireRead(Duration.ZERO)).isCompletedExceptionally();
          assertThat(lock.acquireWrite(Duration.ZERO)).isCompletedExceptionally();
        });
  }

  @Test
  void readersWhoStandNextToEachOtherEnterTogetherAndTheWritersInTurn() {
    TestLoop.run(
        () -> {
          var lock = new RWLock(10);
          var order = new ArrayList<String>();
          var writer = await(lock.acquireWrite());
          for (String name : new String[] {"r1", "r2", "w1", "w2", "r3", "r4", "r5", "w3"}) {
            spawn(
                () -> {
                  try (var lease =
                      await(name.startsWith("r") ? lock.acquireRead() : lock.acquireWrite())) {
                    order.add("+" + name);
                    sleep(SECOND);
                    order.add("-" + name);
                  }
                });
          }
          pause();
          writer.close();
          sleep(SECOND.multipliedBy(30));
          assertThat(String.join(" ", order))
              .isEqualTo("+r1 +r2 -r1 -r2 +w1 -w1 +w2 -w2 +r3 +r4 +r5 -r3 -r4 -r5 +w3 -w3");
          assertThat(lock).hasToString("RWLock[unlocked]");
        });
  }

  @Test
  void aStreamOfReadersDoesNotStarveAWriter() {
    TestLoop.run(
        () -> {
          var lock = new RWLock(2);
          var first = await(lock.acquireRead());
          var writer = lock.acquireWrite();
          var late = lock.acquireRead(); // there is room, but the writer was first
          assertThat(late).isNotDone();
          first.close();
          assertThat(writer).isCompleted();
          assertThat(late).isNotDone();
          writer.join().close();
          assertThat(late).isCompleted();
        });
  }

  @Test
  void aTimedOutWriterHoldsNothingBack() {
    TestLoop.run(
        () -> {
          var lock = new RWLock(5);
          var reader = await(lock.acquireRead());
          for (int i = 0; i < 500; i++) {
            var unused = lock.acquireWrite(Duration.ofMillis(1 + i));
          }
          sleep(SECOND);
          assertThat(lock).hasToString("RWLock[readers=1]");
          for (int i = 0; i < 4; i++) {
            assertThat(lock.acquireRead()).isCompleted();
          }
          assertThat(lock).hasToString("RWLock[readers=5]");
          reader.close();
          for (int i = 0; i < 4; i++) {
            lock.releaseRead();
          }
          assertThat(lock.acquireWrite(Duration.ZERO)).isCompleted();
        });
  }

  @Test
  void aWriterWhoGivesUpAtTheHeadLetsTheReadersBehindHimEnterAtOnce() {
    TestLoop.run(
        () -> {
          for (int death = 0; death < 5; death++) {
            var lock = new RWLock(3);
            await(lock.acquireRead());
            var coroutine = spawn(() -> await(lock.acquireWrite()));
            CompletableFuture<Lease> writer = null;
            if (death == 0) {
              pause();
            } else {
              coroutine.cancel(true);
              writer = death == 1 ? lock.acquireWrite(SECOND) : lock.acquireWrite();
            }
            var first = lock.acquireRead();
            var second = lock.acquireRead();
            var third = lock.acquireRead();
            assertThat(first).isNotDone();
            switch (death) {
              case 0 -> coroutine.cancel(true);
              case 1 -> sleep(SECOND);
              case 2 -> writer.cancel(true);
              case 3 -> writer.completeExceptionally(new RuntimeException("mine"));
              default -> {
                var dying = writer;
                elsewhere(() -> dying.complete(null));
                sleep(SECOND); // the loop has nothing to do, and looks what others handed over
              }
            }
            pause();
            assertThat(first).as("death %s", death).isCompleted();
            assertThat(second).isCompleted();
            assertThat(third).isNotDone();
            assertThat(lock).hasToString("RWLock[readers=3 waiters[1]]");
          }
        });
  }

  @Test
  void aWriterWhoDiedElsewhereStrandsNobodyThoughANewReaderComesFirst() {
    TestLoop.run(
        () -> {
          var lock = new RWLock(4);
          await(lock.acquireRead());
          var writer = lock.acquireWrite();
          var behind = lock.acquireRead();
          elsewhere(() -> writer.cancel(true));
          var late = lock.acquireRead(); // before the loop knows
          sleep(SECOND);
          assertThat(behind).isCompleted();
          assertThat(late).isCompleted();
          assertThat(lock).hasToString("RWLock[readers=3]");
        });
  }

  @Test
  void aWriterWhoGivesUpInTheMiddleJoinsTheReadersAroundHim() {
    TestLoop.run(
        () -> {
          var lock = new RWLock(5);
          var holder = await(lock.acquireWrite());
          var first = lock.acquireRead();
          var writer = lock.acquireWrite();
          var second = lock.acquireRead();
          writer.cancel(true);
          assertThat(first).isNotDone();
          holder.close();
          assertThat(first).isCompleted();
          assertThat(second).isCompleted();
        });
  }

  @Test
  void theWrongReleaseIsRefused() {
    TestLoop.run(
        () -> {
          var lock = new RWLock(2);
          refused(lock::releaseRead);
          refused(lock::releaseWrite);
          await(lock.acquireRead());
          refused(lock::releaseWrite);
          lock.releaseRead();
          await(lock.acquireWrite());
          refused(lock::releaseRead);
          lock.releaseWrite();
          assertThat(lock).hasToString("RWLock[unlocked]");
        });
  }

  private static void refused(ThrowingRunnable release) {
    assertThatIllegalStateException()
        .isThrownBy(release::run)
        .withMessageContaining("release unlocked lock");
  }

  @Test
  void aWritersStaleLeaseDoesNotTakeTheLockFromItsNextHolder() {
    TestLoop.run(
        () -> {
          var lock = new RWLock(2);
          var stale = await(lock.acquireWrite());
          lock.releaseWrite();
          await(lock.acquireRead());
          stale.close();
          assertThat(lock).hasToString("RWLock[readers=1]");
          lock.releaseRead();
          await(lock.acquireWrite());
          stale.close();
          assertThat(lock).hasToString("RWLock[writer]");
        });
  }

  @Test
  void aReadersStaleLeaseDoesNotTakeTheLockFromAWriter() {
    TestLoop.run(
        () -> {
          var lock = new RWLock(2);
          var stale = await(lock.acquireRead());
          lock.releaseRead();
          stale.close();
          assertThat(lock).hasToString("RWLock[unlocked]");
          await(lock.acquireWrite());
          stale.close();
          assertThat(lock).hasToString("RWLock[writer]");
        });
  }

  @Test
  void anyNumberOfReadersMayBeAdmitted() {
    TestLoop.run(
        () -> {
          var lock = new RWLock(Integer.MAX_VALUE);
          var readers = new ArrayList<Lease>();
          for (int i = 0; i < 10_000; i++) {
            readers.add(await(lock.acquireRead()));
          }
          var writer = lock.acquireWrite();
          readers.forEach(Lease::close);
          assertThat(writer).isCompleted();
        });
  }
}
