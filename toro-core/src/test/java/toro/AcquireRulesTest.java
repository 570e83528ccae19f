package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.TestLoop.elsewhere;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for everything that one at a time can acquire. */
@ParameterizedClass
@EnumSource(Acquirable.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AcquireRulesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Parameter Acquirable kind;

  @Test
  void aFreeOneIsGrantedAtOnceInAllThreeForms() {
    TestLoop.run(
        () -> {
          var mutex = kind.create();
          var free = mutex.primitive().toString();
          for (var wait :
              List.<java.util.function.Supplier<CompletableFuture<Lease>>>of(
                  mutex::acquire,
                  () -> mutex.acquire(Duration.ZERO),
                  () -> mutex.acquire(Deadline.after(Duration.ZERO)))) {
            assertThat(mutex.isLocked()).isFalse();
            var lease = wait.get().getNow(null);
            assertThat(lease).hasToString("Lease[held]");
            assertThat(mutex.isLocked()).isTrue();
            lease.close();
            assertThat(lease).hasToString("Lease[released]");
            assertThat(mutex.primitive()).hasToString(free);
          }
        });
  }

  @Test
  void whatIsObtrudedOnAGrantIsWhatAnAwaitGets() {
    TestLoop.run(
        () -> {
          var mutex = kind.create();
          var wait = mutex.acquire();
          var lease = await(wait);
          wait.obtrudeValue(null);
          assertThat(await(wait)).isNull();
          wait.obtrudeException(new IllegalStateException("mine"));
          assertThatThrownBy(() -> await(wait)).hasMessage("mine");
          wait.obtrudeValue(lease);
          assertThat(await(wait)).isSameAs(lease);
          assertThat(mutex.isLocked()).isTrue();
        });
  }

  @Test
  void releaseHandsOverBeforeItReturnsAndNobodyBargesIn() {
    TestLoop.run(
        () -> {
          var mutex = kind.create();
          var unused = mutex.acquire();
          var order = new ArrayList<String>();
          var waiter =
              spawn(
                  () -> {
                    try (var lease = await(mutex.acquire())) {
                      order.add("waiter");
                    }
                  });
          pause();
          mutex.release();
          assertThat(mutex.isLocked()).isTrue();
          var barger = mutex.acquire();
          assertThat(barger).isNotDone();
          assertThat(mutex.acquire(Duration.ZERO)).isCompletedExceptionally();
          await(barger).close();
          order.add("barger");
          await(waiter);
          assertThat(order).containsExactly("waiter", "barger");
          assertThat(mutex.isLocked()).isFalse();
        });
  }

  @Test
  void closingALeaseHandsOverBeforeItReturns() {
    TestLoop.run(
        () -> {
          var mutex = kind.create();
          var lease = await(mutex.acquire());
          var next = mutex.acquire();
          assertThat(next).isNotDone();
          lease.close();
          assertThat(next).isCompleted();
          assertThat(mutex.isLocked()).isTrue();
        });
  }

  @Test
  void aLeaseThatIsClosedTwiceGivesBackOnce() {
    TestLoop.run(
        () -> {
          var mutex = kind.create();
          var lease = await(mutex.acquire());
          lease.close();
          lease.close();
          var second = await(mutex.acquire());
          lease.close();
          assertThat(mutex.isLocked()).isTrue();
          assertThat(second).hasToString("Lease[held]");
          assertThat(mutex.acquire(Duration.ZERO)).isCompletedExceptionally();
        });
  }

  @Test
  void onlyOneIsInsideAtATime() {
    TestLoop.run(
        () -> {
          var mutex = kind.create();
          var inside = new int[1];
          var tasks = new ArrayList<Coroutine<Integer>>();
          for (int i = 0; i < 20; i++) {
            int number = i;
            tasks.add(
                spawn(
                    () -> {
                      try (var lease = await(mutex.acquire())) {
                        assertThat(++inside[0]).isOne();
                        sleep(Duration.ofMillis(20 - number));
                        inside[0]--;
                        return number;
                      }
                    }));
          }
          assertThat(awaitAll(tasks)).hasSize(20);
          assertThat(mutex.isLocked()).isFalse();
        });
  }

  @Test
  void aCoroutineThatFailsInsideGivesBack() {
    TestLoop.run(
        () -> {
          var mutex = kind.create();
          var failing =
              spawn(
                  () -> {
                    try (var lease = await(mutex.acquire())) {
                      pause();
                      throw new java.io.IOException("mine");
                    }
                  });
          var next = spawn(() -> await(mutex.acquire()));
          assertThatExceptionOfType(java.io.IOException.class).isThrownBy(() -> await(failing));
          assertThat(await(next)).hasToString("Lease[held]");
        });
  }

  @Test
  void theDeadInLineAreSkippedHoweverTheyDied() {
    TestLoop.run(
        () -> {
          var mutex = kind.create();
          var lease = await(mutex.acquire());
          var expired = mutex.acquire(Duration.ofMillis(1));
          var cancelled = mutex.acquire();
          var completed = mutex.acquire();
          var coroutine = spawn(() -> await(mutex.acquire()));
          pause();
          var elsewhere = mutex.acquire();
          var live = mutex.acquire();
          sleep(SECOND);
          cancelled.cancel(true);
          completed.complete(null);
          coroutine.cancel(true);
          elsewhere(() -> elsewhere.cancel(true)); // the loop does not know yet
          lease.close();
          assertThat(live).isCompleted();
          assertThat(expired).isCompletedExceptionally();
          live.join().close();
          assertThat(mutex.isLocked()).isFalse();
        });
  }

  @Test
  void whoIsCancelledAfterTheGrantHoldsItAndGivesItBack() {
    TestLoop.run(
        () -> {
          var mutex = kind.create();
          var lease = await(mutex.acquire());
          var held = new ArrayList<String>();
          var waiter =
              spawn(
                  () -> {
                    try (var own = await(mutex.acquire())) {
                      held.add(own.toString());
                      sleep(SECOND);
                    }
                  });
          pause();
          lease.close();
          waiter.cancel(true);
          assertThat(mutex.isLocked()).isTrue();
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(waiter));
          assertThat(held).containsExactly("Lease[held]");
          assertThat(mutex.isLocked()).isFalse();
        });
  }

  @Test
  void aChainOfAHundredThousandCallbacksDoesNotOverflowTheStack() {
    TestLoop.run(
        () -> {
          var mutex = kind.create();
          var lease = await(mutex.acquire());
          var order = new ArrayList<Integer>();
          for (int i = 0; i < 100_000; i++) {
            int number = i;
            var unused =
                mutex
                    .acquire()
                    .thenAccept(
                        own -> {
                          order.add(number);
                          own.close();
                        });
          }
          lease.close();
          assertThat(order).hasSize(100_000).isSorted();
          assertThat(mutex.isLocked()).isFalse();
        });
  }

  @Test
  void aCallbackThatAcquiresAgainGoesToTheEndOfTheLine() {
    TestLoop.run(
        () -> {
          var mutex = kind.create();
          var first = await(mutex.acquire());
          var order = new ArrayList<String>();
          var again =
              mutex
                  .acquire()
                  .thenCompose(
                      lease -> {
                        order.add("second");
                        var wait = mutex.acquire();
                        lease.close();
                        return wait;
                      })
                  .thenAccept(
                      lease -> {
                        order.add("fourth");
                        lease.close();
                      });
          var third =
              mutex
                  .acquire()
                  .thenAccept(
                      lease -> {
                        order.add("third");
                        lease.close();
                      });
          first.close();
          assertThat(order).containsExactly("second", "third", "fourth");
          assertThat(again).isCompleted();
          assertThat(third).isCompleted();
          assertThat(mutex.isLocked()).isFalse();
        });
  }

  @Test
  void aCallbackMayReleaseWithoutTheLease() {
    TestLoop.run(
        () -> {
          var mutex = kind.create();
          var unused = mutex.acquire();
          var released = mutex.acquire().thenRun(mutex::release);
          var last = mutex.acquire();
          mutex.release();
          assertThat(released).isCompleted();
          assertThat(last).isCompleted();
          mutex.release();
          assertThat(mutex.isLocked()).isFalse();
        });
  }

  @Test
  void releasingTooOftenIsRefusedInTorosWords() {
    TestLoop.run(
        () -> {
          var mutex = kind.create();
          if (kind == Acquirable.SEMAPHORE) {
            mutex.release(); // it makes a permit
            assertThat(mutex.primitive()).hasToString("Semaphore[counter=2]");
          } else {
            String words =
                mutex.primitive() instanceof BoundedSemaphore
                    ? "released too many times"
                    : "release unlocked lock";
            assertThatIllegalStateException()
                .isThrownBy(mutex::release)
                .withMessageContaining(words);
            await(mutex.acquire());
            mutex.release();
            assertThatIllegalStateException()
                .isThrownBy(mutex::release)
                .withMessageContaining(words);
            assertThat(mutex.acquire()).isCompleted();
          }
        });
  }

  @Test
  void aLeaseIsNotClosedByAnotherThread() {
    TestLoop.run(
        () -> {
          var mutex = kind.create();
          var lease = await(mutex.acquire());
          elsewhere(
              () ->
                  assertThatExceptionOfType(WrongThreadException.class)
                      .isThrownBy(lease::close)
                      .withMessageContaining(mutex.primitive().getClass().getSimpleName()));
          assertThat(lease).hasToString("Lease[held]");
          lease.close();
          assertThat(mutex.isLocked()).isFalse();
        });
  }

  @Test
  void aLeaseMayBeClosedWhenItsLoopIsClosed() {
    var leases = new ArrayList<Lease>();
    try (IOLoop loop = TestLoop.create()) {
      loop.runSync(() -> leases.add(await(kind.create().acquire())));
    }
    leases.getFirst().close();
    assertThat(leases.getFirst()).hasToString("Lease[released]");
  }

  @Test
  void aCoroutineThatTheLoopEndsGivesBack() {
    var leases = new ArrayList<Lease>();
    try (IOLoop loop = TestLoop.create()) {
      loop.runSync(
          () -> {
            var mutex = kind.create();
            spawn(
                () -> {
                  try (var lease = await(mutex.acquire())) {
                    leases.add(lease);
                    await(new Event().whenSet());
                  }
                });
            pause();
          });
    }
    assertThat(leases.getFirst()).hasToString("Lease[released]");
  }
}
