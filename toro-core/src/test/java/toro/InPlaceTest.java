package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A coroutine that waits, and begins others on its own stack. */
@EnabledIf("toro.TestLoop#isFast")
class InPlaceTest {
  private final List<Object> log = new ArrayList<>();

  /** Does the calling coroutine run above one that waits? */
  private static boolean isAboveAnother() {
    return depth() > 1;
  }

  /** How many coroutines are on the stack. */
  private static long depth() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> frame.getClassName().equals(Fiber.class.getName()))
                    .filter(frame -> frame.getMethodName().equals("live"))
                    .count());
  }

  /** Lets the calling coroutine learn that those it spawns end at once. */
  private static void learn() {
    for (int i = 0; !await(spawn(InPlaceTest::isAboveAnother)); i++) {
      assertThat(i).isLessThan(100);
    }
  }

  @Test
  void oneThatEndsAtOnceCostsNoSwitch() {
    TestLoop.run(
        () -> {
          learn();
          int switches = 0;
          for (int i = 0; i < 1_000; i++) {
            switches += await(spawn(InPlaceTest::isAboveAnother)) ? 0 : 1;
          }
          assertThat(switches).isLessThan(10); // the turn of an executor ends now and then
        });
  }

  @Test
  void aCoroutineWhoseChildrenWaitLearnsToBeSuspended() {
    TestLoop.run(
        () -> {
          learn();
          int above = 0;
          for (int i = 0; i < 2_000; i++) {
            boolean[] isAbove = new boolean[1];
            await(
                spawn(
                    () -> {
                      isAbove[0] = isAboveAnother();
                      pause();
                      pause(); // the first may find nobody else ready
                      sleep(Duration.ofMillis(1));
                    }));
            above += isAbove[0] ? 1 : 0;
          }
          assertThat(above).isBetween(1, 10);
        });
  }

  @Test
  void theOrderIsThatOfBecomingReady() {
    TestLoop.run(
        () -> {
          learn();
          var event = new Event();
          spawn(
              () -> {
                log.add("first");
                event.set();
                spawn(() -> log.add("third"));
              });
          spawn(() -> log.add("second"));
          await(event.whenSet());
          log.add("main");
          pause();
          log.add("main again");
        });
    assertThat(log).containsExactly("first", "second", "main", "third", "main again");
  }

  @Test
  void oneThatWaitsIsSuspendedAndGoesOnLater() {
    TestLoop.run(
        () -> {
          learn();
          var event = new Event();
          Coroutine<String> child =
              spawn(
                  () -> {
                    log.add(isAboveAnother());
                    await(event.whenSet());
                    log.add(isAboveAnother());
                    return "child";
                  });
          pause();
          log.add("main");
          event.set();
          log.add(await(child));
        });
    assertThat(log).containsExactly(true, "main", false, "child");
  }

  @Test
  void aCoroutineThatEndsAfterAnotherHadToWaitEndsTheWaitOfTheOneBelow() {
    TestLoop.run(
        () -> {
          learn();
          spawn(() -> sleep(Duration.ofSeconds(1)));
          log.add(await(spawn(() -> "child")));
        });
    assertThat(log).containsExactly("child");
  }

  @Test
  void coroutinesThatAwaitWhatTheySpawnMayBeNestedTenThousandDeep() {
    TestLoop.run(() -> assertThat(count(10_000)).isEqualTo(10_000));
  }

  private static int count(int depth) {
    learn();
    return depth == 0 ? 0 : 1 + await(spawn(() -> count(depth - 1)));
  }

  @Test
  void fewStandOnOneStack() {
    TestLoop.run(
        () -> {
          long deepest = await(spawn(() -> deepest(100)));
          assertThat(deepest).isBetween(2L, 5L);
        });
  }

  private static long deepest(int depth) {
    long here = depth();
    if (depth == 0) {
      return here;
    }
    learn();
    return Math.max(here, await(spawn(() -> deepest(depth - 1))));
  }

  @Test
  void aFailureIsThatOfTheOneAboveAndItsTraceTellsWhoAwaitsIt() {
    TestLoop.run(
        () -> {
          learn();
          assertThatThrownBy(() -> await(spawn(InPlaceTest::fail)))
              .hasMessage("above")
              .satisfies(
                  failure ->
                      assertThat(failure.getStackTrace()[0].getMethodName()).isEqualTo("fail"))
              .satisfies(
                  failure ->
                      assertThat(failure.getStackTrace())
                          .noneMatch(frame -> frame.getMethodName().equals("stand"))
                          .noneMatch(frame -> frame.getMethodName().equals("live")));
          assertThat(await(spawn(() -> "alive"))).isEqualTo("alive");
        });
  }

  private static Void fail() {
    throw new IllegalArgumentException("above");
  }

  @Test
  void anOverflowAboveFailsOnlyThatOne() {
    TestLoop.run(
        () -> {
          learn();
          assertThatThrownBy(() -> await(spawn(() -> endless(0))))
              .isInstanceOf(StackOverflowError.class);
          learn();
        });
  }

  private static int endless(int depth) {
    return depth < 0 ? 0 : 1 + endless(depth + 1);
  }

  @Test
  void theOneAboveMayCancelTheOneBelow() {
    TestLoop.run(
        () -> {
          Coroutine<?>[] below = new Coroutine<?>[1];
          below[0] =
              spawn(
                  () -> {
                    learn();
                    spawn(() -> log.add(isAboveAnother() && below[0].cancel(false)));
                    assertThatThrownBy(() -> await(new Event().whenSet()))
                        .isInstanceOf(CancellationException.class);
                    log.add("cancelled");
                  });
          await(below[0]);
        });
    assertThat(log).containsExactly(true, "cancelled");
  }

  @Test
  @OnItsOwnThread
  void theOneAboveMayStopTheLoop() {
    try (IOLoop loop = TestLoop.create()) {
      loop.spawn(
          () -> {
            learn();
            Coroutine<?> child =
                spawn(
                    () -> {
                      log.add(isAboveAnother());
                      loop.stop();
                    });
            spawn(() -> log.add("later"));
            await(child);
            log.add("below");
            loop.stop();
          });
      loop.start();
      log.add("stopped");
      loop.start();
    }
    assertThat(log).containsExactly(true, "stopped", "later", "below");
  }

  @Test
  void aSnapshotFromAboveShowsWhatTheOneBelowWaitsFor() {
    TestLoop.run(
        () -> {
          learn();
          var lock = named("the lock", new Lock());
          await(lock.acquire());
          Coroutine<String> child =
              spawn(
                  () -> {
                    String text = IOLoop.current().snapshot().toString();
                    lock.release();
                    return text;
                  });
          await(lock.acquire());
          assertThat(await(child)).contains("the lock");
        });
  }

  private static <P> P named(String name, P primitive) {
    return Coroutines.named(name, primitive);
  }

  @Test
  void manyThatAreSpawnedTogetherAllRun() {
    TestLoop.run(
        () -> {
          learn();
          List<Coroutine<Integer>> children = new ArrayList<>();
          for (int i = 0; i < 1_000; i++) {
            int number = i;
            children.add(
                spawn(
                    () -> {
                      if (number % 3 == 2) {
                        pause();
                      }
                      return number;
                    }));
          }
          assertThat(awaitAll(children)).isEqualTo(IntStream.range(0, 1_000).boxed().toList());
        });
  }

  // What is below is not hurt.

  private static void holding(int monitors, ThrowingRunnable body) throws Exception {
    if (monitors == 0) {
      body.run();
    } else {
      Object monitor = new Object();
      synchronized (monitor) {
        holding(
            monitors - 1,
            () -> {
              body.run();
              assertThat(Thread.holdsLock(monitor)).isTrue();
              assertThat(isFree(monitor)).isFalse();
              monitor.notifyAll(); // fails if the JVM believes that another thread holds it
            });
      }
      TestLoop.elsewhere(
          () -> {
            synchronized (monitor) {
              assertThat(Thread.holdsLock(monitor)).isTrue();
            }
          });
    }
  }

  /**
   * Whether another thread gets a monitor. It is interrupted by nothing, and so is given a while.
   */
  private static boolean isFree(Object monitor) throws InterruptedException {
    boolean[] isIn = new boolean[1];
    Thread other =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  synchronized (monitor) {
                    isIn[0] = true;
                  }
                });
    while (other.isAlive() && other.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait();
    }
    return !other.isAlive() && isIn[0];
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 9, 20})
  void theMonitorsBelowStayWhenTheOneAboveIsSuspended(int monitors) {
    TestLoop.run(
        () -> {
          learn();
          var event = new Event();
          var own = new Object();
          holding(
              monitors,
              () -> {
                Coroutine<Boolean> child =
                    spawn(
                        () -> {
                          boolean isAbove = isAboveAnother();
                          synchronized (own) {
                            await(event.whenSet());
                            assertThat(Thread.holdsLock(own)).isTrue();
                          }
                          return isAbove;
                        });
                pause();
                event.set();
                log.add(await(child));
              });
        });
    assertThat(log).containsExactly(true);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8, 20})
  @OnItsOwnThread
  void theMonitorsOfTheThreadThatDrivesStayWithIt(int monitors) throws Exception {
    holding(
        monitors,
        () ->
            TestLoop.run(
                () -> {
                  Coroutine<Void> other = spawn(() -> sleep(Duration.ofSeconds(1)));
                  pause();
                  await(other);
                }));
  }

  @Test
  void aDeepOneLeavesTheStackToTheOthers() {
    TestLoop.run(
        () -> {
          learn();
          assertThat(deep(3_000)).isEqualTo(3_000);
        });
  }

  private static int deep(int depth) {
    return depth == 0 ? await(spawn(() -> shallow(1_000))) - 1_000 : 1 + deep(depth - 1);
  }

  private static int shallow(int depth) {
    return depth == 0 ? 0 : 1 + shallow(depth - 1);
  }

  private static final class WaitsInItsInitializer {
    static {
      RUN.get().run();
    }

    static void initialize() {}
  }

  private static final ThreadLocal<Runnable> RUN = new ThreadLocal<>();

  @Test
  void aWaitBelowANativeMethodIsRefusedAlsoAfterOthersHaveBegunAboveIt() {
    TestLoop.run(
        () -> {
          learn();
          var event = new Event();
          RUN.set(
              () -> {
                spawn(() -> log.add(isAboveAnother()));
                await(event.whenSet());
              });
          assertThatThrownBy(WaitsInItsInitializer::initialize)
              .cause()
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("below a native method or a class initializer");
          RUN.remove();
          assertThat(event).hasToString("Event[clear]");
          pause();
          log.add("main");
        });
    assertThat(log).containsExactly(true, "main");
  }
}
