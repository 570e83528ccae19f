package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** What {@link TaskGroup#run} does that a {@code try} block does not. */
class TaskGroupRunTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<Object> log = new ArrayList<>();
  private final IOException failure = new IOException("of the block");

  private void endless() {
    try {
      new Event().whenSet();
      await(new Event().whenSet());
    } finally {
      sleep(SECOND);
      log.add("cleaned up");
    }
  }

  @Test
  void theResultOfTheBlockIsReturnedWhenAllHaveEnded() {
    TestLoop.run(
        () -> {
          String result =
              TaskGroup.run(
                  group -> {
                    group.spawn(
                        () -> {
                          sleep(SECOND);
                          log.add("ended");
                        });
                    return "result";
                  });
          assertThat(result).isEqualTo("result");
          assertThat(log).containsExactly("ended");
        });
  }

  @Test
  void aBlockThatThrowsCancelsTheOthersAndItsExceptionIsThrown() {
    TestLoop.run(
        () -> {
          assertThatThrownBy(
                  () ->
                      TaskGroup.run(
                          group -> {
                            group.spawn("endless", this::endless);
                            pause();
                            throw failure;
                          }))
              .isSameAs(failure)
              .hasNoSuppressedExceptions();
          assertThat(log).containsExactly("cleaned up");
        });
  }

  @Test
  void whatTheOthersFailWithWhileTheyCleanUpIsSuppressed() {
    TestLoop.run(
        () ->
            assertThatThrownBy(
                    () ->
                        TaskGroup.run(
                            group -> {
                              group.spawn(
                                  () -> {
                                    try {
                                      endless();
                                    } finally {
                                      throw new IOException("cannot clean up");
                                    }
                                  });
                              pause();
                              throw failure;
                            }))
                .isSameAs(failure)
                .satisfies(
                    e ->
                        assertThat(e.getSuppressed())
                            .singleElement()
                            .satisfies(late -> assertThat(late).hasMessage("cannot clean up"))));
  }

  @Test
  void aFailureOfTheGroupOfWhichTheBlockWasNotToldIsSuppressed() {
    TestLoop.run(
        () ->
            assertThatThrownBy(
                    () ->
                        TaskGroup.run(
                            group -> {
                              group.spawn(
                                  () -> {
                                    throw new IOException("of a coroutine");
                                  });
                              shielded(() -> sleep(SECOND), failure);
                            }))
                .isSameAs(failure)
                .satisfies(
                    e ->
                        assertThat(e.getSuppressed())
                            .singleElement()
                            .satisfies(other -> assertThat(other).hasMessage("of a coroutine"))));
  }

  private static void shielded(ThrowingRunnable body, Exception failure) {
    Coroutines.shielded(
        () -> {
          body.run();
          throw failure;
        });
  }

  @Test
  void aFailureOfACoroutineIsThrownByTheWaitInTheBlockAndPassesThrough() {
    TestLoop.run(
        () ->
            assertThatThrownBy(
                    () ->
                        TaskGroup.run(
                            group -> {
                              group.spawn(
                                  () -> {
                                    throw failure;
                                  });
                              await(group.spawn(this::endless));
                            }))
                .isSameAs(failure)
                .hasNoSuppressedExceptions());
  }

  @Test
  void itsTimeEndsTheBlock() {
    TestLoop.run(
        () -> {
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(
                  () ->
                      TaskGroup.run(
                          SECOND,
                          group -> {
                            group.spawn(this::endless);
                          }));
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(
                  () ->
                      TaskGroup.run(
                          Deadline.after(SECOND),
                          group -> {
                            return await(group.spawn(this::endless));
                          }));
          assertThat(log).hasSize(2);
        });
  }

  @Test
  void theOwnersCancellationCancelsAll() {
    TestLoop.run(
        () -> {
          var owner = spawn(() -> TaskGroup.run(group -> await(group.spawn(this::endless))));
          sleep(SECOND);
          owner.cancel(false);
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(owner));
          assertThat(log).containsExactly("cleaned up");
        });
  }

  @Test
  void aLeaseThatTheBlockReturnsIsClosedIfACoroutineFails() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          assertThatThrownBy(
                  () ->
                      TaskGroup.run(
                          group -> {
                            group.spawn(
                                () -> {
                                  sleep(SECOND);
                                  throw failure;
                                });
                            return await(lock.acquire());
                          }))
              .isSameAs(failure);
          assertThat(lock).hasToString("Lock[unlocked]");
        });
  }

  @Test
  void theCoroutinesOfAGroupMayHaveNames() {
    TestLoop.run(
        () ->
            TaskGroup.run(
                group -> {
                  assertThat(group.spawn("reader", () -> 7).name()).isEqualTo("reader");
                  assertThat(group.spawn("writer", () -> pause()))
                      .hasToString("Coroutine[3 \"writer\" not started]");
                }));
  }

  @Test
  void outsideACoroutineItIsRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> TaskGroup.run(group -> group.spawn(this::endless)))
        .withMessageContaining("where there is no coroutine");
  }
}
