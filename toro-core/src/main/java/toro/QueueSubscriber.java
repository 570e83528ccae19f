package toro;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Puts what a publisher of {@link java.util.concurrent.Flow} gives into a {@link Queue}, with
 * back-pressure: it requests as much as there is room for.
 *
 * {@snippet file="toro/QueueSnippetsTest.java" region="subscriber"}
 *
 * <p>What was requested and is not in the queue yet is never more than there was room for when it
 * was requested. When the queue is full that is one item: it stands in line with the others who
 * put, and is in the queue as soon as there is a free slot. A queue without a maximum has room for
 * everything: the publisher is not held back then.
 *
 * <p>When the publisher completes, the queue is closed, after all its items are in. When it fails,
 * the queue is closed {@linkplain Queue#close(Throwable) with that failure}. So a {@code for} loop
 * over the queue ends, or throws. When somebody else closes the queue, or the loop is closed, the
 * subscription is cancelled, and items that come all the same are dropped. If the queue refuses an
 * item because a comparator throws, the subscription is cancelled, and that is the failure with
 * which the queue is closed.
 *
 * <p><b>Threads.</b> The publisher may call this on any thread; what it says is handed over to the
 * loop. Its subscription is used on the loop.
 *
 * @param <T> the type of the items
 */
public final class QueueSubscriber<T> implements Flow.Subscriber<T> {
  private final IOLoop loop;
  private final Queue<? super T> queue;

  // On the loop.
  private boolean subscribed;
  private Flow.@Nullable Subscription subscription; // null before it began and after it has ended
  private long requested; // so many items that are not in the queue yet
  private CompletableFuture<?> lastPut = CompletableFuture.completedFuture(null);

  /**
   * A subscriber that puts into a queue; any thread may make it. It is good for one subscription.
   *
   * @param queue the queue
   */
  public QueueSubscriber(Queue<? super T> queue) {
    this.queue = requireNonNull(queue, "queue");
    this.loop = queue.loop();
  }

  // Each call goes through the loop's inbox, also one on the loop itself: else it could overtake
  // another that is still in there.

  /**
   * Begins; cancels a subscription that is not the first one. Any thread may call this.
   *
   * @param subscription where items are requested
   */
  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    requireNonNull(subscription, "subscription");
    if (!offer(() -> begin(subscription))) {
      subscription.cancel();
    }
  }

  /**
   * Puts an item into the queue, soon. Any thread may call this.
   *
   * @param item what to put
   */
  @Override
  public void onNext(T item) {
    requireNonNull(item, "item");
    offer(() -> put(item));
  }

  /**
   * Closes the queue with a failure, after all items are in. Any thread may call this.
   *
   * @param failure the cause of the {@link QueueClosedException}s
   */
  @Override
  public void onError(Throwable failure) {
    requireNonNull(failure, "failure");
    offer(() -> end(() -> queue.close(failure)));
  }

  /** Closes the queue, after all items are in. Any thread may call this. */
  @Override
  public void onComplete() {
    offer(() -> end(queue::close));
  }

  private boolean offer(Runnable action) {
    return loop.offer(Task.of(this, action));
  }

  private void begin(Flow.Subscription first) {
    if (subscribed) {
      first.cancel(); // rule 2.5
      return;
    }
    subscribed = true;
    subscription = first;
    queue.whenClosed().whenComplete((closed, failure) -> cancel());
    request();
  }

  /** Requests as much as there is room for, once half of that is not requested. */
  private void request() {
    long room = queue.maxSize() == 0 ? Long.MAX_VALUE : Math.max(1, queue.maxSize() - queue.size());
    if (subscription != null && requested <= room / 2) {
      long more = room - requested;
      requested = room;
      try {
        subscription.request(more);
      } catch (Throwable broken) { // rule 3.16: it must not throw
        queue.close(broken); // which cancels it
      }
    }
  }

  private void put(T item) {
    if (subscription != null) {
      lastPut = tryToPut(item).whenComplete(this::isPut);
    }
  }

  private CompletableFuture<?> tryToPut(T item) {
    try {
      return queue.put(item);
    } catch (Throwable refusal) { // by a comparator
      return CompletableFuture.failedFuture(refusal);
    }
  }

  private void isPut(@Nullable Object nothing, @Nullable Throwable refusal) {
    if (refusal == null) {
      requested--;
      request();
    } else {
      queue.close(refusal); // does nothing if it refused because it is closed
    }
  }

  private void end(Runnable close) {
    subscription = null; // rule 2.4
    lastPut.whenComplete((nothing, refusal) -> close.run());
  }

  private void cancel() {
    Flow.Subscription cancelled = subscription;
    if (cancelled != null) {
      subscription = null;
      try {
        cancelled.cancel();
      } catch (Throwable broken) { // rule 3.15: it must not throw
        loop.report(cancelled, broken);
      }
    }
  }

  /** For example {@code QueueSubscriber[Queue[maxsize=3 queue=[a]]]}. */
  @Override
  public String toString() {
    return "QueueSubscriber[" + queue + "]";
  }
}
