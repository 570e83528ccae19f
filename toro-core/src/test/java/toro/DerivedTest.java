package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.pause;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What becomes of a wait when a future that was derived from it is given up. */
class DerivedTest {

  /**
   * Acquires a held lock twice, gives up on what was derived from the first, and says who got it.
   */
  private static String after(Consumer<CompletableFuture<Lease>> giveUp) {
    return IOLoop.run(
        () -> {
          var lock = new Lock();
          var held = await(lock.acquire());
          giveUp.accept(lock.acquire());
          pause();
          return lock.toString();
        });
  }

  @Test
  void aCancelledCopyGivesTheWaitUp() {
    assertThat(after(wait -> wait.copy().cancel(true))).isEqualTo("Lock[locked]");
  }

  @Test
  void aCancelledDependentGivesTheWaitUp() {
    assertThat(after(wait -> wait.thenApply(lease -> 1).cancel(true))).isEqualTo("Lock[locked]");
  }

  @Test
  void aDependentThatIsTimedOutGivesTheWaitUp() {
    IOLoop.run(
        () -> {
          var lock = new Lock();
          var held = await(lock.acquire());
          var derived = lock.acquire().copy().orTimeout(0, TimeUnit.MILLISECONDS);
          while (!lock.toString()
              .equals("Lock[locked]")) { // the JDK's thread says so in its own time
            pause();
          }
          assertThat(derived).isCompletedExceptionally();
        });
  }

  @Test
  void aDependentThatIsCompletedGivesTheWaitUp() {
    assertThat(after(wait -> wait.copy().complete(null))).isEqualTo("Lock[locked]");
  }

  @Test
  void aDependentThatAnotherThreadCancelsGivesTheWaitUp() {
    IOLoop.run(
        () -> {
          var lock = new Lock();
          var held = await(lock.acquire());
          var derived = lock.acquire().copy();
          CompletableFuture.runAsync(() -> derived.cancel(true));
          while (!lock.toString().equals("Lock[locked]")) { // until the loop has heard of it
            pause();
          }
          assertThat(derived).isCancelled();
        });
  }

  @Test
  void theLastOfSeveralDependentsGivesTheWaitUp() {
    assertThat(
            after(
                wait -> {
                  var first = wait.copy();
                  var second = wait.thenApply(lease -> 1);
                  first.cancel(true);
                  assertThat(wait).isNotDone();
                  second.cancel(true);
                }))
        .isEqualTo("Lock[locked]");
  }

  @Test
  void whatIsDerivedCanBeCompletedOnce() {
    IOLoop.run(
        () -> {
          var event = new Event();
          var completed = event.whenSet().copy();
          assertThat(completed.complete(null)).isTrue();
          assertThat(completed.complete(null)).isFalse();
          assertThat(completed.completeExceptionally(new Exception())).isFalse();
          assertThat(completed.cancel(true)).isFalse();
          var failed = event.whenSet().copy();
          assertThat(failed.completeExceptionally(new Exception())).isTrue();
          assertThat(failed.complete(null)).isFalse();
          var cancelled = event.whenSet().copy();
          assertThat(cancelled.cancel(true)).isTrue();
          assertThat(cancelled.cancel(true)).isTrue();
          assertThat(event).hasToString("Event[clear]");
        });
  }

  @Test
  void oneDependentThatIsGivenUpAgainAndAgainCountsOnce() {
    assertThat(
            after(
                wait -> {
                  wait.thenAccept(Lease::close);
                  wait.thenAccept(Lease::close);
                  var copy = wait.copy();
                  copy.cancel(true);
                  copy.cancel(true);
                  copy.complete(null);
                  copy.completeExceptionally(new Exception());
                  wait.copy().complete(null);
                }))
        .isEqualTo("Lock[locked waiters[1]]");
  }

  @Test
  void aWaitThatSomethingElseHangsOnGoesOn() {
    assertThat(
            after(
                wait -> {
                  wait.thenAccept(Lease::close);
                  wait.copy().cancel(true);
                }))
        .isEqualTo("Lock[locked waiters[1]]");
  }

  @Test
  void aWaitThatACoroutineAwaitsGoesOn() {
    IOLoop.run(
        () -> {
          var event = new Event();
          var wait = event.whenSet();
          var waiter = spawn(() -> await(wait));
          pause();
          wait.copy().cancel(true);
          event.set();
          await(waiter);
        });
  }

  @Test
  void aCancelledCoroutineGivesUpAWaitWhoseDependentsWereGivenUp() {
    IOLoop.run(
        () -> {
          var event = new Event();
          var wait = event.whenSet();
          var waiter = spawn(() -> await(wait));
          pause();
          wait.copy().cancel(true);
          waiter.cancel(true);
          assertThat(event).hasToString("Event[clear]");
        });
  }

  @Test
  void aWaitThatWasGrantedStaysGranted() {
    IOLoop.run(
        () -> {
          var lock = new Lock();
          var held = await(lock.acquire());
          var wait = lock.acquire();
          var derived = wait.thenCompose(lease -> new CompletableFuture<Void>());
          held.close();
          derived.cancel(true);
          assertThat(wait.join()).hasToString("Lease[held]");
        });
  }

