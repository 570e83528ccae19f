package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import toro.spi.Surroundings;

/** What a loop on somebody else's executor has of its own; all other tests run on one as well. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ExecutorHostTest {
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "host"));
  private final IOLoop loop = IOLoop.on(executor);

  @AfterEach
  void shutDown() {
    executor.shutdownNow();
  }

  /** On the executor's thread, between turns of the loop. */
  private <T> T between(java.util.concurrent.Callable<T> action) throws Exception {
    return executor.submit(action).get(1, TimeUnit.MINUTES);
  }

  @Test
  void coroutinesRunOnTheThreadOfTheExecutorWhereTheEngineLetsThem() {
    Thread thread = loop.runSync(Thread::currentThread);
    if (TestLoop.isFast()) {
      assertThat(thread.getName()).isEqualTo("host");
    } else {
      assertThat(thread.isVirtual()).isTrue();
    }
  }

  @Test
  void itRunsByItself() throws Exception {
    var queue = new CompletableFuture<Queue<String>>();
    var consumer =
        loop.spawn(
            () -> {
              queue.complete(new Queue<>());
              return await(queue.join().get());
            });
    loop.execute(() -> queue.join().putNow("item"));
    assertThat(consumer.get(1, TimeUnit.MINUTES)).isEqualTo("item");
  }

  @Test
  void betweenTurnsItBlocksNothing() throws Exception {
    var lock = new Lock(loop);
    loop.execute(lock::acquire);
    var waiter = loop.spawn(() -> await(lock.acquire()));
    assertThat(between(() -> "done")).isEqualTo("done");
    assertThat(waiter).isNotDone();
  }

  @Test
  void otherTasksOfTheExecutorAreOnTheLoop() throws Exception {
    var lock = loop.runSync(() -> new Lock());
    List<String> log = Collections.synchronizedList(new ArrayList<>());
    Coroutine<Void> waiter =
        between(
            () -> {
              assertThat(IOLoop.current()).isSameAs(loop);
              Lease lease = lock.acquire().join();
              Coroutine<Void> spawned =
                  spawn(
                      () -> {
                        try (var own = await(lock.acquire())) {
                          log.add("granted");
                        }
                      });
              loop.execute(
                  () -> {
                    log.add("callback");
                    lease.close();
                  });
              return spawned;
            });
    waiter.get(1, TimeUnit.MINUTES);
    assertThat(log).containsExactly("callback", "granted");
    assertThat(between(lock::isLocked)).isFalse();
  }

  @Test
  void whatIsReleasedBetweenTurnsWakesACoroutine() throws Exception {
    var lock = new Lock(loop);
    Lease lease = loop.runSync(() -> await(lock.acquire()));
    var waiter = loop.spawn(() -> await(lock.acquire()));
    loop.runSync(() -> pause());
    between(
        () -> {
          lease.close();
          return null;
        });
    assertThat(waiter.get(1, TimeUnit.MINUTES)).isNotNull();
  }

  @Test
  void aTimerThatIsSetBetweenTurnsFires() throws Exception {
    var fired = new CompletableFuture<Void>();
    loop.runSync(() -> {});
    between(() -> loop.callLater(Duration.ofMillis(1), () -> fired.complete(null)));
    fired.get(1, TimeUnit.MINUTES);
  }

  @Test
  void anEarlierTimerFiresFirst() {
    loop.runSync(
        () -> {
          var log = new ArrayList<String>();
          loop.callLater(Duration.ofDays(1), () -> log.add("a day"));
          loop.callLater(Duration.ofMillis(2), () -> log.add("2 ms"));
          loop.callLater(Duration.ofMillis(1), () -> log.add("1 ms"));
          while (log.size() < 2) {
            sleep(Duration.ofMillis(1));
          }
          assertThat(log).containsExactly("1 ms", "2 ms");
        });
  }

  @Test
  void otherThreadsAreNotOnTheLoop() {
    var lock = new Lock(loop);
    loop.runSync(() -> {});
    assertThatThrownBy(lock::acquire).isInstanceOf(WrongThreadException.class);
    assertThatThrownBy(() -> IOLoop.current()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whereTheExecutorCanTellItsThreadTheLoopIsUsedThereAtOnce() throws Exception {
    Thread host = between(Thread::currentThread);
    Lease lease =
        between(
            () -> {
              var early = IOLoop.on(executor, () -> Thread.currentThread() == host);
              return new Lock(early).acquire().join();
            });
    assertThat(lease).hasToString("Lease[held]");
  }

  @Test
  void itLetsOtherTasksInWhileItIsBusy() throws Exception {
    var end = new AtomicInteger();
    Coroutine<Void> busy =
        loop.spawn(
            () -> {
              while (end.get() == 0) {
                pause();
              }
            });
    between(end::incrementAndGet);
    busy.get(1, TimeUnit.MINUTES);
  }

  @Test
  void aPauseWithNobodyElseReadyTakesNoTurnOfTheExecutor() {
    var turns = new AtomicInteger();
    var counting =
        new ScheduledThreadPoolExecutor(1) {
          @Override
          protected void beforeExecute(Thread thread, Runnable task) {
            turns.incrementAndGet();
          }
        };
    try {
      IOLoop guest = IOLoop.on(counting);
      guest.runSync(
          () -> {
            for (int i = 0; i < 1_000; i++) {
              pause();
            }
          });
      assertThat(turns.get()).isBetween(2, 20);
      guest.close();
    } finally {
      counting.shutdownNow();
    }
  }

  @Test
  void whoWaitsForACoroutineIsToldAlsoIfItEndsBeforeHeBeginsToWait() {
    var bodyIsDone = new AtomicBoolean(true);
    Thread waiting = Thread.currentThread();
    var slowToHandOver =
        new ScheduledThreadPoolExecutor(1) {
          @Override
          public void execute(Runnable task) {
            super.execute(task);
            while (Thread.currentThread() == waiting && !bodyIsDone.get()) {
              Thread.onSpinWait();
            }
          }
        };
    try {
      IOLoop guest = IOLoop.on(slowToHandOver);
      for (int i = 0; i < 20_000; i++) { // he is to begin just when the turn ends
        bodyIsDone.set(false);
        guest.runSync(() -> bodyIsDone.set(true));
      }
      bodyIsDone.set(true);
      guest.close();
    } finally {
      slowToHandOver.shutdownNow();
    }
  }

  @Test
  void twoLoopsOnOneExecutorTakeTurns() {
    IOLoop other = IOLoop.on(executor);
    Coroutine<IOLoop> inOther = other.spawn(() -> IOLoop.current());
    IOLoop[] both = loop.runSync(() -> new IOLoop[] {await(inOther), IOLoop.current()});
    assertThat(both).containsExactly(other, loop);
    other.close();
  }

  @Test
  void codeOfOneLoopIsNotOnAnotherOfTheSameExecutor() throws Exception {
    try (IOLoop other = IOLoop.on(executor)) {
      var lock = new Lock(other);
      other.runSync(() -> {});
      loop.runSync(
          () -> {
            assertRefused(lock, other);
            TestLoop.callback(() -> assertRefused(lock, other));
            assertThat(await(other.submit(() -> lock.acquire().isDone()))).isTrue();
          });
      assertThat(between(lock::isLocked)).isTrue(); // a task of neither is on both
    }
  }

  private void assertRefused(Lock lock, IOLoop its) {
    assertThatThrownBy(lock::acquire)
        .isInstanceOf(WrongThreadException.class)
        .hasMessageContaining("loop.submit");
    assertThatThrownBy(() -> its.callLater(Duration.ZERO, () -> {}))
        .isInstanceOf(WrongThreadException.class);
    assertThat(IOLoop.current()).isSameAs(loop);
  }

  @Test
  void codeOfOneLoopIsNotOnAnotherWhoseExecutorCanTellOnlyItsThread() throws Exception {
    Thread host = between(Thread::currentThread);
    try (IOLoop a = IOLoop.on(executor, () -> Thread.currentThread() == host);
        IOLoop b = IOLoop.on(executor, () -> Thread.currentThread() == host)) {
      var lock = new Lock(b);
      a.runSync(() -> assertThatThrownBy(lock::acquire).isInstanceOf(WrongThreadException.class));
      assertThat(between(() -> lock.acquire().isDone())).isTrue();
    }
  }

  @Test
  void toBlockForAnotherLoopOfTheSameExecutorIsRefused() {
    try (IOLoop other = IOLoop.on(executor)) {
      Coroutine<Void> waiting = other.spawn(() -> await(new CompletableFuture<>()));
      other.runSync(() -> pause());
      ThrowingRunnable blocks =
          () ->
              assertThatIllegalStateException()
                  .isThrownBy(waiting::join)
                  .withMessageContaining("deadlock");
      loop.runSync(
          () -> {
            blocks.run();
            TestLoop.callback(blocks);
          });
    }
  }

  @Test
  void loopsThatMeetOnTwoThreadsAreStillTold() throws Exception {
    ScheduledExecutorService first = Executors.newSingleThreadScheduledExecutor();
    ScheduledExecutorService second = Executors.newSingleThreadScheduledExecutor();
    var either = new Alternating(first, second);
    try (IOLoop a = IOLoop.on(either);
        IOLoop b = IOLoop.on(either)) {
      for (int i = 0; i < 4; i++) {
        either.switchOver();
        b.runSync(() -> {});
        a.runSync(() -> {});
      }
      for (ScheduledExecutorService each : List.of(first, second)) {
        IOLoop current = each.submit(IOLoop::currentOrNull).get(1, TimeUnit.MINUTES);
        assertThat(current).isIn(a, b, null);
      }
    } finally {
      first.shutdownNow();
      second.shutdownNow();
    }
  }

  /** Runs its tasks on one executor, and later on another: never on both at once. */
  private static final class Alternating extends ScheduledThreadPoolExecutor {
    private final ScheduledExecutorService first;
    private final ScheduledExecutorService second;
    private volatile boolean onSecond;

    Alternating(ScheduledExecutorService first, ScheduledExecutorService second) {
      super(1);
      this.first = first;
      this.second = second;
    }

    void switchOver() throws Exception {
      for (var each : List.of(first, second)) {
        each.submit(() -> {}).get(1, TimeUnit.MINUTES); // the last turn there has ended
      }
      onSecond = !onSecond;
    }

    @Override
    public void execute(Runnable task) {
      (onSecond ? second : first).execute(task);
    }
  }

  @Test
  void theSecondOfTwoLoopsStaysWhenTheFirstIsClosed() throws Exception {
    loop.runSync(() -> {});
    IOLoop second = IOLoop.on(executor);
    IOLoop third = IOLoop.on(executor);
    List.of(second, third).forEach(other -> other.runSync(() -> {}));
    assertThat(between(IOLoop::current)).isSameAs(loop);
    third.close();
    loop.close();
    assertThat(between(IOLoop::current)).isSameAs(second);
    second.close();
    assertThat(between(IOLoop::currentOrNull)).isNull();
  }

  @Test
  void loopsOnOneThreadAreToldApartByWhoseTaskItRuns() throws Exception {
    loop.close(); // it cannot tell, and would be everywhere
    var whose = new AtomicReference<>("nobody's");
    IOLoop a = IOLoop.on(executor, () -> whose.get().equals("a"));
    IOLoop b = IOLoop.on(executor, () -> whose.get().equals("b"));
    var lock = new Lock(a);
    a.runSync(() -> {});
    b.runSync(() -> {});
    for (IOLoop each : List.of(b, a)) {
      IOLoop current =
          between(
              () -> {
                whose.set(each == a ? "a" : "b");
                return IOLoop.current();
              });
      assertThat(current).isSameAs(each);
    }
    assertThat(between(() -> lock.acquire().isDone())).isTrue();
    whose.set("b");
    assertThatThrownBy(() -> between(lock::acquire)).hasCauseInstanceOf(WrongThreadException.class);
    a.close();
    b.close();
  }

  @Test
  void threadsOfTheEngineAreGivenWhatTheExecutorsThreadHas() {
    var context = new ThreadLocal<String>();
    try (var surrounding = new Surrounding(context)) {
      IOLoop inside = IOLoop.on(surrounding);
      inside.runSync(
          () -> {
            assertThat(context.get()).isEqualTo("surrounding");
            var inCallback = new CompletableFuture<String>();
            inside.execute(() -> inCallback.complete(context.get()));
            assertThat(await(inCallback)).isEqualTo("surrounding");
            assertThat(await(spawn(() -> context.get()))).isEqualTo("surrounding");
          });
      inside.close();
    }
  }

  private static final class Surrounding extends ScheduledThreadPoolExecutor
      implements Surroundings {
    private final ThreadLocal<String> context;

    Surrounding(ThreadLocal<String> context) {
      super(1);
      this.context = context;
      execute(this::enter);
    }

    @Override
    public void enter() {
      context.set("surrounding");
    }
  }

  @Test
  void itIsNeitherStartedNorStopped() {
    assertThatIllegalStateException().isThrownBy(loop::start).withMessageContaining("by itself");
    assertThatIllegalStateException().isThrownBy(loop::stop).withMessageContaining("by itself");
  }

  @Test
  void runSyncOnTheLoopIsRefused() {
    loop.runSync(
        () ->
            assertThatIllegalStateException()
                .isThrownBy(() -> loop.runSync(() -> {}))
                .withMessageContaining("it would block"));
  }

  @Test
  void runSyncThrowsWhatItsCoroutineThrows() {
    assertThatThrownBy(
            () ->
                loop.runSync(
                    () -> {
                      throw new java.io.IOException("thrown");
                    }))
        .isInstanceOf(java.io.IOException.class)
        .hasMessage("thrown");
  }

  @Test
  void runSyncThatTakesTooLongCancelsItsCoroutineWhichCleansUp() {
    var cleanedUp = new AtomicInteger();
    assertThatThrownBy(
            () ->
                loop.runSync(
                    () -> {
                      try {
                        await(new CompletableFuture<>());
                      } catch (CancellationException e) {
                        pause();
                        cleanedUp.incrementAndGet();
                        throw e;
                      }
                    },
                    Duration.ofMillis(1)))
        .isInstanceOf(DeadlineExceededException.class);
    assertThat(cleanedUp).hasValue(1);
  }

  @Test
  void closingItWaitsUntilItsCoroutinesHaveCleanedUp() {
    List<String> log = Collections.synchronizedList(new ArrayList<>());
    Coroutine<Void> coroutine =
        loop.spawn(
            () -> {
              try {
                await(new CompletableFuture<>());
              } finally {
                sleep(Duration.ofMillis(1));
                log.add("cleaned up");
              }
            });
    loop.runSync(() -> pause());
    loop.close();
    assertThat(log).containsExactly("cleaned up");
    assertThat(coroutine).isCancelled();
    assertThat(loop.whenClosed()).isCompleted();
    assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(LoopClosedException.class);
    loop.close();
  }

  @Test
  void closingItOnItsOwnThreadBeginsAndWhenClosedTellsTheEnd() throws Exception {
    Coroutine<Void> coroutine = loop.spawn(() -> await(new CompletableFuture<>()));
    between(
        () -> {
          loop.close();
          return null;
        });
    loop.whenClosed().get(1, TimeUnit.MINUTES);
    assertThat(coroutine).isCancelled();
    assertThat(between(() -> catchNoLoop())).contains("no IOLoop is current");
  }

  private static String catchNoLoop() {
    try {
      return IOLoop.current().toString();
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }

  @Test
  void aCoroutineMayCloseIt() throws Exception {
    Coroutine<Void> coroutine =
        loop.spawn(
            () -> {
              loop.close();
              await(new CompletableFuture<>());
            });
    loop.whenClosed().get(1, TimeUnit.MINUTES);
    assertThat(coroutine).isCancelled();
  }

  @Test
  void completingWhenClosedDoesNotCloseIt() {
    loop.whenClosed().complete(null);
    assertThat(loop.whenClosed()).isNotDone();
    assertThat(loop.<String>runSync(() -> "runs")).isEqualTo("runs");
  }

  @Test
  void anExecutorThatHasShutDownIsRefused() {
    executor.shutdown();
    assertThatThrownBy(() -> IOLoop.on(executor)).isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void whoWaitsWhenTheExecutorShutsDownLearnsOfIt() {
    var began = new CountDownLatch(1);
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                began.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              executor.shutdown();
            });
    assertThatThrownBy(
            () ->
                loop.runSync(
                    () -> {
                      began.countDown();
                      await(new CompletableFuture<>());
                    }))
        .isInstanceOf(LoopClosedException.class);
  }

  @Test
  void afterTheExecutorHasShutDownItCanStillBeClosed() throws Exception {
    Coroutine<Void> coroutine = loop.spawn(() -> await(new CompletableFuture<>()));
    loop.runSync(() -> pause());
    executor.shutdownNow();
    assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(LoopClosedException.class);
    loop.close();
    assertThatThrownBy(coroutine::join).hasCauseInstanceOf(LoopClosedException.class);
  }

  /**
   * A JDK executor that is shut down waits for a task of tomorrow, also for one cancelled later.
   */
  @Test
  void whenTheEndIsKnownNothingIsScheduledOnTheExecutorAnyMore() {
    var scheduler = new ScheduledThreadPoolExecutor(1);
    IOLoop tomorrow = IOLoop.on(scheduler);
    tomorrow.runSync(
        () -> {
          spawn(() -> sleep(Duration.ofDays(1)));
          pause();
        });
    var left = new AtomicInteger(-1);
    tomorrow
        .whenClosed()
        .thenRun(
            () ->
                left.set(
                    (int)
                        scheduler.getQueue().stream()
                            .filter(task -> !((java.util.concurrent.Future<?>) task).isCancelled())
                            .count()));
    tomorrow.close();
    scheduler.close();
    assertThat(left).hasValue(0);
  }

  @Test
  void closedOnItsOwnThreadAfterTheShutDownItCleansUpThere() throws Exception {
    var lock = new Lock(loop);
    loop.execute(lock::acquire);
    var cleanedUp = new AtomicReference<String>();
    var waiter =
        loop.spawn(
            () -> {
              try {
                await(lock.acquire());
              } catch (CancellationException e) {
                pause();
                cleanedUp.set("yes");
              }
            });
    loop.runSync(() -> pause());
    between(
        () -> {
          executor.shutdown();
          loop.close();
          assertThat(waiter).isDone();
          return null;
        });
    assertThat(cleanedUp).hasValue("yes");
    assertThat(loop.whenClosed()).isDone();
  }

  @Test
  void closedOnItsOwnThreadItDoesNotWaitAlsoIfAnotherLoopWasThereFirst() throws Exception {
    loop.runSync(() -> {});
    var second = IOLoop.on(executor);
    second.runSync(() -> {});
    loop.close();
    between(
        () -> {
          second.close();
          return null;
        });
    second.whenClosed().get(1, TimeUnit.MINUTES);
  }

  @Test
  void whereTheExecutorReplacesItsThreadTheNewOneIsOnTheLoop() throws Exception {
    Set<Thread> its = ConcurrentHashMap.newKeySet();
    var replacing =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task);
              its.add(thread);
              return thread;
            });
    replacing.setKeepAliveTime(1, TimeUnit.NANOSECONDS);
    replacing.allowCoreThreadTimeOut(true); // nothing to do: the thread ends
    try (IOLoop guest = IOLoop.on(replacing, () -> its.contains(Thread.currentThread()))) {
      guest.runSync(() -> {});
      Set<Thread> first = Set.copyOf(its);
      for (Thread thread : first) {
        thread.join();
      }
      replacing
          .submit(
              () -> {
                assertThat(Thread.currentThread()).isNotIn(first);
                assertThat(new Lock(guest).acquire()).isDone();
              })
          .get(1, TimeUnit.MINUTES);
    } finally {
      replacing.shutdown();
    }
  }

  @Test
  void aFailureOfACallbackIsReportedAndTheLoopGoesOn() {
    var reported = new AtomicReference<Throwable>();
    loop.setExceptionHandler((source, failure) -> reported.set(failure));
    loop.execute(
        () -> {
          throw new StackOverflowError("thrown");
        });
    assertThat(loop.<String>runSync(() -> "runs")).isEqualTo("runs");
    assertThat(reported.get()).hasMessage("thrown");
  }

  @Test
  void itsTextTellsWhereItRuns() {
    assertThat(loop.toString()).contains(" on=").doesNotContain("closed");
  }

  @Test
  @SuppressWarnings("NullAway")
  void nullIsRefused() {
    assertThatNullPointerException().isThrownBy(() -> IOLoop.on(null)).withMessage("executor");
    assertThatNullPointerException()
        .isThrownBy(() -> IOLoop.on(executor, null))
        .withMessage("isExecutors");
  }
}
