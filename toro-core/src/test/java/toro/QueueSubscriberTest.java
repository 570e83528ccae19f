package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.TestLoop.elsewhere;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes into a queue as a subscriber. */
class QueueSubscriberTest {
  private final List<Throwable> failures = new ArrayList<>();
  private final IOLoop loop = TestLoop.create(failures);

  @AfterEach
  void nothingIsLeft() {
    loop.close();
    assertThat(failures).isEmpty();
  }

  /** Lets the loop hear what was handed over. */
  private static void listen() {
    sleep(Duration.ofMillis(1));
  }

  /** A subscription that writes down what is asked of it. */
  private static final class Upstream implements Flow.Subscription {
    private final List<Object> calls = new ArrayList<>();

    @Override
    public void request(long n) {
      calls.add(n);
    }

    @Override
    public void cancel() {
      calls.add("cancel");
    }

    long requested() {
      return calls.stream().filter(Long.class::isInstance).mapToLong(Long.class::cast).sum();
    }
  }

  private static <T> QueueSubscriber<T> subscribe(Queue<? super T> queue, Flow.Subscription to) {
    var subscriber = new QueueSubscriber<T>(queue);
    subscriber.onSubscribe(to);
    listen();
    return subscriber;
  }

  @Test
  void itRequestsAsMuchAsThereIsRoomForAndOneMoreWhenTheQueueIsFull() {
    loop.runSync(
        () -> {
          var upstream = new Upstream();
          var queue = new Queue<Integer>(4);
          queue.putNow(0);
          var subscriber = QueueSubscriberTest.<Integer>subscribe(queue, upstream);
          assertThat(upstream.calls).containsExactly(3L);
          for (int i = 1; i <= 3; i++) {
            subscriber.onNext(i);
          }
          listen();
          assertThat(queue.isFull()).isTrue();
          assertThat(upstream.requested()).isEqualTo(4);
          subscriber.onNext(4);
          listen();
          assertThat(queue.toString()).contains("putters[1]");
          assertThat(upstream.requested()).isEqualTo(4); // nothing more
          assertThat(queue.getNow()).isZero();
          assertThat(upstream.requested()).isEqualTo(5); // what was in line is in
        });
  }

  @Test
  void whatIsUnderWayIsNeverMoreThanThereWasRoomFor() {
    loop.runSync(
        () -> {
          for (int maxSize = 1; maxSize <= 9; maxSize++) {
            var upstream = new Upstream();
            var queue = new Queue<Integer>(maxSize);
            var subscriber = QueueSubscriberTest.<Integer>subscribe(queue, upstream);
            int given = 0;
            int taken = 0;
            for (int step = 0; step < 500; step++) {
              if (given < upstream.requested() && step * 7 % 5 < 3) {
                subscriber.onNext(given++);
              }
              listen();
              assertThat(upstream.requested() - taken).isBetween(1L, maxSize + 1L);
              if (!queue.isEmpty() && step * 11 % 7 < 4) {
                assertThat(queue.getNow()).isEqualTo(taken++);
              }
            }
            assertThat(taken).isGreaterThan(100);
            assertThat(upstream.calls).doesNotContain("cancel");
          }
        });
  }

  @Test
  void aQueueWithoutAMaximumRequestsEverything() {
    loop.runSync(
        () -> {
          var upstream = new Upstream();
          var queue = new Queue<Object>();
          QueueSubscriber<String> subscriber = subscribe(queue, upstream);
          subscriber.onNext("a");
          listen();
          assertThat(upstream.calls).containsExactly(Long.MAX_VALUE);
          assertThat(queue.getNow()).isEqualTo("a");
        });
  }

  @Test
  void anItemIsHandedToAGetterAndItsPlaceIsRequestedAnew() {
    loop.runSync(
        () -> {
          var upstream = new Upstream();
          var queue = new Queue<String>(1);
          var getter = queue.get();
          QueueSubscriber<String> subscriber = subscribe(queue, upstream);
          subscriber.onNext("a");
          assertThat(getter).isNotDone();
          listen();
          assertThat(getter).isCompletedWithValue("a");
          assertThat(upstream.calls).containsExactly(1L, 1L);
        });
  }

