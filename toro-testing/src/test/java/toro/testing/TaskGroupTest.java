package toro.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.*;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import toro.*;

/**
 * Task groups and races in many orders, with each wait of each coroutine cancelled in turn and each
 * deadline expired: the block is left when nobody of the group runs, and no lease is lost.
 */
class TaskGroupTest {
  private static final int SCHEDULES = 20;
  private static final Duration HOUR = Duration.ofHours(1);

  private final List<String> running = new ArrayList<>();

  /** Runs a block in a coroutine; what comes out of it. */
  private Throwable outcome(TestLoop test, ThrowingRunnable block) {
    Coroutine<Void> owner =
        test.target(
            spawn(
                () -> {
                  try {
                    block.run();
                  } finally {
                    assertThat(running).isEmpty();
                  }
                }));
    Throwable outcome = await(owner.handle((value, failure) -> failure));
    return outcome;
  }

  private void use(Lock lock, int pauses) {
    running.add("use");
    try (var lease = await(lock.acquire())) {
      for (int i = 0; i < pauses; i++) {
        pause();
      }
    } finally {
      try {
        pause(); // cleans up
      } finally {
        running.removeLast();
      }
    }
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void theOwnerIsCancelledAtEachStep(TestLoop test) {
    var lock = new Lock();
    Throwable outcome =
        outcome(
            test,
            () -> {
              try (var group = new TaskGroup(HOUR)) {
                group.spawn(() -> use(lock, 1));
                group.spawn(() -> group.spawn(() -> use(lock, 1)));
                use(lock, 1);
              }
            });
    assertThat(outcome == null || isInterruption(outcome)).isTrue();
    assertThat(lock).hasToString("Lock[unlocked]");
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aCoroutineOfTheGroupIsCancelledAtEachStep(TestLoop test) {
    var lock = new Lock();
    try (var group = new TaskGroup()) {
      test.target(group.spawn(() -> use(lock, 2)));
      test.target(group.spawn(() -> use(lock, 2)));
      group.spawn(() -> use(lock, 1));
    }
    assertThat(running).isEmpty();
    assertThat(lock).hasToString("Lock[unlocked]");
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void oneFailsWhileTheOwnerIsCancelled(TestLoop test) {
    var lock = new Lock();
    var failure = new IOException();
    Throwable outcome =
        outcome(
            test,
            () -> {
              try (var group = new TaskGroup()) {
                group.spawn(() -> use(lock, 2));
                group.spawn(
                    () -> {
                      use(lock, 1);
                      throw failure;
                    });
                var last = group.spawn(() -> use(lock, 2));
                use(lock, 1);
                await(last);
              }
            });
    assertThat(outcome == failure || isInterruption(outcome)).isTrue();
    assertThat(lock).hasToString("Lock[unlocked]");
  }

  @ToroTest(schedules = SCHEDULES)
  void aFailureIsWhatComesOut(TestLoop test) {
    var lock = new Lock();
    var failure = new IOException();
    Throwable outcome =
        outcome(
            test,
            () -> {
              try (var group = new TaskGroup()) {
                var first = group.spawn(() -> use(lock, 2));
                group.spawn(
                    () -> {
                      throw failure;
                    });
                var last = group.spawn(() -> use(lock, 2));
                use(lock, 1);
                awaitAll(first, last);
              }
            });
    assertThat(outcome).isSameAs(failure);
    assertThat(lock).hasToString("Lock[unlocked]");
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void groupsInGroups(TestLoop test) {
    var lock = new Lock();
    Throwable outcome =
        outcome(
            test,
            () ->
                withTimeout(
                    HOUR,
                    () -> {
                      try (var outer = new TaskGroup(HOUR)) {
                        outer.spawn(
                            () -> {
                              try (var its = new TaskGroup()) {
                                its.spawn(() -> use(lock, 1));
                              }
                            });
                        try (var inner = new TaskGroup(HOUR)) {
                          inner.spawn(() -> use(lock, 1));
                          use(lock, 1);
                        }
                        use(lock, 1);
                      }
                    }));
    assertThat(outcome == null || isInterruption(outcome)).isTrue();
    assertThat(lock).hasToString("Lock[unlocked]");
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aRaceForTwoLocksKeepsOneOrNone(TestLoop test) {
    var first = new Lock();
    var second = new Lock();
    var held = List.of(await(first.acquire()), await(second.acquire()));
    var releaser = spawn(() -> held.forEach(Lease::close));
    Throwable outcome =
        outcome(
            test,
            () -> {
              try (Lease lease =
                  race(() -> await(first.acquire(HOUR)), () -> await(second.acquire(HOUR)))) {
                pause();
              }
            });
    assertThat(outcome == null || isInterruption(outcome)).isTrue();
    await(releaser);
    assertThat(first).hasToString("Lock[unlocked]");
    assertThat(second).hasToString("Lock[unlocked]");
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aRaceForAnItemLosesNone(TestLoop test) {
    var queue = new Queue<String>();
    var got = new ArrayList<String>();
    spawn(() -> queue.putNow("item"));
    outcome(test, () -> got.add(race(() -> await(queue.get()), () -> await(queue.get()))));
    test.advance(HOUR);
    assertThat(got.size() + queue.size()).isOne();
  }

  @ToroTest(schedules = SCHEDULES, interruptions = true)
  void aStepThroughWhatIsCompletedLeavesNoTrace(TestLoop test) {
    var event = new Event();
    var never = event.whenSet();
    var slow = spawn(() -> sleep(HOUR));
    var fast = spawn(() -> pause());
    var seen = new ArrayList<Object>();
    Throwable outcome =
        outcome(
            test,
            () -> {
              for (Object stage : asCompleted(List.of(slow, never, fast))) {
                seen.add(stage);
                if (seen.size() == 2) {
                  break;
                }
              }
            });
    assertThat(outcome == null ? seen : List.of(fast, slow)).isEqualTo(List.of(fast, slow));
    assertThat(never.getNumberOfDependents()).isZero();
    assertThat(slow.getNumberOfDependents()).isZero();
    never.cancel(false);
    assertThat(event).hasToString("Event[clear]");
    await(slow);
  }

  private static boolean isInterruption(Throwable outcome) {
    return outcome instanceof CancellationException || outcome instanceof DeadlineExceededException;
  }
}
