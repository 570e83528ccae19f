package toro.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.*;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import toro.*;

class VirtualTimeTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final List<Object> seen = new ArrayList<>();

  @ToroTest
  void aScheduleOfADayTakesNoTime(TestLoop test) {
    var start = test.clock().instant();
    for (int hour = 0; hour < 24; hour++) {
      sleep(HOUR);
    }
    assertThat(test.elapsed()).isEqualTo(Duration.ofDays(1));
    assertThat(Duration.between(start, test.clock().instant())).isEqualTo(Duration.ofDays(1));
  }

  @ToroTest
  void deadlinesTimeoutsAndTimersFollowIt(TestLoop test) {
    var event = new Event();
    var deadline = Deadline.after(HOUR);
    IOLoop.current().callLater(HOUR.dividedBy(2), () -> seen.add(test.elapsed()));
    assertThatThrownBy(() -> await(event.whenSet(deadline)))
        .isInstanceOf(DeadlineExceededException.class);
    assertThat(deadline.hasPassed()).isTrue();
    assertThat(seen).containsExactly(HOUR.dividedBy(2));
    assertThatThrownBy(() -> withTimeout(HOUR, () -> await(event.whenSet())))
        .isInstanceOf(DeadlineExceededException.class);
    assertThatThrownBy(() -> await(event.whenSet(Deadline.at(test.clock().instant().plus(HOUR)))))
        .isInstanceOf(DeadlineExceededException.class);
    assertThat(test.elapsed()).isEqualTo(HOUR.multipliedBy(3));
  }

  @ToroTest
  void advancingRunsWhatBecomesDueAtItsTimeAndWhatFollows(TestLoop test) {
    for (int hours : new int[] {1, 2, 3}) {
      spawn(
          () -> {
            sleep(HOUR.multipliedBy(hours));
            pause();
            seen.add(test.elapsed());
          });
    }
    test.advance(HOUR.multipliedBy(2));
    assertThat(seen).containsExactly(HOUR, HOUR.multipliedBy(2));
    assertThat(test.elapsed()).isEqualTo(HOUR.multipliedBy(2));
    test.advance(HOUR);
    assertThat(seen).hasSize(3);
  }

  @Test
  void itIsAdvancedFromOutsideToo() {
    try (var test = new TestLoop()) {
      test.loop()
          .spawn(
              () -> {
                sleep(HOUR);
                seen.add(test.elapsed());
              });
      test.untilIdle();
      assertThat(seen).isEmpty();
      test.advance(HOUR);
      assertThat(seen).containsExactly(HOUR);
      assertThat(test.clock().instant()).isAfter(Instant.EPOCH);
    }
  }

  @ToroTest
  void untilIdleLetsEverythingRunThatIsReadyAndMovesNoTime(TestLoop test) {
    var queue = new Queue<Integer>(1);
    var producer =
        spawn(
            () -> {
              for (int i = 0; i < 1000; i++) {
                await(queue.put(i));
              }
              sleep(HOUR);
            });
    var consumer =
        spawn(
            () -> {
              for (int i = 0; i < 1000; i++) {
                seen.add(await(queue.get()));
              }
            });
    test.untilIdle();
    assertThat(seen).hasSize(1000);
    assertThat(test.elapsed()).isZero();
    assertThat(producer).isNotDone();
    awaitAll(producer, consumer);
  }

  @ToroTest
  void severalMayWaitUntilItIsIdle(TestLoop test) {
    var others = List.of(spawn(test::untilIdle), spawn(() -> test.advance(HOUR)));
    test.untilIdle();
    awaitAll(others);
    assertThat(test.elapsed()).isEqualTo(HOUR);
  }

  @ToroTest
  void itLastsLongerThanALongOfNanoseconds(TestLoop test) {
    var century = Duration.ofDays(36_525);
    var start = test.clock().instant();
    var event = new Event();
    for (int centuries = 1; centuries <= 10; centuries++) {
      assertThatThrownBy(() -> await(event.whenSet(century)))
          .isInstanceOf(DeadlineExceededException.class);
      assertThat(test.elapsed()).isEqualTo(century.multipliedBy(centuries));
    }
    test.advance(century.multipliedBy(10));
    assertThat(test.elapsed()).isEqualTo(century.multipliedBy(20));
    assertThat(Duration.between(start, test.clock().instant())).isEqualTo(test.elapsed());
    assertThat(test).hasToString("TestLoop[fifo, " + century.multipliedBy(20) + "]");
  }

  @ToroTest
  void itMayWaitForThreadsForEver(TestLoop test) {
    test.waitForThreads(Duration.ofSeconds(Long.MAX_VALUE));
    var start = new CompletableFuture<Void>();
    var answer = start.thenApplyAsync(nothing -> "answer");
    start.complete(null);
    assertThat(await(answer)).isEqualTo("answer");
  }

  @ToroTest
  void timeDoesNotGoBack(TestLoop test) {
    assertThatThrownBy(() -> test.advance(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-1S");
    assertThatThrownBy(() -> test.waitForThreads(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ToroTest
  void itStandsStillWhileItWaitsForAnotherThread(TestLoop test) {
    test.waitForThreads(Duration.ofSeconds(10));
    var start = new CompletableFuture<Void>();
    var answer = start.thenApplyAsync(nothing -> "answer");
    IOLoop.current().callLater(HOUR, () -> seen.add("too early"));
    start.complete(null);
    assertThat(await(answer)).isEqualTo("answer");
    assertThat(test.elapsed()).isZero();
    assertThat(seen).isEmpty();
    test.advance(HOUR);
  }

  @ToroTest
  void itWaitsForATaskOfAnotherThreadWhenThereIsNothingElse(TestLoop test) {
    test.waitForThreads(Duration.ofSeconds(10));
    var loop = IOLoop.current();
    var event = new Event();
    var thread = Thread.ofVirtual().start(() -> loop.execute(event::set));
    await(event.whenSet());
    assertThat(thread).isNotNull();
  }

  @ToroTest
  void itGoesOnWhenAnotherThreadTakesTooLong(TestLoop test) {
    test.waitForThreads(Duration.ofNanos(1));
    var never = new CompletableFuture<String>();
    assertThatThrownBy(() -> withTimeout(HOUR, () -> await(never)))
        .isInstanceOf(DeadlineExceededException.class);
    assertThat(test.elapsed()).isEqualTo(HOUR);
  }
}