  @Test
  void timeoutsThatAnotherThreadSetsAreCountedEachWhileTheLoopCountsOthers() {
    IOLoop.run(
        () -> {
          int many = 2_000;
          var event = new Event();
          var wait = event.whenSet();
          var last = wait.copy();
          var elsewhere =
              CompletableFuture.runAsync(
                  () -> {
                    for (int i = 0; i < many; i++) {
                      wait.orTimeout(1, TimeUnit.DAYS);
                    }
                  });
          for (int i = 0; i < many; i++) {
            wait.copy().cancel(true);
          }
          await(elsewhere);
          assertThat(wait).isNotDone();
          last.cancel(true);
          assertThat(event).hasToString("Event[clear]"); // nobody else is interested
        });
  }

  @Test
  void theLastOfALongChainGivesTheWaitUp() {
    assertThat(
            after(
                wait -> {
                  CompletableFuture<Lease> last = wait;
                  for (int i = 0; i < 100_000; i++) {
                    last = last.thenApply(lease -> lease);
                  }
                  last.cancel(true);
                }))
        .isEqualTo("Lock[locked]");
  }

  @Test
  void aChainThatGrowsForEverKeepsNothingOfWhatIsDone() {
    IOLoop.run(
        () -> {
          var event = new Event();
          CompletableFuture<Void> last = event.whenSet();
          event.set();
          var early = new WeakReference<>(last = last.thenRun(() -> {}));
          for (int i = 0; i < 10; i++) {
            last = last.thenRun(() -> {});
          }
          while (!early.refersTo(null)) {
            System.gc();
          }
          assertThat(last).isDone();
        });
  }

  // What awaits a derived future, or hangs on one, gives the wait up with it.

  private static Coroutine<?> awaiting(CompletableFuture<?> derived) {
    Coroutine<?> waiter = spawn(() -> await(derived));
    pause();
    return waiter;
  }

  @Test
  void aCoroutineThatIsCancelledWhileItAwaitsADerivedFutureGivesTheWaitUp() {
    assertThat(after(wait -> awaiting(wait.thenApply(lease -> lease)).cancel(true)))
        .isEqualTo("Lock[locked]");
  }

  @Test
  void aTimeoutAroundTheAwaitOfADerivedFutureGivesTheWaitUp() {
    TestLoop.run(
        () -> {
          var pages = new Queue<String>();
          assertThatThrownBy(
                  () ->
                      withTimeout(
                          Duration.ofSeconds(1), () -> await(pages.get().thenApply(List::of))))
              .isInstanceOf(DeadlineExceededException.class);
          pages.putNow("a page");
          assertThat(pages).hasToString("Queue[maxsize=0 queue=[a page] tasks=1]");
        });
  }

