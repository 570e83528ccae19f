package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.spawn;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
          int many = 20_000;
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
}
