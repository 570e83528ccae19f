package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.sleep;
import static toro.Coroutines.withTimeout;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  private static final Duration CENTURY = Duration.ofDays(36_500);

  @Test
  void itPassesAtItsMoment() {
    TestLoop.run(
        () -> {
          Deadline deadline = Deadline.after(Duration.ofSeconds(2));
          assertThat(deadline.hasPassed()).isFalse();
          assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(2));
          sleep(Duration.ofSeconds(2).minusNanos(1));
          assertThat(deadline.hasPassed()).isFalse();
          assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(1));
          sleep(Duration.ofNanos(1));
          assertThat(deadline.hasPassed()).isTrue();
          assertThat(deadline.remaining()).isZero();
          sleep(Duration.ofDays(1));
          assertThat(deadline.hasPassed()).isTrue();
          assertThat(deadline.remaining()).isZero();
        });
  }

  @Test
  void anInstantIsOnTheClockOfTheLoop() {
    TestLoop.run(
        () -> {
          Instant now = Instant.parse("2020-01-01T00:00:00Z"); // where ManualClock begins
          assertThat(Deadline.at(now.plusSeconds(60)).remaining()).isEqualTo(Duration.ofMinutes(1));
          assertThat(Deadline.at(now).hasPassed()).isTrue();
          assertThat(Deadline.at(now.minusSeconds(1)).hasPassed()).isTrue();
          assertThat(Deadline.at(Instant.MIN).hasPassed()).isTrue();
          assertThat(Deadline.at(Instant.MAX).remaining()).isGreaterThan(CENTURY);
        });
  }

  @Test
  void zeroAndLessHavePassedAlready() {
    assertThat(Deadline.after(Duration.ZERO).hasPassed()).isTrue();
    assertThat(Deadline.after(Duration.ofSeconds(-1)).hasPassed()).isTrue();
    assertThat(Deadline.after(Duration.ofSeconds(Long.MIN_VALUE)).hasPassed()).isTrue();
    assertThat(Deadline.after(Duration.ofSeconds(Long.MIN_VALUE)).remaining()).isZero();
  }

  @Test
  void hugeOnesDoNotOverflow() {
    Deadline huge = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
    assertThat(huge.hasPassed()).isFalse();
    assertThat(huge.remaining()).isGreaterThan(CENTURY);
    TestLoop.run(
        () -> {
          var result = new AsyncResult<String>();
          var waiting = result.get(Duration.ofSeconds(Long.MAX_VALUE));
          var waitingToo = result.get(huge);
          sleep(CENTURY);
          assertThat(waiting).isNotDone();
          assertThat(waitingToo).isNotDone();
          result.set("late");
          assertThat(withTimeout(Duration.ofSeconds(Long.MAX_VALUE), () -> await(waiting)))
              .isEqualTo("late");
        });
  }

  @Test
  void neverDoesNotPass() {
    assertThat(Deadline.never().hasPassed()).isFalse();
    assertThat(Deadline.never().remaining()).isGreaterThan(CENTURY);
    assertThat(Deadline.never()).isSameAs(Deadline.never());
  }

  @Test
  void oneThatWasMadeOffTheLoopIsOnTheSystemClock() {
    Deadline far = Deadline.after(Duration.ofDays(1));
    Deadline passed = Deadline.after(Duration.ZERO);
    Deadline byWallClock = Deadline.at(Instant.now().plus(Duration.ofDays(1)));
    assertThat(byWallClock.remaining()).isBetween(Duration.ofHours(23), Duration.ofDays(1));
    TestLoop.run(
        () -> {
          var result = new AsyncResult<String>();
          assertThatThrownBy(() -> await(result.get(passed)))
              .isInstanceOf(DeadlineExceededException.class);
          assertThatThrownBy(() -> await(result.get(far)))
              .isInstanceOf(DeadlineExceededException.class);
          // What was left of it then passed on the loop's clock.
          assertThat(far.remaining()).isGreaterThan(Duration.ofHours(23));
        });
  }

  @Test
  void oneOfAnotherLoopsClockWorks() {
    ManualClock clock = new ManualClock(123_456_789);
    try (IOLoop first = TestLoop.create(clock)) {
      Deadline deadline = first.runSync(() -> Deadline.after(Duration.ofSeconds(5)));
      clock.advance(Duration.ofSeconds(2));
      ManualClock second = new ManualClock();
      try (IOLoop loop = TestLoop.create(second)) {
        loop.runSync(
            () -> {
              var result = new AsyncResult<String>();
              assertThatThrownBy(() -> await(result.get(deadline)))
                  .isInstanceOf(DeadlineExceededException.class);
            });
      }
      assertThat(second.elapsed()).isEqualTo(Duration.ofSeconds(3));
    }
  }

  @Test
  void nullIsRefused() {
    assertThatThrownBy(() -> Deadline.after(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> Deadline.at(null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void itsTextTellsWhatIsLeft() {
    assertThat(Deadline.never()).hasToString("Deadline[never]");
    TestLoop.run(
        () -> {
          Deadline deadline = Deadline.after(Duration.ofSeconds(3));
          assertThat(deadline).hasToString("Deadline[in PT3S]");
          sleep(Duration.ofSeconds(3));
          assertThat(deadline).hasToString("Deadline[passed]");
        });
  }
}
