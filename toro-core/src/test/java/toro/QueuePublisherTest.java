package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.sleep;
import static toro.TestLoop.elsewhere;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What comes out of a queue as a publisher. */
class QueuePublisherTest {
  private final List<Throwable> failures = new ArrayList<>();
  private final IOLoop loop = TestLoop.create(failures);

  @AfterEach
  void nothingIsLeft() {
    loop.close();
    assertThat(failures).isEmpty();
  }

  /** Lets the loop hear what other threads have handed over. */
  private static void listen() {
    sleep(Duration.ofMillis(1));
  }

  private static <T> Recorder<T> subscribe(Queue<T> queue, long request) {
    Recorder<T> subscriber = new Recorder<>();
    new QueuePublisher<T>(queue).subscribe(subscriber);
    if (request > 0) {
      subscriber.subscription.request(request);
    }
    return subscriber;
  }

  @Test
  void anItemIsHandedToTheSubscriberInsideThePutIfItWasRequested() {
    loop.runSync(
        () -> {
          var queue = new Queue<String>(1);
          var subscriber = subscribe(queue, 2);
          assertThat(queue).hasToString("Queue[maxsize=1 getters[1]]");
          queue.putNow("a");
          assertThat(subscriber.signals).containsExactly("subscribed", "a");
          queue.putNow("b");
          queue.putNow("c");
          assertThat(subscriber.signals).containsExactly("subscribed", "a", "b");
          assertThat(queue).hasToString("Queue[maxsize=1 queue=[c] tasks=3]");
          subscriber.subscription.request(1);
          assertThat(subscriber.signals).containsExactly("subscribed", "a", "b", "c");
          assertThat(queue).hasToString("Queue[maxsize=1 tasks=3]");
        });
  }

  @Test
  void putIsHeldBackByASubscriberWhoRequestsNothing() {
    loop.runSync(
        () -> {
          var queue = new Queue<String>(1);
          var subscriber = subscribe(queue, 0);
          queue.putNow("a");
          var putter = queue.put("b");
          assertThat(putter).isNotDone();
          subscriber.subscription.request(1);
          assertThat(putter).isCompleted();
          assertThat(subscriber.signals).containsExactly("subscribed", "a");
        });
  }

  @Test
  void eachItemGoesToOneSubscriberAndTheyTakeTurnsWithOtherGetters() {
    loop.runSync(
        () -> {
          var queue = new Queue<Integer>();
          var first = subscribe(queue, Long.MAX_VALUE);
          var getter = queue.get();
          var second = subscribe(queue, Long.MAX_VALUE);
          for (int i = 0; i < 5; i++) {
            queue.putNow(i);
          }
          assertThat(first.signals).containsExactly("subscribed", 0, 3);
          assertThat(getter).isCompletedWithValue(1);
          assertThat(second.signals).containsExactly("subscribed", 2, 4);
        });
  }

  @Test
  void aSubscriberIsCompletedWhenTheQueueIsClosedAndEmpty() {
    loop.runSync(
        () -> {
          var queue = new Queue<String>();
          queue.putNow("a");
          var subscriber = subscribe(queue, 1);
          var waiting = subscribe(queue, 1);
          var idle = subscribe(queue, 0);
          queue.close();
          assertThat(subscriber.signals).containsExactly("subscribed", "a", "complete");
          assertThat(waiting.signals).containsExactly("subscribed", "complete");
          assertThat(idle.signals).containsExactly("subscribed", "complete");
          assertThat(subscribe(queue, 0).signals).containsExactly("subscribed", "complete");
          idle.subscription.request(1);
          idle.subscription.request(-1);
          idle.subscription.cancel();
          assertThat(idle.signals).hasSize(2);
        });
  }

  @Test
  void whatIsLeftInAClosedQueueComesBeforeTheEnd() {
    loop.runSync(
        () -> {
          var queue = new Queue<String>();
          List.of("a", "b").forEach(queue::putNow);
          var subscriber = subscribe(queue, 0);
          queue.close();
          assertThat(subscriber.signals).containsExactly("subscribed");
          subscriber.subscription.request(1);
          assertThat(subscriber.signals).containsExactly("subscribed", "a");
          subscriber.subscription.request(1); // the last one: the end needs no request
          assertThat(subscriber.signals).containsExactly("subscribed", "a", "b", "complete");
        });
  }

