package toro.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static toro.Coroutines.*;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import toro.*;

/** What a test that leaves something behind is told. */
class VerdictTest {

  private static Throwable failureOf(Exploration.Body body, Leak... allowed) {
    var test = new TestLoop();
    try (test) {
      test.allow(allowed);
      test.run(() -> body.run(test));
    } catch (Throwable failure) {
      return failure;
    }
    return new Throwable("nothing");
  }

  @Test
  void aDeadlockFailsAtOnceAndNamesWhoWaitsWhereForWhatAndWhoHoldsIt() {
    var failure =
        failureOf(
            test -> {
              var a = new Lock();
              var b = new Semaphore();
              awaitAll(
                  spawn(() -> both(a.acquire(), b::acquire)),
                  spawn(() -> both(b.acquire(), a::acquire)));
            });
    assertThat(failure)
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("nothing is ready, no timer is pending, and these wait:")
        .hasMessageContaining("Coroutine[1 waiting for Coroutine] at (VerdictTest.java:")
        .hasMessageContaining("it awaits Coroutine[2 waiting for")
        .hasMessageContaining("Coroutine[2 waiting for Semaphore[counter=0 waiters[1]]] at (")
        .hasMessageContaining(
            "Semaphore[counter=0 waiters[1]] is held by Coroutine[3 waiting for Lock[locked waiters[1]]], acquired at (VerdictTest.java:")
        .hasMessageContaining("Coroutine[3 waiting for Lock[locked waiters[1]]] at (")
        .hasMessageContaining("Lock[locked waiters[1]] is held by Coroutine[2")
        .hasMessageEndingWith(
            "\n  deadlock: Coroutine[2] -> p1 Semaphore[counter=0 waiters[1]] -> Coroutine[3] -> p2 Lock[locked waiters[1]] -> Coroutine[2]");
  }

  private static void both(
      CompletableFuture<Lease> first, java.util.function.Supplier<CompletableFuture<Lease>> next) {
    try (var one = await(first)) {
      pause();
      await(next.get()).close();
    }
  }

  @Test
  void toWaitForAnotherThreadWithoutSayingSoIsADeadlock() {
    assertThat(failureOf(test -> await(new CompletableFuture<>())))
        .hasMessageContaining("Coroutine[1 waiting for a future of another thread] at (Verdict");
  }

  @Test
  void whoSaysThatHeWaitsForThreadsIsToldHowLongThatWas() {
    assertThat(
            failureOf(
                test -> {
                  test.waitForThreads(Duration.ofNanos(1));
                  await(new CompletableFuture<>());
                }))
        .hasMessageContaining("other threads have sent nothing for PT0.000000001S");
  }

  @Test
  void whereOneRepeatsSomethingForEverTheWaitOfAnotherFailsAllTheSame() {
    assertThat(
            failureOf(
                test -> {
                  spawn(
                      () -> {
                        for (; ; ) {
                          sleep(Duration.ofSeconds(1));
                        }
                      });
                  await(new Event().whenSet());
                }))
        .hasMessageStartingWith("the time has moved 1000000 times, to PT277H46M40S, without an end")
        .hasMessageContaining("Coroutine[1 waiting for Event[clear waiters[1]]] at (VerdictTest")
        .hasMessageContaining("Coroutine[2 waiting for Sleep] at (VerdictTest");
  }

  @Test
  void aLoopThatIsStartedByHandStopsWhenItIsStuckAndSaysSoAtTheEnd() {
    var test = new TestLoop();
    test.loop().spawn(() -> await(new Event().whenSet()));
    test.loop().start();
    assertThatThrownBy(test::close).hasMessageContaining("Coroutine[1 waiting for Event[clear");
    assertThat(test.loop().toString()).startsWith("IOLoop[closed");
    test.close(); // does nothing
  }

