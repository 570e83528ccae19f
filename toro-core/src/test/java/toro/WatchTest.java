package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.pause;
import static toro.Coroutines.spawn;
import static toro.TestLoop.callback;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WatchTest {

  @Test
  void itsTextTellsItsValueAndHowManyWait() {
    TestLoop.run(
        () -> {
          var watch = new Watch<>(7);
          assertThat(watch).hasToString("Watch[value=7]");
          watch.whenNot(7);
          watch.whenNot(7);
          assertThat(watch).hasToString("Watch[value=7 waiters[2]]");
          watch.set(8);
          assertThat(watch).hasToString("Watch[value=8]");
        });
  }

  @Test
  void whoWaitsIsToldTheNewValueInsideTheSet() {
    TestLoop.run(
        () -> {
          var watch = new Watch<>("a");
          var first = watch.whenNot("a");
          var second = watch.whenNot("a");
          assertThat(first).isNotDone();
          watch.set("b");
          assertThat(watch.value()).isEqualTo("b");
          assertThat(first).isCompletedWithValue("b");
          assertThat(second).isCompletedWithValue("b");
        });
  }

  @Test
  void aChangeBetweenTheLookAndTheWaitIsNotMissed() {
    TestLoop.run(
        () -> {
          var watch = new Watch<>("a");
          String seen = watch.value();
          watch.set("b");
          watch.set("c");
          assertThat(watch.whenNot(seen)).isCompletedWithValue("c");
          assertThat(watch.whenNot(seen, Duration.ZERO)).isCompletedWithValue("c");
          assertThat(watch.whenNot("never was")).isCompletedWithValue("c");
          assertThat(watch.whenNot("c")).isNotDone();
        });
  }

  @Test
  void anEqualValueIsNoChangeAndTheOneThatIsThereStays() {
    TestLoop.run(
        () -> {
          record Point(int x, int y) {}
          var there = new Point(1, 2);
          var watch = new Watch<>(there);
          var wait = watch.whenNot(new Point(1, 2));
          watch.set(new Point(1, 2));
          assertThat(wait).isNotDone();
          assertThat(watch.value()).isSameAs(there);
          watch.set(new Point(2, 1));
          assertThat(wait).isCompletedWithValue(new Point(2, 1));
        });
  }

  @Test
  void nullIsAValue() {
    TestLoop.run(
        () -> {
          var watch = new Watch<String>(null);
          var wait = watch.whenNot(null);
          watch.set(null);
          assertThat(wait).isNotDone();
          watch.set("a");
          assertThat(wait).isCompletedWithValue("a");
          wait = watch.whenNot("a");
          watch.set(null);
          assertThat(wait).isCompletedWithValue(null);
          assertThat(watch).hasToString("Watch[value=null]");
        });
  }

  @Test
  void noDeadlineIsRefused() {
    TestLoop.run(
        () -> {
          var watch = new Watch<>(1);
          assertThatNullPointerException()
              .isThrownBy(() -> watch.whenNot(2, (Duration) null))
              .withMessage("timeout");
          assertThatNullPointerException()
              .isThrownBy(() -> watch.whenNot(2, (Deadline) null))
              .withMessage("deadline");
        });
  }

  @Test
  void aLoopSeesTheFirstValueAtOnceAndThenAtEachStepTheLatest() {
    TestLoop.run(
        () -> {
          var watch = new Watch<>(0);
          var seen = new ArrayList<Integer>();
          var follower =
              spawn(
                  () -> {
                    for (int value : watch) {
                      seen.add(value);
                    }
                  });
          pause();
          assertThat(seen).containsExactly(0);
          for (int value = 1; value <= 5; value++) {
            watch.set(value);
          }
          pause();
          assertThat(seen).containsExactly(0, 5);
          watch.set(6);
          pause();
          watch.set(6);
          pause();
          assertThat(seen).containsExactly(0, 5, 6);
          follower.cancel(true);
          assertThat(watch).hasToString("Watch[value=6]");
        });
  }

  @Test
  void aLoopDoesNotSeeAChangeThatIsTakenBackBeforeItGoesOn() {
    TestLoop.run(
        () -> {
          var watch = new Watch<>("a");
          var seen = new ArrayList<String>();
          spawn(
              () -> {
                for (String value : watch) {
                  seen.add(value);
                }
              });
          pause();
          watch.set("b");
          watch.set("a");
          pause();
          pause();
          assertThat(seen).containsExactly("a");
          assertThat(watch).hasToString("Watch[value=a waiters[1]]");
          watch.set("c");
          pause();
          assertThat(seen).containsExactly("a", "c");
        });
  }

  @Test
  void aLoopThatIsBusyMissesNoLastValue() {
    TestLoop.run(
        () -> {
          var watch = new Watch<>(0);
          var seen = new ArrayList<Integer>();
          spawn(
              () -> {
                for (int value : watch) {
                  seen.add(value);
                  pause();
                  pause();
                }
              });
          for (int value = 1; value <= 10; value++) {
            watch.set(value);
            pause();
          }
          for (int i = 0; i < 5; i++) {
            pause();
          }
          assertThat(seen).isSorted().doesNotHaveDuplicates().endsWith(10);
        });
  }

  @Test
  void eachLoopHasItsOwnPlace() {
    TestLoop.run(
        () -> {
          var watch = new Watch<>("a");
          var early = watch.iterator();
          assertThat(early.next()).isEqualTo("a");
          watch.set("b");
          var late = watch.iterator();
          assertThat(late.hasNext()).isTrue();
          assertThat(late.next()).isEqualTo("b");
          assertThat(early.next()).isEqualTo("b");
        });
  }

  @Test
  void inACallbackALoopGetsNoFurtherThanTheFirstValue() {
    TestLoop.run(
        () -> {
          var watch = new Watch<>("a");
          callback(
              () -> {
                var values = watch.iterator();
                assertThat(values.next()).isEqualTo("a");
                assertThatIllegalStateException().isThrownBy(values::next);
              });
          assertThat(watch).hasToString("Watch[value=a]");
        });
  }

  @Test
  void whoWaitsInACallbackWaitsForTheNextChange() {
    TestLoop.run(
        () -> {
          var watch = new Watch<>(0);
          var again = new ArrayList<CompletableFuture<Integer>>();
          for (int i = 0; i < 3; i++) {
            var unused = watch.whenNot(0).thenAccept(value -> again.add(watch.whenNot(value)));
          }
          watch.set(1);
          assertThat(again).hasSize(3).noneMatch(CompletableFuture::isDone);
          watch.set(2);
          assertThat(again).allMatch(wait -> wait.resultNow() == 2);
        });
  }

  @Test
  void aCallbackMaySetTheValueBackAndNobodyIsToldWhatItHasSeen() {
    TestLoop.run(
        () -> {
          var watch = new Watch<>("seen");
          var told = new ArrayList<String>();
          var again = new ArrayList<CompletableFuture<String>>();
          for (int i = 0; i < 3; i++) {
            var unused =
                watch
                    .whenNot("seen")
                    .thenAccept(
                        value -> {
                          told.add(value);
                          again.add(watch.whenNot(value));
                          watch.set("seen");
                        });
          }
          watch.set("other");
          assertThat(told).containsExactly("other", "other", "other");
          assertThat(watch.value()).isEqualTo("seen");
          assertThat(again).allMatch(wait -> wait.resultNow().equals("seen"));
        });
  }

  @Test
  void aHundredThousandChangesInsideEachOtherDoNotOverflowTheStack() {
    TestLoop.run(
        () -> {
          var watch = new Watch<>(0);
          follow(watch, 0);
          watch.set(1);
          assertThat(watch.value()).isEqualTo(100_000);
        });
  }

  private static void follow(Watch<Integer> watch, int seen) {
    var unused =
        watch
            .whenNot(seen)
            .thenAccept(
                value -> {
                  if (value < 100_000) {
                    follow(watch, value);
                    watch.set(value + 1);
                  }
                });
  }

  @Test
  void aValueThatCannotBeComparedChangesNothing() {
    TestLoop.run(
        () -> {
          record Odd(int number) {
            @Override
            public boolean equals(Object other) {
              throw new IllegalArgumentException("odd");
            }

            @Override
            public int hashCode() {
              return number;
            }
          }
          var watch = new Watch<>(new Odd(1));
          assertThatIllegalArgumentException().isThrownBy(() -> watch.set(new Odd(3)));
          assertThatIllegalArgumentException().isThrownBy(() -> watch.whenNot(new Odd(3)));
          assertThat(watch.value().number()).isOne();
          assertThat(List.of(watch.toString())).noneMatch(text -> text.contains("waiters"));
        });
  }

  @Test
  void toFollowItsChangesTakesACoroutine() {
    TestLoop.run(
        () -> {
          var changes = new Watch<>("first").iterator();
          changes.next();
          TestLoop.callback(
              () ->
                  assertThatThrownBy(changes::next)
                      .isInstanceOf(IllegalStateException.class)
                      .hasMessageStartingWith("next() was called where there is no coroutine"));
        });
  }
}
