package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.TestLoop.callback;
import static toro.TestLoop.elsewhere;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import toro.Broadcast.Overflow;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BroadcastTest {

  private static List<Object> takeAll(Subscription<?> subscription) {
    var items = new ArrayList<Object>();
    while (subscription.size() > 0) {
      items.add(subscription.getNow());
    }
    return items;
  }

  private static void putAll(Broadcast<Integer> broadcast, int from, int to) {
    for (int item = from; item <= to; item++) {
      broadcast.putNow(item);
    }
  }

  private static Throwable failure(CompletableFuture<?> future) {
    assertThat(future.isCompletedExceptionally()).isTrue();
    return future.exceptionNow();
  }

  // What it gives to whom.

  @Test
  void theTextsTellTheirStates() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(2);
          assertThat(broadcast).hasToString("Broadcast[maxsize=2]");
          var first = broadcast.subscribe();
          var second = broadcast.subscribe();
          assertThat(first).hasToString("Subscription[]");
          putAll(broadcast, 1, 2);
          broadcast.put(3);
          assertThat(broadcast).hasToString("Broadcast[maxsize=2 size=2 subscribers=2 putters[1]]");
          assertThat(first).hasToString("Subscription[size=2]");
          takeAll(first);
          second.close();
          assertThat(second).hasToString("Subscription[closed]");
          takeAll(first);
          first.get();
          assertThat(first).hasToString("Subscription[getters[1]]");
          assertThat(broadcast).hasToString("Broadcast[maxsize=2 subscribers=1]");
          broadcast.close();
          assertThat(broadcast).hasToString("Broadcast[closed maxsize=2 subscribers=1]");
        });
  }

  @ParameterizedTest
  @EnumSource
  void eachSubscriberSeesAllThatWasPutSinceItSubscribed(Overflow overflow) {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(5, overflow);
          broadcast.putNow(0);
          var first = broadcast.subscribe();
          putAll(broadcast, 1, 2);
          var second = broadcast.subscribe();
          putAll(broadcast, 3, 5);
          assertThat(first.size()).isEqualTo(5);
          assertThat(second.size()).isEqualTo(3);
          assertThat(broadcast.size()).isEqualTo(5);
          assertThat(takeAll(second)).containsExactly(3, 4, 5);
          assertThat(broadcast.size()).isEqualTo(5);
          assertThat(takeAll(first)).containsExactly(1, 2, 3, 4, 5);
          assertThat(broadcast.size()).isZero();
          assertThat(first.missed()).isZero();
          assertThatExceptionOfType(QueueEmptyException.class)
              .isThrownBy(first::getNow)
              .withMessageContaining("Subscription[]");
        });
  }

  @ParameterizedTest
  @EnumSource
  void withoutSubscribersAnItemGoesNowhere(Overflow overflow) {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(1, overflow);
          for (int item = 0; item < 10; item++) {
            assertThat(broadcast.put(item, Duration.ZERO)).isCompleted();
          }
          assertThat(broadcast.size()).isZero();
          var late = broadcast.subscribe();
          assertThat(late.size()).isZero();
          broadcast.putNow(10);
          assertThat(late.getNow()).isEqualTo(10);
        });
  }

  @Test
  void anItemIsHandedToAllWhoWaitBeforePutReturns() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<String>(1);
          var gets = new ArrayList<CompletableFuture<String>>();
          for (int i = 0; i < 10; i++) {
            gets.add(broadcast.subscribe().get());
          }
          broadcast.putNow("item");
          assertThat(gets).allMatch(get -> get.resultNow().equals("item"));
          assertThat(broadcast.size()).isZero();
        });
  }

  @Test
  void thoseWhoWaitAreServedInTheOrderInWhichTheyBeganToWait() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<String>(1);
          var order = new ArrayList<Integer>();
          var subscriptions = new ArrayList<Subscription<String>>();
          for (int i = 0; i < 4; i++) {
            subscriptions.add(broadcast.subscribe());
          }
          var gaveUp = subscriptions.get(1).get();
          for (int number : new int[] {2, 0, 3, 1}) {
            if (number == 3) {
              gaveUp.cancel(true); // so its subscription loses its place
            }
            var unused = subscriptions.get(number).get().thenRun(() -> order.add(number));
          }
          broadcast.putNow("item");
          assertThat(order).containsExactly(2, 0, 3, 1);
        });
  }

  @Test
  void severalWhoShareASubscriptionShareItsItemsFirstComeFirstServed() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(3);
          var shared = broadcast.subscribe();
          var first = shared.get();
          var second = shared.get();
          broadcast.putNow(1);
          assertThat(first).isCompletedWithValue(1);
          assertThat(second).isNotDone();
          putAll(broadcast, 2, 3);
          assertThat(second).isCompletedWithValue(2);
          assertThat(shared.getNow()).isEqualTo(3);
        });
  }

  @Test
  void whoGaveUpOnAnotherThreadTakesNoItemEvenBeforeTheLoopKnows() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(1);
          var subscription = broadcast.subscribe();
          var gone = subscription.get();
          elsewhere(() -> gone.cancel(true));
          broadcast.putNow(1);
          assertThat(subscription.size()).isOne();
          assertThat(broadcast.put(2, Duration.ZERO)).isCompletedExceptionally();
          assertThat(subscription.getNow()).isEqualTo(1);
          pause();
          assertThat(subscription).hasToString("Subscription[]");
        });
  }

  @Test
  void nullIsNoItemNorPolicyNorDeadline() {
    TestLoop.run(
        () -> {
          assertThatNullPointerException()
              .isThrownBy(() -> new Broadcast<Integer>(1, null))
              .withMessage("overflow");
          var broadcast = new Broadcast<Integer>(1);
          var subscription = broadcast.subscribe();
          assertThatNullPointerException()
              .isThrownBy(() -> broadcast.put(null))
              .withMessage("item");
          assertThatNullPointerException()
              .isThrownBy(() -> broadcast.putNow(null))
              .withMessage("item");
          assertThatNullPointerException()
              .isThrownBy(() -> broadcast.put(1, (Deadline) null))
              .withMessage("deadline");
          assertThatNullPointerException()
              .isThrownBy(() -> subscription.get((Deadline) null))
              .withMessage("deadline");
          assertThatNullPointerException()
              .isThrownBy(() -> subscription.get((Duration) null))
              .withMessage("timeout");
          assertThat(broadcast.size()).isZero();
        });
  }

  // Waiting for the slowest.

  @Test
  void puttersWaitUntilTheSlowestHasRoom() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(2);
          var slow = broadcast.subscribe();
          var fast = broadcast.subscribe();
          putAll(broadcast, 1, 2);
          assertThat(takeAll(fast)).containsExactly(1, 2);
          var next = fast.get();
          var third = broadcast.put(3);
          var fourth = broadcast.put(4);
          assertThatExceptionOfType(QueueFullException.class)
              .isThrownBy(() -> broadcast.putNow(5))
              .withMessageContaining("putters[2]");
          assertThat(List.of(next, third, fourth)).noneMatch(CompletableFuture::isDone);
          assertThat(slow.getNow()).isEqualTo(1);
          assertThat(third).isCompleted();
          assertThat(next).isCompletedWithValue(3);
          assertThat(fourth).isNotDone();
          assertThat(slow.getNow()).isEqualTo(2);
          assertThat(fourth).isCompleted();
          assertThat(takeAll(slow)).containsExactly(3, 4);
          assertThat(takeAll(fast)).containsExactly(4);
        });
  }

  @Test
  void aSubscriberThatClosesReleasesThePuttersItHeldUp() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(2);
          var slow = broadcast.subscribe();
          var fast = broadcast.subscribe();
          putAll(broadcast, 1, 2);
          takeAll(fast);
          var puts = List.of(broadcast.put(3), broadcast.put(4), broadcast.put(5));
          slow.close();
          assertThat(puts).extracting(CompletableFuture::isDone).containsExactly(true, true, false);
          assertThat(slow.size()).isZero();
          fast.close();
          assertThat(puts).allMatch(CompletableFuture::isDone); // to nobody
          assertThat(broadcast).hasToString("Broadcast[maxsize=2]");
        });
  }

  @Test
  void thePuttersOfAClosedSubscriberGoOnToThoseWhoWait() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(1);
          var slow = broadcast.subscribe();
          broadcast.putNow(1);
          var puts = List.of(broadcast.put(2), broadcast.put(3), broadcast.put(4));
          var eager = broadcast.subscribe();
          var gets = List.of(eager.get(), eager.get());
          slow.close();
          assertThat(gets).extracting(CompletableFuture::resultNow).containsExactly(2, 3);
          assertThat(puts).allMatch(CompletableFuture::isDone);
          assertThat(takeAll(eager)).containsExactly(4);
        });
  }

  @Test
  void aPutterThatGivesUpHasPutNothingIn() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(1);
          var subscription = broadcast.subscribe();
          broadcast.putNow(1);
          var cancelled = broadcast.put(2);
          var expired = broadcast.put(3, Duration.ofSeconds(1));
          var stays = broadcast.put(4);
          cancelled.cancel(true);
          sleep(Duration.ofSeconds(1));
          assertThat(failure(expired)).isInstanceOf(DeadlineExceededException.class);
          assertThat(subscription.getNow()).isEqualTo(1);
          assertThat(stays).isCompleted();
          assertThat(takeAll(subscription)).containsExactly(4);
        });
  }

  // Slow subscribers.

  @Test
  void theSlowMissTheOldestAndLearnHowMany() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(3, Overflow.DROP_OLDEST);
          var slow = broadcast.subscribe();
          var fast = broadcast.subscribe();
          for (int item = 1; item <= 10; item++) {
            broadcast.putNow(item);
            assertThat(fast.getNow()).isEqualTo(item);
          }
          assertThat(slow.size()).isEqualTo(3);
          assertThat(slow.missed()).isEqualTo(7);
          assertThat(slow).hasToString("Subscription[size=3 missed=7]");
          assertThat(takeAll(slow)).containsExactly(8, 9, 10);
          putAll(broadcast, 11, 14);
          assertThat(slow.missed()).isEqualTo(8);
          assertThat(takeAll(slow)).containsExactly(12, 13, 14);
          assertThat(fast.missed()).isOne();
          assertThat(takeAll(fast)).containsExactly(12, 13, 14);
          assertThat(broadcast.size()).isZero();
        });
  }

  @Test
  void whoIsAheadMissesNothingWhenTheSlowestDoes() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(3, Overflow.DROP_OLDEST);
          var slowest = broadcast.subscribe();
          broadcast.putNow(1);
          var slow = broadcast.subscribe();
          putAll(broadcast, 2, 4);
          assertThat(slowest.missed()).isOne();
          assertThat(slow.missed()).isZero();
          assertThat(takeAll(slow)).containsExactly(2, 3, 4);
          assertThat(takeAll(slowest)).containsExactly(2, 3, 4);
        });
  }

  @Test
  void aSlowSubscriberIsCutOffAndTheOthersAreNot() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(2, Overflow.FAIL);
          var slow = broadcast.subscribe();
          var alsoSlow = broadcast.subscribe();
          broadcast.putNow(1);
          var fast = broadcast.subscribe();
          broadcast.putNow(2);
          assertThat(slow.getNow()).isEqualTo(1);
          broadcast.putNow(3);
          assertThat(broadcast).hasToString("Broadcast[maxsize=2 size=2 subscribers=2]");
          assertThat(alsoSlow).hasToString("Subscription[cut off]");
          for (int i = 0; i < 2; i++) {
            assertThat(failure(alsoSlow.get()))
                .isInstanceOf(SlowSubscriberException.class)
                .hasMessageContaining("Broadcast[maxsize=2");
            assertThatExceptionOfType(SlowSubscriberException.class).isThrownBy(alsoSlow::getNow);
            assertThatExceptionOfType(SlowSubscriberException.class)
                .isThrownBy(() -> alsoSlow.iterator().hasNext());
          }
          assertThat(alsoSlow.size()).isZero();
          assertThat(alsoSlow.missed()).isZero();
          assertThat(takeAll(slow)).containsExactly(2, 3);
          assertThat(takeAll(fast)).containsExactly(2, 3);
          alsoSlow.close();
          assertThat(failure(alsoSlow.get())).isInstanceOf(QueueClosedException.class);
          assertThat(broadcast).hasToString("Broadcast[maxsize=2 subscribers=2]");
        });
  }

  @Test
  void whenAllAreCutOffAnItemGoesNowhere() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(1, Overflow.FAIL);
          var slow = List.of(broadcast.subscribe(), broadcast.subscribe());
          putAll(broadcast, 1, 2);
          assertThat(broadcast).hasToString("Broadcast[maxsize=1]");
          assertThat(slow).allMatch(each -> failure(each.get()) instanceof SlowSubscriberException);
        });
  }

  @Test
  void whoWaitsForAnItemIsNeverSlow() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(1, Overflow.FAIL);
          var quick = broadcast.subscribe();
          for (int item = 0; item < 10; item++) {
            var get = quick.get();
            broadcast.putNow(item);
            assertThat(get).isCompletedWithValue(item);
          }
        });
  }

  // Its end.

  @Test
  void closingLetsTheSubscribersTakeWhatIsThereAndFailsThePutters() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(2);
          var behind = broadcast.subscribe();
          putAll(broadcast, 1, 2);
          var put = broadcast.put(3);
          broadcast.close();
          broadcast.close();
          assertThat(failure(put)).isInstanceOf(QueueClosedException.class);
          assertThat(failure(broadcast.put(4)))
              .isInstanceOf(QueueClosedException.class)
              .hasMessageContaining("closed");
          assertThatExceptionOfType(QueueClosedException.class)
              .isThrownBy(() -> broadcast.putNow(4));
          assertThat(await(behind.get())).isEqualTo(1);
          assertThat(behind.getNow()).isEqualTo(2);
          assertThatExceptionOfType(QueueClosedException.class)
              .isThrownBy(() -> await(behind.get()));
          assertThatExceptionOfType(QueueClosedException.class).isThrownBy(behind::getNow);
          assertThat(failure(broadcast.subscribe().get())).isInstanceOf(QueueClosedException.class);
        });
  }

  @Test
  void closingEndsTheWaitsOfSubscribersAndTheirLoops() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(2);
          var seen = new ArrayList<Integer>();
          var loops = new ArrayList<Coroutine<?>>();
          for (int i = 0; i < 2; i++) {
            loops.add(
                spawn(
                    () -> {
                      try (var subscription = broadcast.subscribe()) {
                        for (int item : subscription) {
                          seen.add(item);
                        }
                      }
                    }));
          }
          pause();
          putAll(broadcast, 1, 2);
          pause();
          broadcast.putNow(3);
          broadcast.close();
          loops.forEach(Coroutines::await);
          assertThat(seen).containsExactlyInAnyOrder(1, 1, 2, 2, 3, 3);
          assertThat(broadcast).hasToString("Broadcast[closed maxsize=2]");
        });
  }

  @Test
  void closingASubscriptionEndsItsOwnWaitsAlone() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(2);
          var closed = broadcast.subscribe();
          var open = broadcast.subscribe();
          var again = new ArrayList<CompletableFuture<Integer>>();
          var waits = List.of(closed.get(), closed.get());
          waits.getFirst().whenComplete((item, failure) -> again.add(closed.get()));
          var other = open.get();
          closed.close();
          closed.close();
          assertThat(waits).allMatch(get -> failure(get) instanceof QueueClosedException);
          assertThat(failure(again.getFirst())).hasMessageContaining("subscription");
          broadcast.putNow(1);
          assertThat(other).isCompletedWithValue(1);
          assertThat(closed.size()).isZero();
          assertThatExceptionOfType(QueueClosedException.class).isThrownBy(closed::getNow);
        });
  }

  @Test
  void aClosedSubscriptionGetsNothingThoughTheItemsAreStillThereForOthers() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(3, Overflow.DROP_OLDEST);
          var slow = broadcast.subscribe();
          var closed = broadcast.subscribe();
          putAll(broadcast, 1, 4);
          closed.close();
          assertThat(failure(closed.get())).isInstanceOf(QueueClosedException.class);
          assertThat(closed.missed()).isOne();
          putAll(broadcast, 5, 6);
          assertThat(closed.missed()).isOne();
          assertThat(takeAll(slow)).containsExactly(4, 5, 6);
        });
  }

  @Test
  void anIteratorMayBeAskedTwiceAndEnds() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(2);
          var items = broadcast.subscribe().iterator();
          broadcast.putNow(1);
          broadcast.close();
          assertThat(items.hasNext()).isTrue();
          assertThat(items.hasNext()).isTrue();
          assertThat(items.next()).isEqualTo(1);
          assertThat(items.hasNext()).isFalse();
          assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(items::next);
        });
  }

  @Test
  void aCallbackOfAPutterThatFailsMakesNoRoomForOneWhoHasNotHeardYet() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(1);
          var subscription = broadcast.subscribe();
          broadcast.putNow(1);
          var first = broadcast.put(2);
          var taken = new ArrayList<Integer>();
          first.whenComplete((done, failure) -> taken.add(subscription.getNow()));
          var second = broadcast.put(3);
          broadcast.close();
          assertThat(taken).containsExactly(1);
          assertThat(failure(second)).isInstanceOf(QueueClosedException.class);
          assertThat(broadcast.isClosed()).isTrue();
          assertThat(broadcast.size()).isZero();
        });
  }

  @Test
  void aLoopWhereNothingCanSuspendTakesNoItem() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(1);
          var subscription = broadcast.subscribe();
          broadcast.putNow(1);
          callback(
              () ->
                  assertThatIllegalStateException()
                      .isThrownBy(() -> subscription.iterator().next()));
          assertThat(subscription.getNow()).isEqualTo(1);
        });
  }

  @Test
  void aSubscriptionMayBeClosedWhenTheLoopIs() {
    IOLoop loop = TestLoop.create();
    var subscription =
        loop.runSync(
            () -> {
              var broadcast = new Broadcast<Integer>(2);
              return broadcast.subscribe();
            });
    loop.close();
    subscription.close();
    assertThat(subscription).hasToString("Subscription[]");
  }

  // Callbacks inside each other.

  @Test
  void aCallbackThatPutsLeavesTheOrderOfItemsAsItIs() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(5);
          var first = broadcast.subscribe();
          var second = broadcast.subscribe();
          var get = first.get().thenAccept(item -> broadcast.putNow(item + 1));
          var next = List.of(second.get(), second.get());
          broadcast.putNow(1);
          assertThat(get).isCompleted();
          assertThat(next).extracting(CompletableFuture::resultNow).containsExactly(1, 2);
          assertThat(takeAll(first)).containsExactly(2);
        });
  }

  @Test
  void whatWasHandedOverIsNotTakenByACallbackOfAnother() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(5);
          var first = broadcast.subscribe();
          var second = broadcast.subscribe();
          var sizes = new ArrayList<Integer>();
          var unused = first.get().thenRun(() -> sizes.add(second.size()));
          var get = second.get();
          broadcast.putNow(1);
          assertThat(sizes).containsExactly(0);
          assertThat(get).isCompletedWithValue(1);
        });
  }

  @Test
  void aCallbackOfAPutterMayCloseEverything() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<Integer>(1);
          var subscription = broadcast.subscribe();
          broadcast.putNow(1);
          var unused =
              broadcast
                  .put(2)
                  .thenRun(
                      () -> {
                        broadcast.close();
                        subscription.close();
                      });
          var put = broadcast.put(3);
          assertThat(subscription.getNow()).isEqualTo(1);
          assertThat(failure(put)).isInstanceOf(QueueClosedException.class);
          assertThat(broadcast).hasToString("Broadcast[closed maxsize=1]");
        });
  }

  // What it costs.

  @Test
  void aPutDoesNotAskEachSubscriber() {
    TestLoop.run(
        () -> {
          for (Overflow overflow : Overflow.values()) {
            var broadcast = new Broadcast<Integer>(1_000_000, overflow);
            var subscriptions = new ArrayList<Subscription<Integer>>();
            for (int i = 0; i < 100_000; i++) {
              subscriptions.add(broadcast.subscribe());
            }
            putAll(broadcast, 1, 200_000);
            subscriptions.forEach(subscription -> assertThat(subscription.getNow()).isEqualTo(1));
            subscriptions.forEach(Subscription::close);
            assertThat(broadcast.size()).isZero();
          }
        });
  }

  @Test
  void anItemThatAllHaveTakenOrMissedIsNotKept() {
    TestLoop.run(
        () -> {
          for (Overflow overflow : Overflow.values()) {
            var broadcast = new Broadcast<Object>(2, overflow);
            var subscriptions = List.of(broadcast.subscribe(), broadcast.subscribe());
            Object item = new Object();
            var gone = new WeakReference<>(item);
            broadcast.putNow(item);
            item = null;
            if (overflow == Overflow.WAIT) {
              subscriptions.forEach(Subscription::getNow);
            } else {
              broadcast.putNow("another");
              broadcast.putNow("third");
            }
            while (gone.get() != null) {
              System.gc();
            }
            assertThat(broadcast.size()).isEqualTo(overflow == Overflow.DROP_OLDEST ? 2 : 0);
            subscriptions.forEach(Subscription::close);
          }
        });
  }

  @Test
  void aSubscriptionThatIsLeftBehindKeepsNoItemsAlive() {
    TestLoop.run(
        () -> {
          for (Overflow overflow : List.of(Overflow.DROP_OLDEST, Overflow.FAIL)) {
            var broadcast = new Broadcast<Object>(1, overflow);
            var behind = broadcast.subscribe();
            var weak = new ArrayList<WeakReference<Object>>();
            for (int i = 0; i < 10; i++) {
              Object item = new Object();
              weak.add(new WeakReference<>(item));
              broadcast.putNow(item);
            }
            broadcast.putNow("the last");
            while (weak.stream().anyMatch(item -> item.get() != null)) {
              System.gc();
            }
            behind.close();
          }
        });
  }

  @Test
  void whoWaitsForAnItemLearnsThatItIsClosed() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<String>(1);
          var waiting = broadcast.subscribe().get();
          assertThat(broadcast.isClosed()).isFalse();
          broadcast.close();
          assertThat(broadcast.isClosed()).isTrue();
          assertThatThrownBy(() -> await(waiting)).isInstanceOf(QueueClosedException.class);
        });
  }

  @Test
  void aSubscriptionThatIsForgottenAfterItHasWaitedIsNotKept() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<String>(1, Overflow.DROP_OLDEST);
          var subscription = broadcast.subscribe();
          subscription.get();
          broadcast.putNow("got");
          var forgotten = new WeakReference<>(subscription);
          subscription = null;
          for (int i = 0; i < 5000; i++) { // the loop remembers the latest on which somebody waited
            new Condition().whenSignalled();
          }
          while (forgotten.get() != null) {
            System.gc();
          }
        });
  }

  @Test
  void itMayKeepAsManyItemsAsAnIntegerCounts() {
    TestLoop.run(
        () -> {
          var broadcast = new Broadcast<String>(Integer.MAX_VALUE);
          try (var subscription = broadcast.subscribe()) {
            broadcast.putNow("a");
            assertThat(broadcast).hasToString("Broadcast[maxsize=2147483647 size=1 subscribers=1]");
            assertThat(subscription.getNow()).isEqualTo("a");
          }
        });
  }

  // Patience.

  @Test
  void aPutWaitsSoLongForTheSlowestThenCutsItOffAndGoesAhead() {
    TestLoop.run(
        () -> {
          var broadcast = Broadcast.<Integer>withPatience(2, Duration.ofSeconds(1));
          var slow = broadcast.subscribe();
          var quick = broadcast.subscribe();
          broadcast.putNow(1);
          broadcast.putNow(2);
          assertThat(await(quick.get())).isOne();
          var third = broadcast.put(3);
          sleep(Duration.ofMillis(900));
          assertThat(await(quick.get())).isEqualTo(2); // this one is not the slowest
          assertThat(third).isNotDone();
          sleep(Duration.ofMillis(100));
          assertThat(third).isCompleted();
          assertThatExceptionOfType(SlowSubscriberException.class).isThrownBy(slow::getNow);
          assertThat(quick.getNow()).isEqualTo(3);
          assertThat(IOLoop.current().timers.size()).isZero();
        });
  }

  @Test
  void aSlowestThatTakesAnItemInTimeStays() {
    TestLoop.run(
        () -> {
          var broadcast = Broadcast.<Integer>withPatience(1, Duration.ofSeconds(1));
          var slow = broadcast.subscribe();
          broadcast.putNow(0);
          var puts = List.of(broadcast.put(1), broadcast.put(2), broadcast.put(3));
          for (int i = 0; i < 3; i++) {
            sleep(Duration.ofMillis(900));
            assertThat(slow.getNow()).isEqualTo(i);
          }
          puts.forEach(put -> assertThat(put).isCompleted());
          assertThat(slow.getNow()).isEqualTo(3);
          assertThat(IOLoop.current().timers.size()).isZero();
        });
  }

  @Test
  void withNoPutInLineThereIsNoHurry() {
    TestLoop.run(
        () -> {
          var broadcast = Broadcast.<Integer>withPatience(1, Duration.ofSeconds(1));
          var slow = broadcast.subscribe();
          broadcast.putNow(1);
          broadcast.put(2).cancel(false);
          assertThat(IOLoop.current().timers.size()).isZero();
          sleep(Duration.ofHours(1));
          assertThat(slow.getNow()).isOne();
        });
  }

  @Test
  void patienceThatIsNoneIsRefused() {
    TestLoop.run(
        () ->
            assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Broadcast.withPatience(1, Duration.ZERO))
                .withMessageContaining("the patience must be positive, not PT0S"));
  }
}
