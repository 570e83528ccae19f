package toro;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;
import static toro.TestLoop.callback;
import static toro.TestLoop.elsewhere;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import toro.WaitMethod.Scene;

/** What holds for every wait-method of every primitive. */
@ParameterizedClass
@EnumSource(WaitMethod.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaitMethodRulesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Parameter WaitMethod method;

  /** Nobody is in line, and the loop keeps no timer. */
  private static void assertNoTrace(Scene scene) {
    assertThat(scene.waiting()).as("%s", scene.primitive()).isZero();
    assertThat(IOLoop.current().timers.size()).isZero();
  }

  /** How many timers there are for a line in which somebody waits without a deadline. */
  private int timersOfLine() {
    return method.grantsInTime() ? 1 : 0;
  }

  /** Who waits behind one that is dead gets what the dead one would have got. */
  private static void assertNextIsGranted(Scene scene, CompletableFuture<?> next) {
    assertThat(next).isNotDone();
    scene.grant();
    assertThat(next).isCompleted();
    assertThat(scene.waiting()).isZero();
  }

  // Granting.

  @Test
  void eachOfTheThreeFormsWaitsUntilItIsGranted() {
    TestLoop.run(
        () -> {
          for (int form = 0; form < 3; form++) {
            var scene = method.scene();
            var wait =
                switch (form) {
                  case 0 -> scene.begin();
                  case 1 -> scene.begin(SECOND);
                  default -> scene.begin(Deadline.after(SECOND));
                };
            assertThat(wait).isNotDone();
            assertThat(scene.waiting()).isOne();
            scene.grant();
            assertThat(wait).isCompleted();
            assertNoTrace(scene);
          }
        });
  }

  @Test
  void waitersAreGrantedInTheOrderTheyCameWhateverTheirTimeouts() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var order = new ArrayList<Integer>();
          for (int i = 0; i < 30; i++) {
            int number = i;
            var wait =
                switch (i % 5) {
                  case 0 -> scene.begin();
                  case 1 -> scene.begin(Duration.ofMillis(100));
                  case 2 -> scene.begin(Duration.ofHours(1));
                  case 3 -> scene.begin(Deadline.after(Duration.ofMinutes(30 - i)));
                  default -> scene.begin(Deadline.never());
                };
            var unused =
                wait.whenComplete((value, failure) -> order.add(failure == null ? number : -1));
          }
          sleep(SECOND);
          assertThat(order).hasSize(6).containsOnly(-1);
          order.clear();
          assertThat(scene.waiting()).isEqualTo(24);
          while (scene.waiting() > 0) {
            scene.grant();
          }
          var expected = new ArrayList<Integer>();
          for (int i = 0; i < 30; i++) {
            if (i % 5 != 1) {
              expected.add(i);
            }
          }
          assertThat(order).isEqualTo(expected);
          assertNoTrace(scene);
        });
  }

  @Test
  void theFutureIsCompletedAndItsCallbacksRunInsideTheGrant() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var events = new ArrayList<String>();
          var unused = scene.begin().thenRun(() -> events.add("callback"));
          events.add("before");
          scene.grant();
          events.add("after");
          assertThat(events).containsExactly("before", "callback", "after");
        });
  }

  @Test
  void aCoroutineIsResumedAtTheEndOfTheReadyQueue() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var events = new ArrayList<String>();
          spawn(
              () -> {
                await(scene.begin());
                events.add("waiter");
              });
          pause();
          IOLoop.current().execute(() -> events.add("ready before"));
          scene.grant();
          IOLoop.current().execute(() -> events.add("ready after"));
          events.add("granted");
          pause();
          assertThat(events).containsExactly("granted", "ready before", "waiter", "ready after");
        });
  }

  @Test
  void coroutinesAreResumedInTheOrderTheyWaited() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var order = new ArrayList<Integer>();
          for (int i = 0; i < 5; i++) {
            int number = i;
            spawn(
                () -> {
                  await(scene.begin());
                  order.add(number);
                });
          }
          pause();
          while (scene.waiting() > 0) {
            scene.grant();
          }
          pause();
          assertThat(order).containsExactly(0, 1, 2, 3, 4);
        });
  }

  @Test
  void everythingWorksFromPlainCallbacks() {
    TestLoop.run(
        () -> {
          var granted = new ArrayList<Object>();
          var scenes = new ArrayList<Scene>();
          callback(
              () -> {
                var scene = method.scene();
                scenes.add(scene);
                var unused = scene.begin(SECOND).thenAccept(value -> granted.add("yes"));
              });
          callback(() -> scenes.getFirst().grant());
          assertThat(granted).containsExactly("yes");
          assertNoTrace(scenes.getFirst());
        });
  }

  @Test
  void whatIsCompletedFromOutsideAfterTheGrantStaysGranted() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var wait = scene.begin();
          scene.grant();
          Object value = wait.getNow("none");
          assertThat(wait.cancel(true)).isFalse();
          assertThat(wait.complete("too late")).isFalse();
          assertThat(wait.completeExceptionally(new RuntimeException("too late"))).isFalse();
          assertThat(wait.getNow("none")).isSameAs(value);
        });
  }

  // Deadlines.

  @Test
  void whenTheTimeIsUpTheWaitFailsAndLeavesNoTrace() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          long start = IOLoop.current().nanoTime();
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(() -> await(scene.begin(SECOND)))
              .withMessageContaining(scene.primitive().getClass().getSimpleName() + "[");
          assertThat(IOLoop.current().nanoTime() - start).isEqualTo(SECOND.toNanos());
          assertNoTrace(scene);
        });
  }

  @Test
  void anAbsoluteDeadlineIsKeptAcrossWaits() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var deadline = Deadline.after(SECOND);
          sleep(Duration.ofMillis(900));
          var wait = scene.begin(deadline);
          sleep(Duration.ofMillis(99));
          assertThat(wait).isNotDone();
          sleep(Duration.ofMillis(1));
          pause();
          assertThat(wait).isCompletedExceptionally();
          assertNoTrace(scene);
        });
  }

  @Test
  void aGrantedWaitKeepsNoTimer() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var wait = scene.begin(SECOND);
          assertThat(IOLoop.current().timers.size()).isEqualTo(1 + timersOfLine());
          scene.grant();
          assertThat(IOLoop.current().timers.size()).isZero();
          sleep(SECOND.multipliedBy(2));
          assertThat(wait).isCompleted();
        });
  }

  @Test
  void withNoTimeLeftItIsAnImmediateAttemptThatFails() {
    TestLoop.run(
        () -> {
          var passed = Deadline.after(SECOND);
          sleep(SECOND);
          var scene = method.scene();
          for (var wait :
              List.of(
                  scene.begin(Duration.ZERO),
                  scene.begin(Duration.ofSeconds(-1)),
                  scene.begin(Duration.ofSeconds(Long.MIN_VALUE)),
                  scene.begin(passed),
                  scene.begin(Deadline.after(Duration.ZERO)))) {
            assertThat(wait)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(DeadlineExceededException.class);
          }
          assertNoTrace(scene);
        });
  }

  @Test
  void withNoTimeLeftItIsGrantedIfItCanBeGrantedNow() {
    TestLoop.run(
        () -> {
          var passed = Deadline.after(SECOND);
          sleep(SECOND);
          for (int form = 0; form < 3; form++) {
            var scene = method.scene();
            scene.grant();
            var wait =
                switch (form) {
                  case 0 -> scene.begin(Duration.ZERO);
                  case 1 -> scene.begin(Duration.ofNanos(-1));
                  default -> scene.begin(passed);
                };
            assertThat(wait).isDone();
            assertThat(wait.isCompletedExceptionally()).isEqualTo(!scene.keeps());
          }
        });
  }

  @Test
  void aTimeoutLongerThanTheClockIsNoTimeoutToSpeakOf() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var wait = scene.begin(Duration.ofSeconds(Long.MAX_VALUE));
          sleep(Duration.ofDays(365));
          assertThat(wait).isNotDone();
          scene.grant();
          assertThat(wait).isCompleted();
        });
  }

  @Test
  void fiveHundredTimedOutWaitsLeaveNobodyInLine() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          for (int i = 0; i < 500; i++) {
            var unused = scene.begin(Duration.ofMillis(1 + i % 7));
          }
          assertThat(scene.waiting()).isEqualTo(500);
          sleep(SECOND);
          assertNoTrace(scene);
        });
  }

  @Test
  void theEndOfAWithTimeoutBlockLeavesNoTrace() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(() -> withTimeout(SECOND, () -> await(scene.begin())));
          assertNoTrace(scene);
          assertNextIsGranted(scene, scene.begin());
        });
  }

  // Dying in line.

  @Test
  void aCancelledFutureLeavesNoTraceAndTheNextIsGranted() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var first = scene.begin(SECOND);
          var next = scene.begin();
          assertThat(first.cancel(false)).isTrue();
          assertThat(first).isCancelled();
          assertThat(first.cancel(false)).isTrue();
          assertThat(scene.waiting()).isOne();
          assertThat(IOLoop.current().timers.size()).isEqualTo(timersOfLine());
          assertNextIsGranted(scene, next);
        });
  }

  @Test
  void aFutureThatIsCancelledWhileACoroutineAwaitsItEndsTheAwait() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var wait = scene.begin();
          var waiter = spawn(() -> await(wait));
          pause();
          wait.cancel(true);
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(waiter));
          assertNoTrace(scene);
        });
  }

  @Test
  void aCancelledCoroutineLeavesNoTraceAndTheNextIsGranted() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var waiter = spawn(() -> await(scene.begin(SECOND)));
          pause();
          var next = scene.begin();
          waiter.cancel(true);
          assertThat(scene.waiting()).isOne();
          assertThat(IOLoop.current().timers.size()).isEqualTo(timersOfLine());
          assertNextIsGranted(scene, next);
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(waiter));
        });
  }

  @Test
  void orTimeoutOfAJdkThreadLeavesNoTraceAndTheNextIsGranted() {
    assumeFalse(method.grantsInTime(), "it is granted meanwhile");
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var first = scene.begin().orTimeout(0, MILLISECONDS);
          var next = scene.begin();
          assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> await(first));
          while (scene.waiting() > 1) {
            pause(); // it was done before it was awaited, and its leaving is on its way
          }
          assertNextIsGranted(scene, next);
          assertNoTrace(scene);
        });
  }

  @Test
  void completeOnTimeoutOfAJdkThreadLeavesNoTraceAndTheNextIsGranted() {
    assumeFalse(method.grantsInTime(), "it is granted meanwhile");
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var first = scene.begin().completeOnTimeout(null, 0, MILLISECONDS);
          var next = scene.begin();
          assertThat(await(first)).isNull();
          while (scene.waiting() > 1) {
            pause();
          }
          assertNextIsGranted(scene, next);
          assertNoTrace(scene);
        });
  }

  @Test
  void completeAsyncOnAnotherThreadLeavesNoTraceAndTheNextIsGranted() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var first = scene.begin().completeAsync(() -> null, task -> elsewhere(task::run));
          assertThat(first).isCompleted();
          var failing =
              scene
                  .begin()
                  .completeAsync(
                      () -> {
                        throw new IllegalArgumentException("no value");
                      },
                      task -> elsewhere(task::run));
          assertThatThrownBy(() -> await(failing)).isInstanceOf(IllegalArgumentException.class);
          var next = scene.begin();
          assertNextIsGranted(scene, next);
          pause();
          assertNoTrace(scene);
        });
  }

  @Test
  void whoWasCompletedOnAnotherThreadIsSkippedEvenBeforeTheLoopKnows() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var first = scene.begin(SECOND);
          var second = scene.begin(SECOND);
          var third = scene.begin(SECOND);
          var next = scene.begin();
          elsewhere(
              () -> {
                assertThat(first.complete(null)).isTrue();
                assertThat(second.completeExceptionally(new RuntimeException("mine"))).isTrue();
                assertThat(third.cancel(false)).isTrue();
              });
          assertNextIsGranted(scene, next);
          assertThat(first).isCompletedWithValue(null);
          assertThat(second).isCompletedExceptionally();
          assertThat(third).isCancelled();
          pause();
          assertNoTrace(scene);
        });
  }

  @Test
  void aWaitThatIsCompletedFromOutsideOnTheLoopLeavesNoTrace() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var completed = scene.begin(SECOND);
          var failed = scene.begin(SECOND);
          var obtruded = scene.begin(SECOND);
          var obtrudedFailure = scene.begin(SECOND);
          completed.complete(null);
          failed.completeExceptionally(new RuntimeException("mine"));
          obtruded.obtrudeValue(null);
          obtrudedFailure.obtrudeException(new RuntimeException("mine"));
          assertThat(completed).isCompletedWithValue(null);
          assertThat(failed).isCompletedExceptionally();
          assertThat(obtruded).isCompletedWithValue(null);
          assertThat(obtrudedFailure).isCompletedExceptionally();
          assertNoTrace(scene);
          assertNextIsGranted(scene, scene.begin());
        });
  }

  @Test
  void aCoroutineIsWokenByACompletionOnAnotherThread() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var wait = scene.begin();
          var waiter = spawn(() -> await(wait));
          pause();
          elsewhere(() -> wait.complete(null));
          assertThat(await(waiter)).isNull();
          assertNoTrace(scene);
        });
  }

  @Test
  void aWaitWhoseDependentsAreAllCancelledLeavesNoTrace() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var wait = scene.begin();
          var copy = wait.copy();
          wait.thenApply(value -> value).cancel(true);
          assertThat(scene.waiting()).isOne();
          copy.cancel(true);
          assertThat(wait).isCancelled();
          assertNoTrace(scene);
        });
  }

  @Test
  void aHundredThousandWaitersCancelledInRandomOrderLeaveNobodyInLine() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var waits = new ArrayList<CompletableFuture<?>>();
          for (int i = 0; i < method.most(); i++) {
            waits.add(scene.begin());
          }
          Collections.shuffle(waits, new Random(7));
          for (int i = 0; i < waits.size(); i++) {
            waits.get(i).cancel(false);
            if (i % 10_000 == 0) {
              assertThat(scene.waiting()).isEqualTo(waits.size() - i - 1);
            }
          }
          assertNoTrace(scene);
          assertNextIsGranted(scene, scene.begin());
        });
  }

  // Never lost.

  @Test
  void whatWasGrantedIsDeliveredThoughTheCoroutineIsCancelledThen() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var events = new ArrayList<String>();
          var waiter =
              spawn(
                  () -> {
                    await(scene.begin());
                    events.add("delivered");
                    await(CompletableFuture.completedFuture("needs no waiting"));
                    events.add("still here");
                    try {
                      await(new Event().whenSet());
                    } catch (CancellationException e) {
                      events.add("cancelled");
                      pause();
                      events.add("cleaned up");
                      throw e;
                    }
                  });
          pause();
          scene.grant();
          waiter.cancel(true);
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(waiter));
          assertThat(events).containsExactly("delivered", "still here", "cancelled", "cleaned up");
        });
  }

  @Test
  void whatWasGrantedIsDeliveredThoughTheTimeOfItsBlockIsUpThen() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var events = new ArrayList<String>();
          IOLoop.current().callLater(SECOND, scene::grant); // before the timer of the block
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(
                  () ->
                      withTimeout(
                          SECOND,
                          () -> {
                            await(scene.begin());
                            events.add("delivered");
                            sleep(SECOND);
                            events.add("not reached");
                          }));
          assertThat(events).containsExactly("delivered");
        });
  }

  @Test
  void whatWasGrantedDeepInAChainIsDeliveredThoughTheCoroutineIsCancelledInIt() {
    TestLoop.run(
        () -> {
          // From some depth on completions are postponed: it is granted, and not yet done.
          for (int depth = 1; depth < 200; depth++) {
            var scene = method.scene();
            var wait = scene.begin();
            var waiter = spawn(() -> await(wait));
            pause();
            var chain = new Condition();
            nest(
                chain,
                depth,
                () -> {
                  scene.grant();
                  waiter.cancel(true);
                });
            chain.signal();
            assertThat(wait).as("at depth %s", depth).isCompleted();
            await(waiter); // not cancelled: it ended with what it was granted
          }
        });
  }

  private static void nest(Condition chain, int depth, Runnable innermost) {
    for (int i = 1; i < depth; i++) {
      var unused = chain.whenSignalled().thenRun(chain::signal);
    }
    var unused = chain.whenSignalled().thenRun(innermost);
  }

  @Test
  void aSharedWaitGoesOnForTheOtherCoroutine() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var wait = scene.begin();
          var first = spawn(() -> await(wait));
          var second = spawn(() -> await(wait));
          var third = spawn(() -> await(wait));
          pause();
          first.cancel(true);
          third.cancel(true);
          assertThat(scene.waiting()).isOne();
          scene.grant();
          assertThat(await(second)).isSameAs(await(wait));
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(first));
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(third));
        });
  }

  @Test
  void aSharedWaitLeavesTheLineWithItsLastCoroutine() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var wait = scene.begin();
          var first = spawn(() -> await(wait));
          var second = spawn(() -> await(wait));
          pause();
          first.cancel(true);
          second.cancel(true);
          assertThat(wait).isCancelled();
          assertNoTrace(scene);
        });
  }

  @Test
  void aWaitThatACallbackIsAttachedToOutlivesItsCoroutine() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var wait = scene.begin();
          var granted = new ArrayList<Object>();
          var unused = wait.thenAccept(value -> granted.add("yes"));
          var waiter = spawn(() -> await(wait));
          pause();
          waiter.cancel(true);
          assertThat(scene.waiting()).isOne();
          scene.grant();
          assertThat(granted).containsExactly("yes");
        });
  }

  // Callbacks.

  @Test
  void aCallbackMayNotSuspendEvenIfACoroutineGrants() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var wait = scene.begin();
          var suspending = wait.thenRun(Coroutines::pause);
          var cancelled = method.scene().begin();
          var suspendingToo = cancelled.handle((value, failure) -> await(scene.begin()));
          scene.grant();
          cancelled.cancel(true);
          assertThatIllegalStateException()
              .isThrownBy(() -> await(suspending))
              .withMessageContaining("pause()")
              .withMessageContaining("callback");
          assertThatIllegalStateException().isThrownBy(() -> await(suspendingToo));
          pause(); // the coroutine itself still may
        });
  }

  @Test
  void aCallbackMayWaitAnew() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var again = new ArrayList<CompletableFuture<?>>();
          var first = scene.begin();
          var unused = first.thenRun(() -> again.add(scene.begin(SECOND)));
          scene.grant();
          assertThat(again).hasSize(1);
          if (again.getFirst().isDone()) {
            assertThat(scene.grantsAll()).isTrue(); // it stays granted, until it is taken back
          } else {
            assertThat(scene.waiting()).isOne();
            scene.grant();
            assertThat(again.getFirst()).isCompleted();
          }
          assertNoTrace(scene);
        });
  }

  @Test
  void aCallbackMayCancelItsSiblings() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var waits = new ArrayList<CompletableFuture<?>>();
          for (int i = 0; i < 5; i++) {
            waits.add(scene.begin(SECOND));
          }
          var unused =
              waits
                  .getFirst()
                  .thenRun(
                      () -> {
                        waits.get(1).cancel(true);
                        waits.get(3).cancel(true);
                      });
          while (scene.waiting() > 0) {
            scene.grant();
          }
          assertThat(waits.get(1)).isCancelled();
          assertThat(waits.get(3)).isCancelled();
          for (int i : new int[] {0, 2, 4}) {
            assertThat(waits.get(i)).isCompleted();
          }
          assertNoTrace(scene);
        });
  }

  @Test
  void aCallbackThatThrowsDisturbsNobody() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var failing =
              scene
                  .begin()
                  .thenRun(
                      () -> {
                        throw new AssertionError("mine");
                      });
          var next = scene.begin();
          while (scene.waiting() > 0) {
            scene.grant();
          }
          assertThat(failing).isCompletedExceptionally();
          assertThat(next).isCompleted();
        });
  }

  // Threads.

  @Test
  void onAnotherThreadItIsRefusedWithTheNamesOfThePrimitiveAndTheThread() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var deadline = Deadline.after(SECOND);
          String name = scene.primitive().getClass().getSimpleName();
          elsewhere(
              () -> {
                for (ThrowingRunnable use :
                    List.<ThrowingRunnable>of(
                        scene::begin,
                        () -> scene.begin(SECOND),
                        () -> scene.begin(deadline),
                        scene::grant)) {
                  assertThatExceptionOfType(WrongThreadException.class)
                      .isThrownBy(use::run)
                      .withMessageContaining(name + " was used by")
                      .withMessageContaining("elsewhere");
                }
                assertThat(scene.primitive().toString()).startsWith(name + "[");
              });
          assertNoTrace(scene);
        });
  }

  @Test
  @OnItsOwnThread
  void whereTheLoopDoesNotRunItIsRefused() {
    try (IOLoop loop = TestLoop.create()) {
      var scene = loop.runSync(() -> method.scene(loop));
      assertThatExceptionOfType(WrongThreadException.class)
          .isThrownBy(scene::begin)
          .withMessageContaining("the loop is not running");
      assertThatExceptionOfType(WrongThreadException.class).isThrownBy(scene::grant);
    }
  }

  @Test
  void onAnotherLoopItIsRefused() {
    try (IOLoop other = TestLoop.create()) {
      var scene = other.runSync(() -> method.scene(other));
      TestLoop.run(
          () ->
              assertThatExceptionOfType(WrongThreadException.class)
                  .isThrownBy(scene::begin)
                  .withMessageContaining(scene.primitive().getClass().getSimpleName()));
    }
  }

  @Test
  void toBlockTheLoopForItIsRefused() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          var wait = scene.begin();
          for (var future : List.of(wait, wait.thenApply(value -> value), wait.copy())) {
            assertThatIllegalStateException()
                .isThrownBy(future::join)
                .withMessageContaining("join()")
                .withMessageContaining("deadlock")
                .withMessageContaining("await");
            assertThatIllegalStateException()
                .isThrownBy(future::get)
                .withMessageContaining("get()");
            assertThatIllegalStateException()
                .isThrownBy(() -> future.get(1, MILLISECONDS))
                .withMessageContaining("get(");
          }
          callback(() -> assertThatIllegalStateException().isThrownBy(wait::join));
          scene.grant();
          assertThat(wait.join()).isSameAs(wait.get());
        });
  }

  @Test
  void anotherThreadMayBlockForIt() throws Exception {
    try (IOLoop loop = TestLoop.create()) {
      var results = new CompletableFuture<Object>();
      loop.runSync(
          () -> {
            var scene = method.scene();
            var wait = scene.begin();
            var joined = new CompletableFuture<Void>();
            Thread.ofPlatform()
                .start(
                    () -> {
                      joined.complete(null);
                      try {
                        results.complete(wait.join());
                      } catch (Throwable failure) {
                        results.completeExceptionally(failure);
                      }
                    });
            await(joined);
            scene.grant();
          });
      results.get();
    }
  }

  // The end of the loop.

  @Test
  @OnItsOwnThread
  void aClosingLoopEndsTheWait() {
    IOLoop loop = TestLoop.create();
    var waits = new ArrayList<CompletableFuture<?>>();
    var seen = new ArrayList<Throwable>();
    var scene =
        loop.runSync(
            () -> {
              var made = method.scene();
              waits.add(made.begin());
              waits.add(made.begin(SECOND));
              var unused =
                  made.begin()
                      .whenComplete(
                          (value, failure) -> {
                            seen.add(failure);
                            try {
                              waits.add(made.begin());
                            } catch (LoopClosedException e) {
                              seen.add(e);
                            }
                          });
              return made;
            });
    loop.close();
    assertThat(waits)
        .allSatisfy(
            wait ->
                assertThat(wait)
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(LoopClosedException.class));
    assertThat(seen).isNotEmpty().allMatch(failure -> failure instanceof LoopClosedException);
    assertThat(scene.waiting()).isZero();
    assertThatExceptionOfType(LoopClosedException.class).isThrownBy(scene::begin);
    assertThatExceptionOfType(LoopClosedException.class).isThrownBy(() -> scene.begin(SECOND));
  }

  @Test
  void aForgottenPrimitiveGoesWithItsWaitersWhenManyOthersHaveCome() {
    assumeFalse(method.grantsInTime(), "it is granted in time");
    assumeFalse(method.runs(), "what runs is not forgotten");
    TestLoop.run(
        () -> {
          var primitive = forgetOne();
          List<Event> others = new ArrayList<>();
          for (int i = 0; i < 5_000; i++) {
            others.add(new Event());
            others.getLast().whenSet();
          }
          for (int i = 0; i < 200 && primitive.get() != null; i++) {
            System.gc();
          }
          assertThat(primitive.get()).isNull();
          assertThat(others).last().hasToString("Event[clear waiters[1]]");
          // The register still works.
          var scene = method.scene();
          assertNextIsGranted(scene, scene.begin());
        });
  }

  private WeakReference<Object> forgetOne() {
    var scene = method.scene();
    var unused = scene.begin().thenRun(() -> {});
    return new WeakReference<>(scene.primitive());
  }

  // Arguments.

  @Test
  void nullIsRefusedWhetherItHadToWaitOrNot() {
    TestLoop.run(
        () -> {
          var scene = method.scene();
          for (int i = 0; i < 2; i++) {
            assertThatNullPointerException().isThrownBy(() -> scene.begin((Duration) null));
            assertThatNullPointerException().isThrownBy(() -> scene.begin((Deadline) null));
            assertNoTrace(scene);
            if (i == 0) {
              scene.grant();
            }
          }
        });
  }
}
