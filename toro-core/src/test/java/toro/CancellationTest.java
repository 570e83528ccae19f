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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CancellationTest {
  private final List<Object> log = new ArrayList<>();

  @Test
  void oneThatHasNotStartedNeverDoes() {
    TestLoop.run(
        () -> {
          Coroutine<Boolean> coroutine = spawn(() -> log.add("ran"));
          assertThat(coroutine.cancel(false)).isTrue();
          assertThat(coroutine).isCancelled();
          sleep(Duration.ofSeconds(1));
        });
    assertThat(log).isEmpty();
  }

  @Test
  void oneThatWaitsLeavesItsLine() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          Coroutine<String> coroutine = spawn(() -> await(queue.get(Duration.ofDays(1))));
          pause();
          assertThat(queue.toString()).contains("getters[1]");
          assertThat(coroutine.cancel(true)).isTrue();
          assertThat(queue.toString()).doesNotContain("getters");
          assertThat(IOLoop.current().timers.size()).isZero();
          assertThat(coroutine).isNotDone();
          assertThatThrownBy(() -> await(coroutine)).isInstanceOf(CancellationException.class);
          assertThat(coroutine).isCancelled();
          queue.putNow("kept");
          assertThat(queue.getNow()).isEqualTo("kept");
        });
  }

  @Test
  void whatWasGrantedBeforeIsDeliveredAndTheNextWaitThrows() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          Coroutine<Void> coroutine =
              spawn(
                  () -> {
                    log.add(await(queue.get()));
                    log.add(await(CompletableFuture.completedFuture("done needs no waiting")));
                    await(queue.get());
                    log.add("no");
                  });
          pause();
          queue.putNow("item");
          coroutine.cancel(false);
          assertThatThrownBy(() -> await(coroutine)).isInstanceOf(CancellationException.class);
          assertThat(log).containsExactly("item", "done needs no waiting");
          assertThat(queue.toString()).doesNotContain("getters");
        });
  }

  @Test
  void oneThatIsReadyIsCancelledWhereItWaitsNext() {
    TestLoop.run(
        () -> {
          Coroutine<Void> coroutine =
              spawn(
                  () -> {
                    pause();
                    log.add("no: a pause is a wait too");
                  });
          pause();
          coroutine.cancel(false);
          assertThatThrownBy(() -> await(coroutine)).isInstanceOf(CancellationException.class);
          assertThat(log).isEmpty();
        });
  }

  @Test
  void itMayCancelItself() {
    TestLoop.run(
        () -> {
          List<Coroutine<?>> self = new ArrayList<>();
          Coroutine<Void> coroutine =
              spawn(
                  () -> {
                    assertThat(self.getFirst().cancel(false)).isTrue();
                    log.add("goes on");
                    sleep(Duration.ofDays(1));
                    log.add("no");
                  });
          self.add(coroutine);
          assertThatThrownBy(() -> await(coroutine)).isInstanceOf(CancellationException.class);
          assertThat(log).containsExactly("goes on");
        });
  }

  @Test
  void oneThatNeverWaitsAgainEndsWithItsValue() {
    TestLoop.run(
        () -> {
          List<Coroutine<?>> self = new ArrayList<>();
          Coroutine<String> coroutine =
              spawn(
                  () -> {
                    self.getFirst().cancel(false);
                    return "value";
                  });
          self.add(coroutine);
          assertThat(await(coroutine)).isEqualTo("value");
          assertThat(coroutine.cancel(false)).isFalse();
          assertThat(coroutine).isNotCancelled();
        });
  }

  @Test
  void eachCallAsksOnceMore() {
    TestLoop.run(
        () -> {
          Coroutine<Void> stubborn =
              spawn(
                  () -> {
                    for (int i = 0; i < 2; i++) {
                      try {
                        sleep(Duration.ofDays(1));
                      } catch (CancellationException e) {
                        log.add(i);
                      }
                    }
                    await(new CompletableFuture<>());
                  });
          for (int i = 0; i < 3; i++) {
            pause();
            pause();
            assertThat(stubborn).isNotDone();
            stubborn.cancel(false);
          }
          assertThatThrownBy(() -> await(stubborn)).isInstanceOf(CancellationException.class);
          assertThat(log).containsExactly(0, 1);
        });
  }

  @Test
  void itCleansUpWithFurtherAwaitsAndIsDoneOnlyThen() {
    TestLoop.run(
        () -> {
          Coroutine<Void> coroutine =
              spawn(
                  () -> {
                    try {
                      sleep(Duration.ofDays(1));
                    } finally {
                      sleep(Duration.ofSeconds(5));
                      log.add("cleaned up");
                    }
                  });
          pause();
          coroutine.cancel(false);
          sleep(Duration.ofSeconds(4));
          assertThat(coroutine).isNotDone();
          assertThat(coroutine.isCancelled()).isFalse();
          sleep(Duration.ofSeconds(2));
          assertThat(coroutine).isCancelled();
          assertThat(log).containsExactly("cleaned up");
        });
  }

  @Test
  void oneThatSwallowsItHasItsValue() {
    TestLoop.run(
        () -> {
          Coroutine<String> coroutine =
              spawn(
                  () -> {
                    try {
                      sleep(Duration.ofDays(1));
                    } catch (CancellationException ignored) {
                      pause();
                    }
                    return "value";
                  });
          pause();
          coroutine.cancel(false);
          assertThat(await(coroutine)).isEqualTo("value");
        });
  }

  @Test
  void oneThatFailsInsteadHasThatFailure() {
    TestLoop.run(
        () -> {
          Coroutine<String> coroutine =
              spawn(
                  () -> {
                    try {
                      sleep(Duration.ofDays(1));
                    } catch (CancellationException e) {
                      throw new IOException("while cleaning up");
                    }
                    return "no";
                  });
          pause();
          coroutine.cancel(false);
          assertThatThrownBy(() -> await(coroutine)).isInstanceOf(IOException.class);
        });
  }

  @Test
  void anotherThreadMayCancel() {
    TestLoop.run(
        () -> {
          for (int i = 0; i < 100; i++) {
            Coroutine<Void> coroutine = spawn(() -> await(new Event().whenSet()));
            pause();
            Thread.ofPlatform().start(() -> coroutine.cancel(false));
            assertThatThrownBy(() -> await(coroutine)).isInstanceOf(CancellationException.class);
          }
        });
  }

  @Test
  void foreignFuturesAndCoroutinesItAwaitedGoOn() {
    TestLoop.run(
        () -> {
          CompletableFuture<String> foreign = new CompletableFuture<>();
          Coroutine<String> other =
              spawn(
                  () -> {
                    sleep(Duration.ofSeconds(1));
                    return "other";
                  });
          Coroutine<String> awaitsForeign = spawn(() -> await(foreign));
          Coroutine<String> awaitsOther = spawn(() -> await(other));
          pause();
          awaitsForeign.cancel(false);
          awaitsOther.cancel(false);
          assertThatThrownBy(() -> await(awaitsForeign)).isInstanceOf(CancellationException.class);
          assertThatThrownBy(() -> await(awaitsOther)).isInstanceOf(CancellationException.class);
          assertThat(foreign).isNotDone();
          assertThat(await(other)).isEqualTo("other");
          foreign.complete("still of use");
          assertThat(await(foreign)).isEqualTo("still of use");
        });
  }

  @Test
  void aWaitThatAnotherAwaitsTooStaysInLine() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          CompletableFuture<String> wait = queue.get();
          Coroutine<String> first = spawn(() -> await(wait));
          Coroutine<String> second = spawn(() -> await(wait));
          pause();
          first.cancel(false);
          pause();
          assertThat(queue.toString()).contains("getters[1]");
          queue.putNow("item");
          assertThat(await(second)).isEqualTo("item");
        });
  }

  @Test
  void onesThatPauseForEverAreCancelled() {
    TestLoop.run(
        () -> {
          Coroutine<Void> coroutine =
              spawn(
                  () -> {
                    while (true) {
                      pause();
                    }
                  });
          pause();
          coroutine.cancel(false);
          assertThatThrownBy(() -> await(coroutine)).isInstanceOf(CancellationException.class);
          Coroutine<Void> sleeper =
              spawn(
                  () -> {
                    while (true) {
                      sleep(Duration.ZERO);
                    }
                  });
          pause();
          sleeper.cancel(false);
          assertThatThrownBy(() -> await(sleeper)).isInstanceOf(CancellationException.class);
        });
  }

  @Test
  void completingItFromOutsideCancelsTheBody() {
    TestLoop.run(
        () -> {
          List<Coroutine<String>> coroutines = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            coroutines.add(
                spawn(
                    () -> {
                      try {
                        sleep(Duration.ofDays(1));
                      } catch (CancellationException e) {
                        log.add("cancelled");
                      }
                      return "ignored";
                    }));
          }
          pause();
          assertThat(coroutines.get(0).complete("outside")).isTrue();
          assertThat(coroutines.get(1).completeExceptionally(new IOException())).isTrue();
          Thread.ofPlatform().start(() -> coroutines.get(2).complete("thread")).join();
          pause();
          sleep(Duration.ofSeconds(1));
          assertThat(log).containsExactly("cancelled", "cancelled", "cancelled");
          assertThat(await(coroutines.get(0))).isEqualTo("outside");
          assertThatThrownBy(() -> await(coroutines.get(1))).isInstanceOf(IOException.class);
          assertThat(await(coroutines.get(2))).isEqualTo("thread");
        });
  }

  @Test
  void orTimeoutOfTheJdkCancelsTheBody() {
    try (IOLoop loop = TestLoop.create(LoopClock.system())) {
      loop.runSync(
          () -> {
            CompletableFuture<Boolean> ended = new CompletableFuture<>();
            Coroutine<Void> coroutine =
                spawn(
                    () -> {
                      try {
                        await(new CompletableFuture<>());
                      } finally {
                        ended.complete(true);
                      }
                    });
            coroutine.orTimeout(0, TimeUnit.MILLISECONDS);
            assertThat(await(ended)).isTrue();
            assertThat(coroutine).isCompletedExceptionally();
          });
    }
  }

  @Test
  void aCancelledCoroutineCancelsWhoAwaitsItOnlyByItsException() {
    TestLoop.run(
        () -> {
          Coroutine<Void> inner = spawn(() -> sleep(Duration.ofDays(1)));
          Coroutine<String> outer =
              spawn(
                  () -> {
                    try {
                      awaitAll(inner);
                    } catch (CancellationException e) {
                      sleep(Duration.ofSeconds(1));
                    }
                    return "outer";
                  });
          pause();
          inner.cancel(false);
          assertThat(await(outer)).isEqualTo("outer");
        });
  }

  @Test
  void itsTextTellsItsState() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          Lease lease = await(lock.acquire());
          Coroutine<Lease> coroutine = spawn(() -> await(lock.acquire()));
          assertThat(coroutine.toString()).matches("Coroutine\\[\\d+ not started]");
          pause();
          assertThat(coroutine.toString())
              .matches("Coroutine\\[\\d+ waiting for Lock\\[locked waiters\\[1]]]");
          lease.close();
          assertThat(coroutine.toString()).matches("Coroutine\\[\\d+ ready]");
          await(coroutine);
          assertThat(coroutine.toString()).matches("Coroutine\\[\\d+ done]");
          Coroutine<?> sleeper = spawn(() -> sleep(Duration.ofDays(1)));
          Coroutine<?> awaiter = spawn(() -> await(sleeper));
          pause();
          assertThat(sleeper.toString()).contains("waiting for Sleep");
          assertThat(awaiter.toString()).contains("waiting for Coroutine");
        });
  }

  @Test
  void whoIsCancelledLeavesTheOthersThatAwaitTheSame() {
    TestLoop.run(
        () -> {
          for (int cancelled = 0; cancelled < 8; cancelled++) {
            var wait = new AsyncResult<String>().get();
            List<Coroutine<String>> coroutines = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
              coroutines.add(spawn(() -> await(wait)));
            }
            pause();
            for (int i = 2; i >= 0; i--) {
              if ((cancelled & 1 << i) != 0) {
                coroutines.get(i).cancel(true);
                pause();
              }
            }
            wait.complete("value");
            pause();
            for (int i = 0; i < 3; i++) {
              if ((cancelled & 1 << i) == 0) {
                assertThat(coroutines.get(i)).isCompletedWithValue("value");
              } else {
                assertThat(coroutines.get(i)).isCancelled();
              }
            }
          }
        });
  }

  @Test
  void cancelTellsWhetherThereWasSomebodyToAsk() {
    TestLoop.run(
        () -> {
          var coroutine = spawn(() -> pause());
          assertThat(coroutine.cancel(true)).isTrue();
          pause();
          assertThat(coroutine.cancel(true)).isFalse();
          var ended = spawn(() -> "ended");
          await(ended);
          assertThat(ended.cancel(true)).isFalse();
        });
  }
}
