package toro;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A queue between coroutines: {@code get} waits while it is empty, {@code put} while it is full,
 * {@code join} until all that was put has been processed.
 *
 * {@snippet file="toro/SnippetsTest.java" region="queue"}
 *
 * <p>Fair: getters and putters are served in the order they came. {@code put} hands its item to the
 * first getter before it returns, so nobody can barge in between. First in, first out; {@link
 * PriorityQueue} and {@link LifoQueue} give the items out in another order. Semantics: Tornado's
 * {@code Queue}, which is toro's {@code JoinableQueue}.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 *
 * @param <T> the type of the items; null is none
 */
public sealed class Queue<T> implements Iterable<T> permits PriorityQueue, LifoQueue {
  private final IOLoop loop;
  private final int maxSize;

  // Invariant: live getters imply items.isEmpty(), live putters imply isFull().
  private final java.util.Queue<T> items;
  private final WaitList<Waiter<T>> getters;
  private final WaitList<Putter<T>> putters;

  // Invariant: items.size() <= unfinishedTasks, and 0 unfinished tasks imply no joiners.
  private int unfinishedTasks;
  private final WaitList<Waiter<Void>> joiners;

  /**
   * A queue of the current loop that is never full.
   *
   * @throws IllegalStateException if there is no current loop
   */
  public Queue() {
    this(0);
  }

  /**
   * A queue of the current loop.
   *
   * @param maxSize how many items it holds; zero: any number
   * @throws IllegalArgumentException if {@code maxSize} is negative
   * @throws IllegalStateException if there is no current loop
   */
  public Queue(int maxSize) {
    this(IOLoop.current(), maxSize);
  }

  /**
   * A queue that is never full.
   *
   * @param loop the loop on which it will be used; any thread may make it
   */
  public Queue(IOLoop loop) {
    this(loop, 0);
  }

  /**
   * A queue.
   *
   * @param loop the loop on which it will be used; any thread may make it
   * @param maxSize how many items it holds; zero: any number
   * @throws IllegalArgumentException if {@code maxSize} is negative
   */
  public Queue(IOLoop loop, int maxSize) {
    this(loop, maxSize, new ArrayDeque<>());
  }

  /** A queue that gives its items out in the order in which {@code items} does. */
  @SuppressWarnings("this-escape") // only to be named in messages
  Queue(IOLoop loop, int maxSize, java.util.Queue<T> items) {
    if (maxSize < 0) {
      throw new IllegalArgumentException("maxsize can't be negative: " + maxSize);
    }
    this.loop = loop;
    this.maxSize = maxSize;
    this.items = items;
    this.getters = new WaitList<>(loop, this);
    this.putters = new WaitList<>(loop, this);
    this.joiners = new WaitList<>(loop, this);
  }

  /** One who waits for a free slot. */
  private static final class Putter<T> extends Waiter<Void> {
    final T item;

    Putter(IOLoop loop, T item) {
      super(loop);
      this.item = item;
    }
  }

  /**
   * Puts an item in; waits for a free slot.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the line without a trace, and its item is not put in. One that was granted has put its item in.
   *
   * @param item what to put, not null
   * @return done when the item is in the queue, or has gone to a getter
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<@Nullable Void> put(T item) {
    return put(item, Deadline.never());
  }

  /**
   * Like {@link #put(Object)}, for at most so long.
   *
   * @param item what to put, not null
   * @param timeout how long to wait; zero or less: not at all
   * @return done when the item is in the queue, or has gone to a getter, or the failure {@link
   *     DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<@Nullable Void> put(T item, Duration timeout) {
    return put(item, Deadline.in(timeout));
  }

  /**
   * Like {@link #put(Object)}, until a deadline.
   *
   * @param item what to put, not null
   * @param deadline until when to wait; if it has passed: not at all
   * @return done when the item is in the queue, or has gone to a getter, or the failure {@link
   *     DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<@Nullable Void> put(T item, Deadline deadline) {
    loop.check(this);
    requireNonNull(deadline, "deadline");
    if (offer(requireNonNull(item, "item"))) {
      return CompletableFuture.completedFuture(null);
    }
    return putters.await(new Putter<>(loop, item), deadline);
  }

  /**
   * Takes the next item out; waits for one.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the line without a trace, and no item goes to it. One that was granted has its item: it is
   * delivered even if the coroutine is cancelled afterwards.
   *
   * @return the item
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
   * @return the item, or the failure {@link DeadlineExceededException}
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
   * @return the item, or the failure {@link DeadlineExceededException}
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
    return getters.await(new Waiter<>(loop), deadline);
  }

  /**
   * Waits until all that was put in has been processed: until {@link #taskDone()} was called for
   * each item.
   *
   * <p><b>Deadline and cancellation:</b> nothing is held, nothing is lost.
   *
   * @return done when there are no unfinished tasks
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<@Nullable Void> join() {
    return join(Deadline.never());
  }

  /**
   * Like {@link #join()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: not at all
   * @return done when there are no unfinished tasks, or the failure {@link
   *     DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<@Nullable Void> join(Duration timeout) {
    return join(Deadline.in(timeout));
  }

  /**
   * Like {@link #join()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: not at all
   * @return done when there are no unfinished tasks, or the failure {@link
   *     DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<@Nullable Void> join(Deadline deadline) {
    loop.check(this);
    requireNonNull(deadline, "deadline");
    if (unfinishedTasks == 0) {
      return CompletableFuture.completedFuture(null);
    }
    return joiners.await(new Waiter<>(loop), deadline);
  }

  /**
   * Puts an item in, if there is a free slot.
   *
   * @param item what to put, not null
   * @throws QueueFullException if there is none
   * @throws WrongThreadException on another thread
   */
  public void putNow(T item) {
    loop.check(this);
    if (!offer(requireNonNull(item, "item"))) {
      throw new QueueFullException("the queue is full: " + this);
    }
  }

