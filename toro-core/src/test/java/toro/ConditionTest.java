package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ConditionTest {

  private static ArrayList<CompletableFuture<Void>> waits(Condition condition, int count) {
    var waits = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < count; i++) {
      waits.add(condition.whenSignalled());
    }
    return waits;
  }

  @Test
  void itsTextTellsHowManyWait() {
    TestLoop.run(
        () -> {
          var condition = new Condition();
          assertThat(condition).hasToString("Condition[]");
          waits(condition, 2);
          assertThat(condition).hasToString("Condition[waiters[2]]");
        });
  }

  @Test
  void aSignalWakesTheFirstSoManyOrAll() {
    TestLoop.run(
        () -> {
          var condition = new Condition();
          var waits = waits(condition, 6);
          condition.signal();
          assertThat(waits.stream().map(CompletableFuture::isDone))
              .containsExactly(true, false, false, false, false, false);
          condition.signal(2);
          assertThat(waits.stream().map(CompletableFuture::isDone))
              .containsExactly(true, true, true, false, false, false);
          condition.signal(0);
          assertThat(condition).hasToString("Condition[waiters[3]]");
          condition.signalAll();
          assertThat(waits).allMatch(CompletableFuture::isDone);
          condition.signal(5); // nobody waits
        });
  }

  @Test
  void aNegativeNumberIsRefused() {
    TestLoop.run(
        () -> {
          var condition = new Condition();
          var wait = condition.whenSignalled();
          assertThatIllegalArgumentException().isThrownBy(() -> condition.signal(-1));
          assertThat(wait).isNotDone();
        });
  }

  @Test
  void aSignalIsNotKept() {
    TestLoop.run(
        () -> {
          var condition = new Condition();
          condition.signal();
          condition.signalAll();
          assertThat(condition.whenSignalled()).isNotDone();
          assertThat(condition.whenSignalled(Duration.ZERO)).isCompletedExceptionally();
        });
  }

  @Test
  void aSignalIsNotSpentOnTheDead() {
    TestLoop.run(
        () -> {
          var condition = new Condition();
          var expired = condition.whenSignalled(Duration.ofSeconds(1));
          var waits = waits(condition, 4);
          waits.get(1).cancel(true);
          Coroutines.sleep(Duration.ofSeconds(2));
          condition.signal(2);
          assertThat(expired).isCompletedExceptionally();
          assertThat(waits.get(0)).isCompleted();
          assertThat(waits.get(2)).isCompleted();
          assertThat(waits.get(3)).isNotDone();
        });
  }

  @Test
  void whoBeginsToWaitInACallbackWaitsForTheNextSignal() {
    TestLoop.run(
        () -> {
          var condition = new Condition();
          var again = new ArrayList<CompletableFuture<Void>>();
          for (int i = 0; i < 3; i++) {
            var unused =
                condition.whenSignalled().thenRun(() -> again.add(condition.whenSignalled()));
          }
          condition.signalAll();
          assertThat(again).hasSize(3).noneMatch(CompletableFuture::isDone);
          condition.signal(100);
          assertThat(again).allMatch(CompletableFuture::isDone);
        });
  }

  @Test
  void aCallbackMaySignalTheOthers() {
    TestLoop.run(
        () -> {
          var condition = new Condition();
          var order = new ArrayList<Integer>();
          for (int i = 0; i < 4; i++) {
            int number = i;
            var unused =
                condition
                    .whenSignalled()
                    .thenRun(
                        () -> {
                          order.add(number);
                          condition.signal();
                        });
          }
          condition.signalAll();
          assertThat(order).containsExactly(0, 1, 2, 3);
          assertThat(condition).hasToString("Condition[]");
        });
  }

  @Test
  void aChainOfAHundredThousandSignalsDoesNotOverflowTheStack() {
    TestLoop.run(
        () -> {
          var condition = new Condition();
          var count = new int[1];
          for (int i = 0; i < 100_000; i++) {
            var unused =
                condition
                    .whenSignalled()
                    .thenRun(
                        () -> {
                          count[0]++;
                          condition.signal();
                        });
          }
          condition.signal();
          assertThat(count[0]).isEqualTo(100_000);
        });
  }
}
