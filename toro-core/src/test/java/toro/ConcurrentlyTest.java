package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.forEachConcurrently;
import static toro.Coroutines.mapConcurrently;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConcurrentlyTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<Object> log = new ArrayList<>();
  private int running;
  private int most;

  /** Takes as many seconds as it says, and tells how many do so at the same time. */
  private int square(int seconds) {
    most = Math.max(most, ++running);
    try {
      sleep(SECOND.multipliedBy(seconds));
      return seconds * seconds;
    } finally {
      running--;
    }
  }

  private static List<Integer> upTo(int n) {
    return IntStream.rangeClosed(1, n).boxed().toList();
  }

  @Test
  void theResultsAreInTheOrderOfTheItemsWhicheverIsDoneFirst() {
    TestLoop.run(
        () -> {
          assertThat(mapConcurrently(List.of(3, 1, 2), 3, this::square)).containsExactly(9, 1, 4);
          assertThat(running).isZero();
        });
  }

  @Test
  void noMoreThanTheLimitRunAtATimeAndNoFewer() {
    TestLoop.run(
        () -> {
          var clock = Deadline.after(SECOND.multipliedBy(4));
          assertThat(mapConcurrently(Collections.nCopies(10, 1), 3, this::square)).hasSize(10);
          assertThat(most).isEqualTo(3);
          assertThat(clock.remaining()).isZero();
          assertThat(clock.hasPassed()).isTrue();
        });
  }

  @Test
  void aThousandItemsWithoutALimitRunAllAtOnce() {
    TestLoop.run(
        () -> {
          assertThat(mapConcurrently(Collections.nCopies(1000, 1), Integer.MAX_VALUE, this::square))
              .hasSize(1000);
          assertThat(most).isEqualTo(1000);
        });
  }

  @Test
  void noItemsGiveNoResults() {
    TestLoop.run(() -> assertThat(mapConcurrently(List.<Integer>of(), 1, this::square)).isEmpty());
  }

  @Test
  void nullIsAnItemAndAResult() {
    TestLoop.run(
        () ->
            assertThat(mapConcurrently(Collections.singletonList(null), 1, item -> item))
                .containsExactly((Object) null));
  }

  @Test
  void theFirstFailureCancelsTheRestAndIsThrownWhenAllHaveCleanedUp() {
    var failure = new IOException("the second");
    TestLoop.run(
        () -> {
          assertThatThrownBy(
                  () ->
                      mapConcurrently(
                          upTo(5),
                          2,
                          item -> {
                            log.add(item);
                            if (item == 2) {
                              throw failure;
                            }
                            try {
                              return square(item * 100);
                            } finally {
                              sleep(SECOND);
                              log.add("cleaned up");
                            }
                          }))
              .isSameAs(failure);
          assertThat(log).containsExactly(1, 2, "cleaned up");
          assertThat(running).isZero();
        });
  }

  @Test
  void anItemWhoseFunctionIsCancelledIsNoHoleInTheResults() {
    TestLoop.run(
        () -> {
          var reply = new CompletableFuture<String>();
          reply.cancel(false);
          assertThatExceptionOfType(CancellationException.class)
              .isThrownBy(() -> mapConcurrently(upTo(3), 2, item -> await(reply)));
        });
  }

  @Test
  void theOwnersCancellationCancelsAll() {
    TestLoop.run(
        () -> {
          var owner = spawn(() -> mapConcurrently(upTo(5), 2, item -> square(item * 100)));
          sleep(SECOND);
          assertThat(running).isEqualTo(2);
          owner.cancel(false);
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(owner));
          assertThat(running).isZero();
        });
  }

  @Test
  void aDeadlineAroundItEndsAll() {
    TestLoop.run(
        () -> {
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(
                  () -> withTimeout(SECOND, () -> mapConcurrently(upTo(5), 2, this::square)));
          assertThat(running).isZero();
        });
  }

  @Test
  void leasesAmongTheResultsAreClosedIfItThrows() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(2);
          assertThatThrownBy(
                  () ->
                      mapConcurrently(
                          upTo(3),
                          1,
                          item -> {
                            if (item == 3) {
                              throw new IOException();
                            }
                            return await(semaphore.acquire());
                          }))
              .isInstanceOf(IOException.class);
          assertThat(semaphore.availablePermits()).isEqualTo(2);
        });
  }

  @Test
  void aQueueIsDrainedBySoManyUntilItIsClosed() {
    TestLoop.run(
        () -> {
          var queue = new Queue<Integer>(1);
          spawn(
              () -> {
                for (int i = 1; i <= 6; i++) {
                  await(queue.put(i));
                }
                queue.close();
              });
          forEachConcurrently(queue, 3, item -> log.add(square(1) * item));
          assertThat(log).containsExactly(1, 2, 3, 4, 5, 6);
          assertThat(most).isEqualTo(3);
        });
  }

  @Test
  void anIteratorThatFailsEndsAll() {
    TestLoop.run(
        () -> {
          var items = new ArrayList<>(upTo(3));
          assertThatExceptionOfType(ConcurrentModificationException.class)
              .isThrownBy(
                  () ->
                      forEachConcurrently(
                          items,
                          1,
                          item -> {
                            pause();
                            items.add(7);
                          }));
        });
  }

  @Test
  void badArgumentsAreRefusedAtOnce() {
    TestLoop.run(
        () -> {
          assertThatIllegalArgumentException()
              .isThrownBy(() -> mapConcurrently(upTo(3), 0, this::square))
              .withMessage("limit must be >= 1, not 0");
          assertThatIllegalArgumentException()
              .isThrownBy(() -> forEachConcurrently(upTo(3), -1, this::square));
          pause(); // no block was left behind
        });
    assertThatIllegalStateException()
        .isThrownBy(() -> mapConcurrently(upTo(3), 1, this::square))
        .withMessageContaining("mapConcurrently() was called where there is no coroutine");
  }
}
