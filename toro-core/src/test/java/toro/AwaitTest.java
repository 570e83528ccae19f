package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class AwaitTest {
  private final List<Object> log = new ArrayList<>();

  // What can be awaited.

  @Test
  void aStageThatIsDoneDoesNotSuspend() {
    TestLoop.run(
        () -> {
          spawn(() -> log.add("other"));
          assertThat(await(CompletableFuture.completedFuture("value"))).isEqualTo("value");
          assertThat(await(CompletableFuture.<String>completedFuture(null))).isNull();
          assertThat(await(CompletableFuture.completedStage(7))).isEqualTo(7);
          assertThat(log).isEmpty();
        });
  }

  @Test
  void aFutureIsAwaitedUntilItIsDone() {
    TestLoop.run(
        () -> {
          CompletableFuture<String> future = new CompletableFuture<>();
          spawn(
              () -> {
                log.add("other");
                future.complete("value");
              });
          assertThat(await(future)).isEqualTo("value");
          assertThat(log).containsExactly("other");
        });
  }

  @Test
  void aFutureMayBeCompletedByAnotherThread() {
    TestLoop.run(
        () -> {
          Thread loopThread = Thread.currentThread();
          for (int i = 0; i < 100; i++) {
            CompletableFuture<Thread> future = new CompletableFuture<>();
            Thread.ofPlatform().start(() -> future.complete(Thread.currentThread()));
            assertThat(await(future)).isNotSameAs(loopThread);
            assertThat(Thread.currentThread()).isSameAs(loopThread);
          }
        });
  }

  @Test
  void aWaitOfAPrimitiveMayBeCompletedByAnotherThread() {
    TestLoop.run(
        () -> {
          for (int i = 0; i < 100; i++) {
            CompletableFuture<String> wait = new AsyncResult<String>().get();
            Thread.ofPlatform().start(() -> wait.complete("from outside"));
            assertThat(await(wait)).isEqualTo("from outside");
          }
        });
  }

  @Test
  void aStageThatIsNoFutureCanBeAwaited() {
    TestLoop.run(
        () -> {
          CompletableFuture<String> future = new CompletableFuture<>();
          Thread.ofPlatform().start(() -> future.complete("minimal"));
          assertThat(await(future.minimalCompletionStage())).isEqualTo("minimal");
          assertThat(await(withoutFuture(CompletableFuture.completedFuture("done"))))
              .isEqualTo("done");
          CompletableFuture<String> later = new CompletableFuture<>();
          spawn(() -> later.complete("pending"));
          assertThat(await(withoutFuture(later))).isEqualTo("pending");
          IOException failure = new IOException();
          CompletableFuture<String> failed = new CompletableFuture<>();
          spawn(() -> failed.completeExceptionally(failure));
          assertThatThrownBy(() -> await(withoutFuture(failed))).isSameAs(failure);
          assertThat(awaitAll(withoutFuture(later), later)).containsExactly("pending", "pending");
        });
  }

  /** A stage that does not offer {@code toCompletableFuture}: its contract allows that. */
  @SuppressWarnings("unchecked")
  private static <T> CompletionStage<T> withoutFuture(CompletableFuture<T> future) {
    return (CompletionStage<T>)
        Proxy.newProxyInstance(
            AwaitTest.class.getClassLoader(),
            new Class<?>[] {CompletionStage.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("toCompletableFuture")) {
                throw new UnsupportedOperationException();
              }
              return method.invoke(future, arguments);
            });
  }

  @Test
  void aCoroutineIsAwaitedByManyAndEachGetsItsValue() {
    TestLoop.run(
        () -> {
          Coroutine<String> coroutine =
              spawn(
                  () -> {
                    sleep(Duration.ofSeconds(1));
                    return "value";
                  });
          for (int i = 0; i < 3; i++) {
            int number = i;
            spawn(() -> log.add(number + await(coroutine)));
          }
          assertThat(await(coroutine)).isEqualTo("value");
          pause();
          assertThat(log).containsExactly("0value", "1value", "2value");
          assertThat(await(coroutine)).isEqualTo("value");
        });
  }

  @Test
  @OnItsOwnThread
  void aFutureOfAnotherLoopCanBeAwaited() throws Exception {
    IOLoop other = TestLoop.create();
    Thread thread = Thread.ofPlatform().start(other::start);
    try {
      TestLoop.run(
          () -> {
            for (int i = 0; i < 100; i++) {
              int number = i;
              assertThat(
                      await(
                          other.spawn(
                              () -> {
                                sleep(Duration.ofSeconds(1));
                                return number;
                              })))
                  .isEqualTo(number);
            }
            IOException failure = new IOException();
            assertThatThrownBy(
                    () ->
                        await(
                            other.spawn(
                                () -> {
                                  pause();
                                  throw failure;
                                })))
                .isSameAs(failure);
          });
    } finally {
      other.stop();
      thread.join();
      other.close();
    }
  }

  @Test
  @OnItsOwnThread
  void twoLoopsMayAwaitEachOther() throws Exception {
    IOLoop ping = TestLoop.create();
    IOLoop pong = TestLoop.create();
    Thread thread = Thread.ofPlatform().start(pong::start);
    int rounds =
        ping.runSync(
            () -> {
              int count = 0;
              for (int i = 0; i < 200; i++) {
                count = await(pong.spawn(bounce(ping, count)));
              }
              return count;
            });
    assertThat(rounds).isEqualTo(200);
    pong.stop();
    thread.join();
    pong.close();
    ping.close();
  }

  private static java.util.concurrent.Callable<Integer> bounce(IOLoop back, int count) {
    return () -> await(back.spawn(() -> count + 1));
  }

  @Test
  void nullIsRefused() {
    TestLoop.run(
        () -> {
          assertThatThrownBy(() -> await(null)).isInstanceOf(NullPointerException.class);
          assertThatThrownBy(
                  () -> awaitAll(CompletableFuture.completedFuture(1), (CompletionStage<?>) null))
              .isInstanceOf(NullPointerException.class);
        });
  }

  @Test
  void blockingOnAnUnfinishedWaitOnTheLoopIsRefused() {
    TestLoop.run(
        () -> {
          Coroutine<Void> coroutine = spawn(() -> sleep(Duration.ofSeconds(1)));
          List<ThrowingRunnable> calls =
              List.of(
                  coroutine::join,
                  coroutine::get,
                  () -> coroutine.get(1, java.util.concurrent.TimeUnit.DAYS),
                  () -> coroutine.thenApply(value -> value).join());
          for (ThrowingRunnable call : calls) {
            assertThatThrownBy(call::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("await(future)")
                .hasMessageContaining("thenAccept");
          }
          await(coroutine);
          assertThat(coroutine.join()).isNull();
        });
  }

  // Failures.

  @Test
  void aFailureIsThrownAsItIs() {
    IOException checked = new IOException("checked");
    Error error = new AssertionError("error");
    RuntimeException unchecked = new IllegalArgumentException("unchecked");
    TestLoop.run(
        () -> {
          for (Throwable failure : List.of(checked, error, unchecked)) {
            CompletableFuture<String> pending = new CompletableFuture<>();
            spawn(() -> pending.completeExceptionally(failure));
            assertThatThrownBy(() -> await(pending)).isSameAs(failure);
            assertThatThrownBy(() -> await(CompletableFuture.failedFuture(failure)))
                .isSameAs(failure);
            assertThatThrownBy(() -> await(CompletableFuture.failedStage(failure)))
                .isSameAs(failure);
            assertThatThrownBy(
                    () ->
                        await(
                            spawn(
                                () -> {
                                  pause();
                                  throw Failures.sneaky(failure);
                                })))
                .isSameAs(failure);
          }
        });
  }

  @Test
  void aFailureIsTakenOutOfItsCompletionException() {
    IOException failure = new IOException();
    TestLoop.run(
        () -> {
          CompletableFuture<String> future = new CompletableFuture<>();
          CompletableFuture<String> derived =
              future.thenApply(value -> value).thenApply(value -> value);
          spawn(() -> future.completeExceptionally(failure));
          assertThatThrownBy(() -> await(derived)).isSameAs(failure);
          assertThatThrownBy(() -> await(derived)).isSameAs(failure);
          Coroutine<String> coroutine =
              spawn(
                  () -> {
                    throw failure;
                  });
          assertThatThrownBy(() -> await(coroutine.thenApply(value -> value))).isSameAs(failure);
          CompletionException bare = new CompletionException("without a cause", null);
          assertThatThrownBy(() -> await(CompletableFuture.failedFuture(bare))).isSameAs(bare);
        });
  }

  @Test
  void aCancelledStageThrowsCancellationExceptionAndTheCoroutineGoesOn() {
    TestLoop.run(
        () -> {
          CompletableFuture<String> future = new CompletableFuture<>();
          spawn(() -> future.cancel(false));
          assertThatThrownBy(() -> await(future)).isInstanceOf(CancellationException.class);
          assertThatThrownBy(() -> await(future.thenApply(value -> value)))
              .isInstanceOf(CancellationException.class);
          pause();
          log.add("alive");
        });
    assertThat(log).containsExactly("alive");
  }

  // Traces.

  private static String whereItIsThrown() throws IOException {
    throw new IOException("thrown");
  }

  private static void whereItIsAwaited(CompletionStage<?> stage) {
    await(stage);
  }

  private static List<String> methods(Throwable failure) {
    List<String> names = new ArrayList<>();
    for (StackTraceElement frame : failure.getStackTrace()) {
      names.add(frame.getMethodName());
    }
    return names;
  }

  @Test
  void theTraceTellsWhereItWasThrownAndBelowWhereItWasAwaited() {
    Throwable failure =
        TestLoop.run(
            () -> {
              Coroutine<String> thrower = spawn(AwaitTest::whereItIsThrown);
              return catchThrowable(() -> whereItIsAwaited(thrower));
            });
    assertThat(methods(failure))
        .containsSubsequence("whereItIsThrown", "await", "whereItIsAwaited");
    assertThat(failure.getStackTrace()[0].getMethodName()).isEqualTo("whereItIsThrown");
  }

  @Test
  void theTraceTellsEachOfManyAwaits() {
    Throwable failure =
        IOLoop.run(
            () -> {
              Coroutine<String> thrower = spawn(AwaitTest::whereItIsThrown);
              Coroutine<Void> between = spawn(() -> whereItIsAwaited(thrower));
              return catchThrowable(() -> awaitAll(between));
            });
    assertThat(methods(failure))
        .containsSubsequence("whereItIsThrown", "whereItIsAwaited", "awaitAll");
  }

  @Test
  void theTraceOfATimeoutTellsWhereItWasAwaited() {
    TestLoop.run(
        () -> {
          Throwable timeout =
              catchThrowable(
                  () -> whereItIsAwaited(new AsyncResult<>().get(Duration.ofSeconds(1))));
          assertThat(methods(timeout)).containsSubsequence("await", "whereItIsAwaited");
          Throwable scope =
              catchThrowable(
                  () ->
                      withTimeout(
                          Duration.ofSeconds(1),
                          () -> whereItIsAwaited(new CompletableFuture<>())));
          assertThat(methods(scope)).containsSubsequence("await", "whereItIsAwaited");
        });
  }

  @Test
  void theTraceOfACancellationTellsWhereTheWaitOrTheCoroutineWasAwaited() {
    TestLoop.run(
        () -> {
          var wait = new AsyncResult<String>().get();
          Coroutine<Void> coroutine = spawn(() -> whereItIsAwaited(wait));
          pause();
          coroutine.cancel(false);
          Throwable ofCoroutine = catchThrowable(() -> whereItIsAwaited(coroutine));
          assertThat(methods(ofCoroutine)).containsSubsequence("await", "whereItIsAwaited");
          Throwable ofWait = catchThrowable(() -> whereItIsAwaited(wait));
          assertThat(methods(ofWait)).containsSubsequence("await", "whereItIsAwaited");
        });
  }

  /** The frames of the library's own code, but for what users call and where a body begins. */
  private static List<String> inside(Throwable failure) {
    List<String> frames = new ArrayList<>();
    for (StackTraceElement frame : failure.getStackTrace()) {
      String name = frame.getClassName();
      if (name.startsWith("toro.") && !name.contains("Test") && !OUTSIDE.contains(name)) {
        frames.add(frame.toString());
      }
    }
    return frames;
  }

  private static final Set<String> OUTSIDE = Set.of("toro.Coroutines", "toro.Coroutine");

  @Test
  void theTraceShowsNothingOfTheLoop() {
    TestLoop.run(
        () -> {
          Coroutine<String> thrower = spawn(AwaitTest::whereItIsThrown);
          Throwable thrown = catchThrowable(() -> whereItIsAwaited(thrower));
          assertThat(inside(thrown)).isEmpty();
          assertThat(thrown.getStackTrace())
              .noneMatch(frame -> frame.getMethodName().equals("live"))
              .noneMatch(frame -> frame.getClassName().startsWith("java.lang.VirtualThread"))
              .noneMatch(frame -> frame.getClassName().startsWith("jdk.internal.vm"));
          Throwable made = catchThrowable(() -> whereItIsAwaited(failed(new IOException())));
          assertThat(inside(made)).isEmpty();
        });
  }

  private static CompletableFuture<Void> failed(Throwable failure) {
    failure.setStackTrace(new StackTraceElement[0]);
    return CompletableFuture.failedFuture(failure);
  }

  @Test
  void theTraceTellsEachAwaitOnce() {
    TestLoop.run(
        () -> {
          var cancelled = new AsyncResult<String>().get();
          cancelled.cancel(false);
          var expired = new AsyncResult<String>().get(Duration.ZERO);
          for (var future : List.of(failed(new IOException()), cancelled, expired)) {
            Throwable failure = catchThrowable(() -> whereItIsAwaited(future));
            assertThat(methods(failure)).containsOnlyOnce("whereItIsAwaited");
            assertThat(catchThrowable(() -> whereItIsAwaited(future))).isSameAs(failure);
            assertThat(methods(failure).stream().filter("whereItIsAwaited"::equals)).hasSize(2);
          }
        });
  }

  @Test
  void aCoroutineThatIsCancelledIsToldWhatItWaitedForInsteadOfATrace() {
    TestLoop.run(
        () -> {
          var result = new AsyncResult<String>();
          List<Throwable> cancelled = new ArrayList<>();
          for (CompletableFuture<?> future : List.of(result.get(), new CompletableFuture<>())) {
            Coroutine<Boolean> coroutine =
                spawn(() -> cancelled.add(catchThrowable(() -> whereItIsAwaited(future))));
            pause();
            coroutine.cancel(false);
            await(coroutine);
          }
          assertThat(cancelled)
              .allSatisfy(failure -> assertThat(failure.getStackTrace()).isEmpty())
              .extracting(Throwable::getMessage)
              .containsExactly(
                  "the coroutine was cancelled while it waited: AsyncResult",
                  "the coroutine was cancelled while it waited: CompletableFuture");
        });
  }

  @Test
  void anAwaitThatIsRefusedLeavesNothingBehind() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          ThrowingRunnable refused =
              () -> assertThatIllegalStateException().isThrownBy(() -> await(lock.acquire()));
          TestLoop.callback(refused);
          assertThat(lock).hasToString("Lock[unlocked]");
          await(lock.acquire());
          TestLoop.callback(refused);
          assertThat(lock).hasToString("Lock[locked]");
        });
  }

  @Test
  void theTraceDoesNotGrowWithoutBound() {
    TestLoop.run(
        () -> {
          Coroutine<String> thrower = spawn(AwaitTest::whereItIsThrown);
          CompletableFuture<String> other = CompletableFuture.failedFuture(new IOException());
          Throwable failure = null;
          for (int i = 0; i < 10_000; i++) {
            failure = catchThrowable(() -> awaitAll(thrower, other));
            assertThat(catchThrowable(() -> await(thrower))).isSameAs(failure);
          }
          assertThat(failure.getStackTrace().length).isLessThan(3000);
          assertThat(methods(failure)).startsWith("whereItIsThrown");
          assertThat(failure.getSuppressed()).hasSize(1);
        });
  }

  @Test
  void aFailureThatAllowsNoTraceIsThrownAllTheSame() {
    class Traceless extends Exception {
      Traceless() {
        super("traceless", null, false, false);
      }
    }
    Traceless failure = new Traceless();
    TestLoop.run(
        () -> {
          Coroutine<Void> thrower =
              spawn(
                  () -> {
                    throw failure;
                  });
          assertThatThrownBy(() -> await(thrower)).isSameAs(failure);
          assertThatThrownBy(
                  () -> awaitAll(thrower, CompletableFuture.failedFuture(new IOException())))
              .isSameAs(failure);
        });
  }

  // awaitAll.

  @Test
  void awaitAllReturnsTheValuesInTheOrderOfTheStages() {
    TestLoop.run(
        () -> {
          Coroutine<String> slow =
              spawn(
                  () -> {
                    sleep(Duration.ofSeconds(2));
                    return "slow";
                  });
          Coroutine<String> fast =
              spawn(
                  () -> {
                    sleep(Duration.ofSeconds(1));
                    return "fast";
                  });
          assertThat(awaitAll(slow, fast, CompletableFuture.completedFuture("done")))
              .containsExactly("slow", "fast", "done");
          assertThat(awaitAll(List.of(fast, fast, slow))).containsExactly("fast", "fast", "slow");
          assertThat(awaitAll(CompletableFuture.<String>completedFuture(null)))
              .containsExactly((String) null);
        });
  }

  @Test
  void awaitAllOfNothingReturnsNothingAtOnce() {
    TestLoop.run(
        () -> {
          spawn(() -> log.add("other"));
          assertThat(awaitAll()).isEmpty();
          assertThat(awaitAll(List.<CompletableFuture<String>>of())).isEmpty();
          assertThat(log).isEmpty();
        });
  }

  @Test
  void awaitAllWaitsForAllAndThrowsTheFirstFailureOfTheListWithTheOthers() {
    TestLoop.run(
        () -> {
          IOException first = new IOException("first of the list");
          IOException second = new IOException("first in time");
          Coroutine<String> failsLate = failing(Duration.ofSeconds(2), first);
          Coroutine<String> failsEarly = failing(Duration.ofSeconds(1), second);
          Coroutine<Boolean> last =
              spawn(
                  () -> {
                    sleep(Duration.ofSeconds(3));
                    return log.add("last");
                  });
          assertThatThrownBy(() -> awaitAll(failsLate, failsEarly, last))
              .isSameAs(first)
              .hasSuppressedException(second);
          assertThat(log).containsExactly("last");
        });
  }

  private static Coroutine<String> failing(Duration after, Exception failure) {
    return spawn(
        () -> {
          sleep(after);
          throw failure;
        });
  }

  @Test
  void awaitAllOfTheSameFailureTwiceThrowsItOnce() {
    TestLoop.run(
        () -> {
          IOException failure = new IOException();
          Coroutine<String> one = failing(Duration.ofSeconds(1), failure);
          Coroutine<String> two = failing(Duration.ofSeconds(2), failure);
          assertThatThrownBy(() -> awaitAll(one, two, one))
              .isSameAs(failure)
              .hasNoSuppressedExceptions();
        });
  }

  @Test
  void awaitAllClosesTheLeasesWhenItFails() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(3);
          Coroutine<String> failing = failing(Duration.ofSeconds(1), new IOException());
          assertThatThrownBy(
                  () -> awaitAll(List.of(semaphore.acquire(), failing, semaphore.acquire())))
              .isInstanceOf(IOException.class);
          assertThat(semaphore.availablePermits()).isEqualTo(3);
        });
  }

  @Test
  void awaitAllClosesTheLeasesAndLeavesTheLinesWhenItIsCancelled() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(1);
          var lock = new Lock();
          Lease held = await(lock.acquire());
          Coroutine<?> coroutine =
              spawn(() -> awaitAll(semaphore.acquire(), lock.acquire(), semaphore.acquire()));
          pause();
          assertThat(semaphore.isLocked()).isTrue();
          coroutine.cancel(false);
          assertThatThrownBy(() -> await(coroutine)).isInstanceOf(CancellationException.class);
          assertThat(semaphore).hasToString("Semaphore[counter=1]");
          assertThat(lock).hasToString("Lock[locked]");
          held.close();
          assertThat(lock.isLocked()).isFalse();
        });
  }

  @Test
  void awaitAllLeavesForeignFuturesAloneWhenItIsCancelled() {
    TestLoop.run(
        () -> {
          CompletableFuture<String> foreign = new CompletableFuture<>();
          Coroutine<Void> other = spawn(() -> sleep(Duration.ofSeconds(1)));
          Coroutine<?> coroutine = spawn(() -> awaitAll(List.of(foreign, other)));
          pause();
          coroutine.cancel(false);
          assertThatThrownBy(() -> await(coroutine)).isInstanceOf(CancellationException.class);
          assertThat(foreign).isNotDone();
          assertThat(other).isNotDone();
          await(other);
        });
  }

  @Test
  void whoAwaitsAllAndIsCancelledLeavesEveryLine() {
    TestLoop.run(
        () -> {
          var first = new Lock();
          var second = new Lock();
          await(first.acquire());
          await(second.acquire());
          var waiter = spawn(() -> awaitAll(first.acquire(), second.acquire()));
          pause();
          assertThat(second).hasToString("Lock[locked waiters[1]]");
          waiter.cancel(true);
          pause();
          assertThat(first).hasToString("Lock[locked]");
          assertThat(second).hasToString("Lock[locked]");
        });
  }

  @Test
  void ofAllOfWhichOneFailsTheLeasesAreGivenBack() {
    TestLoop.run(
        () -> {
          var free = new Lock();
          var held = new Lock();
          var lease = await(held.acquire());
          IOLoop.current().execute(lease::close);
          assertThatThrownBy(
                  () -> awaitAll(free.acquire(), held.acquire(), failed(new IOException())))
              .isInstanceOf(IOException.class);
          assertThat(free).hasToString("Lock[unlocked]");
          assertThat(held).hasToString("Lock[unlocked]");
        });
  }

  // Awaits that never have to wait.

  @Test
  void aLoopOfAwaitsThatNeverHaveToWaitLetsTheOthersRun() {
    TestLoop.run(
        () -> {
          var queue = new Queue<Integer>();
          var stopped = new Event();
          queue.putNow(1);
          Coroutine<Void> busy =
              spawn(
                  () -> {
                    while (!stopped.isSet()) {
                      await(queue.put(await(queue.get())));
                    }
                  });
          Coroutine<Void> leases =
              spawn(
                  () -> {
                    var lock = new Lock();
                    while (!stopped.isSet()) {
                      await(lock.acquire()).close();
                    }
                  });
          Coroutine<Void> lists =
              spawn(
                  () -> {
                    while (!stopped.isSet()) {
                      awaitAll(List.of(CompletableFuture.completedFuture(1)));
                    }
                  });
          Coroutine<Void> selects =
              spawn(
                  () -> {
                    while (!stopped.isSet()) {
                      Coroutines.select(Coroutines.on(() -> CompletableFuture.completedFuture(1)));
                    }
                  });
          pause();
          pause();
          stopped.set();
          awaitAll(busy, leases, lists, selects);
        });
  }

  @Test
  void aDeadlineThatPassesInSuchALoopTakesEffectAtTheNextAwaitThatHasToWait() {
    TestLoop.run(
        () -> {
          var queue = new Queue<Integer>();
          queue.putNow(1);
          var waiting = new Event();
          int[] rounds = {0};
          assertThatThrownBy(
                  () ->
                      withTimeout(
                          Duration.ZERO,
                          () -> {
                            for (int i = 0; i < 5000; i++) {
                              await(queue.put(await(queue.get())));
                              rounds[0]++;
                            }
                            await(waiting.whenSet());
                          }))
              .isInstanceOf(DeadlineExceededException.class);
          assertThat(rounds[0]).isEqualTo(5000);
          assertThat(queue.getNow()).isEqualTo(1);
        });
  }

  @Test
  void whereACoroutineCannotSuspendItGoesOnWithoutAPause() {
    TestLoop.run(
        () -> {
          var others = new ArrayList<Coroutine<Void>>();
          for (int i = 0; i < 3; i++) {
            others.add(spawn(() -> pause()));
          }
          int value =
              Coroutines.select(
                  Coroutines.on(
                      () -> {
                        for (int i = 0; i < 5000; i++) {
                          await(CompletableFuture.completedFuture(i));
                        }
                        return CompletableFuture.completedFuture(7);
                      }));
          assertThat(value).isEqualTo(7);
          assertThat(others).noneMatch(CompletableFuture::isDone);
          awaitAll(others);
        });
  }
}
