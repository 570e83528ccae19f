package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.spawn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import toro.spi.ThreadContext;

/** A thread-local of somebody else follows the coroutine. */
class ThreadContextTest {
  private static final ThreadLocal<String> VALUE = ThreadLocal.withInitial(() -> "");

  private final List<String> seen = new ArrayList<>();
  private final ThreadContext context = new OfVALUE();

  private static final class OfVALUE implements ThreadContext {
    @Override
    public Object capture() {
      return VALUE.get();
    }

    @Override
    public Object none() {
      return "";
    }

    @Override
    public Object enter(Object captured) {
      String before = VALUE.get();
      VALUE.set((String) captured);
      return before;
    }

    @Override
    public Object leave(Object outer) {
      return enter(outer);
    }
  }

  private void see() {
    seen.add(VALUE.get());
  }

  private void run(ThrowingRunnable body) {
    List<Throwable> reported = new ArrayList<>();
    try (IOLoop loop = TestLoop.create(reported)) {
      ThreadContext.install(loop, context);
      loop.runSync(body);
    }
    assertThat(reported).isEmpty();
  }

  @AfterEach
  void thisThreadHasNothing() {
    VALUE.remove();
  }

  @Test
  void aCoroutineKeepsItsOwnWhileOthersRun() {
    run(
        () -> {
          for (String name : List.of("a", "b")) {
            spawn(
                () -> {
                  see();
                  VALUE.set(name);
                  pause();
                  see();
                  pause();
                  see();
                });
          }
          VALUE.set("main");
          pause();
          pause();
          pause();
          pause();
          see();
        });
    assertThat(seen).containsExactly("", "", "a", "b", "a", "b", "main");
  }

  @Test
  void aCoroutineInheritsAndTheThreadIsGivenBackWhatItHad() {
    VALUE.set("thread");
    run(
        () -> {
          see();
          VALUE.set("parent");
          await(spawn(this::see));
          VALUE.set("left behind");
        });
    assertThat(seen).containsExactly("thread", "parent");
    assertThat(VALUE.get()).isEqualTo("thread");
  }

  @Test
  void aCallbackHasThatOfTheOneThatHandsItOver() {
    run(
        () -> {
          IOLoop loop = IOLoop.current();
          VALUE.set("a");
          loop.execute(this::see);
          loop.callLater(Duration.ofSeconds(1), this::see);
          var event = new Event();
          event.whenSet().thenRun(this::see);
          VALUE.set("b");
          CompletableFuture.allOf(event.whenSet()).thenRun(this::see);
          event.whenSet().thenRun(() -> VALUE.set("its own"));
          event.set();
          see();
          Coroutines.sleep(Duration.ofSeconds(2));
        });
    assertThat(seen).containsExactly("a", "", "b", "a", "a");
  }

  @Test
  void theExceptionHandlerHasThatOfTheCallback() {
    try (IOLoop loop = TestLoop.create()) {
      ThreadContext.install(loop, context);
      List<Object> sources = new ArrayList<>();
      loop.setExceptionHandler(
          (source, failure) -> {
            sources.add(source);
            see();
          });
      Runnable fails =
          () -> {
            throw new IllegalStateException();
          };
      loop.runSync(
          () -> {
            VALUE.set("callback");
            loop.execute(fails);
            VALUE.set("coroutine");
            sources.add(
                spawn(
                    () -> {
                      VALUE.set("child");
                      throw new IllegalStateException();
                    }));
            pause();
            pause();
          });
      assertThat(sources.get(1)).isSameAs(fails);
      assertThat(sources.get(2)).isSameAs(sources.get(0));
    }
    assertThat(seen).containsExactly("callback", "child");
  }

  @Test
  void aWaitThatIsRefusedLeavesItInstalled() {
    run(
        () -> {
          VALUE.set("a");
          var coroutine = IOLoop.current().currentCoroutine();
          assertThatThrownBy(() -> await(coroutine)).isInstanceOf(IllegalStateException.class);
          see();
          if (TestLoop.isFast()) {
            ScopedValue.where(ScopedValue.newInstance(), "")
                .run(
                    () ->
                        assertThatThrownBy(() -> pauseForOthers())
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("CoroutineLocal"));
          }
          see();
        });
    assertThat(seen).containsExactly("a", "a");
  }

  private static void pauseForOthers() {
    spawn(() -> {});
    pause();
  }

  @Test
  void aCoroutineThatHasEndedHoldsNothing() {
    run(
        () -> {
          VALUE.set("big");
          var ended = spawn(() -> pause());
          await(ended);
          var neverBegan = spawn(() -> pause());
          neverBegan.cancel(true);
          pause();
          assertThat(ended.fiber().onThread).isNull();
          assertThat(neverBegan.fiber().onThread).isNull();
        });
  }

  @Test
  void aCoroutineThatInstallsItIsManagedFromThenOn() {
    TestLoop.run(
        () -> {
          ThreadContext.install(IOLoop.current(), context);
          VALUE.set("installer");
          var other = spawn(() -> VALUE.set("other"));
          await(other);
          see();
        });
    assertThat(seen).containsExactly("installer");
    assertThat(VALUE.get()).isEmpty();
  }

  @Test
  void aLoopHasOneAndAllNewLoopsMayHaveIt() {
    ThreadContext.installOnNewLoops(context);
    try (IOLoop loop = TestLoop.create()) {
      ThreadContext.install(loop, context); // it has it already
      assertThatThrownBy(() -> ThreadContext.install(loop, new OfVALUE()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("thread context");
      VALUE.set("inherited");
      loop.runSync(this::see);
    } finally {
      ThreadContext.installOnNewLoops(null);
    }
    assertThat(seen).containsExactly("inherited");
  }
}
