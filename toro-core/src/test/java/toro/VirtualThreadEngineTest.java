package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;

/** What belongs to a thread, where each coroutine is one. */
@DisabledIf("toro.TestLoop#isFast")
class VirtualThreadEngineTest {
  private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

  @Test
  void itIsNamed() {
    assertThat(new IOLoop()).hasToString("IOLoop[idle engine=virtual-threads]");
  }

  @Test
  void eachCoroutineHasAVirtualThreadOfItsOwn() {
    TestLoop.run(
        () -> {
          assertThat(Thread.currentThread().isVirtual()).isTrue();
          assertThat(await(spawn(Thread::currentThread))).isNotSameAs(Thread.currentThread());
        });
  }

  @Test
  void anInterruptOfACoroutineIsItsOwn() {
    TestLoop.run(
        () -> {
          Thread.currentThread().interrupt();
          assertThat(await(spawn(() -> Thread.currentThread().isInterrupted()))).isFalse();
          assertThat(Thread.interrupted()).isTrue();
        });
  }

  @Test
  void threadLocalsOfACoroutineAreItsOwn() {
    ThreadLocal<String> local = new ThreadLocal<>();
    TestLoop.run(
        () -> {
          local.set("main");
          Coroutine<Void> other =
              spawn(
                  () -> {
                    assertThat(local.get()).isNull();
                    local.set("other");
                    sleep(Duration.ofSeconds(1));
                    assertThat(local.get()).isEqualTo("other");
                  });
          await(other);
          assertThat(local.get()).isEqualTo("main");
        });
    assertThat(local.get()).isNull();
  }

  @Test
  void aCallbackSeesNothingOfTheCoroutineThatHasLeftItsTurn() {
    ThreadLocal<String> local = new ThreadLocal<>();
    ScopedValue<String> scoped = ScopedValue.newInstance();
    TestLoop.run(
        () -> {
          List<Object> seen = new ArrayList<>();
          IOLoop.current()
              .callLater(
                  Duration.ofMillis(1),
                  () -> {
                    seen.add(local.get());
                    seen.add(scoped.isBound());
                    local.set("the callback's");
                  });
          local.set("the coroutine's");
          ScopedValue.where(scoped, "the coroutine's").run(() -> sleep(Duration.ofSeconds(1)));
          assertThat(seen).containsExactly(null, false);
          assertThat(local.get()).isEqualTo("the coroutine's");
        });
  }

  @Test
  void theThreadOfTheCallbacksEndsWithTheLoop() throws InterruptedException {
    Thread[] caller = new Thread[1];
    TestLoop.run(
        () -> {
          IOLoop.current().execute(() -> caller[0] = Thread.currentThread());
          pause();
        });
    caller[0].join();
  }

  @Test
  void inheritableThreadLocalsAreNotInherited() {
    InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
    local.set("outside");
    try {
      TestLoop.run(
          () -> {
            assertThat(local.get()).isNull();
            local.set("main");
            assertThat(await(spawn(local::get))).isNull();
          });
    } finally {
      local.remove();
    }
  }

  @Test
  void aScopedValueIsBoundAcrossAnAwaitAndOnlyForItsCoroutine() {
    TestLoop.run(
        () ->
            ScopedValue.where(SCOPED, "bound")
                .run(
                    () -> {
                      Coroutine<Boolean> other =
                          spawn(
                              () -> {
                                pause();
                                return SCOPED.isBound();
                              });
                      sleep(Duration.ofSeconds(1));
                      assertThat(SCOPED.get()).isEqualTo("bound");
                      assertThat(await(other)).isFalse();
                      assertThat(SCOPED.get()).isEqualTo("bound");
                    }));
    assertThat(SCOPED.isBound()).isFalse();
  }
}
