package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.pause;
import static toro.Coroutines.race;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CoroutineLocalTest {
  private final CoroutineLocal<String> local = CoroutineLocal.newInstance();
  private final List<String> seen = new ArrayList<>();

  private void see() {
    seen.add(local.get());
  }

  // Values.

  @Test
  void withoutAValueItIsNull() {
    assertThat(local.get()).isNull();
    TestLoop.run(() -> assertThat(local.get()).isNull());
    TestLoop.run(() -> TestLoop.callback(() -> assertThat(local.get()).isNull()));
  }

  @Test
  void theInitialValueIsMadeOnceForACoroutineAndThoseThatInherit() {
    var made = new AtomicInteger();
    CoroutineLocal<Integer> counted = CoroutineLocal.withInitial(made::incrementAndGet);
    TestLoop.run(
        () -> {
          var before = spawn(() -> counted.get());
          assertThat(counted.get()).isEqualTo(1);
          assertThat(counted.get()).isEqualTo(1);
          assertThat(await(spawn(() -> counted.get()))).isEqualTo(1);
          assertThat(await(before)).isEqualTo(2);
        });
    assertThat(counted.get()).as("no coroutine to keep it").isEqualTo(3);
    assertThat(counted.get()).isEqualTo(4);
  }

  @Test
  void aNullThatIsSetIsAValue() {
    CoroutineLocal<String> withDefault = CoroutineLocal.withInitial(() -> "default");
    TestLoop.run(
        () -> {
          withDefault.set(null);
          assertThat(withDefault.get()).isNull();
        });
  }

  @Test
  void aSupplierThatFailsLeavesItWithoutAValue() {
    var calls = new AtomicInteger();
    CoroutineLocal<String> fails =
        CoroutineLocal.withInitial(
            () -> {
              if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("not yet");
              }
              return "now";
            });
    TestLoop.run(
        () -> {
          assertThatThrownBy(fails::get).hasMessage("not yet");
          assertThat(fails.get()).isEqualTo("now");
        });
  }

  @Test
  void manyVariablesAreIndependent() {
    TestLoop.run(
        () -> {
          List<CoroutineLocal<Integer>> locals = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            locals.add(CoroutineLocal.newInstance());
            locals.get(i).set(i);
          }
          locals.get(50).set(-1);
          for (int i = 0; i < 100; i++) {
            assertThat(locals.get(i).get()).isEqualTo(i == 50 ? -1 : i);
          }
        });
  }

  @Test
  void itsTextShowsNameAndValue() {
    TestLoop.run(
        () -> {
          assertThat(local).hasToString("CoroutineLocal[]");
          local.set("a");
          assertThat(local).hasToString("CoroutineLocal[a]");
          assertThat(Coroutines.named("user", local)).hasToString("CoroutineLocal[\"user\" a]");
        });
  }

  // Inheritance.

  @Test
  void aCoroutineInheritsAsOfItsSpawnAndChangesAreItsOwn() {
    TestLoop.run(
        () -> {
          local.set("parent");
          var child =
              spawn(
                  () -> {
                    see();
                    local.set("child");
                    pause();
                    see();
                  });
          local.set("changed");
          await(child);
          see();
        });
    assertThat(seen).containsExactly("parent", "child", "changed");
  }

  @Test
  void everyWayToStartACoroutineInherits() {
    TestLoop.run(
        () -> {
          local.set("a");
          await(spawn("named", this::see));
          await(IOLoop.current().submit(this::see));
          try (var group = new TaskGroup()) {
            group.spawn(this::see);
          }
          Callable<Integer> body =
              () -> {
                see();
                return 1;
              };
          race(body);
        });
    assertThat(seen).containsExactly("a", "a", "a", "a");
  }

  @Test
  void everyWayToHandOverACallbackInherits() {
    TestLoop.run(
        () -> {
          IOLoop loop = IOLoop.current();
          local.set("a");
          loop.execute(this::see);
          loop.callLater(Duration.ofSeconds(1), this::see);
          loop.callAt(Deadline.after(Duration.ofSeconds(1)), this::see);
          var event = new Event();
          event.whenSet().thenRun(this::see);
          event.whenSet().thenApply(none -> 1).thenAccept(one -> see());
          event.whenSet().thenRunAsync(this::see, loop);
          spawn(() -> pause()).thenRun(this::see);
          local.set("b");
          var setter =
              spawn(
                  () -> {
                    local.set("c");
                    event.set();
                  });
          await(setter);
          sleep(Duration.ofSeconds(2));
          see();
        });
    assertThat(seen).containsExactly("a", "a", "a", "a", "a", "a", "a", "b");
  }

  @Test
  void whatACallbackSetsIsItsOwn() {
    TestLoop.run(
        () -> {
          local.set("a");
          var event = new Event();
          event.whenSet().thenRun(() -> local.set("first"));
          event.whenSet().thenRun(this::see);
          var done = new Event();
          IOLoop.current()
              .execute(
                  () -> {
                    local.set("callback");
                    event.set();
                    see();
                    spawn(this::see);
                    done.set();
                  });
          await(done.whenSet());
          pause();
          see();
        });
    assertThat(seen).containsExactly("a", "callback", "callback", "a");
  }

  @Test
  void aCallbackSeesNothingOfTheCodeThatCompletesItsFuture() {
    TestLoop.run(
        () -> {
          var event = new Event();
          event.whenSet().thenRun(this::see);
          CompletableFuture.allOf(event.whenSet()).thenRun(this::see);
          var done = new Event();
          local.set("main");
          IOLoop.current()
              .execute(
                  () -> {
                    local.set("b");
                    event.set();
                    done.set();
                    see();
                  });
          await(done.whenSet());
        });
    assertThat(seen).containsExactly(null, null, "b");
  }

  @Test
  void eachCallbackOfASharedFutureSeesWhatTheOneThatAttachedItHad() {
    TestLoop.run(
        () -> {
          var shared =
              spawn(
                  () -> {
                    local.set("own");
                    pause();
                    pause();
                  });
          for (String name : List.of("a", "b")) {
            spawn(
                () -> {
                  local.set(name);
                  shared.thenRun(this::see);
                });
          }
          await(shared);
          see();
        });
    assertThat(seen).containsExactlyInAnyOrder("a", "b", null);
  }

  @Test
  void everyMethodThatAttachesACallbackIsCovered() {
    List<Method> attaching =
        Arrays.stream(CompletionStage.class.getMethods())
            .filter(method -> !Modifier.isStatic(method.getModifiers()))
            .filter(method -> method.getParameterCount() > 0)
            .toList();
    assertThat(attaching).hasSizeGreaterThanOrEqualTo(42);
    for (Method method : attaching) {
      assertThat(
              Arrays.stream(CapturingFuture.class.getDeclaredMethods())
                  .filter(own -> !own.isBridge())
                  .anyMatch(
                      own ->
                          own.getName().equals(method.getName())
                              && Arrays.equals(
                                  own.getParameterTypes(), method.getParameterTypes())))
          .as(method.toString())
          .isTrue();
    }
  }

  @Test
  void aCoroutineAndACallbackOfAnotherThreadInherit() {
    try (IOLoop loop = TestLoop.create()) {
      var started = new CompletableFuture<Coroutine<String>>();
      TestLoop.elsewhere(
          () ->
              local.where(
                  "outside",
                  () -> {
                    loop.execute(this::see);
                    started.complete(loop.spawn(() -> local.get()));
                  }));
      assertThat(loop.<String>runSync(() -> await(started.join()))).isEqualTo("outside");
      assertThat(loop.<String>runSync(() -> local.get())).isNull();
    }
    assertThat(seen).containsExactly("outside");
  }

  @Test
  void aLoopThatIsDrivenInABlockInherits() {
    local.where("outside", () -> TestLoop.run(this::see));
    assertThat(seen).containsExactly("outside");
    assertThat(local.get()).isNull();
  }

  @Test
  void whatIsSubmittedToAnotherLoopInherits() throws Exception {
    try (LoopGroup group = IOLoop.group(1)) {
      IOLoop other = group.next();
      TestLoop.run(
          () -> {
            local.set("here");
            String there =
                await(
                    other.submit(
                        () -> {
                          String inherited = local.get();
                          local.set("there");
                          pause();
                          return inherited + " " + local.get();
                        }));
            assertThat(there).isEqualTo("here there");
            assertThat(local.get()).isEqualTo("here");
          });
    }
  }

  @Test
  void aCallbackThatAnotherLoopCompletesSeesItsOwn() {
    try (LoopGroup group = IOLoop.group(1)) {
      IOLoop other = group.next();
      TestLoop.run(
          () -> {
            local.set("here");
            CompletableFuture<String> wait = new AsyncResult<String>().get();
            CompletableFuture<String> callback = wait.thenApply(value -> value + local.get());
            String there =
                await(
                    other.submit(
                        () -> {
                          local.set("there");
                          wait.complete("from ");
                          return local.get();
                        }));
            assertThat(there).isEqualTo("there");
            assertThat(await(callback)).isEqualTo("from here");
          });
    }
  }

  // where.

  @Test
  void afterABlockTheValueIsThatFromBefore() {
    TestLoop.run(
        () -> {
          local.where("a", this::see);
          see();
          local.set("b");
          int result =
              local.where(
                  "c",
                  () -> {
                    see();
                    local.set("d");
                    pause();
                    local.where("e", this::see);
                    see();
                    return 1;
                  });
          assertThat(result).isEqualTo(1);
          see();
        });
    assertThat(seen).containsExactly("a", null, "c", "e", "d", "b");
  }

  @Test
  void whatABlockSetsOfOtherVariablesStays() {
    CoroutineLocal<String> other = CoroutineLocal.newInstance();
    TestLoop.run(
        () -> {
          local.where("a", () -> other.set("kept"));
          assertThat(local.get()).isNull();
          local.set("b");
          local.where("c", () -> other.set("too"));
          assertThat(local.get()).isEqualTo("b");
          assertThat(other.get()).isEqualTo("too");
        });
  }

  @Test
  void aBlockThatFailsEndsTooAndThrowsWhatItThrew() {
    TestLoop.run(
        () -> {
          local.set("a");
          assertThatThrownBy(
                  () ->
                      local.where(
                          "b",
                          () -> {
                            throw new IOException("checked");
                          }))
              .isInstanceOf(IOException.class);
          assertThat(local.get()).isEqualTo("a");
        });
  }

  @Test
  void aBlockOutsideOfALoopEndsWithoutATrace() {
    CoroutineLocal<String> other = CoroutineLocal.newInstance();
    local.where(
        "a",
        () -> {
          other.set("b");
          local.where("c", () -> local.set("d"));
          assertThat(local.get()).isEqualTo("a");
          assertThat(other.get()).isEqualTo("b");
        });
    assertThat(local.get()).isNull();
    assertThat(other.get()).isNull();
  }

  @Test
  void settingAValueThatNothingWouldEndIsRefused() {
    assertThatThrownBy(() -> local.set("a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("where(value, () -> …)");
    assertThat(local.get()).isNull();
  }

  // Interleaving.

  @Test
  void aCleanUpAfterACancellationHasTheValueOfItsCoroutine() {
    TestLoop.run(
        () -> {
          var victim =
              spawn(
                  () -> {
                    local.set("victim");
                    try {
                      sleep(Duration.ofDays(1));
                    } finally {
                      pause();
                      see();
                    }
                  });
          pause();
          local.set("killer");
          victim.cancel(true);
          awaitAll(victim.handle((value, failure) -> 1));
        });
    assertThat(seen).containsExactly("victim");
  }

  @Test
  void aCoroutineThatHasEndedHoldsNoValue() {
    TestLoop.run(
        () -> {
          var held = spawn(() -> local.set("big"));
          await(held);
          assertThat(held.fiber().locals).isNull();
        });
  }
}
