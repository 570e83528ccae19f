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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What belongs to a thread, where all coroutines share the one that drives the loop. */
@EnabledIf("toro.TestLoop#isFast")
class ContinuationEngineTest {
  private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

  private final List<Object> log = new ArrayList<>();

  @Test
  void itIsNamed() {
    assertThat(new IOLoop()).hasToString("IOLoop[idle engine=continuations]");
  }

  @Test
  @OnItsOwnThread
  void coroutinesAndCallbacksRunOnTheThreadThatDrivesTheLoop() {
    Thread here = Thread.currentThread();
    TestLoop.run(
        () -> {
          assertThat(Thread.currentThread()).isSameAs(here);
          sleep(Duration.ofSeconds(1));
          assertThat(Thread.currentThread()).isSameAs(here);
          assertThat(await(spawn(Thread::currentThread))).isSameAs(here);
          TestLoop.callback(() -> assertThat(Thread.currentThread()).isSameAs(here));
        });
  }

  @Test
  void theThreadThatDrivesMayBeVirtualAndMayBlock() throws InterruptedException {
    Thread.ofVirtual()
        .start(
            () ->
                TestLoop.run(
                    () -> {
                      Thread here = Thread.currentThread();
                      for (int i = 0; i < 100; i++) {
                        Thread.yield(); // in the middle of a coroutine it changes its carrier
                        pause();
                        spawn(Thread::yield);
                        sleep(Duration.ofSeconds(1));
                      }
                      assertThat(Thread.currentThread()).isSameAs(here);
                      log.add("done");
                    }))
        .join();
    assertThat(log).containsExactly("done");
  }

  // Thread-locals: shared, as between the callbacks of any event loop.

  @Test
  @OnItsOwnThread
  void threadLocalsAreThoseOfTheThreadThatDrives() {
    ThreadLocal<String> local = new ThreadLocal<>();
    local.set("outside");
    TestLoop.run(
        () -> {
          assertThat(local.get()).isEqualTo("outside");
          local.set("main");
          await(spawn(() -> local.set(local.get() + " other")));
          assertThat(local.get()).isEqualTo("main other");
        });
    assertThat(local.get()).isEqualTo("main other");
  }

  // Scoped values: no coroutine sees those of another.

  @Test
  @OnItsOwnThread
  void aScopedValueOfTheThreadThatDrivesIsBoundInAll() {
    ScopedValue.where(SCOPED, "outside")
        .run(
            () ->
                TestLoop.run(
                    () -> {
                      sleep(Duration.ofSeconds(1));
                      assertThat(SCOPED.get()).isEqualTo("outside");
                      assertThat(await(spawn(SCOPED::get))).isEqualTo("outside");
                    }));
  }

  @Test
  void aScopedValueMayBeBoundBetweenTwoWaits() {
    TestLoop.run(
        () -> {
          for (int i = 0; i < 3; i++) {
            ScopedValue.where(SCOPED, "bound").run(() -> log.add(SCOPED.get()));
            pause();
            assertThat(SCOPED.isBound()).isFalse();
          }
        });
    assertThat(log).containsExactly("bound", "bound", "bound");
  }

  @Test
  void aWaitInsideAScopedValueIsRefusedAndLeavesNoTrace() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          lock.acquire();
          assertThatThrownBy(
                  () -> ScopedValue.where(SCOPED, "bound").run(() -> await(lock.acquire())))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("inside ScopedValue.where")
              .hasMessageContaining("-Dtoro.engine=virtual-threads");
          assertThat(lock).hasToString("Lock[locked]");
          lock.release();
          ScopedValue.where(SCOPED, "bound").run(() -> await(lock.acquire()).close()); // no wait
          assertThat(lock.isLocked()).isFalse();
        });
  }

  @Test
  void aPauseInsideAScopedValueIsRefusedAndDoesNotComeTwice() {
    TestLoop.run(
        () -> {
          spawn(() -> log.add("other"));
          assertThatThrownBy(() -> ScopedValue.where(SCOPED, "bound").run(() -> pause()))
              .isInstanceOf(IllegalStateException.class);
          pause();
          log.add("main");
        });
    assertThat(log).containsExactly("other", "main");
  }

  @Test
  void aScopedValueIsStillNoticedAfterAnOverflowOfTheStack() {
    TestLoop.run(
        () -> {
          assertThatThrownBy(() -> endless(0)).isInstanceOf(StackOverflowError.class);
          sleep(Duration.ofSeconds(1));
          assertThatThrownBy(
                  () ->
                      ScopedValue.where(SCOPED, "bound")
                          .run(
                              () -> {
                                assertThatThrownBy(() -> endless(0))
                                    .isInstanceOf(StackOverflowError.class);
                                sleep(Duration.ofSeconds(1));
                              }))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("inside ScopedValue.where");
          sleep(Duration.ofSeconds(1));
        });
  }

  private static int endless(int depth) {
    return depth < 0 ? 0 : 1 + endless(depth + 1);
  }

  // Native frames.

  /** The JDK calls a class initializer from native code. */
  private static final class WaitsInItsInitializer {
    static {
      Object lock = EVENT.get();
      await(((Event) lock).whenSet());
    }

    static void initialize() {}
  }

  private static final ThreadLocal<Event> EVENT = new ThreadLocal<>();

  @Test
  void aWaitBelowANativeMethodIsRefusedAndLeavesNoTrace() {
    TestLoop.run(
        () -> {
          var event = new Event();
          EVENT.set(event);
          assertThatThrownBy(WaitsInItsInitializer::initialize)
              .isInstanceOf(ExceptionInInitializerError.class)
              .cause()
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("below a native method or a class initializer")
              .hasMessageContaining("-Dtoro.engine=virtual-threads");
          assertThat(event).hasToString("Event[clear]");
          EVENT.remove();
          pause();
        });
  }
}
