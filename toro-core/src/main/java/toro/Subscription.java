package toro;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What was put into a {@link Broadcast} since {@link Broadcast#subscribe()}, one item after
 * another: {@code for (T item : subscription)} in a coroutine, or {@link #get()}.
 *
 * <p>It ends when the broadcast is closed and all is taken, or when it is {@linkplain #close()
 * closed} itself. Several may take items from the same subscription: each item goes to one of them,
 * first come, first served.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 *
 * @param <T> the type of the items
 */
public final class Subscription<T> implements Iterable<T>, AutoCloseable {
  private final IOLoop loop;
  private final Broadcast<T> broadcast;
  private final Backlog<T>.Reader items;

  // Invariant: live getters imply that there is no item; if somebody is in line, the broadcast
  // knows.
  final WaitList<Waiter<T>> getters;
  private boolean closed;

  Subscription(IOLoop loop, Broadcast<T> broadcast) {
    this.loop = loop;
    this.broadcast = broadcast;
    this.items = broadcast.items.new Reader();
    this.getters = new WaitList<>(loop, this, this::waitsNoMore);
  }

  /**
   * Takes the next item; waits for one.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the line without a trace, and takes no item. One that was granted has its item: it is delivered
   * even if the coroutine is cancelled afterwards.
   *
   * @return the item, or a failure: {@link QueueClosedException} if the broadcast is closed and
   *     there is none left, or the subscription is closed; {@link SlowSubscriberException} if it
   *     was cut off
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<T> get() {
    return get(Deadline.never());
  }

  /**
   * Like {@link #get()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: not at all
   * @return the item, or a failure: {@link QueueClosedException}, {@link SlowSubscriberException}
   *     or {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<T> get(Duration timeout) {
    return get(Deadline.in(timeout));
  }

  /**
   * Like {@link #get()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: not at all
   * @return the item, or a failure: {@link QueueClosedException}, {@link SlowSubscriberException}
   *     or {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<T> get(Deadline deadline) {
    loop.check(this);
    requireNonNull(deadline, "deadline");
    T item = poll();
    if (item != null) {
      return CompletableFuture.completedFuture(item);
    }
    RuntimeException end = end();
    if (end != null) {
      return CompletableFuture.failedFuture(end);
    }
    CompletableFuture<T> wait = getters.await(new Waiter<>(loop), deadline);
    if (isWaiting()) {
      broadcast.waiting.add(this);
    }
    return wait;
  }

  /**
   * Takes the next item, if there is one.
   *
   * @return the item
   * @throws QueueEmptyException if there is none
   * @throws QueueClosedException if there is none and the broadcast is closed, or the subscription
   *     is closed
   * @throws SlowSubscriberException if it was cut off
   * @throws WrongThreadException on another thread
   */
  public T getNow() {
    loop.check(this);
    T item = poll();
    if (item != null) {
      return item;
    }
    RuntimeException end = end();
    throw end != null ? end : new QueueEmptyException("there is no item: " + this);
  }

  private @Nullable T poll() {
    T item = items.poll();
    if (item != null) {
      broadcast.admitPutters();
    }
    return item;
  }

  /** Why there will be no further item; null if there may be some. */
  private @Nullable RuntimeException end() {
    if (closed) {
      return closed();
    }
    if (items.isCutOff()) {
      return new SlowSubscriberException(
          "the subscription was cut off, because it did not take any of the last items in time: "
              + broadcast);
    }
    return broadcast.end();
  }

  private static QueueClosedException closed() {
    return new QueueClosedException("the subscription is closed", null);
  }

  /** Is somebody in line? */
  boolean isWaiting() {
    return getters.size() > 0;
  }

  private void waitsNoMore() {
    if (!isWaiting()) {
      broadcast.waiting.remove(this);
    }
  }

  /** There is an item: the first in line takes it, and is to be completed afterwards. */
  void grant(List<Runnable> granted) {
    Waiter<T> getter = getters.poll();
    if (getter != null) {
      T item = items.poll();
      granted.add(() -> getter.succeed(item));
    }
  }

  /**
   * How many items there are to take.
   *
   * @return how far it lags behind what was put
   * @throws WrongThreadException on another thread while the loop runs
   */
  public int size() {
    loop.checkRead(this);
    return items.size();
  }

  /**
   * How many items it has missed so far, because it did not take them in time: with {@link
   * Broadcast.Overflow#DROP_OLDEST}; else none.
   *
   * @return a number that only grows
   * @throws WrongThreadException on another thread while the loop runs
   */
  public long missed() {
    loop.checkRead(this);
    return items.missed();
  }

  /**
   * The items as they come: each step of the iterator takes one, and awaits it. For a {@code for}
   * loop in a coroutine; it ends with the subscription, and throws {@link SlowSubscriberException}
   * if that is cut off.
   *
   * @return an iterator whose methods must be called in a coroutine, else they throw {@link
   *     IllegalStateException}
   */
  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      private @Nullable T next;

      @Override
      public boolean hasNext() {
        if (next == null) {
          Coroutines.checkCoroutine("hasNext"); // before an item is taken for nobody
          try {
            next = Coroutines.await(get());
          } catch (QueueClosedException ended) {
            return false;
          }
        }
        return true;
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException("the subscription has ended");
        }
        T item = requireNonNull(next);
        next = null;
        return item;
      }
    };
  }

  /**
   * Ends it: nothing is kept for it any more, and who was held up by it may put. Those in line fail
   * with {@link QueueClosedException}, and loops end. Does nothing the second time, or when the
   * loop is closed.
   *
   * @throws WrongThreadException on another thread
   */
  @Override
  public void close() {
    if (closed || loop.isClosed()) {
      return;
    }
    loop.check(this);
    closed = true;
    items.leave();
    broadcast.waiting.remove(this);
    List<Waiter<T>> ended = getters.pollAll();
    broadcast.admitPutters();
    ended.forEach(getter -> getter.fail(closed()));
  }

  /** For example {@code Subscription[size=2 missed=1]} or {@code Subscription[getters[1]]}. */
  @Override
  public String toString() {
    String state =
        (closed ? "closed" : items.isCutOff() ? "cut off" : "")
            + (items.size() == 0 ? "" : " size=" + items.size())
            + (items.missed() == 0 ? "" : " missed=" + items.missed())
            + getters.count("getters");
    return Names.text(this, state.strip());
  }
}
