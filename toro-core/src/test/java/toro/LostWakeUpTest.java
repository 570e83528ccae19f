package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Wake-ups that a completion on another thread must not lose. */
class LostWakeUpTest {
  private final List<Throwable> failures = new ArrayList<>();
  private final IOLoop loop = TestLoop.create(failures);

  @Test
  void readersBehindAWriterThatWasCancelledElsewhereEnterThoughAnotherComesFirst() {
    loop.runSync(
        () -> {
          RWLock lock = new RWLock(3);
          Lease held = await(lock.acquireRead());
          var writer = lock.acquireWrite();
          var behind = lock.acquireRead();
          TestLoop.elsewhere(() -> writer.cancel(true));
          var newcomer = lock.acquireRead(); // finds the writer gone before the loop is told
          pause();
          pause();
          assertThat(behind).isCompleted();
          assertThat(newcomer).isCompleted();
          assertThat(lock.toString()).isEqualTo("RWLock[readers=3]");
          held.close();
        });
    loop.close();
  }

  @Test
  void acquireWithATimeoutOfTheJdkLeavesTheLineWithItsCoroutine() {
    loop.runSync(
        () -> {
          Lock lock = new Lock();
          Lease held = await(lock.acquire());
          var first = Coroutines.spawn(() -> await(lock.acquire().orTimeout(1, TimeUnit.HOURS)));
          var second =
              Coroutines.spawn(
                  () -> await(lock.acquire().completeOnTimeout(null, 1, TimeUnit.HOURS)));
          pause();
          first.cancel(true);
          second.cancel(true);
          pause();
          held.close();
          assertThat(lock.toString()).isEqualTo("Lock[unlocked]");
        });
    loop.close();
  }

  @Test
  void aCoroutineThatCancelsOneThatHasNotStartedIsStillACoroutine() {
    loop.runSync(
        () -> {
          Coroutines.spawn(() -> {}).cancel(true);
          pause();
        });
    loop.close();
  }

  @Test
  @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
  void aLoopThatClosesDoesNotHangOnAWaitThatEndsElsewhereMeanwhile() {
    CompletableFuture<String> answer = new CompletableFuture<>();
    var ends = new ArrayList<Throwable>();
    Event never = new Event(loop);
    loop.runSync(
        () -> {
          never
              .whenSet()
              .whenComplete(
                  (nothing, closed) -> TestLoop.elsewhere(() -> answer.complete("too late")));
          Coroutines.spawn(
              () -> {
                for (; ; ) {
                  try {
                    await(answer);
                    return;
                  } catch (CancellationException stubborn) {
                    ends.add(stubborn);
                  } catch (LoopClosedException closed) {
                    ends.add(closed);
                    return;
                  }
                }
              });
          pause();
        });
    loop.close();
    assertThat(answer).isCompleted();
    assertThat(ends).hasSize(2);
    assertThat(ends.getLast()).isInstanceOf(LoopClosedException.class);
    assertThatThrownBy(() -> never.set()).isInstanceOf(LoopClosedException.class);
  }
}
