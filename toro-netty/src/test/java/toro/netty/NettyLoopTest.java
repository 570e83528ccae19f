package toro.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.withTimeout;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import toro.Coroutine;
import toro.DeadlineExceededException;
import toro.IOLoop;
import toro.Lock;
import toro.LoopClosedException;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class NettyLoopTest {
  private final EventLoop eventLoop = new DefaultEventLoop();

  @AfterEach
  void shutDown() {
    shutDown(0);
  }

  /** Waits until it has terminated, and all who were to be told of it are. */
  private void shutDown(int quietMillis) {
    var told = new CompletableFuture<Void>();
    eventLoop
        .shutdownGracefully(quietMillis, 60_000, TimeUnit.MILLISECONDS)
        .addListener(terminated -> told.complete(null));
    told.join();
  }

  private static boolean isFast(IOLoop loop) {
    return loop.toString().contains("engine=continuations");
  }

  private <T> T onEventLoop(java.util.concurrent.Callable<T> action) throws Exception {
    return eventLoop.submit(action).get(1, TimeUnit.MINUTES);
  }

  // Which loop.

  @Test
  void anEventLoopHasAlwaysTheSameLoop() throws Exception {
    IOLoop loop = NettyLoop.of(eventLoop);
    assertThat(NettyLoop.of(eventLoop)).isSameAs(loop);
    assertThat(onEventLoop(() -> NettyLoop.of(eventLoop))).isSameAs(loop);
    assertThat(loop.runSync(() -> NettyLoop.of(eventLoop))).isSameAs(loop);
  }

  @Test
  void threadsThatAskAtOnceGetTheSameLoop() {
    var threads = Collections.nCopies(8, CompletableFuture.supplyAsync(() -> 0)).stream();
    var loops = threads.map(it -> it.thenApplyAsync(zero -> NettyLoop.of(eventLoop))).toList();
    assertThat(loops.stream().map(CompletableFuture::join).distinct()).hasSize(1);
  }

  @Test
  void aChannelHasTheLoopOfItsEventLoop() {
    try (var group = new MultiThreadIoEventLoopGroup(2, LocalIoHandler.newFactory())) {
      var channels = List.of(new LocalChannel(), new LocalChannel(), new LocalChannel());
      channels.forEach(channel -> group.register(channel).syncUninterruptibly());
      var loops = channels.stream().map(NettyLoop::of).toList();
      assertThat(loops.get(0)).isSameAs(NettyLoop.of(channels.get(0).eventLoop()));
      assertThat(loops.get(1)).isNotSameAs(loops.get(0)); // they take turns in the group
      assertThat(loops.get(2)).isSameAs(loops.get(0));
      group.shutdownGracefully(0, 1, TimeUnit.MINUTES);
    }
  }

  @Test
  void aChannelThatIsNotRegisteredHasNone() {
    assertThatIllegalStateException().isThrownBy(() -> NettyLoop.of(new LocalChannel()));
  }

  @Test
  void anEventLoopThatCannotTellItsEndIsRefused() {
    EventLoop embedded = new EmbeddedChannel().eventLoop();
    assertThatThrownBy(() -> NettyLoop.of(embedded))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(NettyLoop.LOOPS).doesNotContainKey(embedded);
  }

  // On the loop.

  @Test
  void onTheFastEngineACoroutineIsInTheEventLoopBeforeAndAfterAnAwait() {
    IOLoop loop = NettyLoop.of(eventLoop);
    loop.runSync(
        () -> {
          assertThat(eventLoop.inEventLoop()).isEqualTo(isFast(loop));
          sleep(Duration.ofMillis(1));
          assertThat(eventLoop.inEventLoop()).isEqualTo(isFast(loop));
          NettyLoop.await(eventLoop.submit(() -> "task"));
          assertThat(eventLoop.inEventLoop()).isEqualTo(isFast(loop));
        });
  }

  @Test
  void whatTheEventLoopRunsIsOnTheLoopFromTheBeginning() throws Exception {
    var result =
        onEventLoop(
            () -> {
              IOLoop loop = NettyLoop.of(eventLoop);
              assertThat(IOLoop.current()).isSameAs(loop);
              assertThat(new Lock().acquire()).isDone();
              return loop.spawn(() -> "spawned");
            });
    assertThat(result.get(1, TimeUnit.MINUTES)).isEqualTo("spawned");
  }

  // Futures.

  /** Counts its listeners. */
  private static final class Promise extends DefaultPromise<String> {
    private final AtomicInteger listeners = new AtomicInteger();

    Promise(EventLoop eventLoop) {
      super(eventLoop);
    }

    @Override
    public io.netty.util.concurrent.Promise<String> addListener(
        GenericFutureListener<? extends Future<? super String>> listener) {
      listeners.incrementAndGet();
      return super.addListener(listener);
    }

    @Override
    public io.netty.util.concurrent.Promise<String> removeListener(
        GenericFutureListener<? extends Future<? super String>> listener) {
      listeners.decrementAndGet();
      return super.removeListener(listener);
    }
  }

  private Coroutine<String> awaiting(Promise promise) {
    var coroutine = NettyLoop.of(eventLoop).spawn(() -> NettyLoop.await(promise));
    NettyLoop.of(eventLoop).runSync(() -> pause());
    assertThat(promise.listeners).hasValue(1);
    return coroutine;
  }

  @Test
  void awaitGivesTheValue() {
    var promise = new Promise(eventLoop);
    var coroutine = awaiting(promise);
    promise.setSuccess("value");
    assertThat(coroutine.join()).isEqualTo("value");
  }

  @Test
  void awaitGivesTheValueOfAFutureOfAnotherEventLoop() {
    var other = new DefaultEventLoop();
    try {
      var promise = new Promise(other);
      var coroutine = awaiting(promise);
      other.execute(() -> promise.setSuccess("value"));
      assertThat(coroutine.join()).isEqualTo("value");
    } finally {
      other.shutdownGracefully(0, 1, TimeUnit.MINUTES);
    }
  }

  @Test
  void awaitThrowsTheFailureAsItIs() {
    var promise = new Promise(eventLoop);
    var failure = new IOException("no route");
    IOLoop loop = NettyLoop.of(eventLoop);
    loop.execute(() -> promise.setFailure(failure));
    assertThatThrownBy(() -> loop.runSync(() -> NettyLoop.await(promise))).isSameAs(failure);
  }

  @Test
  void awaitOfAFutureThatIsCancelledThrowsThat() {
    var promise = new Promise(eventLoop);
    var coroutine = awaiting(promise);
    promise.cancel(true);
    assertThatThrownBy(coroutine::join).isInstanceOf(CancellationException.class);
  }

  @Test
  void awaitOfAFutureThatIsDoneDoesNotSuspend() {
    var promise = new Promise(eventLoop);
    promise.setSuccess("value");
    var log = new ArrayList<String>();
    IOLoop loop = NettyLoop.of(eventLoop);
    loop.runSync(
        () -> {
          loop.execute(() -> log.add("another"));
          log.add(NettyLoop.await(promise));
          pause();
        });
    assertThat(log).containsExactly("value", "another");
    assertThat(promise.listeners).hasValue(0);
  }

  @Test
  void cancellingTheCoroutineLeavesTheFutureAloneAndNoListenerAtIt() {
    var promise = new Promise(eventLoop);
    var coroutine = awaiting(promise);
    coroutine.cancel(true);
    assertThatThrownBy(coroutine::join).isInstanceOf(CancellationException.class);
    assertThat(promise.isDone()).isFalse();
    assertThat(promise.listeners).hasValue(0);
  }

  @Test
  void aDeadlineThatPassesLeavesTheFutureAloneAndNoListenerAtIt() {
    var promise = new Promise(eventLoop);
    var body = NettyLoop.of(eventLoop);
    assertThatThrownBy(
            () ->
                body.runSync(
                    () -> withTimeout(Duration.ofMillis(1), () -> NettyLoop.await(promise))))
        .isInstanceOf(DeadlineExceededException.class);
    assertThat(promise.isDone()).isFalse();
    assertThat(promise.listeners).hasValue(0);
  }

  @Test
  void awaitWhereThereIsNoCoroutineIsRefusedAndLeavesNoListener() {
    var promise = new Promise(eventLoop);
    assertThatIllegalStateException()
        .isThrownBy(() -> NettyLoop.await(promise))
        .withMessageContaining("no coroutine to suspend");
    assertThat(promise.listeners).hasValue(0);
  }

  // The end.

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whenTheEventLoopShutsDownItsCoroutinesAreCancelledAndCleanUpOnIt(int quietMillis) {
    IOLoop loop = NettyLoop.of(eventLoop);
    var log = Collections.synchronizedList(new ArrayList<>());
    var coroutine =
        loop.spawn(
            () -> {
              var lock = new Lock();
              await(lock.acquire());
              try {
                await(lock.acquire());
              } catch (CancellationException e) {
                pause();
                log.add(eventLoop.inEventLoop());
                throw e;
              }
            });
    loop.runSync(() -> pause());
    shutDown(quietMillis);
    assertThatThrownBy(coroutine::join).isInstanceOf(CancellationException.class);
    assertThat(log).containsExactly(isFast(loop));
    loop.whenClosed().join();
  }

  @Test
  void whoCleansUpInTheQuietPeriodMayUseTheEventLoop() {
    IOLoop loop = NettyLoop.of(eventLoop);
    var cleanedUp = new CompletableFuture<String>();
    loop.spawn(
        () -> {
          try {
            NettyLoop.await(eventLoop.newPromise());
          } finally {
            cleanedUp.complete(NettyLoop.await(eventLoop.submit(() -> "on the event loop")));
          }
        });
    loop.runSync(() -> pause());
    shutDown(1);
    assertThat(cleanedUp.join()).isEqualTo("on the event loop");
    loop.whenClosed().join();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whoStillWaitsWhenTheEventLoopHasTerminatedLearnsOfIt(int quietMillis) {
    IOLoop loop = NettyLoop.of(eventLoop);
    var learned = new CompletableFuture<Throwable>();
    var coroutine =
        loop.spawn(
            () -> {
              try {
                NettyLoop.await(eventLoop.newPromise());
              } catch (CancellationException e) {
                try {
                  sleep(Duration.ofDays(1));
                } catch (LoopClosedException closed) {
                  learned.complete(closed);
                }
              }
            });
    loop.runSync(() -> pause());
    shutDown(quietMillis);
    assertThat(learned.join()).isInstanceOf(LoopClosedException.class);
    coroutine.join();
    loop.whenClosed().join();
  }

  @Test
  void nothingIsKeptOfAnEventLoopThatHasTerminated() {
    IOLoop loop = NettyLoop.of(eventLoop);
    assertThat(NettyLoop.LOOPS).containsKey(eventLoop);
    shutDown();
    loop.whenClosed().join();
    assertThat(NettyLoop.LOOPS).doesNotContainKey(eventLoop);
    assertThatThrownBy(() -> NettyLoop.of(eventLoop))
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(NettyLoop.LOOPS).doesNotContainKey(eventLoop);
  }

  @Test
  void anEventLoopThatShutsDownHasNoNewLoop() throws Exception {
    IOLoop loop = NettyLoop.of(eventLoop);
    var seen = new CompletableFuture<IOLoop>();
    loop.spawn(
        () -> {
          try {
            NettyLoop.await(eventLoop.newPromise());
          } finally {
            seen.complete(NettyLoop.of(eventLoop));
          }
        });
    loop.runSync(() -> pause());
    shutDown();
    assertThat(seen.join()).isSameAs(loop);
  }

  /** Remembers what was scheduled. */
  private static final class Scheduling extends DefaultEventLoop {
    private final List<ScheduledFuture<?>> scheduled =
        Collections.synchronizedList(new ArrayList<>());

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      ScheduledFuture<?> future = super.schedule(task, delay, unit);
      scheduled.add(future);
      return future;
    }

    long pending() {
      return scheduled.stream().filter(future -> !future.isDone()).count();
    }
  }

  @Test
  void aLoopLeavesFewTimersInTheEventLoopAndNoneWhenItIsClosed() throws Exception {
    var scheduling = new Scheduling();
    try {
      IOLoop loop = NettyLoop.of(scheduling);
      loop.spawn(() -> sleep(Duration.ofDays(30)));
      for (int i = 0; i < 500; i++) {
        loop.submit(() -> sleep(Duration.ofNanos(50_000))).get(1, TimeUnit.MINUTES);
      }
      assertThat(scheduling.pending()).isBetween(1L, 3L);
      loop.close();
      assertThat(scheduling.pending()).isZero();
      assertThat(scheduling.scheduled).anyMatch(Future::isCancelled);
    } finally {
      scheduling.shutdownGracefully(0, 1, TimeUnit.MINUTES);
    }
  }

  @Test
  void whatWaitsEndsAlsoIfNobodyElseNoticesTheEndOfTheEventLoop() throws Exception {
    IOLoop second = IOLoop.on(eventLoop, eventLoop::inEventLoop); // not the one that is closed
    var coroutine = second.spawn(() -> sleep(Duration.ofDays(30)));
    second.runSync(() -> pause());
    eventLoop.shutdownGracefully(0, 1, TimeUnit.MINUTES);
    second.whenClosed().get(1, TimeUnit.MINUTES);
    assertThatThrownBy(coroutine::join)
        .cause()
        .isInstanceOf(LoopClosedException.class)
        .hasMessageContaining("was shut down first");
  }

  @Test
  void itMayBeClosedBeforeTheEventLoop() {
    IOLoop loop = NettyLoop.of(eventLoop);
    loop.close();
    assertThatThrownBy(() -> loop.spawn(() -> {})).isInstanceOf(LoopClosedException.class);
    assertThat(NettyLoop.of(eventLoop)).isSameAs(loop);
  }
}
