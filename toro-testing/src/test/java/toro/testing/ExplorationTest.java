package toro.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static toro.Coroutines.*;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import toro.*;

class ExplorationTest {
  private final List<String> orders = new ArrayList<>();

  /** Three coroutines, each of which has two turns. */
  private void threeByTwo(TestLoop test) {
    var order = new StringBuilder();
    var all = new ArrayList<Coroutine<Void>>();
    for (String name : List.of("a", "b", "c")) {
      all.add(
          spawn(
              () -> {
                order.append(name);
                sleep(Duration.ofSeconds(1));
                order.append(name);
              }));
    }
    awaitAll(all);
    orders.add(order.toString());
  }

  @Test
  void theFirstScheduleIsFirstInFirstOutAndTheOthersAreDrawn() {
    Exploration.schedules(300).run(this::threeByTwo);
    assertThat(orders).hasSize(300);
    assertThat(orders.getFirst()).isEqualTo("abcabc");
    assertThat(new HashSet<>(orders)).hasSize(36); // all there are
  }

  @Test
  void aSeedGivesTheSameScheduleEachTime() {
    Exploration.schedules(20).run(this::threeByTwo);
    List<String> first = List.copyOf(orders);
    orders.clear();
    Exploration.schedules(20).run(this::threeByTwo);
    assertThat(orders).isEqualTo(first);
    orders.clear();
    Exploration.replay("seed 7").run(this::threeByTwo);
    assertThat(orders).containsExactly(first.get(7));
  }

  @Test
  void whoPausesComesAfterAllThatWasReadyBefore() {
    Exploration.schedules(50)
        .run(
            test -> {
              var others = new ArrayList<Integer>();
              var all = new ArrayList<Coroutine<?>>();
              for (int i = 0; i < 5; i++) {
                int number = i;
                all.add(spawn(() -> others.add(number)));
              }
              pause();
              assertThat(others).hasSize(5);
            });
  }

  @Test
  void aFailureStopsItAndSaysHowToReplayIt() {
    Exploration.Body inOrder =
        test -> {
          threeByTwo(test);
          assertThat(orders.getLast()).isEqualTo("abcabc");
        };
    Throwable failure = catchThrowable(() -> Exploration.schedules(100).run(inOrder));
    assertThat(orders).hasSizeLessThan(100);
    String run = "seed " + (orders.size() - 1);
    assertThat(failure.getSuppressed())
        .singleElement()
        .hasToString(
            "toro.testing.Replay: to replay this run: @ToroTest(replay = \"%1$s\") or Exploration.replay(\"%1$s\").run(…)"
                .formatted(run));
    String last = orders.getLast();
    assertThatThrownBy(() -> Exploration.replay(run).run(inOrder))
        .isInstanceOf(AssertionError.class);
    assertThat(orders.getLast()).isEqualTo(last);
  }

  @Test
  void aFailureOfTheOrdinaryScheduleNeedsNoReplay() {
    assertThat(
            catchThrowable(
                () ->
                    Exploration.schedules(2)
                        .run(
                            test -> {
                              throw new IllegalArgumentException();
                            })))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoSuppressedExceptions();
  }

  @Test
  void eachAwaitOfEachTargetIsCancelledOnceAtOnceAndOnceATurnLater() {
    List<String> runs = new ArrayList<>();
    Exploration.schedules(1)
        .interruptions()
        .run(
            test -> {
              var ends = new ArrayList<String>();
              runs.add(test.toString().replaceAll("TestLoop\\[|, PT.*", ""));
              var first = test.target(spawn(() -> steps("1", 2, ends)));
              var second = test.target(spawn(() -> steps("2", 1, ends)));
              spawn(() -> steps("untouched", 3, ends)).thenRun(() -> ends.add("all"));
              test.advance(Duration.ofHours(1));
              assertThat(first.isCancelled() || second.isCancelled())
                  .isEqualTo(runs.size() > 1)
                  .isEqualTo(!ends.contains("12") || !ends.contains("21"));
              assertThat(ends).contains("all");
            });
    assertThat(runs)
        .containsExactly(
            "fifo",
            "fifo, cancel target 1 in await 1 at once",
            "fifo, cancel target 1 in await 1 a turn later",
            "fifo, cancel target 1 in await 2 at once",
            "fifo, cancel target 1 in await 2 a turn later",
            "fifo, cancel target 2 in await 1 at once",
            "fifo, cancel target 2 in await 1 a turn later");
  }

