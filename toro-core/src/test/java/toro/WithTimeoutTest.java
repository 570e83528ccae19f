package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WithTimeoutTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final ManualClock clock = new ManualClock();
  private final IOLoop loop = TestLoop.create(clock);
  private final List<Object> log = new ArrayList<>();

  @AfterEach
  void close() {
    assertThat(loop.timers.size()).isZero();
    loop.close();
  }

  @Test
  void aBlockInTimeReturnsItsValueAndLeavesNoTimer() {
    loop.runSync(
        () -> {
          String value =
              withTimeout(
                  SECOND.multipliedBy(2),
                  () -> {
                    sleep(SECOND);
                    return "value";
                  });
          assertThat(value).isEqualTo("value");
          assertThat(loop.timers.size()).isZero();
          sleep(DAY);
        });
  }

  @Test
  void whatTheBlockThrowsIsThrownAsItIs() {
    IOException failure = new IOException();
    loop.runSync(
        () ->
            assertThatThrownBy(
                    () ->
                        withTimeout(
                            SECOND,
                            () -> {
                              throw failure;
                            }))
                .isSameAs(failure));
  }

  @Test
  void aWaitThatIsNotOverInTimeFailsAndLeavesItsLine() {
    loop.runSync(
        () -> {
          var queue = new Queue<String>();
          assertThatThrownBy(() -> withTimeout(SECOND, () -> await(queue.get())))
              .isInstanceOf(DeadlineExceededException.class)
              .hasMessageContaining("withTimeout");
          assertThat(clock.elapsed()).isEqualTo(SECOND);
          assertThat(queue.toString()).doesNotContain("getters");
          sleep(DAY); // outside it may wait again
        });
  }

  @Test
  void afterItsEndEachWaitFailsButWhatIsDoneIsDelivered() {
    loop.runSync(
        () ->
            withTimeout(
                SECOND,
                () -> {
                  List<ThrowingRunnable> waits =
                      List.of(
                          () -> sleep(DAY),
                          () -> sleep(DAY),
                          () -> pause(),
                          () -> await(new CompletableFuture<>()),
                          () -> await(new Event().whenSet()));
                  for (ThrowingRunnable wait : waits) {
                    assertThatThrownBy(wait::run).isInstanceOf(DeadlineExceededException.class);
                  }
                  assertThat(await(CompletableFuture.completedFuture("done"))).isEqualTo("done");
                  log.add("end");
                }));
    assertThat(log).containsExactly("end");
    assertThat(clock.elapsed()).isEqualTo(SECOND);
  }

  @Test
  void zeroAllowsWhatNeedsNoWaiting() {
    loop.runSync(
        () -> {
          for (Duration none : List.of(Duration.ZERO, SECOND.negated())) {
            var lock = new Lock();
            withTimeout(none, () -> await(lock.acquire()));
            assertThat(lock.isLocked()).isTrue();
            assertThatThrownBy(() -> withTimeout(none, () -> await(lock.acquire())))
                .isInstanceOf(DeadlineExceededException.class);
            assertThatThrownBy(() -> withTimeout(none, () -> pause()))
                .isInstanceOf(DeadlineExceededException.class);
          }
        });
    assertThat(clock.elapsed()).isZero();
  }

  @Test
  void theInnerOfTwoMayEndFirst() {
    loop.runSync(
        () ->
            withTimeout(
                SECOND.multipliedBy(5),
                () -> {
                  assertThatThrownBy(() -> withTimeout(SECOND, () -> sleep(DAY)))
                      .isInstanceOf(DeadlineExceededException.class);
                  sleep(SECOND.multipliedBy(3));
                  log.add(clock.elapsed().toSeconds());
                  assertThatThrownBy(() -> sleep(DAY))
                      .isInstanceOf(DeadlineExceededException.class);
                  log.add(clock.elapsed().toSeconds());
                }));
    assertThat(log).containsExactly(4L, 5L);
  }

  @Test
  void theOuterOfTwoEndsTheInnerOneToo() {
    loop.runSync(
        () ->
            assertThatThrownBy(
                    () -> withTimeout(SECOND, () -> withTimeout(DAY, () -> sleep(DAY.plus(DAY)))))
                .isInstanceOf(DeadlineExceededException.class));
    assertThat(clock.elapsed()).isEqualTo(SECOND);
  }

  @Test
  void aDeadlineIsSharedByManyBlocks() {
    loop.runSync(
        () -> {
          Deadline deadline = Deadline.after(SECOND.multipliedBy(3));
          withTimeout(deadline, () -> sleep(SECOND));
          withTimeout(deadline, () -> sleep(SECOND));
          assertThatThrownBy(() -> withTimeout(deadline, () -> sleep(DAY)))
              .isInstanceOf(DeadlineExceededException.class);
          withTimeout(Deadline.never(), () -> sleep(SECOND));
        });
    assertThat(clock.elapsed()).isEqualTo(SECOND.multipliedBy(4));
  }

  @Test
  void whatTheBlockSpawnsIsNotAffected() {
    loop.runSync(
        () -> {
          List<Coroutine<Void>> spawned = new ArrayList<>();
          assertThatThrownBy(
                  () ->
                      withTimeout(
                          SECOND,
                          () -> {
                            spawned.add(spawn(() -> sleep(SECOND.multipliedBy(2))));
                            await(spawned.getFirst());
                          }))
              .isInstanceOf(DeadlineExceededException.class);
          await(spawned.getFirst());
        });
    assertThat(clock.elapsed()).isEqualTo(SECOND.multipliedBy(2));
  }

  @Test
  void aGrantAtTheSameMomentIsDelivered() {
    loop.runSync(
        () -> {
          var queue = new Queue<String>();
          loop.callLater(SECOND, () -> queue.putNow("item"));
          assertThat(withTimeout(SECOND, () -> await(queue.get()))).isEqualTo("item");
        });
  }

  @Test
  void withoutALimitItGivesWhatTheBodyReturnsToo() {
    TestLoop.run(() -> assertThat(withTimeout(Deadline.never(), () -> "value")).isEqualTo("value"));
  }
}
