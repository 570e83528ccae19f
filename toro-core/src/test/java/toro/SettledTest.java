package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAllSettled;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SettledTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void allAreDoneInTheirOrderAndNothingIsThrown() {
    var failure = new IOException();
    TestLoop.run( // and nothing was reported
        () -> {
          var slow =
              spawn(
                  () -> {
                    sleep(SECOND);
                    return "slow";
                  });
          var failing =
              spawn(
                  () -> {
                    throw failure;
                  });
          var cancelled = spawn(() -> sleep(SECOND));
          cancelled.cancel(false);
          var all =
              awaitAllSettled(
                  List.<CompletableFuture<?>>of(
                      slow, failing, cancelled, CompletableFuture.completedFuture(7)));
          assertThat(all)
              .extracting(Future::state)
              .containsExactly(
                  Future.State.SUCCESS,
                  Future.State.FAILED,
                  Future.State.CANCELLED,
                  Future.State.SUCCESS);
          assertThat(all.getFirst().resultNow()).isEqualTo("slow");
          assertThat(all.get(1).exceptionNow()).isSameAs(failure);
        });
  }

  @Test
  void aCancellationTakesBackTheWaitsAndClosesTheLeasesThatWereGranted() {
    TestLoop.run(
        () -> {
          var free = new Lock();
          var held = new Lock();
          try (Lease lease = await(held.acquire())) {
            var waiter = spawn(() -> awaitAllSettled(free.acquire(), held.acquire()));
            pause();
            waiter.cancel(false);
            assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(waiter));
            assertThat(free).hasToString("Lock[unlocked]");
            assertThat(held).hasToString("Lock[locked]");
          }
        });
  }

  @Test
  void noStagesAreDoneAtOnce() {
    TestLoop.run(() -> assertThat(awaitAllSettled(List.<CompletableFuture<String>>of())).isEmpty());
  }

  @Test
  void outsideACoroutineItIsRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> awaitAllSettled(List.<CompletableFuture<String>>of()))
        .withMessageContaining("awaitAllSettled() was called where there is no coroutine");
  }

  @Test
  void awaitWithAClassDeclaresThatExceptionAndThrowsEveryOther() {
    TestLoop.run(
        () -> {
          var failed = CompletableFuture.<String>failedFuture(new IOException("reset"));
          String caught;
          try {
            caught = await(failed, IOException.class);
          } catch (IOException e) {
            caught = e.getMessage();
          }
          assertThat(caught).isEqualTo("reset");
          var other = CompletableFuture.failedFuture(new InterruptedException());
          assertThatThrownBy(() -> await(other, IOException.class))
              .isInstanceOf(InterruptedException.class);
          assertThat(await(CompletableFuture.completedFuture(7), IOException.class)).isEqualTo(7);
        });
  }
}