  @Test
  void completionClosesTheQueueWhenAllItemsAreIn() {
    loop.runSync(
        () -> {
          var upstream = new Upstream();
          var queue = new Queue<Integer>(1);
          QueueSubscriber<Integer> subscriber = subscribe(queue, upstream);
          subscriber.onNext(1);
          subscriber.onNext(2);
          subscriber.onComplete();
          listen();
          assertThat(queue).hasToString("Queue[maxsize=1 queue=[1] putters[1] tasks=1]");
          List<Object> before = List.copyOf(upstream.calls);
          var got = new ArrayList<Integer>();
          for (int item : queue) {
            got.add(item);
          }
          assertThat(got).containsExactly(1, 2);
          assertThat(upstream.calls).isEqualTo(before); // rule 2.3: not touched any more
        });
  }

  @Test
  void aFailureReachesTheGettersAfterAllItems() {
    loop.runSync(
        () -> {
          var cause = new IOException("broken");
          var queue = new Queue<Integer>(1);
          QueueSubscriber<Integer> subscriber = subscribe(queue, new Upstream());
          var got = new ArrayList<Integer>();
          var consumer =
              spawn(
                  () -> {
                    for (int item : queue) {
                      got.add(item);
                    }
                  });
          subscriber.onNext(1);
          subscriber.onNext(2);
          subscriber.onError(cause);
          assertThatThrownBy(() -> await(consumer))
              .isInstanceOf(QueueClosedException.class)
              .hasCause(cause);
          assertThat(got).containsExactly(1, 2);
        });
  }

  @Test
  void closingTheQueueCancelsTheSubscriptionAndDropsWhatStillComes() {
    loop.runSync(
        () -> {
          for (int waiting = 0; waiting < 2; waiting++) {
            var upstream = new Upstream();
            var queue = new Queue<String>(1);
            QueueSubscriber<String> subscriber = subscribe(queue, upstream);
            for (int i = 0; i < 2 * waiting; i++) {
              subscriber.onNext("in, and in line");
            }
            listen();
            queue.close();
            assertThat(upstream.calls).endsWith("cancel").containsOnlyOnce("cancel");
            int calls = upstream.calls.size();
            subscriber.onNext("late");
            subscriber.onComplete();
            listen();
            assertThat(queue.closeNow()).hasSize(waiting);
            assertThat(upstream.calls).hasSize(calls);
          }
        });
  }

  @Test
  void aSubscriptionToAQueueThatIsClosedIsCancelledAtOnce() {
    loop.runSync(
        () -> {
          var upstream = new Upstream();
          var queue = new Queue<String>(1);
          queue.close();
          QueueSubscriber<String> unused = subscribe(queue, upstream);
          assertThat(upstream.calls).containsExactly("cancel");
        });
  }

  @Test
  void aSecondSubscriptionIsCancelled() {
    loop.runSync(
        () -> {
          var first = new Upstream();
          var second = new Upstream();
          QueueSubscriber<String> subscriber = subscribe(new Queue<>(1), first);
          subscriber.onSubscribe(second);
          listen();
          assertThat(first.calls).containsExactly(1L);
          assertThat(second.calls).containsExactly("cancel");
        });
  }

  @Test
  void anItemThatTheQueueRefusesCancelsAndIsTheFailureOfTheQueue() {
    loop.runSync(
        () -> {
          for (boolean waits : new boolean[] {false, true}) {
            var upstream = new Upstream();
            var queue = new PriorityQueue<Object>(1);
            if (waits) {
              queue.putNow("a");
            }
            QueueSubscriber<Object> subscriber = subscribe(queue, upstream);
            subscriber.onNext(new Object()); // is not comparable
            subscriber.onComplete();
            listen();
            if (waits) {
              assertThat(queue.isClosed()).isFalse();
              assertThat(queue.getNow()).isEqualTo("a");
            }
            assertThatThrownBy(queue::getNow)
                .isInstanceOf(QueueClosedException.class)
                .hasCauseInstanceOf(ClassCastException.class);
          }
        });
  }

