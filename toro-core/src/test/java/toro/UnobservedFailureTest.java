package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnobservedFailureTest {
  private final IOLoop loop = TestLoop.create();
  private final List<Object> reported = new ArrayList<>();
  private final IOException failure = new IOException("nobody saw it");

  @BeforeEach
  void listen() {
    loop.setExceptionHandler(
        (source, thrown) -> {
          reported.add(source);
          reported.add(thrown);
        });
  }

  @AfterEach
  void close() {
    loop.close();
  }

  private Coroutine<String> failing() {
    return spawn(
        () -> {
          pause();
          throw failure;
        });
  }

  @Test
  void aFailureThatNobodyAwaitsIsReportedOnce() {
    Coroutine<String> coroutine =
        loop.runSync(
            () -> {
              Coroutine<String> lonely = failing();
              sleep(Duration.ofSeconds(1));
              return lonely;
            });
    assertThat(reported).containsExactly(coroutine, failure);
    assertThat(coroutine).isCompletedExceptionally();
  }

  @Test
  void anErrorIsReportedTooAndTheOthersGoOn() {
    Error error = new AssertionError();
    loop.runSync(
        () -> {
          spawn(
              () -> {
                throw error;
              });
          sleep(Duration.ofSeconds(1));
        });
    assertThat(reported).hasSize(2).contains(error);
  }

  @Test
  void aFailureThatIsSeenIsNotReported() {
    List<Throwable> seen = new ArrayList<>();
    loop.runSync(
        () -> {
          assertThatThrownBy(() -> await(failing())).isSameAs(failure);
          assertThatThrownBy(() -> awaitAll(failing(), failing())).isSameAs(failure);
          failing().thenAccept(value -> {});
          failing().whenComplete((value, thrown) -> seen.add(thrown));
          sleep(Duration.ofSeconds(1));
        });
    assertThatThrownBy(
            () ->
                loop.runSync(
                    () -> {
                      pause();
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(seen).containsExactly(failure);
    assertThat(reported).isEmpty();
  }

  @Test
  @OnItsOwnThread
  void aFailureAwaitedByAnotherLoopIsNotReported() throws Exception {
    Thread thread = Thread.ofPlatform().start(loop::start);
    CompletableFuture<Void> attached = new CompletableFuture<>();
    Coroutine<Void> coroutine =
        loop.spawn(
            () -> {
              await(attached);
              throw failure;
            });
    TestLoop.run(
        () -> {
          Coroutine<?> awaiter = spawn(() -> await(coroutine));
          pause();
          attached.complete(null);
          assertThatThrownBy(() -> await(awaiter)).isSameAs(failure);
        });
    loop.stop();
    thread.join();
    assertThat(reported).isEmpty();
  }

  @Test
  void cancellationsAreNotReported() {
    loop.runSync(
        () -> {
          Coroutine<Void> unstarted = spawn(() -> {});
          unstarted.cancel(false);
          Coroutine<Void> waiting = spawn(() -> sleep(Duration.ofDays(1)));
          pause();
          waiting.cancel(false);
          sleep(Duration.ofSeconds(1));
          assertThat(waiting).isCancelled();
        });
    assertThat(reported).isEmpty();
  }

  @Test
  void aCancellationOfAForeignFutureIsAFailureOfTheCoroutineThatAwaitsIt() {
    CompletableFuture<String> reply = new CompletableFuture<>();
    reply.cancel(true);
    loop.runSync(
        () -> {
          Coroutine<String> lonely = spawn(() -> await(reply));
          sleep(Duration.ofSeconds(1));
          assertThat(reported).hasSize(2).first().isSameAs(lonely);
          assertThat(reported.getLast()).isInstanceOf(CancellationException.class);
        });
  }

  @Test
  void aCancellationOfAWaitIsAFailureOfTheCoroutineThatAwaitsIt() {
    loop.runSync(
        () -> {
          CompletableFuture<Void> wait = new Event().whenSet();
          spawn(() -> await(wait));
          pause();
          wait.cancel(true);
          sleep(Duration.ofSeconds(1));
        });
    assertThat(reported).hasSize(2);
    assertThat(reported.getLast()).isInstanceOf(CancellationException.class);
  }

  @Test
  void aFailureThatIsAwaitedInTheSameTurnIsNotReported() {
    loop.runSync(
        () -> {
          Coroutine<Void> first = failingAtOnce();
          Coroutine<Void> second = failingAtOnce();
          Coroutine<Void> third = failingAtOnce();
          Coroutine<Void> fourth = failingAtOnce();
          pause(); // all have failed
          assertThat(List.of(first, second, third, fourth)).allMatch(CompletableFuture::isDone);
          assertThatThrownBy(() -> await(first)).isSameAs(failure);
          second.whenComplete((value, thrown) -> {});
          assertThatThrownBy(third::join).hasCause(failure);
          assertThatThrownBy(() -> awaitAll(fourth)).isSameAs(failure);
          sleep(Duration.ofSeconds(1));
        });
    assertThat(reported).isEmpty();
  }

  @Test
  void aFailureIsReportedWhenAllThatWasReadyThenHasRun() {
    loop.runSync(
        () -> {
          failingAtOnce();
          pause();
          assertThat(reported).isEmpty();
          pause();
          assertThat(reported).hasSize(2);
        });
  }

  @Test
  void aFailureJustBeforeTheLoopClosesIsReported() {
    loop.runSync(
        () -> {
          failingAtOnce();
          pause();
        });
    loop.close();
    assertThat(reported).hasSize(2).last().isSameAs(failure);
  }

  private Coroutine<Void> failingAtOnce() {
    return spawn(
        () -> {
          throw failure;
        });
  }

  @Test
  void aFailureAfterTheFutureWasCompletedFromOutsideIsReported() {
    loop.runSync(
        () -> {
          Coroutine<String> coroutine =
              spawn(
                  () -> {
                    try {
                      sleep(Duration.ofDays(1));
                    } finally {
                      throw failure;
                    }
                  });
          pause();
          coroutine.complete("outside");
          assertThat(await(coroutine)).isEqualTo("outside");
          sleep(Duration.ofSeconds(1));
          assertThat(reported).containsExactly(coroutine, failure);
        });
  }
}
