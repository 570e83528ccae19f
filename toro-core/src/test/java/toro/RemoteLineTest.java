package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.*;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import toro.spi.RemoteLine;

/** Waits that a server grants are like those that a primitive of the loop grants. */
class RemoteLineTest {
  private final List<String> log = new ArrayList<>();

  @Test
  void aGrantResumesTheCoroutineThatAwaitsIt() {
    IOLoop.run(
        () -> {
          RemoteLine line = RemoteLine.of(IOLoop.current(), "server");
          RemoteLine.Wait<Integer> wait = line.await(Deadline.never(), () -> log.add("departed"));
          Coroutine<Integer> awaits = spawn(() -> await(wait.future()));
          pause();
          assertThat(line.isInCoroutine()).isTrue();
          wait.future().thenRun(() -> log.add("in a coroutine: " + line.isInCoroutine()));
          assertThat(line.size()).isEqualTo(1);
          assertThat(wait.grant(7)).isTrue();
          assertThat(await(awaits)).isEqualTo(7);
          assertThat(wait.grant(8)).isFalse();
          assertThat(line.size()).isZero();
        });
    assertThat(log).containsExactly("in a coroutine: false");
  }

  @Test
  void aWaitThatIsCancelledOrExpiresDeparts() {
    IOLoop.run(
        () -> {
          RemoteLine line = RemoteLine.of(IOLoop.current(), "server");
          RemoteLine.Wait<Integer> cancelled =
              line.await(Deadline.never(), () -> log.add("cancelled"));
          Coroutine<Integer> awaits = spawn(() -> await(cancelled.future()));
          pause();
          awaits.cancel(true);
          assertThatThrownBy(() -> await(awaits)).isInstanceOf(CancellationException.class);
          assertThat(cancelled.grant(1)).isFalse();
          RemoteLine.Wait<Integer> expired =
              line.await(Deadline.after(Duration.ofMillis(50)), () -> log.add("expired"));
          assertThatThrownBy(() -> await(expired.future()))
              .isInstanceOf(DeadlineExceededException.class)
              .hasMessageContaining("server");
          assertThat(line.size()).isZero();
        });
    assertThat(log).containsExactly("cancelled", "expired");
  }

  @Test
  void aWaitThatTheServerRefusesOrExpiresDoesNotDepart() {
    IOLoop.run(
        () -> {
          RemoteLine line = RemoteLine.of(IOLoop.current(), "server");
          RemoteLine.Wait<Integer> refused = line.await(Deadline.never(), () -> log.add("no"));
          assertThat(refused.refuse(new IllegalStateException("refused"))).isTrue();
          assertThatThrownBy(() -> await(refused.future())).hasMessage("refused");
          RemoteLine.Wait<Integer> expired = line.await(Deadline.never(), () -> log.add("no"));
          assertThat(expired.expire()).isTrue();
          assertThatThrownBy(() -> await(expired.future()))
              .isInstanceOf(DeadlineExceededException.class);
          assertThat(expired.refuse(new IllegalStateException())).isFalse();
        });
    assertThat(log).isEmpty();
  }

  @Test
  void aSnapshotShowsWhatIsWaitedFor() {
    IOLoop.run(
        () -> {
          RemoteLine line = RemoteLine.of(IOLoop.current(), "server");
          RemoteLine.Wait<Integer> wait = line.await(Deadline.never(), () -> {});
          Coroutine<Integer> awaits = spawn("reader", () -> await(wait.future()));
          pause();
          Snapshot snapshot = IOLoop.current().snapshot();
          assertThat(snapshot.primitives().get(0).state()).isEqualTo("server");
          assertThat(snapshot.toString()).contains("reader");
          wait.grant(1);
          await(awaits);
        });
  }

  @Test
  void anotherThreadIsRefusedAndClosingTheLoopEndsAWait() throws Exception {
    IOLoop loop = new IOLoop();
    RemoteLine line = RemoteLine.of(loop, "server");
    RemoteLine.Wait<Integer> wait =
        loop.runSync(() -> line.await(Deadline.never(), () -> log.add("departed")));
    loop.runSync(
        () -> {
          var thrown = new ArrayList<Throwable>();
          Thread other =
              new Thread(
                  () -> {
                    try {
                      line.check();
                    } catch (RuntimeException e) {
                      thrown.add(e);
                    }
                  });
          other.start();
          other.join();
          assertThat(thrown).singleElement().isInstanceOf(WrongThreadException.class);
        });
    loop.close();
    assertThat(wait.future()).isCompletedExceptionally();
    assertThatThrownBy(() -> wait.future().join()).hasCauseInstanceOf(LoopClosedException.class);
    assertThat(log).isEmpty();
  }

  @Test
  void anOwnerWhoseTextFailsKeepsNoWaitFromEnding() {
    TestLoop.run(
        () -> {
          var owner =
              new Object() {
                @Override
                public String toString() {
                  throw new StackOverflowError();
                }
              };
          RemoteLine line = RemoteLine.of(IOLoop.current(), owner);
          Runnable departed = () -> log.add("departed");
          RemoteLine.Wait<Integer> late = line.await(Deadline.after(Duration.ZERO), departed);
          assertThat(late.future()).isCompletedExceptionally();
          RemoteLine.Wait<Integer> byServer = line.await(Deadline.never(), departed);
          assertThat(byServer.expire()).isTrue();
          assertThat(byServer.future()).isCompletedExceptionally();
          assertThat(log).isEmpty(); // neither of them was ended from here while it was in line
          RemoteLine.Wait<Integer> expired =
              line.await(Deadline.after(Duration.ofSeconds(1)), departed);
          sleep(Duration.ofSeconds(1));
          assertThat(expired.future()).isCompletedExceptionally();
          assertThat(log).containsExactly("departed");
          assertThat(line.size()).isZero();
        });
  }

  @Test
  void aDepartureThatFailsIsReportedAndTheWaitEnds() {
    List<Throwable> reported = new ArrayList<>();
    try (IOLoop loop = TestLoop.create(reported)) {
      loop.runSync(
          () -> {
            Runnable fails =
                () -> {
                  throw new IllegalStateException("a fault");
                };
            RemoteLine line = RemoteLine.of(loop, "server");
            var cancelled = line.<Integer>await(Deadline.never(), fails).future();
            var expired =
                line.<Integer>await(Deadline.after(Duration.ofSeconds(1)), fails).future();
            assertThat(cancelled.cancel(true)).isTrue();
            sleep(Duration.ofSeconds(1));
            assertThat(expired).isCompletedExceptionally();
            assertThat(line.size()).isZero();
          });
    }
    assertThat(reported).hasSize(2).allMatch(failure -> failure.getMessage().equals("a fault"));
  }
}
