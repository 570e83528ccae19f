package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An executor that is shut down before its loop, or that runs two tasks at once, ends the loop:
 * every wait is told, and nothing hangs.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class FailedExecutorTest {

  /** A loop on which something waits in each way. */
  private static final class Waiting {
    final IOLoop loop;
    final CompletableFuture<Void> foreign = new CompletableFuture<>();
    final List<Object> reported = Collections.synchronizedList(new ArrayList<>());
    final List<CompletableFuture<?>> waits = new ArrayList<>();
    final Coroutine<Void> sleeper;

    Waiting(ScheduledExecutorService executor) {
      loop = IOLoop.on(executor);
      loop.setExceptionHandler(
          (source, failure) -> {
            if (source == executor) {
              reported.add(failure);
            }
          });
      sleeper = loop.spawn(() -> sleep(Duration.ofDays(30)));
      waits.add(sleeper);
      waits.add(loop.spawn(() -> await(foreign)));
      loop.runSync(
          () -> {
            waits.add(new Event().whenSet());
            waits.add(new Event().whenSet(Duration.ofDays(1)));
            var lock = new Lock();
            await(lock.acquire());
            waits.add(lock.acquire());
            waits.add(Coroutines.spawn(() -> await(lock.acquire())));
            pause();
          });
    }

    void assertEveryWaitIsTold(String reason) throws Exception {
      loop.whenClosed().get(1, TimeUnit.MINUTES);
      assertThat(waits)
          .allSatisfy(
              wait -> {
                assertThat(wait).isDone();
                assertThatThrownBy(wait::join)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(LoopClosedException.class)
                    .hasMessageStartingWith("the loop is closed")
                    .hasMessageContaining(reason)
                    .cause()
                    .hasMessageContaining(reason);
              });
      assertThat(loop.toString()).contains("closed");
      assertThatThrownBy(() -> loop.execute(() -> {}))
          .isInstanceOf(LoopClosedException.class)
          .hasMessageContaining(reason);
      loop.close();
    }
  }

  // An executor that was shut down first.

  /** How it may end. */
  private enum End {
    SHUT_DOWN_NOW {
      @Override
      void end(ScheduledExecutorService executor) throws Exception {
        executor.shutdownNow();
        assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      }
    },
    /** It lives on, since the loop has an alarm set for a day. */
    SHUT_DOWN {
      @Override
      void end(ScheduledExecutorService executor) {
        executor.shutdown();
        assertThat(executor.isTerminated()).isFalse();
      }
    };

    abstract void end(ScheduledExecutorService executor) throws Exception;
  }

  /** Calls that find it so. */
  private enum Call {
    EXECUTE {
      @Override
      void call(Waiting waiting) {
        assertThatThrownBy(() -> waiting.loop.execute(() -> {}))
            .isInstanceOf(LoopClosedException.class);
      }
    },
    SPAWN {
      @Override
      void call(Waiting waiting) {
        assertThatThrownBy(() -> waiting.loop.spawn(() -> {}))
            .isInstanceOf(LoopClosedException.class);
      }
    },
    SUBMIT {
      @Override
      void call(Waiting waiting) {
        assertThatThrownBy(() -> waiting.loop.submit(() -> {}))
            .isInstanceOf(LoopClosedException.class);
      }
    },
    RUN_SYNC {
      @Override
      void call(Waiting waiting) {
        assertThatThrownBy(() -> waiting.loop.runSync(() -> {}))
            .isInstanceOf(LoopClosedException.class);
      }
    },
    CANCEL {
      @Override
      void call(Waiting waiting) {
        waiting.sleeper.cancel(false);
      }
    },
    COMPLETE {
      @Override
      void call(Waiting waiting) {
        waiting.foreign.complete(null);
      }
    },
    CLOSE {
      @Override
      void call(Waiting waiting) {
        waiting.loop.close();
        assertThat(waiting.loop.whenClosed()).isDone();
      }
    },
    /** On another loop, which is not held up by the end of this one. */
    SUBMIT_FROM_A_LOOP {
      @Override
      void call(Waiting waiting) {
        IOLoop.run(
            () -> {
              assertThatThrownBy(() -> waiting.loop.submit(() -> {}))
                  .isInstanceOf(LoopClosedException.class);
            });
      }
    };

    abstract void call(Waiting waiting);
  }

  private static Stream<Arguments> callsAfterEachEnd() {
    return Stream.of(End.values())
        .flatMap(end -> Stream.of(Call.values()).map(call -> Arguments.of(end, call)));
  }

  @ParameterizedTest
  @MethodSource("callsAfterEachEnd")
  void aCallThatFindsTheExecutorShutDownEndsTheLoop(End end, Call call) throws Exception {
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    try {
      var waiting = new Waiting(executor);
      end.end(executor);
      call.call(waiting);
      waiting.assertEveryWaitIsTold("was shut down");
      assertThat(waiting.reported).isEmpty();
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void alsoWithoutAnyCallTheLoopEndsWithItsExecutor() throws Exception {
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    var waiting = new Waiting(executor);
    Thread joiner = Thread.ofPlatform().start(() -> catchThrowable(waiting.sleeper::join));
    executor.shutdownNow();
    joiner.join();
    waiting.assertEveryWaitIsTold("was shut down");
  }

  private static void catchThrowable(Runnable action) {
    assertThatThrownBy(action::run).isInstanceOf(CompletionException.class);
  }

  @Test
  void afterTheEndOfTheExecutorTheLoopIsClosedWhenTheCallReturns() throws Exception {
    for (int i = 0; i < 100; i++) {
      var executor = new LateToTell();
      IOLoop loop = IOLoop.on(executor);
      loop.setExceptionHandler((source, failure) -> {});
      Coroutine<Void> waiter = loop.spawn(() -> await(new CompletableFuture<>()));
      loop.runSync(() -> pause());
      executor.shutdownNow();
      executor.terminates.await();
      executor.thread.get().join();
      assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(LoopClosedException.class);
      assertThat(loop.whenClosed()).isDone();
      assertThat(waiter).isDone();
    }
  }

  /** Whoever awaits its termination is told in vain. */
  private static final class LateToTell extends ScheduledThreadPoolExecutor {
    private final CountDownLatch terminates = new CountDownLatch(1);
    private final AtomicReference<Thread> thread;
    private volatile boolean terminated;

    LateToTell() {
      this(new AtomicReference<>());
    }

    private LateToTell(AtomicReference<Thread> thread) {
      super(
          1,
          task -> {
            thread.set(new Thread(task));
            return thread.get();
          });
      this.thread = thread;
    }

    @Override
    protected void terminated() {
      terminated = true;
      terminates.countDown();
    }

    @Override
    public boolean isTerminated() {
      return terminated;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      throw new UnsupportedOperationException("cannot tell");
    }
  }

  /** What a task of the executor may be doing when it has been shut down. */
  private enum Use {
    SPAWN {
      @Override
      void use(IOLoop loop) {
        loop.spawn(() -> {});
      }
    },
    CALL_LATER {
      @Override
      void use(IOLoop loop) {
        loop.callLater(Duration.ofMillis(1), () -> {});
      }
    },
    WAIT {
      @Override
      void use(IOLoop loop) {
        var unused = new Event(loop).whenSet(Duration.ofMillis(1));
      }
    };

    abstract void use(IOLoop loop);
  }

  @ParameterizedTest
  @EnumSource
  void aTaskOfTheExecutorThatFindsItShutDownEndsTheLoop(Use use) throws Exception {
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    try {
      var waiting = new Waiting(executor);
      executor
          .submit(
              () -> {
                executor.shutdown();
                use.use(waiting.loop);
                // From now on this thread is not on the loop, which may end at any moment.
                assertThatThrownBy(() -> new Lock(waiting.loop).acquire())
                    .isInstanceOf(LoopClosedException.class);
              })
          .get(1, TimeUnit.MINUTES);
      waiting.assertEveryWaitIsTold("was shut down");
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void aTurnThatIsUnderWayEndsBeforeTheLoop() throws Exception {
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    var waiting = new Waiting(executor);
    IOLoop loop = waiting.loop;
    var inTurn = new CountDownLatch(1);
    var noticed = new CountDownLatch(1);
    var works = new CompletableFuture<Boolean>();
    loop.execute(
        () -> {
          inTurn.countDown();
          awaitQuietly(noticed);
          loop.execute(() -> works.complete(new Lock(loop).acquire().isDone()));
        });
    inTurn.await();
    executor.shutdown();
    assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(LoopClosedException.class);
    assertThat(loop.whenClosed()).isNotDone();
    noticed.countDown();
    assertThat(works.get(1, TimeUnit.MINUTES)).isTrue();
    waiting.assertEveryWaitIsTold("was shut down");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aLoopThatWasClosedFirstLeavesNoThread() throws Exception {
    var watched = new CompletableFuture<Thread>();
    var released = new CompletableFuture<Void>();
    var executor =
        new ScheduledThreadPoolExecutor(1) {
          @Override
          public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            watched.complete(Thread.currentThread());
            try {
              return super.awaitTermination(timeout, unit);
            } finally {
              released.complete(null);
            }
          }
        };
    try {
      IOLoop loop = IOLoop.on(executor);
      assertThat(watched.get(1, TimeUnit.MINUTES).isVirtual()).isTrue();
      loop.close();
      released.get(1, TimeUnit.MINUTES);
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void theCommonPoolOfTheJdkIsNotAwaited() {
    if (ForkJoinPool.commonPool().getParallelism() == 1) {
      try (IOLoop loop = IOLoop.on(ForkJoinPool.commonPool())) {
        assertThat(loop.<String>runSync(() -> "runs")).isEqualTo("runs");
      }
    }
  }

  // An executor that runs two tasks at once.

  @Test
  void twoTurnsAtOnceEndTheLoopAndTellTheReason() throws Exception {
    var two = new ScheduledThreadPoolExecutor(1);
    try {
      var waiting = new Waiting(two);
      two.setCorePoolSize(2);
      overlap(waiting.loop, two);
      waiting.assertEveryWaitIsTold("an executor with one thread is needed");
      assertThat(waiting.reported)
          .singleElement()
          .isInstanceOf(IllegalStateException.class)
          .asString()
          .contains("an executor with one thread is needed");
    } finally {
      two.shutdownNow();
    }
  }

  @Test
  void closeAndRunSyncReturnAfterTwoTurnsAtOnce() throws Exception {
    var two = new ScheduledThreadPoolExecutor(1);
    try {
      IOLoop loop = IOLoop.on(two);
      var reported = new CompletableFuture<Object>();
      loop.setExceptionHandler((source, failure) -> reported.complete(source));
      var runs = new CountDownLatch(1);
      CompletableFuture<Void> running =
          CompletableFuture.runAsync(
              () ->
                  loop.runSync(
                      () -> {
                        runs.countDown();
                        await(new CompletableFuture<>());
                      }),
              task -> Thread.ofPlatform().start(task));
      runs.await();
      two.setCorePoolSize(2);
      overlap(loop, two);
      assertThat(reported.get(1, TimeUnit.MINUTES)).isSameAs(two);
      loop.close();
      assertThatThrownBy(running::join).hasCauseInstanceOf(LoopClosedException.class);
      assertThat(loop.whenClosed()).isDone();
    } finally {
      two.shutdownNow();
    }
  }

  /** Has one turn begin while another is under way. */
  private static void overlap(IOLoop loop, ScheduledExecutorService two) {
    var together = new CyclicBarrier(2);
    loop.execute(
        () -> {
          // The turn for it comes to the other thread while this one is in its turn, if none has.
          TestLoop.elsewhere(() -> executeUnlessClosed(loop));
          two.execute(() -> meet(together));
          meet(together);
        });
  }

  private static void executeUnlessClosed(IOLoop loop) {
    try {
      loop.execute(() -> {});
    } catch (LoopClosedException hasFailed) {
      assertThat(hasFailed).hasMessageContaining("one thread");
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(1, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aCallbackThatRunsOtherTasksOfTheExecutorIsNoSecondThread() throws Exception {
    var pool = new ScheduledThreadPoolExecutor(1);
    try {
      IOLoop loop = IOLoop.on(pool);
      List<Object> reported = Collections.synchronizedList(new ArrayList<>());
      loop.setExceptionHandler((source, failure) -> reported.add(failure));
      var fired = new CompletableFuture<Void>();
      pool.submit(() -> loop.callLater(Duration.ofMillis(1), () -> fired.complete(null)))
          .get(1, TimeUnit.MINUTES);
      var pumped = new CompletableFuture<Integer>();
      loop.execute(
          () -> {
            TestLoop.elsewhere(() -> loop.execute(() -> {}));
            while (!pool.getQueue().isEmpty()) { // as a modal dialog does
              takeQuietly(pool).run(); // the turn for it, and the alarm
            }
            pumped.complete(1);
          });
      pumped.get(1, TimeUnit.MINUTES);
      fired.get(1, TimeUnit.MINUTES);
      loop.runSync(() -> sleep(Duration.ofMillis(1))); // its alarm rings
      loop.close();
      assertThat(reported).isEmpty();
    } finally {
      pool.shutdownNow();
    }
  }

  private static Runnable takeQuietly(ScheduledThreadPoolExecutor pool) {
    try {
      return pool.getQueue().take();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFailedLoopCanBeAskedForEverythingThatAnyThreadMayAsk() throws Exception {
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    var waiting = new Waiting(executor);
    executor.shutdownNow();
    waiting.assertEveryWaitIsTold("was shut down");
    assertThat(waiting.loop.snapshot().toString()).isNotEmpty();
    assertThatThrownBy(() -> waiting.sleeper.get(1, TimeUnit.MINUTES))
        .isInstanceOf(ExecutionException.class);
    assertThat(waiting.sleeper.cancel(false)).isFalse();
  }
}