  private static void steps(String name, int n, List<String> ends) {
    for (int i = 1; i <= n; i++) {
      sleep(Duration.ofSeconds(1));
      ends.add(name + i);
    }
  }

  @Test
  void cancelledAtOnceItIsAsIfNobodyCameBetweenAndLaterWhatWasGrantedIsDelivered() {
    List<String> ends = new ArrayList<>();
    Exploration.schedules(1)
        .interruptions()
        .run(
            test -> {
              var queue = new Queue<String>();
              var getter = test.target(spawn(() -> await(queue.get())));
              getter.handle((item, failure) -> ends.add(failure == null ? item : "cancelled"));
              spawn(() -> queue.putNow("item"));
              test.untilIdle();
              assertThat(queue.isEmpty()).isEqualTo(!getter.isCancelled());
            });
    assertThat(ends).containsExactly("item", "cancelled", "item");
  }

  @Test
  void eachDeadlineExpiresInTurnAlsoWhereTheWaitWouldBeGranted() {
    List<String> ends = new ArrayList<>();
    Exploration.schedules(1)
        .interruptions()
        .run(
            test -> {
              var queue = new Queue<String>();
              spawn(() -> queue.putNow("item"));
              var end = "";
              try {
                end += await(queue.get(Duration.ofHours(1)));
              } catch (DeadlineExceededException e) {
                end += "expired after " + test.elapsed();
              }
              try {
                withTimeout(Duration.ofHours(1), () -> sleep(Duration.ofMinutes(1)));
              } catch (DeadlineExceededException e) {
                end += ", block expired";
              }
              ends.add(end);
            });
    assertThat(ends)
        .containsExactly(
            "item",
            "expired after PT1H",
            "item", // a turn later it was granted
            "item, block expired",
            "item, block expired");
  }

  @Test
  void aTargetThatLosesWhatItHasWhenItIsCancelledIsFound() {
    Throwable failure =
        catchThrowable(
            () ->
                Exploration.schedules(3)
                    .interruptions()
                    .run(
                        test -> {
                          var lock = new Lock();
                          test.target(
                                  spawn(
                                      () -> {
                                        var lease = await(lock.acquire());
                                        sleep(Duration.ofSeconds(1)); // no try
                                        lease.close();
                                      }))
                              .handle((nothing, e) -> e);
                          test.advance(Duration.ofHours(1));
                        }));
    assertThat(failure)
        .hasMessageContaining("leases that were never closed")
        .hasMessageContaining("of Lock[locked], held by Coroutine[2 done]");
    assertThat(failure.getSuppressed()[0])
        .hasMessageContaining("\"fifo, cancel target 1 in await 1 at once\"");
  }

  @Test
  void withoutATargetOrDeadlineThereIsNothingToInterrupt() {
    assertThatThrownBy(() -> Exploration.schedules(1).interruptions().run(test -> pause()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("loop.target(coroutine)");
  }

  @Test
  void aTestThatDoesSomethingElseEachTimeIsRefused() {
    int[] runs = {0};
    assertThatThrownBy(
            () ->
                Exploration.schedules(1)
                    .interruptions()
                    .run(
                        test -> {
                          if (runs[0]++ == 0) {
                            await(test.target(spawn(() -> pause())));
                          }
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("there was no such step: fifo, cancel target 1 in await 1 at once");
  }

  @Test
  void aFailureMayBeTheCancellationItself() {
    assertThatThrownBy(
            () ->
                Exploration.schedules(1)
                    .interruptions()
                    .run(test -> await(test.target(spawn(() -> pause())))))
        .isInstanceOf(CancellationException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "seed",
        "seed x",
        "7",
        "fifo, ",
        "seed 7, cancel",
        "seed 7, cancel target 1 in await 2 sometime",
        "seed 07"
      })
  void aTextThatIsNoRunIsRefused(String text) {
    assertThatThrownBy(() -> Exploration.replay(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + text + "\" is not a run: copy the text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fifo",
        "seed 7",
        "seed -7",
        "fifo, expire deadline 3 at once",
        "seed 12, cancel target 2 in await 30 a turn later"
      })
  void theTextOfARunIsReadBack(String text) {
    assertThat(Scenario.parse(text)).hasToString(text);
  }

  @Test
  void thereIsAtLeastOneSchedule() {
    assertThatThrownBy(() -> Exploration.schedules(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("schedules must be >= 1, not 0");
  }
}