  @Test
  void awaitAllGivesUpTheWaitsBeneathDerivedFutures() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          var held = await(lock.acquire());
          assertThatThrownBy(
                  () ->
                      withTimeout(
                          Duration.ofSeconds(1),
                          () ->
                              awaitAll(
                                  lock.acquire().thenApply(lease -> 1),
                                  lock.acquire().thenApply(lease -> 2),
                                  lock.acquire())))
              .isInstanceOf(DeadlineExceededException.class);
          assertThat(lock).hasToString("Lock[locked]");
          held.close();
          assertThat(lock).hasToString("Lock[unlocked]");
        });
  }

  @Test
  void whatIsDerivedFromADerivedFutureGivesTheWaitUpAtAnyDepth() {
    Function<CompletableFuture<Lease>, CompletableFuture<?>> deep =
        wait -> wait.copy().thenApply(lease -> lease).whenComplete((lease, failure) -> {}).copy();
    assertThat(after(wait -> deep.apply(wait).cancel(true))).isEqualTo("Lock[locked]");
    assertThat(after(wait -> awaiting(deep.apply(wait)).cancel(true))).isEqualTo("Lock[locked]");
  }

  @Test
  void aDerivedFutureGoesOnWhileSomethingElseHangsOnIt() {
    assertThat(
            after(
                wait -> {
                  var derived = wait.thenApply(lease -> lease);
                  derived.thenAccept(Lease::close);
                  awaiting(derived).cancel(true);
                  derived.copy().cancel(true);
                  CompletableFuture.anyOf(derived, new CompletableFuture<>());
                }))
        .isEqualTo("Lock[locked waiters[1]]");
  }

  @Test
  void whatADerivedFutureWasGrantedIsDeliveredBeforeACancellation() {
    IOLoop.run(
        () -> {
          var lock = new Lock();
          var held = await(lock.acquire());
          var waiter = spawn(() -> await(lock.acquire().thenApply(lease -> lease)));
          pause();
          held.close();
          waiter.cancel(true);
          await(waiter).close();
          assertThat(lock).hasToString("Lock[unlocked]");
        });
  }

  @Test
  void aDerivedFutureThatWaitsForMoreThanTheWaitEndsAloneOnceTheWaitIsGranted() {
    IOLoop.run(
        () -> {
          var event = new Event();
          var wait = event.whenSet();
          var first = wait.thenCompose(set -> new CompletableFuture<Void>());
          var second = first.copy();
          event.set();
          assertThat(second.cancel(true)).isTrue();
          assertThat(first).isNotDone();
          assertThat(first.cancel(true)).isTrue();
        });
  }

  @Test
  void aWaitWhoseDerivedFutureIsGivenUpByACallbackOfItsGrantIsDelivered() {
    IOLoop.run(
        () -> {
          var lock = new Lock();
          var held = await(lock.acquire());
          var wait = lock.acquire();
          var derived = wait.copy();
          wait.whenComplete(
              (lease, failure) -> assertThat(derived.cancel(true)).isFalse()); // runs first
          held.close();
          derived.join().close();
          assertThat(lock).hasToString("Lock[unlocked]");
        });
  }

  @Test
  void aWaitOfAnotherLoopIsGivenUpWithItsAwaiter() {
    try (LoopGroup group = IOLoop.group(1)) {
      IOLoop home = group.next();
      var lock = new Lock(home);
      var held = home.submit(() -> await(lock.acquire())).join();
      // Inside a list, so that submit returns the waits themselves.
      var waits =
          home.submit(() -> List.of(lock.acquire(), lock.acquire().thenApply(lease -> lease)))
              .join();
      IOLoop.run(
          () -> {
            for (CompletableFuture<?> wait : waits) {
              awaiting(wait).cancel(true);
              pause();
            }
            assertThat(await(home.submit(lock::toString))).isEqualTo("Lock[locked]");
            await(home.submit(held::close));
            assertThat(await(home.submit(lock::toString))).isEqualTo("Lock[unlocked]");
          });
    }
  }

  @Test
  void aDerivedFutureThatAnotherThreadGivesUpJustAsItIsGrantedKeepsNothing() {
    try (LoopGroup group = IOLoop.group(1)) {
      IOLoop home = group.next();
      var lock = new Lock(home);
      var meet = new CyclicBarrier(2);
      for (int i = 0; i < 5_000; i++) {
        boolean deep = i % 2 == 0;
        var held = home.submit(() -> await(lock.acquire())).join();
        var derived =
            home.submit(() -> List.of(deep ? lock.acquire().copy().copy() : lock.acquire().copy()))
                .join()
                .getFirst();
        var released =
            home.submit(
                () -> {
                  meet.await();
                  held.close();
                });
        meet(meet);
        if (!derived.cancel(true)) {
          home.submit(derived.join()::close).join();
        }
        released.join();
        assertThat(home.submit(lock::toString).join()).isEqualTo("Lock[unlocked]");
      }
    }
  }

  @Test
  void aWaitOfAnotherLoopThatIsGivenUpJustAsItIsGrantedKeepsNothing() {
    try (LoopGroup group = IOLoop.group(1)) {
      IOLoop home = group.next();
      var lock = new Lock(home);
      var meet = new CyclicBarrier(2);
      IOLoop.run(
          () -> {
            for (int i = 0; i < 2_000; i++) {
              var held = await(home.submit(() -> await(lock.acquire())));
              var wait = await(home.submit(() -> List.of(lock.acquire()))).getFirst();
              var waiter = spawn(() -> await(wait));
              pause();
              var released =
                  home.submit(
                      () -> {
                        meet.await();
                        held.close();
                      });
              meet(meet);
              waiter.cancel(true);
              try {
                Lease lease = await(waiter);
                await(home.submit(lease::close));
              } catch (CancellationException given) {
                assertThat(wait.isDone() && !wait.isCompletedExceptionally()).isFalse();
              }
              await(released);
              assertThat(await(home.submit(lock::toString))).isEqualTo("Lock[unlocked]");
            }
          });
    }
  }

  @Test
  void aLeaseThatASubmittedBodyReturnsJustAsItsCallerGivesUpIsClosed() {
    try (LoopGroup group = IOLoop.group(1)) {
      IOLoop home = group.next();
      var lock = new Lock(home);
      var meet = new CyclicBarrier(2);
      IOLoop.run(
          () -> {
            for (int i = 0; i < 2_000; i++) {
              var waiter =
                  spawn(
                      () ->
                          await(
                              home.submit(
                                  () -> {
                                    meet.await();
                                    return await(lock.acquire());
                                  })));
              pause();
              meet(meet);
              waiter.cancel(true);
              try {
                Lease lease = await(waiter);
                await(home.submit(lease::close));
              } catch (CancellationException given) {
                // it never got the lock, or it is given back
              }
              assertThat(await(home.submit(lock::toString))).isEqualTo("Lock[unlocked]");
            }
          });
    }
  }

  private static void meet(CyclicBarrier meet) {
    try {
      meet.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new AssertionError(e);
    }
  }
}
