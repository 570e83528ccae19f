package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.asCompleted;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AsCompletedTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<Object> log = new ArrayList<>();

  private static Coroutine<Integer> after(int seconds) {
    return spawn(
        () -> {
          sleep(SECOND.multipliedBy(seconds));
          return seconds;
        });
  }

  @Test
  void theStagesComeInTheOrderInWhichTheyAreDone() {
    TestLoop.run(
        () -> {
          var stages = List.of(after(3), after(1), after(2));
          for (Coroutine<Integer> stage : asCompleted(stages)) {
            assertThat(stage).isDone().isIn(stages);
            log.add(await(stage));
          }
          assertThat(log).containsExactly(1, 2, 3);
        });
  }

  @Test
  void thoseThatAreDoneWhileItWaitsComeInTheirOrderToo() {
    TestLoop.run(
        () -> {
          var results = IntStream.range(0, 4).mapToObj(i -> new AsyncResult<Integer>()).toList();
          var waits = results.stream().map(AsyncResult::get).toList();
          spawn(() -> List.of(2, 0, 3, 1).forEach(i -> results.get(i).set(i)));
          for (var wait : asCompleted(waits)) {
            log.add(await(wait));
          }
          assertThat(log).containsExactly(2, 0, 3, 1);
        });
  }

  @Test
  void thoseThatAreDoneAlreadyComeWithoutAWaitAndEachComesOnce() {
    TestLoop.run(
        () -> {
          var done = CompletableFuture.completedFuture("done");
          spawn(() -> log.add("another"));
          for (var stage : asCompleted(done, done)) {
            log.add(await(stage));
          }
          assertThat(log).containsExactly("done");
          assertThat(asCompleted(List.<CompletableFuture<String>>of())).isEmpty();
          pause();
        });
  }

  @Test
  void oneThatHasFailedComesLikeTheOthersAndIsNotReported() {
    IOException failure = new IOException();
    TestLoop.run(
        () -> {
          Coroutine<Integer> failing =
              spawn(
                  () -> {
                    sleep(SECOND.multipliedBy(2));
                    throw failure;
                  });
          for (var stage : asCompleted(after(1), failing, after(3))) {
            sleep(SECOND); // one fails between two steps
            if (stage == failing) {
              assertThatThrownBy(() -> await(stage)).isSameAs(failure);
              log.add(failure);
            } else {
              log.add(await(stage));
            }
          }
          assertThat(log).containsExactly(1, failure, 3);
        });
  }

  @Test
  void theRestGoOnWithoutATraceWhenTheLoopIsLeft() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          var held = await(lock.acquire());
          var never = new CompletableFuture<Lease>();
          for (int i = 0; i < 100; i++) {
            var wait = lock.acquire();
            for (CompletableFuture<?> stage : asCompleted(never, wait, after(1))) {
              assertThat(stage).isInstanceOf(Coroutine.class);
              break;
            }
            assertThat(never.getNumberOfDependents()).isZero();
            assertThat(wait.getNumberOfDependents()).isZero();
            assertThat(wait).isNotDone();
            wait.cancel(false);
          }
          assertThat(lock).hasToString("Lock[locked]");
          held.close();
        });
  }

  @Test
  void aStepThatIsInterruptedLeavesNoTraceAndMayBeRepeated() {
    TestLoop.run(
        () -> {
          var slow = after(3);
          var wait = new Event().whenSet();
          var steps = asCompleted(slow, wait).iterator();
          assertThatThrownBy(() -> withTimeout(SECOND, () -> steps.next()))
              .isInstanceOf(DeadlineExceededException.class);
          assertThat(slow.getNumberOfDependents()).isZero();
          assertThat(wait.getNumberOfDependents()).isZero();
          assertThat(wait).isNotDone();
          var cancelled = spawn(() -> steps.next());
          pause();
          cancelled.cancel(false);
          assertThatThrownBy(() -> await(cancelled)).isInstanceOf(CancellationException.class);
          assertThat(steps.next()).isSameAs(slow);
          assertThat(steps.hasNext()).isTrue();
        });
  }

  @Test
  void otherThreadsMayCompleteThem() {
    TestLoop.run(
        () -> {
          List<CompletableFuture<Integer>> stages = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            int number = i;
            stages.add(CompletableFuture.supplyAsync(() -> number));
          }
          for (var stage : asCompleted(stages)) {
            log.add(await(stage));
          }
          assertThat(log).hasSize(100).doesNotHaveDuplicates();
        });
  }

  @Test
  void stagesThatAreNoFuturesAreServedToo() {
    TestLoop.run(
        () -> {
          var result = new CompletableFuture<Integer>();
          CompletionStage<Integer> minimal = result.minimalCompletionStage();
          spawn(() -> result.complete(7));
          for (var stage : asCompleted(minimal)) {
            assertThat(stage == minimal).isTrue();
            log.add(await(stage));
          }
          assertThat(log).containsExactly(7);
        });
  }

  @Test
  void afterTheLastOneThereIsNoneAndElsewhereThereIsNoStep() {
    TestLoop.run(
        () -> {
          var steps = asCompleted(after(1)).iterator();
          steps.next();
          assertThat(steps.hasNext()).isFalse();
          assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(steps::next);
        });
    assertThatIllegalStateException()
        .isThrownBy(() -> asCompleted(new CompletableFuture<String>()).iterator().next())
        .withMessageContaining("asCompleted(…).next() was called where there is no coroutine");
  }

  @OnItsOwnThread
  @Test
  void aCoroutineThatIsStuckInAStepDoesNotKeepTheLoopFromClosing() {
    try (IOLoop loop = TestLoop.create()) {
      loop.runSync(
          () -> {
            spawn(
                () -> {
                  try {
                    asCompleted(new Event().whenSet()).iterator().next();
                  } catch (CancellationException e) {
                    asCompleted(new Event().whenSet()).iterator().next();
                  } finally {
                    log.add("ended");
                  }
                });
            pause();
          });
      long before = loop.nanoTime();
      loop.close();
      assertThat(loop.nanoTime()).isEqualTo(before); // not the time of grace
    }
    assertThat(log).containsExactly("ended");
  }
}