  @Test
  void aFailureOfTheQueueIsThatOfTheSubscriber() {
    loop.runSync(
        () -> {
          var cause = new IOException("broken");
          var queue = new Queue<String>();
          queue.putNow("a");
          var subscriber = subscribe(queue, 9);
          var idle = subscribe(queue, 0);
          queue.close(cause);
          assertThat(subscriber.signals).containsExactly("subscribed", "a", cause);
          assertThat(idle.signals).containsExactly("subscribed", cause);
        });
  }

  @Test
  void whoCancelsLeavesNoTraceAndTheItemGoesToTheNext() {
    loop.runSync(
        () -> {
          var queue = new Queue<String>(1);
          var gone = subscribe(queue, 5);
          var next = subscribe(queue, 5);
          gone.subscription.cancel();
          gone.subscription.cancel();
          assertThat(queue).hasToString("Queue[maxsize=1 getters[1]]");
          gone.subscription.request(1);
          assertThat(queue).hasToString("Queue[maxsize=1 getters[1]]");
          queue.putNow("a");
          assertThat(next.signals).containsExactly("subscribed", "a");
          next.subscription.cancel();
          queue.putNow("b");
          queue.close();
          assertThat(queue.closeNow()).containsExactly("b");
          assertThat(gone.signals).containsExactly("subscribed");
          assertThat(next.signals).containsExactly("subscribed", "a");
        });
  }

  @Test
  void onAnotherThreadACancelTakesTheWaitBackAtOnce() {
    loop.runSync(
        () -> {
          var queue = new Queue<String>(1);
          var subscriber = subscribe(queue, 5);
          elsewhere(() -> subscriber.subscription().cancel());
          queue.putNow("a"); // the loop has not heard of it yet
          assertThat(queue.getNow()).isEqualTo("a");
          listen();
          assertThat(subscriber.signals).containsExactly("subscribed");
          assertThat(queue).hasToString("Queue[maxsize=1 tasks=1]");
        });
  }

  @Test
  void anotherThreadMaySubscribeAndRequest() {
    loop.runSync(
        () -> {
          var queue = new Queue<String>(1);
          queue.putNow("a");
          var publisher = new QueuePublisher<String>(queue);
          var subscriber = new Recorder<String>();
          elsewhere(() -> publisher.subscribe(subscriber));
          assertThat(subscriber.signals).isEmpty();
          listen();
          assertThat(subscriber.signals).containsExactly("subscribed");
          elsewhere(() -> subscriber.subscription().request(1));
          listen();
          assertThat(subscriber.signals).containsExactly("subscribed", "a");
        });
  }

  @Test
  void signalsDoNotOverlapWhenTheSubscriberRequestsInsideThem() {
    loop.runSync(
        () -> {
          var queue = new Queue<Integer>();
          var items = IntStream.range(0, 100_000).boxed().toList();
          items.forEach(queue::putNow);
          var subscriber =
              new Recorder<Integer>() {
                @Override
                void begun() {
                  subscription.request(1);
                }

                @Override
                void given(Integer item) {
                  subscription.request(1);
                  if (item == 50_000) {
                    queue.close();
                  }
                }
              };
          new QueuePublisher<Integer>(queue).subscribe(subscriber);
          assertThat(subscriber.signals).hasSize(100_002).endsWith(99_999, "complete");
          assertThat(subscriber.signals.subList(1, 100_001)).isEqualTo(items);
        });
  }

