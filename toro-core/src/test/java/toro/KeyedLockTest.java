package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.TestLoop.elsewhere;

import java.lang.ref.WeakReference;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeyedLockTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** A key whose methods fail while it is bad, and whose value can change. */
  private static final class BadKey {
    private int value;
    boolean bad;
    boolean unequal;

    BadKey(int value) {
      this.value = value;
    }

    private static final class Bad extends RuntimeException {}

    @Override
    public int hashCode() {
      if (bad) {
        throw new Bad();
      }
      return 1; // all in the same place
    }

    @Override
    public boolean equals(Object other) {
      if (unequal) {
        throw new Bad();
      }
      return other instanceof BadKey key && key.value == value;
    }

    @Override
    public String toString() {
      if (bad) {
        throw new Bad();
      }
      return "key " + value;
    }
  }

  @Test
  void itsTextTellsHowManyKeysThereAreAndHowManyWait() {
    TestLoop.run(
        () -> {
          var lock = new KeyedLock<String>();
          assertThat(lock).hasToString("KeyedLock[]");
          await(lock.acquire("a"));
          await(lock.acquire("b"));
          assertThat(lock).hasToString("KeyedLock[keys=2]");
          var unused = lock.acquire("a");
          var unusedToo = lock.acquire("a");
          var unusedThree = lock.acquire("b");
          assertThat(lock).hasToString("KeyedLock[keys=2 waiters[3]]");
          elsewhere(() -> assertThat(lock).hasToString("KeyedLock[keys=2 waiters[3]]"));
        });
  }

  @Test
  void aWaitIsToldWithItsKey() {
    TestLoop.run(
        () -> {
          var lock = new KeyedLock<String>();
          await(lock.acquire("a"));
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(() -> await(lock.acquire("a", Duration.ZERO)))
              .withMessageEndingWith("KeyedLock[key=a locked]");
          var waiter = spawn(() -> await(lock.acquire("a")));
          pause();
          assertThat(waiter.toString()).contains("waiting for KeyedLock[key=a locked waiters[1]]");
          var rw = new KeyedRWLock<String>();
          await(rw.acquireRead("a"));
          await(rw.acquireRead("a"));
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(() -> await(rw.acquireWrite("a", Duration.ZERO)))
              .withMessageEndingWith("KeyedRWLock[key=a readers=2]");
          rw.releaseRead("a");
          rw.releaseRead("a");
          await(rw.acquireWrite("a"));
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(() -> await(rw.acquireRead("a", SECOND)))
              .withMessageEndingWith("KeyedRWLock[key=a writer waiters[1]]");
          assertThat(rw).hasToString("KeyedRWLock[keys=1]");
        });
  }

  @Test
  void equalKeysKeepEachOtherOutAndOthersDoNot() {
    TestLoop.run(
        () -> {
          var lock = new KeyedLock<List<Integer>>();
          var first = await(lock.acquire(List.of(1, 2)));
          var equal = lock.acquire(new ArrayList<>(List.of(1, 2)));
          var other = lock.acquire(List.of(1, 3));
          assertThat(equal).isNotDone();
          assertThat(other).isCompleted();
          assertThat(lock.isLocked(List.of(1, 2))).isTrue();
          assertThat(lock.isLocked(List.of(1))).isFalse();
          assertThat(lock.size()).isEqualTo(2);
          first.close();
          assertThat(equal).isCompleted();
        });
  }

  @Test
  void aKeyIsGoneAtTheMomentItsLastHolderReleasesIt() {
    TestLoop.run(
        () -> {
          var lock = new KeyedLock<String>();
          var lease = await(lock.acquire("a"));
          assertThat(lock.size()).isOne();
          lease.close();
          assertThat(lock.size()).isZero();
          await(lock.acquire("a"));
          lock.release("a");
          assertThat(lock.size()).isZero();
          lease.close();
          assertThatIllegalStateException()
              .isThrownBy(() -> lock.release("a"))
              .withMessage("release unlocked lock: nobody holds a");
          assertThat(lock.size()).isZero();
        });
  }

  @Test
  void aKeyStaysWhileSomebodyWaitsAndIsGoneWithTheLastHoweverItEnds() {
    TestLoop.run(
        () -> {
          var lock = new KeyedLock<String>();
          var lease = await(lock.acquire("a"));
          var expired = lock.acquire("a", SECOND);
          var cancelled = lock.acquire("a");
          var completed = lock.acquire("a");
          var coroutine = spawn(() -> await(lock.acquire("a")));
          var last = lock.acquire("a");
          var elsewhere = lock.acquire("a");
          sleep(SECOND.multipliedBy(2));
          cancelled.cancel(true);
          completed.complete(null);
          coroutine.cancel(true);
          lease.close();
          assertThat(last).isCompleted();
          assertThat(expired).isCompletedExceptionally();
          assertThat(lock).hasToString("KeyedLock[keys=1 waiters[1]]");
          elsewhere(() -> elsewhere.cancel(true)); // the loop does not know yet
          last.join().close();
          assertThat(lock).hasToString("KeyedLock[]");
          var again = await(lock.acquire("a"));
          pause(); // now it does
          assertThat(again).hasToString("Lease[held]");
          assertThat(lock).hasToString("KeyedLock[keys=1]");
        });
  }

  @Test
  void anAttemptThatFailsLeavesNoKey() {
    TestLoop.run(
        () -> {
          var lock = new KeyedLock<String>();
          assertThatNullPointerException()
              .isThrownBy(() -> lock.acquire("a", (Deadline) null))
              .withMessage("deadline");
          assertThatNullPointerException()
              .isThrownBy(() -> lock.acquire("a", (Duration) null))
              .withMessage("timeout");
          assertThat(lock.size()).isZero();
          await(lock.acquire("a"));
          assertThat(lock.acquire("a", Duration.ZERO)).isCompletedExceptionally();
          lock.release("a");
          assertThat(lock.size()).isZero();
        });
  }

  @Test
  void nullIsNoKey() {
    TestLoop.run(
        () -> {
          var lock = new KeyedLock<String>();
          var rw = new KeyedRWLock<String>();
          for (ThrowingRunnable use :
              List.<ThrowingRunnable>of(
                  () -> lock.acquire(null),
                  () -> lock.release(null),
                  () -> lock.isLocked(null),
                  () -> rw.acquireRead(null),
                  () -> rw.acquireWrite(null),
                  () -> rw.releaseRead(null),
                  () -> rw.releaseWrite(null),
                  () -> rw.isLocked(null))) {
            assertThatNullPointerException().isThrownBy(use::run).withMessage("key");
          }
          assertThat(lock.size() + rw.size()).isZero();
        });
  }

  @Test
  void aMillionKeysLeaveNothing() {
    TestLoop.run(
        () -> {
          var lock = new KeyedLock<Integer>();
          var leases = new ArrayList<Lease>();
          for (int i = 0; i < 1_000_000; i++) {
            leases.add(lock.acquire(i).join());
          }
          assertThat(lock.size()).isEqualTo(1_000_000);
          var waits = new ArrayList<CompletableFuture<Lease>>();
          for (int i = 0; i < 1_000_000; i += 10) {
            waits.add(lock.acquire(i));
          }
          leases.forEach(Lease::close);
          assertThat(lock.size()).isEqualTo(100_000);
          waits.forEach(wait -> wait.join().close());
          assertThat(lock).hasToString("KeyedLock[]");
        });
  }

  @Test
  void coroutinesThatUseKeysAtRandomAreAloneWithTheirs() {
    TestLoop.run(
        () -> {
          var lock = new KeyedLock<Integer>();
          var random = new Random(1);
          var inside = new boolean[10];
          var tasks = new ArrayList<Coroutine<Void>>();
          for (int i = 0; i < 1_000; i++) {
            int key = random.nextInt(inside.length);
            tasks.add(
                spawn(
                    () -> {
                      try (var lease = await(lock.acquire(key))) {
                        assertThat(inside[key]).isFalse();
                        inside[key] = true;
                        sleep(Duration.ofMillis(key));
                        inside[key] = false;
                      }
                    }));
          }
          awaitAll(tasks);
          assertThat(lock).hasToString("KeyedLock[]");
        });
  }

  @Test
  void aKeyThatWasUsedIsKeptByNobody() {
    TestLoop.run(
        () -> {
          var lock = new KeyedLock<Object>();
          var leases = new ArrayList<Lease>();
          var key = useOne(lock, leases);
          for (int i = 0; i < 200 && key.get() != null; i++) {
            System.gc();
          }
          assertThat(key.get()).isNull();
          assertThat(leases).allMatch(lease -> lease.toString().equals("Lease[released]"));
        });
  }

  private static WeakReference<Object> useOne(KeyedLock<Object> lock, List<Lease> leases) {
    Object key = new Object();
    leases.add(lock.acquire(key).join());
    var next = lock.acquire(key);
    leases.getFirst().close();
    leases.add(next.join());
    leases.getLast().close();
    return new WeakReference<>(key);
  }

  @Test
  void aLeaseOfAnEarlierTimeDoesNotGiveTheKeyAway() {
    TestLoop.run(
        () -> {
          var lock = new KeyedLock<String>();
          var stale = await(lock.acquire("a"));
          lock.release("a");
          var lease = await(lock.acquire("a"));
          stale.close();
          assertThat(lock.isLocked("a")).isTrue();
          assertThat(lease).hasToString("Lease[held]");
          var rw = new KeyedRWLock<String>();
          var staleReader = await(rw.acquireRead("a"));
          rw.releaseRead("a");
          await(rw.acquireRead("a"));
          staleReader.close();
          assertThat(rw.acquireWrite("a", Duration.ZERO)).isCompletedExceptionally();
        });
  }

  // Bad keys.

  @Test
  void aKeyThatFailsToBeLookedUpChangesNothing() {
    TestLoop.run(
        () -> {
          var lock = new KeyedLock<BadKey>();
          var one = new BadKey(1);
          var lease = await(lock.acquire(one));
          var next = lock.acquire(new BadKey(1));
          var bad = new BadKey(1);
          bad.bad = true;
          var unequal = new BadKey(2);
          unequal.unequal = true;
          for (var key : List.of(bad, unequal)) {
            for (ThrowingRunnable use :
                List.<ThrowingRunnable>of(
                    () -> lock.acquire(key),
                    () -> lock.acquire(key, SECOND),
                    () -> lock.release(key),
                    () -> lock.isLocked(key))) {
              assertThatExceptionOfType(BadKey.Bad.class).isThrownBy(use::run);
              assertThat(lock).hasToString("KeyedLock[keys=1 waiters[1]]");
            }
          }
          lease.close();
          assertThat(next).isCompleted();
          lock.release(new BadKey(1));
          assertThat(lock).hasToString("KeyedLock[]");
          assertThat(IOLoop.current().timers.size()).isZero();
        });
  }

  @Test
  void aKeyThatTurnsBadWhileItIsHeldStillLeaves() {
    TestLoop.run(
        () -> {
          var lock = new KeyedLock<BadKey>();
          var keys = List.of(new BadKey(1), new BadKey(2), new BadKey(3));
          var leases = new ArrayList<Lease>();
          for (var key : keys) {
            leases.add(await(lock.acquire(key)));
          }
          var next = lock.acquire(new BadKey(2));
          var expired = lock.acquire(new BadKey(2), SECOND);
          for (var key : keys) {
            key.bad = true;
            key.unequal = true;
          }
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(() -> await(expired))
              .withMessageEndingWith(
                  "KeyedLock[key=BadKey (its toString() failed) locked waiters[2]]");
          leases.reversed().forEach(Lease::close);
          next.join().close();
          assertThat(lock).hasToString("KeyedLock[]");
        });
  }

  @Test
  void aKeyThatIsChangedWhileItIsHeldIsAnotherOneButItsLeaseGivesItBack() {
    TestLoop.run(
        () -> {
          var lock = new KeyedLock<List<Integer>>();
          var key = new ArrayList<>(List.of(1));
          var lease = await(lock.acquire(key));
          key.add(2);
          assertThat(lock.isLocked(key)).isFalse();
          await(lock.acquire(key)).close();
          lease.close();
          assertThat(lock).hasToString("KeyedLock[]");
        });
  }

  // Reading and writing.

  @Test
  void aKeyHasAnyNumberOfReadersOrOneWriter() {
    TestLoop.run(
        () -> {
          var lock = new KeyedRWLock<String>();
          var readers = new ArrayList<Lease>();
          for (int i = 0; i < 1_000; i++) {
            readers.add(lock.acquireRead("a").join());
          }
          var writer = lock.acquireWrite("a");
          var behind = lock.acquireRead("a");
          assertThat(lock.acquireWrite("b")).isCompleted();
          assertThat(behind).isNotDone();
          assertThat(lock.isLocked("a")).isFalse();
          readers.forEach(Lease::close);
          assertThat(writer).isCompleted();
          assertThat(lock.isLocked("a")).isTrue();
          assertThat(behind).isNotDone();
          writer.join().close();
          assertThat(behind).isCompleted();
          assertThat(lock.size()).isEqualTo(2);
          lock.releaseRead("a");
          lock.releaseWrite("b");
          assertThat(lock).hasToString("KeyedRWLock[]");
        });
  }

  @Test
  void aWriterThatGivesUpLetsTheReadersBehindItIn() {
    TestLoop.run(
        () -> {
          var lock = new KeyedRWLock<String>();
          await(lock.acquireRead("a"));
          var writer = lock.acquireWrite("a", SECOND);
          var reader = lock.acquireRead("a", Deadline.after(Duration.ofHours(1)));
          sleep(SECOND);
          pause();
          assertThat(writer).isCompletedExceptionally();
          assertThat(reader).isCompleted();
        });
  }

  @Test
  void whatIsNotHeldIsNotReleased() {
    TestLoop.run(
        () -> {
          var lock = new KeyedRWLock<String>();
          assertThatIllegalStateException()
              .isThrownBy(() -> lock.releaseRead("a"))
              .withMessage("release unlocked lock: no reader holds a");
          assertThatIllegalStateException()
              .isThrownBy(() -> lock.releaseWrite("a"))
              .withMessage("release unlocked lock: no writer holds a");
          await(lock.acquireRead("a"));
          assertThatIllegalStateException().isThrownBy(() -> lock.releaseWrite("a"));
          lock.releaseRead("a");
          await(lock.acquireWrite("a"));
          assertThatIllegalStateException().isThrownBy(() -> lock.releaseRead("a"));
          assertThat(lock).hasToString("KeyedRWLock[keys=1]");
        });
  }

  /** The one case where a key's last hold ends in the middle of an acquire of the same key. */
  @Test
  void aKeyWhoseLastHoldEndsWhileItIsBeingAcquiredIsNotAcquiredTwice() {
    TestLoop.run(
        () -> {
          var lock = new KeyedRWLock<String>();
          var held = await(lock.acquireRead("a"));
          var writer = lock.acquireWrite("a");
          var reader = lock.acquireRead("a");
          var left =
              reader.thenAccept(
                  lease -> {
                    lease.close();
                    held.close();
                  });
          elsewhere(() -> writer.cancel(true)); // it holds the reader up until the loop knows
          assertThat(reader).isNotDone();
          var second = lock.acquireWrite("a"); // lets the reader in, who leaves with all others
          assertThat(left).isCompleted();
          assertThat(second).isCompleted();
          assertThat(lock.acquireWrite("a", Duration.ZERO)).isCompletedExceptionally();
          assertThat(lock.size()).isOne();
          second.join().close();
          assertThat(lock.size()).isZero();
        });
  }

  @Test
  void aLeaseClosedElsewhereIsRefusedInTheNameOfTheLock() {
    TestLoop.run(
        () -> {
          var lock = new KeyedRWLock<String>();
          var lease = await(lock.acquireRead("a"));
          elsewhere(
              () ->
                  assertThatExceptionOfType(WrongThreadException.class)
                      .isThrownBy(lease::close)
                      .withMessageStartingWith("KeyedRWLock was used by"));
          assertThat(lock.size()).isOne();
        });
  }

  /** What the clients of a server may choose so that all hashes are equal. */
  private static Stream<IntFunction<Object>> keysOfEqualHash() {
    return Stream.of(
        i -> {
          var key = new StringBuilder();
          for (int bit = 0; bit < 17; bit++) {
            key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
          }
          return key.toString();
        },
        i -> (long) i << 32 | i,
        i -> new UUID(i, i));
  }

  @ParameterizedTest
  @MethodSource("keysOfEqualHash")
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // of a list: minutes
  void veryManyKeysOfEqualHashAreFoundAsFastAsOthers(IntFunction<Object> keys) {
    TestLoop.run(
        () -> {
          int n = 1 << 17;
          var lock = new KeyedLock<Object>();
          var leases = new ArrayList<Lease>();
          for (int i = 0; i < n; i++) {
            assertThat(keys.apply(i).hashCode()).isEqualTo(keys.apply(0).hashCode());
            leases.add(lock.acquire(keys.apply(i)).join());
          }
          assertThat(lock.size()).isEqualTo(n);
          for (int i = 0; i < n; i++) {
            assertThat(lock.isLocked(keys.apply(i))).isTrue();
          }
          Collections.shuffle(leases, new Random(7));
          leases.forEach(Lease::close);
          assertThat(lock.size()).isZero();
        });
  }

  @Test
  void keysOfAllClassesAndOfEqualHashAreToldApart() {
    record Equal(int value) {
      @Override
      public int hashCode() {
        return 0;
      }
    }
    for (long seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      TestLoop.run(
          () -> {
            var lock = new KeyedRWLock<Object>();
            var held = new LinkedHashMap<Object, Lease>();
            var keys = new ArrayList<Supplier<Object>>();
            for (int i = 0; i < 100; i++) {
              int value = i;
              keys.add(() -> new Equal(value));
              keys.add(() -> (long) value << 32 | value);
              keys.add(() -> new UUID(value, value));
              keys.add(() -> "\0".repeat(value));
              keys.add(() -> BigDecimal.valueOf(0, value)); // not of known classes, but Comparable
            }
            for (int step = 0; step < 3_000; step++) {
              Object key = keys.get(random.nextInt(keys.size())).get();
              Lease lease = held.remove(key);
              assertThat(lock.isLocked(key)).isEqualTo(lease != null);
              if (lease != null && random.nextBoolean()) {
                lease.close();
              } else if (lease != null) {
                assertThat(lock.acquireRead(key, Duration.ZERO)).isCompletedExceptionally();
                held.put(key, lease);
              } else {
                held.put(key, lock.acquireWrite(key).join());
              }
              assertThat(lock.size()).isEqualTo(held.size());
            }
            held.values().forEach(Lease::close);
            assertThat(lock.size()).isZero();
          });
    }
  }
}
