package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Stacks, monitors, interrupts, and other threads. */
class CoroutineThreadTest {
  private final List<Object> log = new ArrayList<>();

  // Interrupts.

  /** A machine's clock that counts how often the loop parks. */
  private static final class CountingClock implements LoopClock {
    final AtomicInteger parks = new AtomicInteger();

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public java.time.Instant instant() {
      return java.time.Instant.now();
    }

    @Override
    public void park(long nanos) {
      parks.incrementAndGet();
      LoopClock.super.park(nanos);
    }
  }

  @Test
  @OnItsOwnThread
  void anInterruptOfTheThreadThatDrivesIsKeptUntilTheEnd() throws Exception {
    CountingClock clock = new CountingClock();
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (IOLoop loop = TestLoop.create(clock)) {
                    Thread.currentThread().interrupt();
                    loop.execute(() -> loop.callLater(Duration.ofMillis(50), loop::stop));
                    loop.start();
                    loop.runSync(() -> sleep(Duration.ofMillis(1)));
                  }
                  interrupted.complete(Thread.currentThread().isInterrupted());
                });
    assertThat(interrupted.get()).isTrue();
    thread.join();
    assertThat(clock.parks).hasValueLessThan(100); // it does not spin
  }

  @Test
  void anInterruptWhileTheLoopWaitsIsKeptUntilTheEnd() throws Exception {
    IOLoop loop = TestLoop.create();
    CompletableFuture<String> value = new CompletableFuture<>();
    CountDownLatch running = new CountDownLatch(1);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  loop.runSync(
                      () -> {
                        running.countDown();
                        log.add(await(value));
                      });
                  interrupted.complete(Thread.currentThread().isInterrupted());
                  loop.close();
                });
    running.await();
    for (int i = 0; i < 100; i++) {
      thread.interrupt();
    }
    value.complete("value");
    assertThat(interrupted.get()).isTrue();
    thread.join();
    assertThat(log).containsExactly("value");
  }

  @Test
  @OnItsOwnThread
  void anInterruptedCoroutineWaitsAllTheSame() {
    CountingClock clock = new CountingClock();
    try (IOLoop loop = TestLoop.create(clock)) {
      loop.runSync(
          () -> {
            Thread.currentThread().interrupt();
            long before = System.nanoTime();
            sleep(Duration.ofMillis(50));
            assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(50_000_000);
            assertThat(Thread.interrupted()).isTrue();
            pause();
          });
    }
    assertThat(clock.parks).hasValueLessThan(100);
  }

  // Stacks.

  private static int deep(int depth) {
    if (depth == 0) {
      pause();
      sleep(Duration.ofSeconds(1));
      return 0;
    }
    return 1 + deep(depth - 1);
  }

  @Test
  void aCoroutineMayAwaitAThousandCallsDeep() {
    TestLoop.run(
        () -> {
          Coroutine<Integer> one = spawn(() -> deep(1_000));
          Coroutine<Integer> two = spawn(() -> deep(1_000));
          assertThat(deep(1_000)).isEqualTo(1_000);
          assertThat(await(one)).isEqualTo(1_000);
          assertThat(await(two)).isEqualTo(1_000);
        });
  }

  private static void dive(int depth, int pauseAt) {
    if (depth == pauseAt) {
      pause();
    }
    if (depth >= 0) { // always
      dive(depth + 1, pauseAt);
    }
  }

  @Test
  void aStackThatRunsOutHarmsNobodyElseWhereverItAwaits() {
    for (int pauseAt = 500; pauseAt < 20_000; pauseAt += 650) {
      int depth = pauseAt;
      TestLoop.run(
          () -> {
            Coroutine<Void> pauses =
                spawn(
                    () -> {
                      for (int i = 0; i < 100; i++) {
                        pause();
                      }
                    });
            Coroutine<Void> sleeps = spawn(() -> sleep(Duration.ofSeconds(1)));
            Coroutine<Void> dives = spawn(() -> dive(0, depth));
            assertThatThrownBy(() -> await(dives)).isInstanceOf(StackOverflowError.class);
            await(pauses);
            await(sleeps);
          });
    }
  }

  private static int endless(int depth) {
    return depth < 0 ? 0 : 1 + endless(depth + 1);
  }

  @Test
  void anOverflowOfItsStackFailsOnlyThatOne() {
    TestLoop.run(
        () -> {
          Coroutine<Integer> endless = spawn(() -> endless(0));
          Coroutine<String> other =
              spawn(
                  () -> {
                    sleep(Duration.ofSeconds(1));
                    return "alive";
                  });
          assertThatThrownBy(() -> await(endless)).isInstanceOf(StackOverflowError.class);
          assertThat(await(other)).isEqualTo("alive");
        });
  }

  @Test
  void awaitingInsideAMonitorKeepsItAndLetsTheOthersRun() {
    TestLoop.run(
        () -> {
          Object monitor = new Object();
          var event = new Event();
          Coroutine<Void> holder =
              spawn(
                  () -> {
                    synchronized (monitor) {
                      await(event.whenSet());
                      assertThat(Thread.holdsLock(monitor)).isTrue();
                      log.add("holder");
                    }
                  });
          pause();
          spawn(() -> log.add("other"));
          sleep(Duration.ofSeconds(1));
          event.set();
          await(holder);
        });
    assertThat(log).containsExactly("other", "holder");
  }

  // Many threads.

  @Test
  @OnItsOwnThread
  void nothingOfWhatManyThreadsHandOverIsLost() throws Exception {
    int threads = 4;
    int each = 2_000;
    AtomicInteger callbacks = new AtomicInteger();
    ConcurrentLinkedQueue<Coroutine<Integer>> spawned = new ConcurrentLinkedQueue<>();
    IOLoop loop = TestLoop.create(LoopClock.system());
    Thread driver = Thread.ofPlatform().start(loop::start);
    List<Thread> others = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      others.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < each; i++) {
                      int number = i;
                      loop.execute(callbacks::incrementAndGet);
                      CompletableFuture<Integer> foreign = new CompletableFuture<>();
                      Coroutine<Integer> coroutine = loop.spawn(() -> await(foreign));
                      spawned.add(coroutine);
                      switch (number % 3) {
                        case 0 -> foreign.complete(number);
                        case 1 -> coroutine.cancel(false);
                        default -> coroutine.complete(number);
                      }
                    }
                  }));
    }
    for (Thread other : others) {
      other.join();
    }
    for (Coroutine<Integer> coroutine : spawned) {
      coroutine.handle((value, failure) -> null).join();
    }
    CompletableFuture<Integer> left = new CompletableFuture<>();
    loop.execute(() -> loop.execute(() -> left.complete(callbacks.get())));
    assertThat(left.get()).isEqualTo(threads * each);
    loop.stop();
    driver.join();
    assertThat(spawned).hasSize(threads * each);
    loop.close();
    assertThat(loop.toString()).doesNotContain("coroutines");
  }
}