  @Test
  void aSubscriberMayPutInsideASignalAndCancel() {
    loop.runSync(
        () -> {
          var queue = new Queue<Integer>();
          var subscriber =
              new Recorder<Integer>() {
                @Override
                void given(Integer item) {
                  queue.putNow(item + 1);
                  if (item == 3) {
                    subscription.cancel();
                  }
                }
              };
          new QueuePublisher<Integer>(queue).subscribe(subscriber);
          subscriber.subscription.request(Long.MAX_VALUE);
          subscriber.subscription.request(Long.MAX_VALUE);
          queue.putNow(0);
          assertThat(subscriber.signals).containsExactly("subscribed", 0, 1, 2, 3);
          assertThat(queue.closeNow()).containsExactly(4);
        });
  }

  @Test
  void whoCancelsBeforeTheFirstRequestIsToldNothingMore() {
    loop.runSync(
        () -> {
          var queue = new Queue<String>();
          queue.close();
          var subscriber =
              new Recorder<String>() {
                @Override
                void begun() {
                  subscription.cancel();
                }
              };
          new QueuePublisher<String>(queue).subscribe(subscriber);
          assertThat(subscriber.signals).containsExactly("subscribed");
        });
  }

  @Test
  void aRequestOfLessThanOneFailsTheSubscriberAndTakesNothing() {
    loop.runSync(
        () -> {
          for (long bad : new long[] {0, -1, Long.MIN_VALUE}) {
            var queue = new Queue<String>(1);
            var subscriber = subscribe(queue, 1);
            subscriber.subscription.request(bad);
            assertThat(subscriber.signals).hasSize(2);
            assertThat((Throwable) subscriber.signals.getLast())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3.9");
            assertThat(queue).hasToString("Queue[maxsize=1]");
            queue.putNow("a");
            assertThat(queue.getNow()).isEqualTo("a");
          }
        });
  }

  @Test
  void anItemThatWasGrantedIsDeliveredThoughTheDepthOfCallbacksDelaysIt() {
    loop.runSync(
        () -> {
          for (int depth = 1; depth <= 130; depth++) {
            var queue = new Queue<String>();
            var chain = new Condition();
            var last = subscribe(queue, 9);
            nest(
                chain,
                depth,
                () -> {
                  queue.putNow("a");
                  last.subscription.cancel(); // it was granted just now
                });
            chain.signal();
            queue.putNow("b");
            assertThat(last.signals).as("depth " + depth).containsExactly("subscribed", "a");
            assertThat(queue.closeNow()).containsExactly("b");
          }
        });
  }

  private static void nest(Condition chain, int depth, Runnable innermost) {
    chain
        .whenSignalled()
        .thenRun(
            () -> {
              if (depth == 1) {
                innermost.run();
              } else {
                nest(chain, depth - 1, innermost);
                chain.signal();
              }
            });
  }

  @Test
  void aComparatorThatThrowsFailsTheSubscriberAndLosesNothing() {
    loop.runSync(
        () -> {
          boolean[] broken = {false};
          var queue =
              new PriorityQueue<Integer>(
                  0,
                  (a, b) -> {
                    if (broken[0]) {
                      throw new UnsupportedOperationException();
                    }
                    return Integer.compare(a, b);
                  });
          List.of(3, 1, 2).forEach(queue::putNow);
          broken[0] = true;
          var subscriber = subscribe(queue, 3);
          assertThat(subscriber.signals.getLast())
              .isInstanceOf(UnsupportedOperationException.class);
          broken[0] = false;
          assertThat(queue.closeNow()).containsExactly(1, 2, 3);
        });
  }

  @Test
  void aSubscriberThatThrowsIsTakenForCancelledAndReported() {
    loop.runSync(
        () -> {
          var queue = new Queue<String>();
          var wrong = new IllegalStateException("rule 2.13");
          for (boolean atOnce : new boolean[] {true, false}) {
            var subscriber =
                new Recorder<String>() {
                  @Override
                  void begun() {
                    subscription.request(9);
                    if (atOnce) {
                      throw wrong;
                    }
                  }

                  @Override
                  void given(String item) {
                    throw wrong;
                  }
                };
            new QueuePublisher<String>(queue).subscribe(subscriber);
            queue.putNow("a");
            queue.putNow("b");
            assertThat(subscriber.signals).hasSize(atOnce ? 1 : 2);
          }
          assertThat(failures).containsExactly(wrong, wrong);
          failures.clear();
          assertThat(queue.closeNow()).containsExactly("b", "a", "b"); // "a" was given
        });
  }

