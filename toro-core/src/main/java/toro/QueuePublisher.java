package toro;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Flow;

/**
 * Gives out what is in a {@link Queue} as a publisher of {@link java.util.concurrent.Flow}, with
 * back-pressure: an item is taken out only when a subscriber has requested it.
 *
 * {@snippet file="toro/QueueSnippetsTest.java" region="publisher"}
 *
 * <p>Each item goes to one subscriber, for a queue is not a broadcast. A subscriber is a getter
 * like any other, and has its turn with the others who get: an item that is put is handed to it
 * before {@code put} returns.
 *
 * <p>{@link Queue#close()} completes a subscriber when the queue is empty; {@link
 * Queue#close(Throwable)} then fails it with the cause. One that has requested nothing learns of
 * that if the queue is empty when it is closed, else when it next requests something. A subscriber
 * also fails when the loop is closed ({@link LoopClosedException}), when the queue cannot give out
 * its next item because a comparator throws, and when it requests less than one item.
 *
 * <p><b>Cancellation</b> leaves no trace: the subscriber leaves the line, and no item is taken out
 * for it from then on. An item that was granted to it before is delivered, though it may have
 * cancelled meanwhile on another thread.
 *
 * <p><b>Threads.</b> A subscriber may subscribe, request and cancel on any thread. It is called on
 * the loop, by one call at a time, and must not block it. If it throws, it is taken for cancelled,
 * and the failure goes to the loop's exception handler.
 *
 * @param <T> the type of the items
 */
public final class QueuePublisher<T> implements Flow.Publisher<T> {
  private final Queue<? extends T> queue;

  /**
   * A publisher of what is in a queue, now and later; any thread may make it.
   *
   * @param queue the queue
   */
  public QueuePublisher(Queue<? extends T> queue) {
    this.queue = requireNonNull(queue, "queue");
  }

  /**
   * Adds a subscriber, on the loop: now if the caller is there, else soon. Any thread may call
   * this.
   *
   * @param subscriber who requests items
   */
  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    new QueueSubscription<>(queue, requireNonNull(subscriber, "subscriber")).begin();
  }

  /** For example {@code QueuePublisher[Queue[maxsize=3 getters[1]]]}. */
  @Override
  public String toString() {
    return "QueuePublisher[" + queue + "]";
  }
}
