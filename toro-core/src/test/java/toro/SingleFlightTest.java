package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;
import static toro.TestLoop.callback;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SingleFlightTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<Object> log = new ArrayList<>();
  private int calls;

  private Integer slowly() {
    int call = ++calls;
    try {
      sleep(SECOND);
      return call;
    } catch (CancellationException e) {
      sleep(SECOND);
      log.add("cleaned up " + call);
      throw e;
    }
  }

  @Test
  void oneCallIsMadeForAllThatAskMeanwhileAndForgottenThen() {
    TestLoop.run(
        () -> {
          var flights = new SingleFlight<String, Integer>();
          var all = new ArrayList<CompletableFuture<Integer>>();
          for (int i = 0; i < 100; i++) {
            all.add(flights.get("a", this::slowly));
          }
          var other = flights.get("b", this::slowly);
          assertThat(flights).hasToString("SingleFlight[keys=2 waiters[101]]");
          assertThat(flights.size()).isEqualTo(2);
          assertThat(awaitAll(all)).containsOnly(1);
          assertThat(await(other)).isEqualTo(2);
          assertThat(flights).hasToString("SingleFlight[]");
          assertThat(await(flights.get("a", this::slowly))).isEqualTo(3);
        });
  }

  @Test
  void aFailureIsThatOfAllAndIsNotReported() {
    var failure = new IOException();
    TestLoop.run(
        () -> {
          var flights = new SingleFlight<String, Integer>();
          var first =
              flights.get(
                  "a",
                  () -> {
                    throw failure;
                  });
          var second = flights.get("a", this::slowly);
          assertThatThrownBy(() -> await(first)).isSameAs(failure);
          assertThatThrownBy(() -> await(second)).isSameAs(failure);
          assertThat(calls).isZero();
        });
  }

  @Test
  void theCallGoesOnForTheOthersAndIsCancelledWithTheLast() {
    TestLoop.run(
        () -> {
          var flights = new SingleFlight<String, Integer>();
          var first = spawn(() -> await(flights.get("a", this::slowly)));
          var second = spawn(() -> await(flights.get("a", this::slowly)));
          pause();
          pause();
          first.cancel(false);
          pause();
          assertThat(flights.size()).isOne();
          assertThat(await(second)).isOne();
          assertThat(log).isEmpty();

          var third = spawn(() -> await(flights.get("a", this::slowly)));
          pause();
          pause();
          third.cancel(false);
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(third));
          assertThat(flights).hasToString("SingleFlight[]");
          sleep(SECOND.multipliedBy(2));
          assertThat(log).containsExactly("cleaned up 2");
        });
  }

  @Test
  void eachCallerHasADeadlineOfItsOwn() {
    TestLoop.run(
        () -> {
          var flights = new SingleFlight<String, Integer>();
          var hasty = flights.get("a", this::slowly, Duration.ofMillis(100));
          var patient = flights.get("a", this::slowly, Deadline.after(SECOND.multipliedBy(2)));
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(() -> await(hasty))
              .withMessageContaining("SingleFlight[key=a waiters[");
          assertThat(await(patient)).isOne();
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(
                  () ->
                      withTimeout(
                          Duration.ofMillis(1), () -> await(flights.get("a", this::slowly))));
          assertThat(flights.size()).isZero();
        });
  }

  @Test
  void withoutAnyTimeNoCallIsBegun() {
    TestLoop.run(
        () -> {
          var flights = new SingleFlight<String, Integer>();
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(() -> await(flights.get("a", this::slowly, Duration.ZERO)));
          sleep(SECOND);
          assertThat(calls).isZero();
          assertThat(flights.size()).isZero();
        });
  }

  @Test
  void aNewcomerNeverJoinsACallThatIsBeingCancelled() {
    TestLoop.run(
        () -> {
          var flights = new SingleFlight<String, Integer>();
          var first = flights.get("a", this::slowly);
          pause();
          first.cancel(false);
          var second = flights.get("a", this::slowly); // while the first cleans up
          assertThat(await(second)).isEqualTo(2);
          assertThat(log).containsExactly("cleaned up 1");
        });
  }

  @Test
  void aCallThatIsCancelledBeforeItBeginsNeverDoes() {
    TestLoop.run(
        () -> {
          var flights = new SingleFlight<String, Integer>();
          flights.get("a", this::slowly).cancel(false);
          assertThat(await(flights.get("a", this::slowly))).isOne();
        });
  }

  @Test
  void whatACallFailsWithAfterItsLastCallerHasGoneIsReported() {
    List<Throwable> reported = new ArrayList<>();
    try (IOLoop loop = TestLoop.create(reported)) {
      loop.runSync(
          () -> {
            var flights = new SingleFlight<String, Integer>();
            var first =
                flights.get(
                    "a",
                    () -> {
                      try {
                        return slowly();
                      } finally {
                        throw new IOException("cannot clean up");
                      }
                    });
            pause();
            first.cancel(false);
            sleep(SECOND.multipliedBy(3));
          });
    }
    assertThat(reported).extracting(Throwable::getMessage).containsExactly("cannot clean up");
  }

  @Test
  void aLeaseThatNobodyWantsAnyMoreIsClosed() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          var flights = new SingleFlight<String, Lease>();
          var first =
              flights.get(
                  "a",
                  () -> {
                    var lease = await(lock.acquire());
                    try {
                      sleep(SECOND);
                    } catch (CancellationException e) {
                      // returns it all the same
                    }
                    return lease;
                  });
          pause();
          first.cancel(false);
          pause();
          assertThat(lock).hasToString("Lock[unlocked]");
        });
  }

  @Test
  void itWorksFromACallback() {
    TestLoop.run(
        () -> {
          var flights = new SingleFlight<String, Integer>();
          callback(() -> flights.get("a", this::slowly).thenAccept(log::add));
          sleep(SECOND.multipliedBy(2));
          assertThat(log).containsExactly(1);
        });
  }

  @Test
  void aCallThatWaitsForItselfIsADeadlockThatTheSnapshotShows() {
    TestLoop.run(
        () -> {
          var flights = new SingleFlight<String, String>();
          var wait = flights.get("a", () -> await(flights.get("a", () -> "never")));
          pause();
          assertThat(IOLoop.current().snapshot().cycles()).hasSize(1);
          wait.cancel(false);
          IOLoop.current().fibers.forEach(fiber -> {});
        });
  }
}
