package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.blocking;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BlockingTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<Object> log = Collections.synchronizedList(new ArrayList<>());
  private final CompletableFuture<Thread> begun = new CompletableFuture<>();
  private final CountDownLatch release = new CountDownLatch(1);

  /** Ends when it is released, and not when it is interrupted. */
  private String stubborn() {
    begun.complete(Thread.currentThread());
    boolean interrupted = false;
    while (true) {
      try {
        release.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        log.add("interrupted");
      }
    }
    log.add("ended" + (interrupted ? "" : " undisturbed"));
    return "value";
  }

  /** Ends when it is interrupted. */
  private String interruptible() throws InterruptedException {
    begun.complete(Thread.currentThread());
    try {
      release.await();
      return "value";
    } catch (InterruptedException e) {
      log.add("interrupted");
      throw e;
    } finally {
      log.add("ended");
    }
  }

  private static <T> T awaitCancelled(Coroutine<T> coroutine) {
    assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(coroutine));
    return null;
  }

  // What it does.

  @Test
  void theCallRunsOnAVirtualThreadAndReturnsItsValue() {
    TestLoop.run(
        () -> {
          Thread thread = blocking(Thread::currentThread);
          assertThat(thread.isVirtual()).isTrue();
          assertThat(thread).isNotSameAs(Thread.currentThread());
          assertThat(thread.getName()).startsWith("toro-blocking-");
        });
  }

  @Test
  void theLoopRunsOnMeanwhile() {
    TestLoop.run(
        () -> {
          spawn(
              () -> {
                await(begun);
                release.countDown();
              });
          assertThat(blocking(this::stubborn)).isEqualTo("value");
          assertThat(log).containsExactly("ended undisturbed");
        });
  }

  @Test
  void aCheckedExceptionIsThrownAsItIs() {
    var failure = new IOException("no route to host");
    TestLoop.run(
        () ->
            assertThatThrownBy(
                    () ->
                        blocking(
                            () -> {
                              throw failure;
                            }))
                .isSameAs(failure));
  }

  @Test
  void theValuesOfTheCoroutineAreSeenInTheCall() {
    CoroutineLocal<String> user = CoroutineLocal.withInitial(() -> "nobody");
    TestLoop.run(
        () -> {
          assertThat(user.where("alice", () -> blocking(user::get))).isEqualTo("alice");
          assertThat(blocking(user::get)).isEqualTo("nobody");
        });
  }

  @Test
  void aCallThatReturnsNothingIsOne() {
    TestLoop.run(
        () -> {
          blocking(() -> Thread.sleep(0));
          blocking(new Semaphore(1), () -> Thread.sleep(0));
          Object nothing = blocking(() -> null);
          assertThat(nothing).isNull();
        });
  }

  @Test
  void theThreadOfTheCallIsNotOnTheLoop() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          assertThatIllegalStateException().isThrownBy(() -> blocking(IOLoop::current));
          assertThatIllegalStateException()
              .isThrownBy(() -> blocking(() -> pause()))
              .withMessageContaining("which runs no loop");
          assertThatExceptionOfType(WrongThreadException.class)
              .isThrownBy(() -> blocking(() -> lock.acquire()));
        });
  }

  @Test
  void outsideACoroutineItIsRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> blocking(() -> "value"))
        .withMessageContaining("blocking() was called where there is no coroutine");
  }

  // How it ends.

  @Test
  void aCancelledCoroutineGoesOnOnlyWhenTheThreadHasReallyEnded() {
    TestLoop.run(
        () -> {
          var worker =
              spawn(
                  () -> {
                    try {
                      blocking(this::stubborn);
                    } finally {
                      log.add("goes on");
                    }
                  });
          await(begun);
          worker.cancel(false);
          worker.cancel(false);
          for (int i = 0; i < 5; i++) {
            pause();
          }
          assertThat(worker).isNotDone();
          assertThat(log).doesNotContain("goes on");
          release.countDown();
          awaitCancelled(worker);
          assertThat(log).containsExactly("interrupted", "ended", "goes on");
        });
  }

  @Test
  void aTimeoutInterruptsTheThreadAndIsThrownWhenThatHasEnded() {
    TestLoop.run(
        () -> {
          var worker = spawn(() -> withTimeout(SECOND, () -> blocking(this::interruptible)));
          pause();
          TestLoop.elsewhere(begun::join); // nothing is due before the loop runs again
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(() -> await(worker))
              .satisfies(e -> assertThat(e).hasNoSuppressedExceptions());
          assertThat(log).containsExactly("interrupted", "ended");
        });
  }

  @Test
  void theFailureOfAGroupInterruptsIt() {
    var failure = new IOException();
    TestLoop.run(
        () -> {
          assertThatThrownBy(
                  () -> {
                    try (var group = new TaskGroup()) {
                      group.spawn(() -> blocking(this::interruptible));
                      await(begun);
                      group.spawn(
                          () -> {
                            throw failure;
                          });
                    }
                  })
              .isSameAs(failure);
          assertThat(log).containsExactly("interrupted", "ended");
        });
  }

  @Test
  void aFailureThatComesTooLateIsASuppressedOne() {
    TestLoop.run(
        () -> {
          var worker =
              spawn(
                  () ->
                      blocking(
                          () -> {
                            try {
                              return interruptible();
                            } catch (InterruptedException e) {
                              throw new IOException("broken off");
                            }
                          }));
          await(begun);
          worker.cancel(false);
          assertThatExceptionOfType(CancellationException.class)
              .isThrownBy(() -> await(worker))
              .satisfies(
                  e ->
                      assertThat(e.getSuppressed())
                          .singleElement()
                          .satisfies(late -> assertThat(late).hasMessage("broken off")));
        });
  }

  @Test
  void aResourceThatComesTooLateIsClosedOnAnotherThread() {
    TestLoop.run(
        () -> {
          Thread loopThread = Thread.currentThread();
          AutoCloseable connection =
              () -> {
                log.add("closed");
                assertThat(Thread.currentThread()).isNotSameAs(loopThread);
              };
          var worker =
              spawn(
                  () ->
                      blocking(
                          () -> {
                            stubborn();
                            return connection;
                          }));
          await(begun);
          worker.cancel(false);
          release.countDown();
          awaitCancelled(worker);
          assertThat(log).endsWith("closed");
        });
  }

  @Test
  void whatHasEndedBeforeTheCancellationIsDelivered() {
    TestLoop.run(
        () -> {
          var worker =
              spawn(
                  () -> {
                    log.add(blocking(this::stubborn));
                    pause();
                    log.add("not reached");
                  });
          Thread thread = await(begun);
          release.countDown();
          TestLoop.elsewhere(thread::join);
          worker.cancel(false);
          awaitCancelled(worker);
          assertThat(log).containsExactly("ended undisturbed", "value");
        });
  }

  @Test
  void oneThatIsCancelledBeforeItIsItsTurnNeverBegins() {
    TestLoop.run(
        () -> {
          var limiter = new Semaphore(1);
          var first = spawn(() -> blocking(limiter, this::stubborn));
          await(begun);
          var second = spawn(() -> blocking(limiter, () -> log.add("begun")));
          pause();
          assertThat(limiter).hasToString("Semaphore[counter=0 waiters[1]]");
          second.cancel(false);
          awaitCancelled(second);
          release.countDown();
          await(first);
          assertThat(log).containsExactly("ended undisturbed");
          assertThat(limiter).hasToString("Semaphore[counter=1]");
        });
  }

  @Test
  void aLoopThatIsClosedInterruptsTheCallAndWaitsForIt() {
    IOLoop loop = TestLoop.create(LoopClock.system());
    var worker = loop.spawn(() -> blocking(this::interruptible));
    loop.runSync(() -> await(begun));
    loop.close();
    assertThat(worker).isCancelled();
    assertThat(log).containsExactly("interrupted", "ended");
  }

  // Abort.

  @Test
  void anAbortEndsTheCallInsteadOfAnInterrupt() {
    TestLoop.run(
        () -> {
          var worker =
              spawn(
                  () ->
                      blocking(
                          this::stubborn,
                          () -> {
                            log.add("aborting");
                            release.countDown();
                          }));
          await(begun);
          worker.cancel(false);
          awaitCancelled(worker);
          assertThat(log).containsExactly("aborting", "ended undisturbed");
        });
  }

  @Test
  void theCallHasEndedWhenItsAbortHasEndedToo() {
    var abortMayEnd = new CountDownLatch(1);
    TestLoop.run(
        () -> {
          var ended = new CompletableFuture<Void>();
          var worker =
              spawn(
                  () ->
                      blocking(
                          new Semaphore(1),
                          () -> {
                            stubborn();
                            ended.complete(null);
                            return null;
                          },
                          () -> {
                            release.countDown();
                            abortMayEnd.await();
                            log.add("aborted");
                          }));
          await(begun);
          worker.cancel(false);
          await(ended);
          for (int i = 0; i < 5; i++) {
            pause();
          }
          assertThat(worker).isNotDone(); // the abort would hit the next user
          abortMayEnd.countDown();
          awaitCancelled(worker);
          assertThat(log).endsWith("aborted");
        });
  }

  @Test
  void anAbortThatFailsIsReportedAndTheThreadInterrupted() {
    List<Throwable> reported = new ArrayList<>();
    try (IOLoop loop = TestLoop.create(reported)) {
      loop.runSync(
          () -> {
            var worker =
                spawn(
                    () ->
                        blocking(
                            this::interruptible,
                            () -> {
                              throw new IOException("not supported");
                            }));
            await(begun);
            worker.cancel(false);
            awaitCancelled(worker);
            pause();
          });
    }
    assertThat(log).containsExactly("interrupted", "ended");
    assertThat(reported).extracting(Throwable::getMessage).containsExactly("not supported");
  }

  @Test
  void whatIsNotCancelledIsNotAborted() {
    TestLoop.run(
        () -> assertThat(blocking(() -> "value", () -> log.add("aborted"))).isEqualTo("value"));
    assertThat(log).isEmpty();
  }

  // Abandon.

  @Test
  void anAbandonedCallGoesOnAloneAndKeepsItsPermitUntilItHasEnded() {
    TestLoop.run(
        () -> {
          var limiter = new BoundedSemaphore(1);
          var closed = new CompletableFuture<Void>();
          AutoCloseable resource = () -> closed.complete(null);
          var options = new Blocking().withLimiter(limiter).abandoning();
          var worker =
              spawn(
                  () ->
                      options.call(
                          () -> {
                            stubborn();
                            return resource;
                          }));
          await(begun);
          worker.cancel(false);
          awaitCancelled(worker);
          assertThat(log).doesNotContain("ended");
          assertThat(limiter.availablePermits()).isZero();
          release.countDown();
          await(limiter.acquire()).close();
          await(closed);
          assertThat(log).containsExactly("interrupted", "ended");
        });
  }

  // Limits.

  @Test
  void noMoreRunAtATimeThanTheLoopsLimiterHasPermits() {
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    TestLoop.run(
        () -> {
          Semaphore limiter = IOLoop.current().blockingLimiter();
          assertThat(limiter.totalPermits()).isEqualTo(512);
          limiter.resize(3);
          var all = new ArrayList<Coroutine<?>>();
          for (int i = 0; i < 50; i++) {
            all.add(
                spawn(
                    () ->
                        blocking(
                            () -> {
                              most.accumulateAndGet(running.incrementAndGet(), Math::max);
                              Thread.yield();
                              running.decrementAndGet();
                            })));
          }
          awaitAll(all);
          assertThat(limiter).hasToString("Semaphore[counter=3]");
        });
    assertThat(most.get()).isBetween(1, 3);
  }

  // Threads.

  @Test
  void anExecutorMayRunTheCallsAndItsThreadIsNotLeftInterrupted() {
    try (var executor = Executors.newSingleThreadExecutor()) {
      var options = new Blocking().withExecutor(executor);
      TestLoop.run(
          () -> {
            var worker =
                spawn(
                    () ->
                        options.call(
                            () -> {
                              begun.complete(Thread.currentThread());
                              while (!Thread.currentThread().isInterrupted()) {
                                Thread.onSpinWait();
                              }
                              return "value";
                            }));
            await(begun);
            worker.cancel(false);
            awaitCancelled(worker);
            assertThat(options.call(() -> Thread.currentThread().isInterrupted())).isFalse();
            assertThat(options.call(Thread::currentThread)).isSameAs(await(begun));
          });
    }
  }

  @Test
  void whatAnExecutorHasNotBegunEndsAtOnce() {
    var queued = new ArrayList<Runnable>();
    var options = new Blocking().withExecutor(queued::add);
    TestLoop.run(
        () -> {
          var worker = spawn(() -> options.call(() -> log.add("begun")));
          pause();
          worker.cancel(false);
          awaitCancelled(worker);
          queued.forEach(Runnable::run);
          assertThat(log).isEmpty();
          assertThat(IOLoop.current().blockingLimiter()).hasToString("Semaphore[counter=512]");
        });
  }

  @Test
  void whatAnExecutorRefusesIsThrownAndThePermitGivenBack() {
    Executor full =
        task -> {
          throw new RejectedExecutionException("full");
        };
    TestLoop.run(
        () -> {
          assertThatExceptionOfType(RejectedExecutionException.class)
              .isThrownBy(() -> new Blocking().withExecutor(full).run(() -> {}));
          assertThat(IOLoop.current().blockingLimiter()).hasToString("Semaphore[counter=512]");
        });
  }

  @Test
  void theCoroutineSaysWhatItWaitsFor() {
    TestLoop.run(
        () -> {
          var worker = spawn(() -> blocking(this::stubborn));
          Thread thread = await(begun);
          assertThat(worker.toString())
              .contains("waiting for a blocking call on " + thread.getName());
          release.countDown();
          await(worker);
          sleep(Duration.ZERO);
        });
  }
}
