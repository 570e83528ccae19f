package toro;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several loops, each with a thread; the time limit only ends what hangs. */
@Timeout(60)
class LoopGroupTest {
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void eachLoopIsOnAThreadOfItsOwnWithATellingName() throws Exception {
    try (LoopGroup group = IOLoop.group(3)) {
      assertThat(group.loops()).hasSize(3).doesNotHaveDuplicates();
      assertThat(group).hasToString("LoopGroup[loops=3]");
      List<String> names = new ArrayList<>();
      for (IOLoop loop : group.loops()) {
        var name = new CompletableFuture<String>();
        loop.execute(() -> name.complete(String.valueOf(loop.running)));
        names.add(name.get(60, SECONDS));
        assertThat(loop.toString()).startsWith("IOLoop[" + loop.name() + " ");
      }
      assertThat(names).doesNotHaveDuplicates();
      for (IOLoop loop : group.loops()) {
        assertThat(threads(loop.name())).singleElement().matches(thread -> !thread.isDaemon());
        assertThat(loop.name()).matches("toro-group-\\d+-loop-[123]");
      }
    }
  }

  private static List<Thread> threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .toList();
  }

  @Test
  void nextTakesThemInTurn() {
    try (LoopGroup group = IOLoop.group(2)) {
      IOLoop first = group.next();
      IOLoop second = group.next();
      assertThat(List.of(first, second)).isEqualTo(group.loops());
      assertThat(group.next()).isSameAs(first);
      assertThat(group.next()).isSameAs(second);
    }
  }

  @Test
  void aGroupOfNoneIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IOLoop.group(0))
        .withMessageContaining("at least one");
    assertThatIllegalArgumentException().isThrownBy(() -> IOLoop.group(-1));
  }

  @Test
  void whatIsSubmittedRunsOnTheOtherLoopAndTheCallerGoesOnOnItsOwn() {
    try (LoopGroup group = IOLoop.group(2)) {
      IOLoop.run(
          () -> {
            IOLoop home = IOLoop.current();
            for (IOLoop loop : group.loops()) {
              assertThat(await(loop.submit(() -> IOLoop.current()))).isSameAs(loop);
              assertThat(IOLoop.current()).isSameAs(home);
              await(loop.submit(() -> pause()));
            }
          });
    }
  }

  @Test
  void aThreadWithoutALoopJoinsWhatItSubmits() {
    try (LoopGroup group = IOLoop.group(1)) {
      assertThat(group.next().submit(() -> 7).join()).isEqualTo(7);
      IOException failure = new IOException();
      assertThatThrownBy(
              () ->
                  group
                      .next()
                      .submit(
                          () -> {
                            throw failure;
                          })
                      .get(60, SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCause(failure);
      group.next().setExceptionHandler((source, thrown) -> {});
    }
  }

  @Test
  void aFailureIsThrownToWhoAwaitsItAsItIs() {
    IOException failure = new IOException();
    try (LoopGroup group = IOLoop.group(1)) {
      IOLoop.run(
          () ->
              assertThatThrownBy(
                      () ->
                          await(
                              group
                                  .next()
                                  .submit(
                                      () -> {
                                        pause();
                                        throw failure;
                                      })))
                  .isSameAs(failure));
      group.next().setExceptionHandler((source, thrown) -> {});
    }
  }

  @Test
  void loopsMayAwaitEachOther() {
    try (LoopGroup group = IOLoop.group(2)) {
      IOLoop first = group.next();
      IOLoop second = group.next();
      int sum =
          first
              .submit(
                  () ->
                      1
                          + await(
                              second.submit(() -> 2 + await(first.submit(() -> 3 + zero(second))))))
              .join();
      assertThat(sum).isEqualTo(6);
    }
  }

  private static int zero(IOLoop loop) {
    return await(loop.submit(() -> 0));
  }

  @Test
  void aCounterBehindALockOfOneLoopIsSharedByAll() {
    try (LoopGroup group = IOLoop.group(3)) {
      IOLoop home = group.next();
      var lock = new Lock(home);
      int[] counter = {0};
      IOLoop.run(
          () -> {
            List<Coroutine<Void>> all = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
              IOLoop caller = group.next();
              all.add(
                  caller.spawn(
                      () -> {
                        await(
                            home.submit(
                                () -> {
                                  try (var lease = await(lock.acquire())) {
                                    int seen = counter[0];
                                    pause();
                                    counter[0] = seen + 1;
                                  }
                                }));
                      }));
            }
            awaitAll(all);
          });
      assertThat(home.submit(() -> counter[0]).join()).isEqualTo(300);
    }
  }

  @Test
  void cancellingFromAnotherLoopOrThreadLetsItCleanUp() {
    try (LoopGroup group = IOLoop.group(1)) {
      IOLoop other = group.next();
      var begun = new CountDownLatch(2);
      ThrowingRunnable body =
          () -> {
            try {
              begun.countDown();
              sleep(DAY);
            } finally {
              pause();
              begun.countDown();
            }
          };
      Coroutine<Void> fromThread = other.submit(body);
      IOLoop.run(
          () -> {
            Coroutine<Void> fromLoop = other.submit(body);
            await(other.submit(() -> {})); // both have begun
            fromLoop.cancel(false);
            assertThatThrownBy(() -> await(fromLoop)).isInstanceOf(CancellationException.class);
          });
      fromThread.cancel(false);
      assertThatThrownBy(fromThread::join).isInstanceOf(CancellationException.class);
      assertThat(begun.getCount()).isZero();
    }
  }

  @Test
  void whatIsSubmittedIsCancelledWithItsOnlyAwaitAndWhatIsSpawnedGoesOn() throws Exception {
    try (LoopGroup group = IOLoop.group(1)) {
      IOLoop other = group.next();
      List<Coroutine<String>> all = new ArrayList<>();
      var go = new CompletableFuture<String>();
      IOLoop.run(
          () -> {
            var ended = new CompletableFuture<Void>();
            all.add(
                other.submit(
                    () -> {
                      try {
                        return await(go);
                      } finally {
                        ended.complete(null);
                      }
                    }));
            await(other.submit(() -> {})); // it has begun
            all.add(other.spawn(() -> await(go)));
            all.add(other.submit(() -> await(go)));
            Coroutine<String> awaitsToo = spawn(() -> await(all.get(2)));
            for (Coroutine<String> remote : all) {
              Coroutine<String> awaiter = spawn(() -> await(remote));
              pause();
              awaiter.cancel(false);
              assertThatThrownBy(() -> await(awaiter)).isInstanceOf(CancellationException.class);
            }
            await(ended);
            assertThatThrownBy(() -> await(all.get(0))).isInstanceOf(CancellationException.class);
            assertThat(all.get(1)).isNotDone();
            assertThat(all.get(2)).isNotDone();
            go.complete("value");
            assertThat(await(awaitsToo)).isEqualTo("value");
          });
      assertThat(all.get(1).get(60, SECONDS)).isEqualTo("value");
    }
  }

  @Test
  void whatIsSubmittedToTheSameLoopIsOfWhoAwaitsItToo() {
    TestLoop.run(
        () -> {
          Coroutine<Void> submitted = IOLoop.current().submit(() -> sleep(DAY));
          assertThatThrownBy(
                  () -> Coroutines.withTimeout(Duration.ofSeconds(1), () -> awaitAll(submitted)))
              .isInstanceOf(DeadlineExceededException.class);
          pause();
          assertThat(submitted).isCancelled();
        });
  }

  @Test
  void aPrimitiveOnTheWrongLoopSaysWhatToDo() {
    try (LoopGroup group = IOLoop.group(2)) {
      IOLoop home = group.next();
      IOLoop other = group.next();
      var lock = new Lock(home);
      assertThatExceptionOfType(WrongThreadException.class)
          .isThrownBy(() -> throwCause(other.submit(() -> await(lock.acquire()))))
          .withMessageStartingWith("Lock was used by ")
          .withMessageContaining("which is on " + other.name())
          .withMessageContaining("belongs to " + home.name())
          .withMessageContaining("loop.submit(() -> …)");
      assertThatExceptionOfType(WrongThreadException.class)
          .isThrownBy(lock::acquire)
          .withMessageContaining("belongs to " + home.name())
          .withMessageContaining(".join()");
    }
    try (IOLoop unnamed = TestLoop.create()) {
      assertThatExceptionOfType(WrongThreadException.class)
          .isThrownBy(() -> new Lock(unnamed).acquire())
          .withMessageContaining("belongs to IOLoop@")
          .withMessageContaining("the loop is not running");
    }
  }

  private static void throwCause(CompletableFuture<?> future) throws Throwable {
    try {
      future.join();
    } catch (CompletionException e) {
      throw e.getCause();
    }
  }

  @Test
  void anErrorOfACallbackOrCoroutineDoesNotEndTheLoop() throws Exception {
    try (LoopGroup group = IOLoop.group(1)) {
      IOLoop loop = group.next();
      var reported = new java.util.concurrent.LinkedBlockingQueue<Throwable>();
      loop.setExceptionHandler((source, failure) -> reported.add(failure));
      loop.execute(
          () -> {
            throw new AssertionError("of a callback");
          });
      loop.spawn(
          () -> {
            throw new StackOverflowError("of a coroutine");
          });
      assertThat(reported.poll(60, SECONDS)).hasMessage("of a callback");
      assertThat(reported.poll(60, SECONDS)).hasMessage("of a coroutine");
      assertThat(loop.submit(() -> "runs").join()).isEqualTo("runs");
    }
  }

  /** A clock that can be broken. */
  private static final class Fragile implements LoopClock {
    private volatile boolean broken;

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public Instant instant() {
      return Instant.now();
    }

    @Override
    public void park(long nanos) {
      if (broken) {
        throw new InternalError("the clock is broken");
      }
      LoopClock.system().park(nanos);
    }
  }

  @Test
  void aLoopWhoseThreadDiesOfAnErrorIsClosedAndEachWaitOnItEnds() throws Exception {
    var clock = new Fragile();
    try (LoopGroup group = new LoopGroup(1, () -> clock)) {
      IOLoop loop = group.next();
      var reported = new CompletableFuture<Throwable>();
      loop.setExceptionHandler((source, failure) -> reported.complete(failure));
      var lock = new Lock(loop);
      var held = new CompletableFuture<CompletableFuture<Lease>>();
      loop.execute(
          () -> {
            lock.acquire();
            held.complete(lock.acquire());
            clock.broken = true;
          });
      assertThat(reported.get(60, SECONDS)).isInstanceOf(InternalError.class);
      assertThatThrownBy(() -> held.get().get(60, SECONDS))
          .hasCauseInstanceOf(LoopClosedException.class);
      assertThatExceptionOfType(LoopClosedException.class).isThrownBy(() -> loop.submit(() -> {}));
    }
  }

  @Test
  void closingItCancelsWhatRunsAndLetsItCleanUp() {
    var log = new java.util.concurrent.ConcurrentLinkedQueue<String>();
    LoopGroup group = IOLoop.group(2);
    for (IOLoop loop : group.loops()) {
      var begun = new CompletableFuture<Void>();
      loop.spawn(
          () -> {
            try {
              begun.complete(null);
              sleep(DAY);
            } finally {
              pause();
              log.add("cleaned up");
            }
          });
      begun.join();
    }
    group.close();
    group.close();
    assertThat(log).hasSize(2);
    assertThat(group).hasToString("LoopGroup[closed loops=2]");
    for (IOLoop loop : group.loops()) {
      assertThat(threads(loop.name())).isEmpty();
      assertThatExceptionOfType(LoopClosedException.class).isThrownBy(() -> loop.submit(() -> {}));
    }
  }

  @Test
  void anAwaitedCoroutineOfALoopThatIsClosedDoesNotHang() throws Exception {
    LoopGroup group = IOLoop.group(1);
    IOLoop other = group.next();
    var awaited = new CompletableFuture<Void>();
    Thread closer =
        Thread.ofPlatform()
            .start(
                () -> {
                  awaited.join();
                  group.close();
                });
    IOLoop.run(
        () -> {
          Coroutine<Void> remote = other.submit(() -> sleep(DAY));
          Coroutine<Void> awaiter = spawn(() -> await(remote));
          pause();
          awaited.complete(null);
          assertThatThrownBy(() -> await(awaiter)).isInstanceOf(CancellationException.class);
        });
    closer.join();
  }

  @Test
  void whatIsSubmittedWhileALoopIsClosedIsRefusedOrCancelledButNeverForgotten() throws Exception {
    for (int i = 0; i < 50; i++) {
      LoopGroup group = IOLoop.group(1);
      IOLoop loop = group.next();
      Thread closer = Thread.ofPlatform().start(group::close);
      try {
        while (true) {
          loop.submit(() -> 1).get(60, SECONDS);
        }
      } catch (LoopClosedException | CancellationException closed) {
        // one of both
      } catch (ExecutionException closed) {
        assertThat(closed).hasCauseInstanceOf(LoopClosedException.class);
      }
      closer.join();
    }
  }

  @Test
  void aLoopOfAGroupThatIsStoppedGoesOn() {
    try (LoopGroup group = IOLoop.group(1)) {
      IOLoop loop = group.next();
      loop.stop();
      loop.execute(loop::stop);
      assertThat(loop.submit(() -> "goes on").join()).isEqualTo("goes on");
    }
  }

  @Test
  void itIsNotClosedFromALoop() {
    try (LoopGroup group = IOLoop.group(1)) {
      group
          .next()
          .submit(
              () ->
                  assertThatIllegalStateException()
                      .isThrownBy(group::close)
                      .withMessageContaining("on no loop"))
          .join();
      IOLoop.run(() -> assertThatIllegalStateException().isThrownBy(group::close));
      assertThat(group.next().submit(() -> "goes on").join()).isEqualTo("goes on");
    }
  }

  @Test
  void anInterruptIsKeptForWhenItIsClosed() {
    LoopGroup group = IOLoop.group(1);
    Thread.currentThread().interrupt();
    group.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(threads(group.next().name())).isEmpty();
  }

  @Test
  void aTaskGroupMayHoldWorkOfOtherLoops() {
    IOException failure = new IOException();
    try (LoopGroup loops = IOLoop.group(2)) {
      var cleanedUp = new CountDownLatch(1);
      var begun = new CompletableFuture<Void>();
      IOLoop.run(
          () ->
              assertThatThrownBy(
                      () -> {
                        try (var group = new TaskGroup()) {
                          group.spawn(
                              () ->
                                  await(
                                      loops
                                          .next()
                                          .submit(
                                              () -> {
                                                try {
                                                  begun.complete(null);
                                                  sleep(DAY);
                                                } finally {
                                                  cleanedUp.countDown();
                                                }
                                              })));
                          group.spawn(
                              () -> {
                                await(begun);
                                await(
                                    loops
                                        .next()
                                        .submit(
                                            () -> {
                                              throw failure;
                                            }));
                              });
                        }
                      })
                  .isSameAs(failure));
      assertThat(cleanedUp.await(60, SECONDS)).isTrue(); // that is not waited for
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