  @Test
  void aLoopThatIsStoppedByHandIsNotStuck() {
    var test = new TestLoop();
    assertThatThrownBy(
            () ->
                test.run(
                    () -> {
                      test.loop().stop();
                      sleep(Duration.ofDays(1));
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stopped");
    test.advance(Duration.ofDays(1));
    test.close();
  }

  @Test
  void aFailureThatNobodySawComesWithTheDeadlockItMayHaveCaused() {
    var failure =
        failureOf(
            test -> {
              var event = new Event();
              spawn(
                  () -> {
                    failing();
                    event.set();
                  });
              await(event.whenSet());
            });
    assertThat(failure.getSuppressed()).singleElement().isInstanceOf(IOException.class);
  }

  private static void failing() throws IOException {
    throw new IOException("nobody saw it");
  }

  @Test
  void aCoroutineThatHasNotEndedIsReportedWithWhereItIs() {
    Exploration.Body daemon = test -> spawn(() -> await(new Event().whenSet()));
    assertThat(failureOf(daemon))
        .hasMessageContaining("coroutines that have not ended (allow with Leak.COROUTINES):")
        .hasMessageContaining("  Coroutine[2 waiting for Event[clear waiters[1]]] at (VerdictTest")
        .hasMessageContaining(", spawned at (VerdictTest.java:");
    assertThat(failureOf(daemon, Leak.COROUTINES)).hasMessage("nothing");
  }

  @Test
  void aLeaseThatIsNeverClosedIsReportedWithWhoHoldsIt() {
    Exploration.Body forgetful =
        test -> {
          var lock = new RWLock(2);
          await(lock.acquireRead());
          var second = await(lock.acquireRead());
          var writer = lock.acquireWrite();
          second.close();
          lock.releaseRead();
          await(writer);
        };
    assertThat(failureOf(forgetful))
        .hasMessageContaining("leases that were never closed")
        .hasMessageContaining("held by Coroutine[1 done], acquired at (VerdictTest.java:");
    assertThat(failureOf(forgetful).getMessage().lines()).hasSize(3);
    assertThat(failureOf(forgetful, Leak.LEASES)).hasMessage("nothing");
  }

  @Test
  void whatIsReleasedWithoutItsLeaseIsReleased() {
    assertThat(
            failureOf(
                test -> {
                  var lock = new Lock();
                  var lease = await(lock.acquire());
                  lock.release();
                  lease.close();
                  var signal = new Semaphore(0); // one side releases, the other acquires
                  signal.release();
                  signal.release();
                  await(signal.acquire());
                  await(signal.acquire());
                }))
        .hasMessage("nothing");
  }

  @Test
  void permitsAreCountedWhereTheyAreReleasedWithoutTheirLeases() {
    assertThat(
            failureOf(
                test -> {
                  var semaphore = new Semaphore(5);
                  await(semaphore.acquire());
                  await(semaphore.acquire(3));
                  semaphore.release(2); // the first one's, and one of three
                  semaphore.release(2);
                  semaphore.release(3); // by one side
                  await(semaphore.acquire(2)); // by the other
                  await(semaphore.acquire());
                  var lock = new KeyedLock<String>();
                  await(lock.acquire("a"));
                  lock.release("a");
                }))
        .hasMessage("nothing");
    assertThat(
            failureOf(
                test -> {
                  var semaphore = new Semaphore(5);
                  await(semaphore.acquire(3));
                  semaphore.release(2);
                  await(new KeyedLock<String>().acquire("a"));
                }))
        .hasMessageContaining("of Semaphore[counter=4], held by")
        .hasMessageContaining("of KeyedLock[key=a locked], held by");
  }

  @Test
  void aCoroutineThatIsCancelledAtTheEndMayStillCloseItsLease() {
    assertThat(
            failureOf(
                test ->
                    spawn(
                        () -> {
                          try (var lease = await(new Lock().acquire())) {
                            await(new Event().whenSet());
                          }
                        }),
                Leak.COROUTINES))
        .hasMessage("nothing");
  }

  @Test
  void aTimerThatIsStillPendingIsReportedUnlessItWasCancelled() {
    Exploration.Body timers =
        test -> {
          IOLoop.current().callLater(Duration.ofHours(1), () -> {}).cancel();
          IOLoop.current().callLater(Duration.ofHours(2), () -> {});
          IOLoop.current().callLater(Duration.ZERO, () -> {});
        };
    assertThat(failureOf(timers))
        .hasMessageContaining("timers that are still pending")
        .hasMessageContaining("Timeout[in PT2H] set at (VerdictTest.java:");
    assertThat(failureOf(timers).getMessage().lines()).hasSize(3);
    assertThat(failureOf(timers, Leak.TIMERS)).hasMessage("nothing");
  }

  @Test
  void aFailureThatNobodySawIsReportedWithItsTrace() {
    Exploration.Body body = test -> spawn(VerdictTest::failing);
    var failure = failureOf(body);
    assertThat(failure)
        .hasMessageContaining("failures that nobody saw")
        .hasMessageContaining("java.io.IOException: nobody saw it, of Coroutine[2 done]");
    assertThat(failure.getSuppressed()).singleElement().isInstanceOf(IOException.class);
    assertThat(failureOf(body, Leak.FAILURES)).hasMessage("nothing");
  }

  @Test
  void whatTheBodyFailsWithComesFirstAndTheVerdictWithIt() {
    var failure =
        failureOf(
            test -> {
              spawn(() -> await(new Event().whenSet()));
              failing();
            });
    assertThat(failure).isInstanceOf(IOException.class);
    assertThat(failure.getSuppressed()).singleElement().asString().contains("have not ended");
  }

  @Test
  void anAwaitInsideSynchronizedIsReported() {
    assumeThat(new IOLoop().toString()).contains("continuations");
    Exploration.Body body =
        test -> {
          synchronized (this) {
            pause();
          }
          pause();
        };
    assertThat(failureOf(body))
        .hasMessageContaining("monitors that were held across an await")
        .hasMessageContaining("toro.testing.VerdictTest, locked at ");
    assertThat(failureOf(body, Leak.MONITORS)).hasMessage("nothing");
    synchronized (this) {
      assertThat(failureOf(test -> pause())).as("held by who drives").hasMessage("nothing");
    }
  }

  @Test
  void manyThatAreOverAreForgotten() {
    assertThat(
            failureOf(
                test -> {
                  var lock = new Lock();
                  for (int i = 0; i < 5000; i++) {
                    var lease = await(lock.acquire(Duration.ofHours(1)));
                    var next = spawn(() -> await(lock.acquire(Duration.ofHours(1))).close());
                    pause();
                    lease.close();
                    await(next);
                  }
                }))
        .hasMessage("nothing");
  }

  @Test
  void aFailureWithoutATextIsToldAllTheSame() {
    class Unprintable extends RuntimeException {
      @Override
      public String toString() {
        throw new StackOverflowError();
      }
    }
    var test = new TestLoop();
    test.run(
        () ->
            spawn(
                () -> {
                  throw new Unprintable();
                }));
    assertThatThrownBy(test::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Unprintable (its toString() failed), of Coroutine[");
  }
}