  @Test
  void anItemThatTheQueueRefusesCancelsAPublisherThatGoesOn() {
    loop.runSync(
        () -> {
          var upstream = new Upstream();
          var queue = new PriorityQueue<Object>(3);
          QueueSubscriber<Object> subscriber = subscribe(queue, upstream);
          subscriber.onNext("a");
          subscriber.onNext(7);
          listen();
          assertThat(upstream.calls).endsWith("cancel");
          assertThat(queue.getNow()).isEqualTo("a");
          assertThatThrownBy(queue::getNow).hasCauseInstanceOf(ClassCastException.class);
        });
  }

  @Test
  void aSubscriptionThatThrowsFailsTheQueueOrIsReported() {
    loop.runSync(
        () -> {
          var broken = new IllegalStateException("rule 3.16");
          var alsoBroken = new IllegalStateException("rule 3.15");
          var queue = new Queue<String>(1);
          QueueSubscriber<String> unused =
              subscribe(
                  queue,
                  new Flow.Subscription() {
                    @Override
                    public void request(long n) {
                      throw broken;
                    }

                    @Override
                    public void cancel() {
                      throw alsoBroken;
                    }
                  });
          assertThatThrownBy(queue::getNow).hasCause(broken);
          assertThat(failures).containsExactly(alsoBroken);
          failures.clear();
        });
  }

  @Test
  void itsOrderIsKeptWhenItIsCalledOnTheLoopAndElsewhere() {
    loop.runSync(
        () -> {
          var queue = new Queue<Integer>();
          QueueSubscriber<Integer> subscriber = subscribe(queue, new Upstream());
          for (int i = 0; i < 10; i += 2) {
            int item = i;
            elsewhere(() -> subscriber.onNext(item));
            subscriber.onNext(item + 1);
          }
          elsewhere(subscriber::onComplete);
          var got = new ArrayList<Integer>();
          for (int item : queue) {
            got.add(item);
          }
          assertThat(got).isEqualTo(IntStream.range(0, 10).boxed().toList());
        });
  }

  @Test
  void nullIsRefusedWhereItIsGiven() {
    assertThatThrownBy(() -> new QueueSubscriber<String>(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("queue");
    var subscriber = new QueueSubscriber<>(new Queue<String>(loop, 3));
    assertThatThrownBy(() -> subscriber.onSubscribe(null)).hasMessage("subscription");
    assertThatThrownBy(() -> subscriber.onNext(null)).hasMessage("item");
    assertThatThrownBy(() -> subscriber.onError(null)).hasMessage("failure");
    assertThat(subscriber).hasToString("QueueSubscriber[Queue[maxsize=3]]");
  }

  @Test
  void theEndOfTheLoopCancelsTheSubscription() {
    var queue = new Queue<String>(loop, 1);
    var before = new Upstream();
    var subscriber = loop.runSync(() -> QueueSubscriberTest.<String>subscribe(queue, before));
    loop.close();
    assertThat(before.calls).containsExactly(1L, "cancel");
    subscriber.onNext("nobody hears it");
    subscriber.onComplete();
    var after = new Upstream();
    new QueueSubscriber<String>(queue).onSubscribe(after);
    assertThat(after.calls).containsExactly("cancel");
  }

  @Test
  void aPublisherOfOtherThreadsIsSlowedDownAndLosesNothing() {
    try (var running = new RunningLoop();
        var publisher = new SubmissionPublisher<Integer>(Runnable::run, 4)) {
      var consumer =
          running.loop.spawn(
              () -> {
                var queue = new Queue<Integer>(2);
                publisher.subscribe(new QueueSubscriber<>(queue));
                var got = new ArrayList<Integer>();
                for (int item : queue) {
                  assertThat(queue.size()).isLessThanOrEqualTo(2);
                  got.add(item);
                }
                return got;
              });
      while (!publisher.hasSubscribers()) {
        Thread.onSpinWait();
      }
      for (int i = 0; i < 10_000; i++) {
        publisher.submit(i); // blocks while its buffer of 4 is full
      }
      publisher.close();
      assertThat(consumer.join()).isEqualTo(IntStream.range(0, 10_000).boxed().toList());
    }
  }
}
