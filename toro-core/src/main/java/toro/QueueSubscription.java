package toro;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber of a {@link QueuePublisher} has to do with its queue: at most one {@code get}
 * at a time, and that only while it wants an item.
 *
 * <p>Whatever happens, a request, an item that has come, the end of the queue, is noted down; then
 * {@link #serve} tells the subscriber. It is the only one who does, and it is on the stack once, so
 * the signals come one at a time however deep the subscriber requests more.
 */
final class QueueSubscription<T> implements Flow.Subscription {
  private final IOLoop loop;
  private final Queue<? extends T> queue;

  // On the loop. The subscriber is null when it has been told the end, or has cancelled.
  private Flow.@Nullable Subscriber<? super T> subscriber;
  private boolean serving;
  private long wanted; // so many more items
  private @Nullable T item; // granted, and to be delivered
  private @Nullable Throwable end; // to be told
  private @Nullable CompletableFuture<?> closing; // the wait for the end of the queue

  // Read and set by any thread. The get that waits for an item, or the last one.
  private volatile @Nullable CompletableFuture<? extends T> getting;
  private volatile boolean cancelled;

  QueueSubscription(Queue<? extends T> queue, Flow.Subscriber<? super T> subscriber) {
    this.loop = queue.loop();
    this.queue = queue;
    this.subscriber = subscriber;
  }

  void begin() {
    if (!loop.runOrOffer(source(), this::subscribed)) {
      end = loop.closed();
      tell(each -> each.onSubscribe(this));
      serve();
    }
  }

  private void subscribed() {
    serving = true;
    tell(each -> each.onSubscribe(this));
    serving = false;
    closing = queue.whenClosed();
    closing.whenComplete(
        (closed, failure) -> {
          if (!(failure instanceof CancellationException)) { // it was taken back, below
            end = end == null ? failure : end;
            serve();
          }
        });
    serve();
  }

  /** Any thread may call this. */
  @Override
  public void request(long n) {
    loop.runOrOffer(
        source(),
        () -> {
          if (n > 0) {
            wanted = wanted + n > 0 ? wanted + n : Long.MAX_VALUE;
          } else {
            end = new IllegalArgumentException("rule 3.9: at least one is requested, not " + n);
            withdraw();
          }
          serve();
        });
  }

  /** Any thread may call this. From here on no item is granted to it. */
  @Override
  public void cancel() {
    cancelled = true;
    withdraw();
    loop.runOrOffer(source(), this::serve);
  }

  /** What handlers are given: the subscriber, while there is one. */
  private Object source() {
    Flow.Subscriber<? super T> told = subscriber;
    return told == null ? queue : told;
  }

  private void withdraw() {
    CompletableFuture<?> pending = getting;
    if (pending != null) {
      pending.cancel(false);
    }
  }

  private boolean isWaiting() {
    CompletableFuture<?> pending = getting;
    return pending != null && !pending.isCancelled();
  }

  private void serve() {
    if (!serving) {
      serving = true;
      while (subscriber != null && !isWaiting()) {
        if (!step()) {
          break;
        }
      }
      serving = false;
    }
  }

  /** Does the next thing that is to be done; false if there is none. */
  private boolean step() {
    T next = item;
    Throwable reason = end;
    if (next != null) { // also if it has cancelled: it is granted
      item = null;
      wanted--;
      tell(each -> each.onNext(next));
    } else if (cancelled) {
      forget();
    } else if (reason != null) {
      Throwable failure = reason instanceof QueueClosedException ? reason.getCause() : reason;
      tellLast(failure == null ? Flow.Subscriber::onComplete : each -> each.onError(failure));
    } else if (wanted > 0 || (queue.isClosed() && queue.isEmpty())) {
      take();
    } else {
      return false;
    }
    return true;
  }

  /** Takes the next item out of the queue, or waits for it; or learns that there is none. */
  private void take() {
    CompletableFuture<? extends T> get;
    try {
      get = queue.get();
    } catch (Throwable refusal) { // by a comparator
      end = refusal;
      return;
    }
    getting = get;
    if (cancelled) { // on another thread, which may not have seen this get
      get.cancel(false);
    }
    get.whenComplete(
        (granted, failure) -> {
          if (!(failure instanceof CancellationException)) { // else it was withdrawn, on any thread
            getting = null;
            item = granted;
            end = end == null ? failure : end;
            serve();
          }
        });
  }

  private void tell(Consumer<Flow.Subscriber<? super T>> signal) {
    Flow.Subscriber<? super T> told = subscriber;
    if (told != null) {
      try {
        loop.asCallback(() -> signal.accept(told));
      } catch (Throwable failure) { // rule 2.13: it must not, and has cancelled by that
        cancelled = true;
        loop.report(told, failure);
      }
    }
  }

  /** Tells it the end: nothing can follow. */
  private void tellLast(Consumer<Flow.Subscriber<? super T>> signal) {
    tell(
        told -> {
          forget();
          signal.accept(told);
        });
  }

  /** Keeps nothing of it, and leaves nothing in the queue. */
  private void forget() {
    subscriber = null;
    getting = null;
    if (closing != null) {
      closing.cancel(false);
    }
  }
}