  @Test
  void nullIsNoSubscriberAndNoQueue() {
    assertThatThrownBy(() -> new QueuePublisher<String>(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("queue");
    var publisher = new QueuePublisher<>(new Queue<String>(loop));
    assertThatThrownBy(() -> publisher.subscribe(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("subscriber");
    assertThat(publisher).hasToString("QueuePublisher[Queue[maxsize=0]]");
  }

  @Test
  void theEndOfTheLoopIsAFailureOfWhoWaitsAndOfWhoDoesNot() {
    var queue = new Queue<String>(loop);
    var subscribers = new ArrayList<Recorder<String>>();
    loop.runSync(
        () -> {
          subscribers.add(subscribe(queue, 0));
          subscribers.add(subscribe(queue, 1));
        });
    loop.close();
    subscribers.add(subscribe(queue, 1));
    for (var subscriber : subscribers) {
      assertThat(subscriber.signals).hasSize(2).first().isEqualTo("subscribed");
      assertThat(subscriber.signals.getLast()).isInstanceOf(LoopClosedException.class);
    }
  }

  @Test
  void aSubscriberThatIsGoneIsNotKeptByTheQueue() {
    var queue = new Queue<String>(loop);
    var gone = new ArrayList<WeakReference<Flow.Subscriber<String>>>();
    var subscriptions = new ArrayList<Flow.Subscription>();
    loop.runSync(
        () -> {
          var subscriber = subscribe(queue, 1);
          subscriptions.add(subscriber.subscription);
          subscriber.subscription.cancel();
          gone.add(new WeakReference<>(subscriber));
        });
    while (gone.getFirst().get() != null) { // the time-out of the test ends it
      System.gc();
    }
    assertThat(subscriptions).hasSize(1);
    assertThat(queue.isClosed()).isFalse();
  }

  @Test
  void itemsFlowFromOneQueueIntoAnother() {
    loop.runSync(
        () -> {
          var from = new Queue<Integer>(3);
          var to = new Queue<Integer>(2);
          new QueuePublisher<Integer>(from).subscribe(new QueueSubscriber<>(to));
          var producer =
              loop.spawn(
                  () -> {
                    for (int i = 0; i < 100; i++) {
                      await(from.put(i));
                    }
                    from.close();
                  });
          var got = new ArrayList<Integer>();
          for (int item : to) {
            got.add(item);
          }
          await(producer);
          assertThat(got).isEqualTo(IntStream.range(0, 100).boxed().toList());
        });
  }

  @Test
  void whoRequestsAndCancelsOnOtherThreadsLosesNothing() {
    try (var running = new RunningLoop()) {
      Queue<Integer> queue = running.on(() -> new Queue<>(2));
      var putIn = new ArrayList<Integer>();
      var producer =
          running.loop.spawn(
              () -> {
                for (int i = 0; !queue.isClosed(); i++) {
                  try {
                    await(queue.put(i));
                    putIn.add(i);
                  } catch (QueueClosedException closed) {
                    return;
                  }
                }
              });
      var got = new ArrayList<Integer>(); // on the loop
      for (int round = 0; round < 200; round++) {
        var begun = new CompletableFuture<Flow.Subscription>();
        var enough = new CompletableFuture<Void>();
        int wanted = 1 + round % 7;
        new QueuePublisher<Integer>(queue)
            .subscribe(
                new Recorder<>() {
                  private int left = wanted;

                  @Override
                  void begun() {
                    begun.complete(subscription);
                  }

                  @Override
                  void given(Integer item) {
                    got.add(item);
                    if (--left == 0) {
                      enough.complete(null);
                    }
                  }
                });
        begun.join().request(100);
        enough.join();
        begun.join().cancel(); // while it is given more
      }
      var rest = running.on(queue::closeNow);
      producer.join();
      running.on(
          () -> {
            got.addAll(rest);
            assertThat(got).isEqualTo(putIn);
            return null;
          });
    }
  }
}
