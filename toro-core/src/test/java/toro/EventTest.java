package toro;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EventTest {

  @Test
  void itsTextTellsWhetherItIsSetAndHowManyWait() {
    TestLoop.run(
        () -> {
          var event = new Event();
          assertThat(event).hasToString("Event[clear]");
          var unused = event.whenSet();
          var unusedToo = event.whenSet();
          assertThat(event).hasToString("Event[clear waiters[2]]");
          event.set();
          assertThat(event).hasToString("Event[set]");
        });
  }

  @Test
  void nobodyWaitsFromSetUntilClear() {
    TestLoop.run(
        () -> {
          var event = new Event();
          assertThat(event.isSet()).isFalse();
          event.set();
          event.set();
          assertThat(event.isSet()).isTrue();
          assertThat(event.whenSet()).isCompletedWithValue(null);
          event.clear();
          event.clear();
          assertThat(event.isSet()).isFalse();
          assertThat(event.whenSet()).isNotDone();
          assertThat(event.whenSet(Duration.ZERO)).isCompletedExceptionally();
        });
  }

  @Test
  void allWhoWaitedAreWokenInOrderThoughACallbackClearsItAndWaitsAnew() {
    TestLoop.run(
        () -> {
          var event = new Event();
          var order = new ArrayList<Integer>();
          var again = new ArrayList<CompletableFuture<Void>>();
          for (int i = 0; i < 5; i++) {
            int number = i;
            var unused =
                event
                    .whenSet()
                    .thenRun(
                        () -> {
                          order.add(number);
                          event.clear();
                          again.add(event.whenSet());
                        });
          }
          event.set();
          assertThat(order).containsExactly(0, 1, 2, 3, 4);
          assertThat(again).hasSize(5).noneMatch(CompletableFuture::isDone);
          assertThat(event).hasToString("Event[clear waiters[5]]");
          event.set();
          assertThat(again).allMatch(CompletableFuture::isDone);
        });
  }

  @Test
  void aCallbackMayClearItAndSetItAgain() {
    TestLoop.run(
        () -> {
          var event = new Event();
          var order = new ArrayList<String>();
          var first =
              event
                  .whenSet()
                  .thenRun(
                      () -> {
                        order.add("first");
                        event.clear();
                        var unused = event.whenSet().thenRun(() -> order.add("new"));
                        event.set();
                      });
          var second = event.whenSet().thenRun(() -> order.add("second"));
          event.set();
          assertThat(first).isCompleted();
          assertThat(second).isCompleted();
          assertThat(order).containsExactly("first", "second", "new");
          assertThat(event.isSet()).isTrue();
        });
  }
}
