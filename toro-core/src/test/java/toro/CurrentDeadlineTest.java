package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class CurrentDeadlineTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void withoutABlockThereIsNone() {
    assertThat(Deadline.current()).isSameAs(Deadline.never());
    TestLoop.run(
        () -> {
          assertThat(Deadline.current()).isSameAs(Deadline.never());
          TestLoop.callback(() -> assertThat(Deadline.current()).isSameAs(Deadline.never()));
          assertThat(withTimeout(Deadline.never(), Deadline::current)).isSameAs(Deadline.never());
        });
  }

  @Test
  void itIsThatOfTheBlockAndTimePasses() {
    TestLoop.run(
        () ->
            withTimeout(
                MINUTE,
                () -> {
                  assertThat(Deadline.current().remaining()).isEqualTo(MINUTE);
                  sleep(SECOND);
                  assertThat(Deadline.current().remaining()).isEqualTo(MINUTE.minus(SECOND));
                }));
  }

  @Test
  void ofNestedBlocksTheEarliestCounts() {
    TestLoop.run(
        () -> {
          assertThat(withTimeout(MINUTE, () -> withTimeout(SECOND, Deadline::current)).remaining())
              .isEqualTo(SECOND);
          assertThat(withTimeout(SECOND, () -> withTimeout(MINUTE, Deadline::current)).remaining())
              .isEqualTo(SECOND);
        });
  }

  @Test
  void whenTheTimeIsUpItHasPassed() {
    TestLoop.run(
        () -> {
          assertThat(withTimeout(Duration.ZERO, Deadline::current).hasPassed()).isTrue();
          boolean passed =
              withTimeout(
                  SECOND,
                  () -> {
                    try {
                      sleep(MINUTE);
                    } catch (DeadlineExceededException e) {
                      return Deadline.current().hasPassed();
                    }
                    return false;
                  });
          assertThat(passed).isTrue();
        });
  }

  @Test
  void aCoroutineOfAGroupHasThatOfTheBlockWithTheGroup() {
    TestLoop.run(
        () ->
            withTimeout(
                MINUTE,
                () -> {
                  try (var group = new TaskGroup()) {
                    assertThat(await(group.spawn(Deadline::current)).remaining()).isEqualTo(MINUTE);
                    assertThat(await(spawn(Deadline::current))).isSameAs(Deadline.never());
                    try (var inner = new TaskGroup(SECOND)) {
                      assertThat(Deadline.current().remaining()).isEqualTo(SECOND);
                      assertThat(await(inner.spawn(Deadline::current)).remaining())
                          .isEqualTo(SECOND);
                      assertThat(await(group.spawn(Deadline::current)).remaining())
                          .isEqualTo(MINUTE);
                    }
                  }
                }));
  }

  @Test
  void aCoroutineThatOutlivesTheOwnerOfItsGroupHasNone() {
    TestLoop.run(
        () -> {
          Coroutine<Coroutine<Deadline>> owner =
              spawn(
                  () ->
                      withTimeout(
                          MINUTE,
                          () -> {
                            var group = new TaskGroup(); // never closed
                            return group.spawn(
                                () -> {
                                  try {
                                    sleep(Duration.ofHours(1));
                                  } catch (CancellationException e) {
                                    throw new AssertionError(e);
                                  }
                                  return Deadline.current();
                                });
                          }));
          assertThat(await(await(owner))).isSameAs(Deadline.never());
        });
  }
}