  /**
   * Takes the next item out, if there is one.
   *
   * @return the item
   * @throws QueueEmptyException if there is none
   * @throws WrongThreadException on another thread
   */
  public T getNow() {
    loop.check(this);
    T item = poll();
    if (item == null) {
      throw new QueueEmptyException("the queue is empty: " + this);
    }
    return item;
  }

  /**
   * Says that an item that was taken out has been processed. When that was the last one, all who
   * {@link #join()} are woken before this returns.
   *
   * @throws IllegalStateException if it is called more often than items were put in
   * @throws WrongThreadException on another thread
   */
  public void taskDone() {
    loop.check(this);
    if (unfinishedTasks == 0) {
      throw new IllegalStateException(
          "task_done() called too many times: each of the items put in is done already");
    }
    if (--unfinishedTasks == 0) {
      long mark = joiners.mark();
      for (Waiter<Void> joiner; (joiner = joiners.poll(mark)) != null; ) {
        joiner.succeed(null);
      }
    }
  }

  /** Hands the item to the first getter, or keeps it if there is a free slot. */
  private boolean offer(T item) {
    if (isFullNow()) {
      return false;
    }
    Waiter<T> getter = getters.poll();
    if (getter == null) {
      items.add(item);
    }
    unfinishedTasks++;
    if (getter != null) {
      getter.succeed(item);
    }
    return true;
  }

  /**
   * The next item, or null. The first putter's item comes in first: it may be the next, where the
   * order is not that of arrival.
   */
  private @Nullable T poll() {
    Putter<T> putter = admitPutter();
    try {
      return items.poll();
    } finally { // a comparator may throw
      if (putter != null) {
        putter.succeed(null);
      }
    }
  }

  /** Puts in the item of the first putter whose item can be put in: a comparator may refuse it. */
  private @Nullable Putter<T> admitPutter() {
    for (Putter<T> putter; (putter = putters.poll()) != null; ) {
      try {
        items.add(putter.item);
        unfinishedTasks++;
        return putter;
      } catch (Throwable refusal) {
        putter.fail(refusal);
      }
    }
    return null;
  }

  private boolean isFullNow() {
    return maxSize > 0 && items.size() >= maxSize;
  }

  /**
   * How many items are in the queue. Those of putters who wait are not.
   *
   * @return the number of items
   * @throws WrongThreadException on another thread while the loop runs
   */
  public int size() {
    loop.checkRead(this);
    return items.size();
  }

  /**
   * How many items the queue holds; any thread may ask.
   *
   * @return the maximum; zero: any number
   */
  public int maxSize() {
    return maxSize;
  }

  /**
   * Is there no item?
   *
   * @return true if {@link #get()} would have to wait
   * @throws WrongThreadException on another thread while the loop runs
   */
  public boolean isEmpty() {
    loop.checkRead(this);
    return items.isEmpty();
  }

  /**
   * Is there no free slot?
   *
   * @return true if {@link #put} would have to wait; never if {@link #maxSize()} is zero
   * @throws WrongThreadException on another thread while the loop runs
   */
  public boolean isFull() {
    loop.checkRead(this);
    return isFullNow();
  }

  /**
   * How many items were put in and not yet processed.
   *
   * @return the number of items minus that of calls of {@link #taskDone()}
   * @throws WrongThreadException on another thread while the loop runs
   */
  public int unfinishedTasks() {
    loop.checkRead(this);
    return unfinishedTasks;
  }

  /**
   * The items as they come, without end: each step of the iterator takes one out, and awaits it.
   * For a {@code for} loop in a coroutine; several coroutines may share a queue, each with an
   * iterator of its own.
   *
   * @return an iterator whose {@code next} must be called in a coroutine
   */
  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public T next() {
        return Coroutines.await(get());
      }
    };
  }

  /** For example {@code Queue[maxsize=3 queue=[a, b, c] putters[2] tasks=4]}. */
  @Override
  public String toString() {
    return Names.text(
        this,
        "maxsize="
            + maxSize
            + (items.isEmpty() ? "" : " queue=" + Text.brief(items))
            + getters.count("getters")
            + putters.count("putters")
            + joiners.count("joiners")
            + (unfinishedTasks == 0 ? "" : " tasks=" + unfinishedTasks));
  }
}
