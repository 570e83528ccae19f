package toro.context;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.*;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import toro.Coroutine;
import toro.Event;
import toro.IOLoop;
import toro.TaskGroup;
import toro.ThrowingRunnable;

/**
 * The rules for all that follows a coroutine, on each host; the build runs them on both engines.
 */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class ContextPropagationTest {
  static Stream<Arguments> all() {
    return Stream.of(HostOfLoops.values())
        .flatMap(
            host -> Stream.of(Variable.values()).map(variable -> Arguments.of(host, variable)));
  }

  /** The places that control comes back from: each with others that run meanwhile. */
  @ParameterizedTest
  @MethodSource("all")
  void aCoroutineFindsItsOwnAfterEachWait(HostOfLoops host, Variable variable) throws Exception {
    host.run(
        () -> {
          for (Wait wait : Wait.values()) {
            var over = new Event();
            List<Coroutine<?>> bystanders = new ArrayList<>();
            for (String name : List.of("x", "y")) {
              bystanders.add(
                  spawn(
                      () -> {
                        variable.set(name);
                        while (!over.isSet()) {
                          pause();
                          assertThat(variable.get()).as("bystander of " + wait).isEqualTo(name);
                        }
                      }));
            }
            var plain =
                spawn(
                    () -> {
                      while (!over.isSet()) {
                        pause();
                        assertThat(variable.get()).as("one with none beside " + wait).isNull();
                      }
                    });
            for (String name : List.of("a", "b")) {
              await(
                  spawn(
                      () -> {
                        variable.set(name);
                        wait.run();
                        assertThat(variable.get()).as("after " + wait).isEqualTo(name);
                        wait.run();
                        assertThat(variable.get()).as("after another " + wait).isEqualTo(name);
                      }));
            }
            over.set();
            awaitAll(bystanders);
            await(plain);
            assertThat(variable.get()).as("beside " + wait).isNull();
          }
        });
  }

  @ParameterizedTest
  @MethodSource("all")
  void whateverIsStartedInheritsAndChangesAreItsOwn(HostOfLoops host, Variable variable)
      throws Exception {
    host.run(
        () -> {
          IOLoop loop = IOLoop.current();
          List<String> seen = new ArrayList<>();
          Callable<Integer> body =
              () -> {
                seen.add(variable.get());
                variable.set("its own");
                pause();
                seen.add(variable.get());
                return 1;
              };
          variable.set("parent");
          await(spawn(body));
          await(spawn("named", body));
          await(loop.submit(body));
          race(body);
          try (var group = new TaskGroup()) {
            group.spawn(body);
          }
          var late = spawn(body);
          variable.set("changed");
          await(late);
          assertThat(variable.get()).isEqualTo("changed");
          assertThat(seen).hasSize(12);
          for (int i = 0; i < 12; i++) {
            assertThat(seen.get(i)).isEqualTo(i % 2 == 0 ? "parent" : "its own");
          }
        });
  }

  @ParameterizedTest
  @MethodSource("all")
  void aBlockingCallHasThatOfItsCoroutineAndKeepsItsChanges(HostOfLoops host, Variable variable)
      throws Exception {
    host.run(
        () -> {
          variable.set("a");
          Callable<String> call =
              () -> {
                String inherited = variable.get();
                variable.set("its own");
                return inherited + ", " + variable.get();
              };
          assertThat(blocking(call)).isEqualTo("a, its own");
          assertThat(variable.get()).isEqualTo("a");
        });
  }

  @ParameterizedTest
  @MethodSource("all")
  void aCallbackHasThatOfTheCodeThatHandsItOver(HostOfLoops host, Variable variable)
      throws Exception {
    host.run(
        () -> {
          IOLoop loop = IOLoop.current();
          List<String> seen = Collections.synchronizedList(new ArrayList<>());
          Runnable see =
              () -> {
                seen.add(variable.get());
                variable.set("its own");
              };
          var event = new Event();
          List<CompletableFuture<?>> calls = new ArrayList<>();
          variable.set("a");
          loop.execute(see);
          loop.callLater(Duration.ofNanos(1), see);
          calls.add(event.whenSet().thenRun(see));
          calls.add(event.whenSet().thenRunAsync(see));
          calls.add(event.whenSet().thenRunAsync(see, loop));
          calls.add(event.whenSet().handle((value, failure) -> 1).thenAccept(one -> see.run()));
          calls.add(spawn(() -> pause()).thenRun(see));
          variable.set("b");
          var none = event.whenSet();
          await(
              spawn(
                  () -> {
                    variable.set("c");
                    CompletableFuture.allOf(none).thenRun(() -> seen.add("" + variable.get()));
                    event.set();
                    assertThat(variable.get()).isEqualTo("c");
                  }));
          awaitAll(calls);
          sleep(Duration.ofMillis(1));
          pause();
          assertThat(variable.get()).isEqualTo("b");
          assertThat(seen).containsExactlyInAnyOrder("a", "a", "a", "a", "a", "a", "a", "null");
        });
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatAnotherThreadHandsOverHasThatOfTheThread(HostOfLoops host, Variable variable)
      throws Exception {
    host.run(
        () -> {
          IOLoop here = IOLoop.current();
          var seen = new CompletableFuture<String>();
          var inherited = new CompletableFuture<String>();
          var afterwards = new CompletableFuture<String>();
          ThrowingRunnable there =
              () -> {
                variable.set("there");
                here.execute(() -> seen.complete(variable.get()));
                Callable<String> body =
                    () -> {
                      String first = variable.get();
                      variable.set("changed");
                      pause();
                      return first;
                    };
                inherited.complete(await(here.submit(body)));
                afterwards.complete(variable.get());
              };
          Thread thread = Thread.ofPlatform().start(() -> onItsOwnLoop(there));
          assertThat(await(seen)).isEqualTo("there");
          assertThat(await(inherited)).isEqualTo("there");
          assertThat(await(afterwards)).isEqualTo("there");
          assertThat(variable.get()).isNull();
          await(CompletableFuture.runAsync(() -> join(thread)));
        });
  }

  private static void onItsOwnLoop(ThrowingRunnable body) {
    try (var loop = new IOLoop()) {
      ContextPropagation.install(loop);
      loop.runSync(body);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What Netty, Vert.x or an executor does between two turns of the loop, on the same thread. */
  @ParameterizedTest
  @MethodSource("onSomebodyElsesThread")
  void theHostsOwnTasksSeeNothingAndKeepTheirOwn(HostOfLoops host, Variable variable)
      throws Exception {
    host.run(
        () -> {
          List<String> seen = Collections.synchronizedList(new ArrayList<>());
          for (String name : List.of("a", "b")) {
            spawn(
                () -> {
                  variable.set(name);
                  sleep(Duration.ofDays(1));
                });
          }
          variable.set("main");
          for (int i = 0; i < 3; i++) {
            var over = new CompletableFuture<Void>();
            HostOfLoops.thread()
                .execute(
                    () -> {
                      seen.add(String.valueOf(variable.get()));
                      over.complete(null);
                    });
            await(over);
            assertThat(variable.get()).isEqualTo("main");
          }
          assertThat(seen).containsExactly("null", "null", "null");
        });
  }

  static Stream<Arguments> onSomebodyElsesThread() {
    return all().filter(arguments -> arguments.get()[0] != HostOfLoops.OWN_THREAD);
  }

  @ParameterizedTest
  @EnumSource(value = HostOfLoops.class, names = "OWN_THREAD", mode = EnumSource.Mode.EXCLUDE)
  void aTurnGivesTheThreadBackWhatAHandlerOfTheHostHasLeftThere(HostOfLoops host) throws Exception {
    host.run(
        () -> {
          var thread = HostOfLoops.thread();
          var over = new CompletableFuture<String>();
          thread.execute(() -> Variable.MDC_OF_LOGBACK.set("the host's"));
          await(CompletableFuture.runAsync(() -> {}, thread));
          assertThat(Variable.MDC_OF_LOGBACK.get()).isNull();
          Variable.MDC_OF_LOGBACK.set("coroutine");
          thread.execute(
              () -> {
                String mine = Variable.MDC_OF_LOGBACK.get();
                org.slf4j.MDC.clear();
                over.complete(mine);
              });
          assertThat(await(over)).isEqualTo("the host's");
          assertThat(Variable.MDC_OF_LOGBACK.get()).isEqualTo("coroutine");
        });
  }

  /** The program is another one for each seed, and the same in each run. */
  @ParameterizedTest
  @EnumSource(HostOfLoops.class)
  void aHundredCoroutinesSeeOnlyTheirOwnWhateverTheyDo(HostOfLoops host) throws Exception {
    for (long seed = 1; seed <= 5; seed++) {
      var random = new SplittableRandom(seed);
      List<String> wrong = Collections.synchronizedList(new ArrayList<>());
      host.run(
          () -> {
            List<Coroutine<?>> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
              String name = "coroutine " + i;
              SplittableRandom own = random.split();
              all.add(spawn(() -> live(name, own, wrong)));
            }
            awaitAll(all);
          });
      assertThat(wrong).as("seed " + seed).isEmpty();
    }
  }

  private static void live(String name, SplittableRandom random, List<String> wrong)
      throws Exception {
    for (Variable variable : Variable.values()) {
      variable.set(name);
    }
    for (int i = 0; i < 10; i++) {
      Wait wait = Wait.values()[random.nextInt(Wait.values().length)];
      int attached = random.nextInt(4);
      var event = new Event();
      if (attached == 0) {
        event.whenSet().thenRun(() -> check(name, "callback", wrong));
        IOLoop.current().execute(event::set);
      } else if (attached == 1) {
        spawn(() -> check(name, "child", wrong));
      }
      wait.run();
      check(name, wait, wrong);
    }
  }

  private static void check(String name, Object where, List<String> wrong) {
    for (Variable variable : Variable.values()) {
      if (!name.equals(variable.get())) {
        wrong.add(variable + " of " + name + " at " + where + ": " + variable.get());
      }
    }
  }

  @Test
  void everyNewLoopMayHaveIt() {
    ContextPropagation.installOnNewLoops();
    try {
      Variable.MDC_OF_LOGBACK.set("main");
      IOLoop.run(
          () -> {
            assertThat(Variable.MDC_OF_LOGBACK.get()).isEqualTo("main");
            Variable.MDC_OF_LOGBACK.set("coroutine");
            await(spawn(() -> Variable.MDC_OF_LOGBACK.set("child")));
            assertThat(Variable.MDC_OF_LOGBACK.get()).isEqualTo("coroutine");
          });
      assertThat(Variable.MDC_OF_LOGBACK.get()).isEqualTo("main");
    } finally {
      toro.spi.ThreadContext.installOnNewLoops(null);
      org.slf4j.MDC.clear();
    }
  }
}
