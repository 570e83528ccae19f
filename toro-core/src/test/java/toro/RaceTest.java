package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.race;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class RaceTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<Object> log = new ArrayList<>();

  private static Callable<String> after(int seconds, String result) {
    return () -> {
      sleep(SECOND.multipliedBy(seconds));
      return result;
    };
  }

  private static Callable<String> failing(int seconds, Exception failure) {
    return () -> {
      sleep(SECOND.multipliedBy(seconds));
      throw failure;
    };
  }

  private Callable<String> cleaningUp(int seconds) {
    return () -> {
      try {
        sleep(Duration.ofDays(1));
        return "no";
      } finally {
        sleep(SECOND.multipliedBy(seconds));
        log.add("cleaned up");
      }
    };
  }

  @Test
  void theFirstResultWinsAndTheOthersHaveCleanedUp() {
    TestLoop.run(
        () -> {
          assertThat(race(cleaningUp(1), after(3, "late"), after(1, "won"))).isEqualTo("won");
          assertThat(log).containsExactly("cleaned up");
          assertThat(IOLoop.current().timers.size()).isZero();
          assertThat(IOLoop.current().fibers.size()).isOne();
        });
  }

  @Test
  void oneThatNeedsNoWaitingWinsBeforeTheOthersStart() {
    TestLoop.run(
        () -> {
          assertThat(race(List.<Callable<Object>>of(() -> "won", () -> log.add("no"))))
              .isEqualTo("won");
          assertThat(log).isEmpty();
        });
  }

  @Test
  void nullIsAResult() {
    TestLoop.run(() -> assertThat(race(() -> null, after(1, "late"))).isNull());
  }

  @Test
  void whoFailsIsOutAndTheOthersGoOn() {
    TestLoop.run(
        () -> assertThat(race(failing(1, new IOException()), after(2, "won"))).isEqualTo("won"));
  }

  @Test
  void whenAllFailTheFirstFailureIsThrownWithTheOthers() {
    IOException first = new IOException("first");
    IOException second = new IOException("second");
    TestLoop.run(
        () ->
            assertThatThrownBy(() -> race(failing(2, second), failing(1, first), failing(3, first)))
                .isSameAs(first)
                .satisfies(thrown -> assertThat(thrown.getSuppressed()).containsExactly(second)));
  }

  @Test
  void whatOneFailsWithAfterTheResultIsDropped() {
    TestLoop.run(
        () ->
            assertThat(
                    race(
                        () -> {
                          try {
                            return after(9, "late").call();
                          } finally {
                            throw new IOException();
                          }
                        },
                        after(1, "won")))
                .isEqualTo("won"));
  }

  @Test
  void theLeaseThatALoserGotIsGivenBack() {
    TestLoop.run(
        () -> {
          var first = new Lock();
          var second = new Lock();
          var both = List.of(await(first.acquire()), await(second.acquire()));
          spawn(
              () -> {
                sleep(SECOND);
                both.forEach(Lease::close); // both are granted at the same moment
              });
          Lease lease = race(() -> await(first.acquire()), () -> await(second.acquire()));
          assertThat(first).hasToString("Lock[locked]");
          assertThat(second).hasToString("Lock[unlocked]");
          lease.close();
          assertThat(first).hasToString("Lock[unlocked]");
        });
  }

  @Test
  void cancellingItCancelsAllAndWaitsForThem() {
    TestLoop.run(
        () -> {
          var owner = spawn(() -> race(cleaningUp(1), cleaningUp(2)));
          pause();
          pause();
          owner.cancel(false);
          assertThatThrownBy(() -> await(owner)).isInstanceOf(CancellationException.class);
          assertThat(log).hasSize(2);
        });
  }

  @Test
  void itsTimeMayBeLimited() {
    TestLoop.run(
        () -> {
          assertThatThrownBy(() -> withTimeout(SECOND, () -> race(cleaningUp(1), after(3, "late"))))
              .isInstanceOf(DeadlineExceededException.class);
          assertThat(log).containsExactly("cleaned up");
        });
  }

  @Test
  void aResultIsNotLostWhenTheWinnerIsCancelledWhileTheOthersCleanUp() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var owner =
              spawn(
                  () -> {
                    log.add(race(() -> await(queue.get()), cleaningUp(2)));
                    pause();
                    log.add("no");
                  });
          sleep(SECOND);
          queue.putNow("item");
          sleep(SECOND);
          owner.cancel(false);
          assertThatThrownBy(() -> await(owner)).isInstanceOf(CancellationException.class);
          assertThat(log).containsExactly("cleaned up", "item");
        });
  }

  @OnItsOwnThread
  @Test
  void aRaceWhoseLoopIsClosedBeforeAnybodyStartsIsCancelled() {
    IOLoop loop = TestLoop.create();
    loop.runSync(
        () -> {
          spawn(() -> race(after(1, "no"), after(2, "no")))
              .whenComplete((value, failure) -> log.add(failure));
          pause();
        });
    loop.close();
    assertThat(log).singleElement().isInstanceOf(CancellationException.class);
  }

  @Test
  void nobodyHasNoRace() {
    TestLoop.run(
        () ->
            assertThatIllegalArgumentException()
                .isThrownBy(() -> race(List.<Callable<String>>of())));
    assertThatIllegalStateException()
        .isThrownBy(() -> race(after(1, "")))
        .withMessageContaining("race() was called where there is no coroutine");
  }
}
