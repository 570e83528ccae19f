package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.on;
import static toro.Coroutines.pause;
import static toro.Coroutines.select;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopCloseTest {
  /** More than are handed over until it is closed, unless the machine is very busy. */
  private static final int MANY = 20_000;

  private final ManualClock clock = new ManualClock();
  private final IOLoop loop = TestLoop.create(clock);
  private final List<Object> log = new ArrayList<>();

  @Test
  void closingItTwiceDoesNothing() {
    loop.close();
    loop.close();
    assertThat(loop.isClosed()).isTrue();
  }

  @Test
  @OnItsOwnThread
  void aLoopThatRunsCannotBeClosed() {
    loop.runSync(
        () ->
            assertThatIllegalStateException()
                .isThrownBy(loop::close)
                .withMessageContaining("stop the loop before it is closed"));
    loop.close();
  }

  @Test
  @OnItsOwnThread
  void aClosedLoopRefusesEverything() {
    Lock lock = new Lock(loop);
    loop.close();
    List<Runnable> calls =
        List.of(
            () -> loop.execute(() -> {}),
            () -> loop.spawn(() -> {}),
            () -> loop.callLater(Duration.ZERO, () -> {}),
            () -> loop.callAt(Deadline.never(), () -> {}),
            loop::start,
            () -> loop.runSync(() -> {}),
            () -> loop.runSync(() -> {}, Duration.ofSeconds(1)),
            lock::acquire);
    for (Runnable call : calls) {
      assertThatThrownBy(call::run)
          .isInstanceOf(LoopClosedException.class)
          .hasMessage("the loop is closed");
    }
    assertThat(loop.nanoTime()).isNotNegative();
  }

  @Test
  @OnItsOwnThread
  void everyWaitOfACallbackEnds() {
    Lock lock = new Lock(loop);
    Condition condition = new Condition(loop);
    Queue<String> queue = new Queue<>(loop);
    List<CompletableFuture<?>> waits =
        loop.runSync(
            () -> {
              lock.acquire();
              loop.callLater(Duration.ofDays(1), () -> log.add("timer"));
              return List.of(
                  lock.acquire(),
                  lock.acquire(Duration.ofDays(1)),
                  condition.whenSignalled(),
                  queue.get(),
                  queue.get());
            });
    List<CompletableFuture<?>> dependents = new ArrayList<>();
    waits.forEach(wait -> dependents.add(wait.thenApply(value -> value)));
    loop.close();
    for (CompletableFuture<?> wait : waits) {
      assertThatThrownBy(wait::join)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(LoopClosedException.class);
    }
    assertThat(dependents).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(loop.timers.size()).isZero();
    assertThat(log).isEmpty();
  }

  @Test
  void aCallbackOfAWaitThatTheCloseEndsMayAskForMore() {
    Lock lock = new Lock(loop);
    loop.runSync(
        () -> {
          lock.acquire();
          lock.acquire()
              .whenComplete(
                  (lease, failure) -> {
                    log.add(failure);
                    lock.acquire().whenComplete((another, refused) -> log.add(refused));
                  });
        });
    loop.close();
    assertThat(log).hasSize(2).allMatch(LoopClosedException.class::isInstance);
  }

  @Test
  void coroutinesAreCancelledAndCleanUpWithFurtherAwaits() {
    Lock lock = new Lock(loop);
    Event never = new Event(loop);
    Coroutine<Void> coroutine =
        loop.spawn(
            () -> {
              try {
                await(never.whenSet());
              } finally {
                sleep(Duration.ofSeconds(5));
                try (var lease = await(lock.acquire())) {
                  log.add("cleaned up at " + clock.elapsed().toSeconds());
                }
              }
            });
    loop.runSync(() -> pause());
    loop.close();
    assertThat(log).containsExactly("cleaned up at 5");
    assertThat(coroutine).isCancelled();
  }

  @Test
  @OnItsOwnThread
  void aCoroutineThatHasNotStartedNeverDoes() {
    List<Coroutine<?>> coroutines = new ArrayList<>();
    loop.runSync(() -> coroutines.add(spawn(() -> log.add("ran"))));
    loop.close();
    assertThat(coroutines.getFirst()).isCancelled();
    assertThat(log).isEmpty();
  }

  @Test
  @OnItsOwnThread
  void aCoroutineOfALoopThatNeverRanEnds() {
    Coroutine<Boolean> coroutine = loop.spawn(() -> log.add("ran"));
    loop.close();
    assertThat(coroutine).isDone();
    assertThat(coroutine).isCancelled();
    assertThat(log).isEmpty();
  }

  @Test
  void aCoroutineThatIsCancelledByTheEndOfAnotherDoesNotKeepTheRestFromBeingCancelled() {
    Event never = new Event(loop);
    Coroutine<Void> first =
        loop.spawn(
            () -> {
              try {
                await(never.whenSet());
              } catch (CancellationException e) {
                log.add("asked to end");
                throw e;
              }
            });
    loop.runSync(
        () -> {
          pause();
          Coroutine<Void> victim = spawn(() -> {});
          Coroutine<Void> last = spawn(() -> {});
          last.whenComplete((value, failure) -> victim.cancel(false));
          victim.whenComplete((value, failure) -> last.cancel(false));
        });
    loop.close();
    assertThat(first).isCancelled();
    assertThat(log).containsExactly("asked to end");
  }

  @Test
  void aCoroutineSpawnedDuringTheCleanUpEndsToo() {
    Event never = new Event(loop);
    List<Coroutine<?>> spawned = new ArrayList<>();
    loop.spawn(
        () -> {
          try {
            await(never.whenSet());
          } finally {
            spawned.add(spawn(() -> await(never.whenSet())));
            spawned.add(spawn(() -> sleep(Duration.ofDays(1))));
          }
        });
    loop.runSync(() -> pause());
    loop.close();
    assertThat(spawned).hasSize(2).allMatch(CompletableFuture::isCompletedExceptionally);
  }

  @Test
  @OnItsOwnThread
  void aWorkerThatSwallowsEveryExceptionDoesNotHangIt() {
    Queue<String> queue = new Queue<>(loop);
    List<Throwable> caught = new ArrayList<>();
    Coroutine<Void> worker =
        loop.spawn(
            () -> {
              while (true) {
                try {
                  await(queue.get());
                } catch (Exception e) {
                  caught.add(e);
                }
              }
            });
    loop.setExceptionHandler((source, failure) -> log.add(source));
    loop.runSync(() -> pause());
    loop.close();
    // The wait it was in, and the next one; then an Error.
    assertThat(caught).hasSize(3);
    assertThat(caught.get(0)).isInstanceOf(CancellationException.class);
    assertThat(caught.get(1)).isInstanceOf(LoopClosedException.class);
    assertThat(caught.get(2)).isInstanceOf(LoopClosedException.class);
    assertThat(worker).isCompletedExceptionally();
    assertThat(log).containsExactly(worker);
    assertThat(clock.elapsed()).isZero(); // nothing could have come: no grace
  }

  @Test
  void aWorkerThatSwallowsEverythingDoesNotHangIt() {
    AtomicInteger caught = new AtomicInteger();
    Event never = new Event(loop);
    Coroutine<Void> worker =
        loop.spawn(
            () -> {
              while (true) {
                try {
                  await(never.whenSet());
                } catch (Throwable e) {
                  caught.incrementAndGet();
                }
              }
            });
    loop.setExceptionHandler((source, failure) -> log.add(source));
    loop.runSync(() -> pause());
    loop.close();
    assertThat(worker).isCompletedExceptionally();
    assertThat(caught).hasValueLessThan(1000);
  }

  @Test
  @OnItsOwnThread
  void aWorkerThatSwallowsEverythingAndSleepsOrPausesDoesNotHangIt() {
    List<ThrowingRunnable> waits =
        List.of(
            () -> sleep(Duration.ofSeconds(1)),
            () -> await(new CompletableFuture<>()),
            () -> withTimeout(Duration.ofSeconds(1), () -> await(new CompletableFuture<>())));
    List<Coroutine<?>> workers = new ArrayList<>();
    for (ThrowingRunnable wait : waits) {
      workers.add(
          loop.spawn(
              () -> {
                while (true) {
                  try {
                    wait.run();
                  } catch (Throwable ignored) {
                    log.add(ignored);
                  }
                }
              }));
    }
    loop.setExceptionHandler((source, failure) -> {});
    loop.runSync(() -> pause());
    loop.close();
    assertThat(workers).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(10));
  }

  /** Each look at it takes a millisecond: one that never waits comes to its end of grace too. */
  private static final class BusyClock implements LoopClock {
    private long nanos;

    @Override
    public long nanoTime() {
      return nanos += 1_000_000;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(nanos);
    }
  }

  @Test
  void aWorkerThatPausesForEverDoesNotHangIt() {
    IOLoop busy = TestLoop.create(new BusyClock());
    List<Throwable> caught = new ArrayList<>();
    Coroutine<Void> worker =
        busy.spawn(
            () -> {
              while (true) {
                try {
                  pause();
                } catch (Exception e) {
                  caught.add(e);
                }
              }
            });
    busy.setExceptionHandler((source, failure) -> log.add(failure));
    busy.runSync(() -> pause());
    busy.close();
    assertThat(worker).isCompletedExceptionally();
    // The same two requests that one gets that waits; then an Error.
    assertThat(caught).hasSize(2);
    assertThat(caught.get(0)).isInstanceOf(CancellationException.class);
    assertThat(caught.get(1)).isInstanceOf(LoopClosedException.class);
  }

  @Test
  @OnItsOwnThread
  void oneThatWaitsForWhatNobodyCanBringIsEndedAtOnce() {
    Lock lock = new Lock(loop);
    Coroutine<Void> stuck =
        loop.spawn(
            () -> {
              try {
                sleep(Duration.ofDays(1));
              } finally {
                await(lock.acquire());
                try {
                  await(lock.acquire()); // not reentrant
                } catch (LoopClosedException e) {
                  log.add("ended");
                  throw e;
                }
              }
            });
    loop.setExceptionHandler((source, failure) -> {});
    loop.runSync(() -> pause());
    loop.close();
    assertThat(log).containsExactly("ended");
    assertThat(clock.elapsed()).isZero();
    assertThatThrownBy(stuck::join).hasCauseInstanceOf(LoopClosedException.class);
  }

  @Test
  @OnItsOwnThread
  void twoThatWaitForEachOtherAreEndedAtOnce() {
    List<Coroutine<?>> pair = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int other = 1 - i;
      pair.add(
          loop.spawn(
              () -> {
                try {
                  sleep(Duration.ofDays(1));
                } finally {
                  await(pair.get(other));
                }
              }));
    }
    loop.setExceptionHandler((source, failure) -> {});
    loop.runSync(() -> pause());
    loop.close();
    assertThat(pair).allMatch(CompletableFuture::isDone);
    assertThat(clock.elapsed()).isZero();
  }

  @Test
  @OnItsOwnThread
  void oneThatWaitsForAnotherThreadHasTenSeconds() {
    CompletableFuture<String> foreign = new CompletableFuture<>();
    Coroutine<Void> patient =
        loop.spawn(
            () -> {
              try {
                sleep(Duration.ofDays(1));
              } finally {
                try {
                  await(foreign);
                } catch (LoopClosedException e) {
                  log.add(clock.elapsed());
                  throw e;
                }
              }
            });
    loop.setExceptionHandler((source, failure) -> {});
    loop.runSync(() -> pause());
    loop.close();
    assertThat(log).containsExactly(Duration.ofSeconds(10));
    assertThat(patient).isCompletedExceptionally();
    assertThat(foreign).isNotDone();
    foreign.complete("late: nobody minds");
  }

  @Test
  void oneThatIsDoneInTimeByAnotherThreadCleansUp() {
    IOLoop real = TestLoop.create(LoopClock.system());
    CompletableFuture<String> foreign = new CompletableFuture<>();
    real.spawn(
        () -> {
          try {
            sleep(Duration.ofDays(1));
          } finally {
            Thread.ofPlatform().start(() -> foreign.complete("in time"));
            log.add(await(foreign));
          }
        });
    real.runSync(() -> pause());
    real.close();
    assertThat(log).containsExactly("in time");
  }

  @Test
  @OnItsOwnThread
  void oneThatReturnsAValueAllTheSameHasIt() {
    Coroutine<String> coroutine =
        loop.spawn(
            () -> {
              try {
                sleep(Duration.ofDays(1));
              } catch (CancellationException ignored) {
                return "value";
              }
              return "no";
            });
    loop.runSync(() -> pause());
    loop.close();
    assertThat(coroutine.join()).isEqualTo("value");
  }

  @Test
  void itsCoroutinesMayEndWithLeasesInTheirHands() {
    Semaphore semaphore = new Semaphore(loop, 1);
    Event never = new Event(loop);
    Coroutine<Void> holder =
        loop.spawn(
            () -> {
              try (var lease = await(semaphore.acquire())) {
                await(never.whenSet());
              }
            });
    Coroutine<Void> waiter =
        loop.spawn(
            () -> {
              try (var lease = await(semaphore.acquire())) {
                log.add("not reached: it is cancelled while it waits");
              }
            });
    loop.runSync(() -> pause());
    loop.close();
    assertThat(holder).isCancelled();
    assertThat(waiter).isCancelled();
    assertThat(log).isEmpty();
  }

  @Test
  @OnItsOwnThread
  void closingAfterAStopCancelsWhatWasReady() {
    Coroutine<Void> ready =
        loop.spawn(
            () -> {
              loop.stop();
              pause();
              log.add("went on");
              pause();
              log.add("not this far");
            });
    loop.start();
    loop.close();
    assertThat(ready).isCancelled();
    assertThat(log).doesNotContain("not this far");
  }

  @Test
  void whatIsHandedOverWhileItClosesRunsOrIsRefused() throws Exception {
    for (int round = 0; round < 200; round++) {
      IOLoop closing = TestLoop.create();
      List<Coroutine<Integer>> accepted = new ArrayList<>();
      CompletableFuture<Void> going = new CompletableFuture<>();
      Thread other =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      while (accepted.size() < MANY) {
                        accepted.add(closing.spawn(() -> 1));
                        going.complete(null);
                      }
                    } catch (LoopClosedException end) {
                      // as it should be
                    }
                  });
      going.join();
      closing.close();
      other.join();
      assertThat(accepted).allMatch(CompletableFuture::isDone);
    }
  }

  @Test
  @OnItsOwnThread
  void callbacksItHasTakenRunAndFindItClosed() {
    List<Throwable> failures = new ArrayList<>();
    IOLoop closing = TestLoop.create(failures);
    List<String> log = new ArrayList<>();
    closing.execute(
        () -> {
          log.add("ran");
          closing.execute(() -> log.add("too late"));
        });
    closing.execute(
        () -> {
          throw new IllegalStateException("seen");
        });
    closing.execute(() -> log.add("ran too, on " + IOLoop.current()));
    closing.close();
    assertThat(log).containsExactly("ran", "ran too, on " + closing);
    assertThat(failures).singleElement().hasToString("java.lang.IllegalStateException: seen");
  }

  @Test
  void callbacksOfAnotherThreadRunOrAreRefusedWhileItCloses() throws Exception {
    for (int round = 0; round < 200; round++) {
      IOLoop closing = TestLoop.create();
      int[] ran = new int[1];
      int[] accepted = new int[1];
      CompletableFuture<Void> going = new CompletableFuture<>();
      Thread other =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      while (accepted[0] < MANY) {
                        closing.execute(() -> ran[0]++);
                        accepted[0]++;
                        going.complete(null);
                      }
                    } catch (LoopClosedException end) {
                      // as it should be
                    }
                  });
      going.join();
      closing.close();
      other.join();
      assertThat(ran[0]).isEqualTo(accepted[0]);
    }
  }

  @Test
  void aTimerThatTheLoopHasDroppedCannotBeCancelledAnyMore() {
    Timeout timer = loop.runSync(() -> loop.callLater(Duration.ofSeconds(1), () -> {}));
    loop.close();
    assertThat(timer.cancel()).isFalse();
  }

  @Test
  @OnItsOwnThread
  void aSelectOfWhatNobodyCanBringIsEndedAtOnce() {
    loop.spawn(
        () -> {
          try {
            sleep(Duration.ofDays(1));
          } finally {
            select(on(new Event()::whenSet), on(new Condition()::whenSignalled));
          }
        });
    loop.setExceptionHandler((source, failure) -> {});
    loop.runSync(() -> pause());
    loop.close();
    assertThat(clock.elapsed()).isZero();
  }

  @Test
  @OnItsOwnThread
  void aSelectOfWhatAnotherThreadMayBringIsWaitedFor() {
    var brought = new CompletableFuture<String>();
    IOLoop real = TestLoop.create(LoopClock.system());
    real.spawn(
        () -> {
          try {
            sleep(Duration.ofDays(1));
          } finally {
            CompletableFuture.runAsync(() -> brought.complete("brought"));
            log.add(select(on(new Event()::whenSet, nothing -> "set"), on(() -> brought)));
          }
        });
    real.runSync(() -> pause());
    real.close();
    assertThat(log).containsExactly("brought");
  }

  @Test
  @OnItsOwnThread
  void aCallbackThatRunsLastCanScheduleNothing() {
    loop.setExceptionHandler((source, failure) -> log.add(failure));
    loop.runSync(() -> {});
    loop.onLoop(
        () ->
            loop.execute(
                () -> {
                  try {
                    loop.callLater(Duration.ofSeconds(1), () -> {});
                  } catch (LoopClosedException closed) {
                    log.add("refused");
                  }
                }));
    loop.close();
    assertThat(log).containsExactly("refused");
  }
}
