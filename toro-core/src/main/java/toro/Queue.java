package toro;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
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
 * {@code Queue}, which is toro's {@code JoinableQueue}; {@code close} is the {@code shutdown} of
 * Python's {@code asyncio.Queue}.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 *
 * @param <T> the type of the items; null is none
 */
public sealed class Queue<T> implements Iterable<T> permits PriorityQueue, LifoQueue {
  private static final WaitList.Grantor GRANTOR =
      new WaitList.Grantor() {
        @Override
        public void departed() {}

        @Override
        public String text(Object owner) {
          return ((Queue<?>) owner).summary();
        }
      };

  private final IOLoop loop;
  private final int maxSize;

  // How many items there may be for a put to go ahead. Invariant: 0 iff it is closed; closed
  // implies no getters and no putters.
  private int limit;
  private @Nullable Throwable cause; // with which it was closed
  private @Nullable Event closing; // set when it is closed; made when somebody waits for that

  // Invariant: live getters imply items.isEmpty(), live putters imply isFull().
  private final java.util.Queue<T> items;
  private final WaitList<Waiter<T>> getters;
  private final WaitList<Putter<T>> putters;

  // Invariant: 0 unfinished tasks imply no joiners.
  long unfinishedTasks;
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
    this.limit = maxSize == 0 ? Integer.MAX_VALUE : maxSize;
    this.items = items;
    this.getters = new WaitList<>(loop, this, GRANTOR);
    this.putters = new WaitList<>(loop, this, GRANTOR);
    this.joiners = new WaitList<>(loop, this, GRANTOR);
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
   * @return done when the item is in the queue, or has gone to a getter; or the failure {@link
   *     QueueClosedException} if the queue is closed before that
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
   *     DeadlineExceededException} or {@link QueueClosedException}
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
   *     DeadlineExceededException} or {@link QueueClosedException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<@Nullable Void> put(T item, Deadline deadline) {
    loop.check(this);
    requireNonNull(deadline, "deadline");
    if (offer(requireNonNull(item, "item"))) {
      return CompletableFuture.completedFuture(null);
    }
    if (isClosedNow()) {
      return CompletableFuture.failedFuture(closed());
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
   * @return the item, or the failure {@link QueueClosedException} if the queue is closed and has
   *     none
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
   * @return the item, or the failure {@link DeadlineExceededException} or {@link
   *     QueueClosedException}
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
   * @return the item, or the failure {@link DeadlineExceededException} or {@link
   *     QueueClosedException}
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
    if (isClosedNow()) {
      return CompletableFuture.failedFuture(closed());
    }
    return getters.await(new Waiter<>(loop), deadline);
  }

  /**
   * Waits until all that was put in has been processed: until {@link #taskDone()} was called for
   * each item that {@link #closeNow()} did not discard.
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
   * @throws QueueClosedException if the queue is closed
   * @throws WrongThreadException on another thread
   */
  public void putNow(T item) {
    loop.check(this);
    if (!offer(requireNonNull(item, "item"))) {
      throw isClosedNow() ? closed() : new QueueFullException("the queue is full: " + summary());
    }
  }

  /**
   * Takes the next item out, if there is one.
   *
   * @return the item
   * @throws QueueEmptyException if there is none
   * @throws QueueClosedException if there is none, and the queue is closed
   * @throws WrongThreadException on another thread
   */
  public T getNow() {
    loop.check(this);
    T item = poll();
    if (item == null) {
      throw isClosedNow() ? closed() : new QueueEmptyException("the queue is empty: " + summary());
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

  /**
   * Closes the queue: it takes nothing more, and gives out what is there. Who waits for an item, or
   * for a free slot, fails with {@link QueueClosedException} before this returns, as does each
   * {@code put} from now on, and each {@code get} once the queue is empty. A {@code for} loop over
   * it ends there. The item of one who waits for a free slot is not put in. {@link #join()} and
   * {@link #taskDone()} work as before. Closing it again does nothing.
   *
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public void close() {
    loop.check(this);
    end(null);
  }

  /**
   * Closes the queue because of a failure: like {@link #close()}, but it is the cause of each
   * {@link QueueClosedException}, and a {@code for} loop, when it has gone through what is there,
   * throws that.
   *
   * @param cause why nothing more will come
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public void close(Throwable cause) {
    loop.check(this);
    end(requireNonNull(cause, "cause"));
  }

  /**
   * Closes the queue, if it is not, and discards what is there. What is discarded counts as
   * processed, so those who {@link #join()} are woken unless there are other unfinished tasks.
   *
   * @return what was there, in the order in which it would have come out. The items of those who
   *     waited for a free slot are not among it; each of them learns that by its exception.
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public List<T> closeNow() {
    loop.check(this);
    List<T> left = List.copyOf(items); // a comparator may throw: then nothing has changed
    items.clear();
    unfinishedTasks = Math.max(0, unfinishedTasks - left.size());
    List<Waiter<Void>> joined = unfinishedTasks == 0 ? joiners.pollAll() : List.of();
    end(null);
    joined.forEach(joiner -> joiner.succeed(null));
    return left;
  }

  /** No wait is left in line when the first one learns of it: it may get what is there. */
  private void end(@Nullable Throwable cause) {
    if (isClosedNow()) {
      return;
    }
    limit = 0;
    this.cause = cause;
    List<Waiter<?>> ended = new ArrayList<>(getters.pollAll());
    ended.addAll(putters.pollAll());
    if (!ended.isEmpty()) {
      String message = closedMessage();
      ended.forEach(waiter -> waiter.fail(new QueueClosedException(message, cause)));
    }
    if (closing != null) {
      closing.set();
    }
  }

  private QueueClosedException closed() {
    return new QueueClosedException(closedMessage(), cause);
  }

  private String closedMessage() {
    return "the queue is closed: " + summary();
  }

  private boolean isClosedNow() {
    return limit == 0;
  }

  /** Waits until it is closed, whether something is left in it or not. */
  CompletableFuture<@Nullable Void> whenClosed() {
    if (isClosedNow()) {
      return CompletableFuture.completedFuture(null);
    }
    if (closing == null) {
      closing = new Event(loop);
    }
    return closing.whenSet();
  }

  IOLoop loop() {
    return loop;
  }

  /** Hands the item to the first getter, or keeps it if there is a free slot. */
  private boolean offer(T item) {
    if (items.size() >= limit) {
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
   * @return true if {@link #get()} would have to wait, or would fail because it is closed
   * @throws WrongThreadException on another thread while the loop runs
   */
  public boolean isEmpty() {
    loop.checkRead(this);
    return items.isEmpty();
  }

  /**
   * Is there no free slot?
   *
   * @return true if there are {@link #maxSize()} items, so that {@link #put} would have to wait if
   *     it is not closed; never if {@link #maxSize()} is zero
   * @throws WrongThreadException on another thread while the loop runs
   */
  public boolean isFull() {
    loop.checkRead(this);
    return maxSize > 0 && items.size() >= maxSize;
  }

  /**
   * Was it closed? There may be items left.
   *
   * @return true after {@link #close()} or {@link #closeNow()}
   * @throws WrongThreadException on another thread while the loop runs
   */
  public boolean isClosed() {
    loop.checkRead(this);
    return isClosedNow();
  }

  /**
   * Returns how many items were put in and not yet processed. The count is exact, also where more
   * are unfinished than this can return.
   *
   * @return the number of items minus that of calls of {@link #taskDone()}; {@link
   *     Integer#MAX_VALUE} if it is more than that
   * @throws WrongThreadException on another thread while the loop runs
   */
  public int unfinishedTasks() {
    loop.checkRead(this);
    return (int) Math.min(unfinishedTasks, Integer.MAX_VALUE);
  }

  /**
   * The items as they come, until the queue is closed and empty. For a {@code for} loop in a
   * coroutine; several coroutines may share a queue, each with an iterator of its own.
   *
   * <p>{@code hasNext} takes the next item out, and awaits it; the iterator holds it until {@code
   * next} gives it out. Nothing runs in between in a {@code for} loop. Who calls them by himself
   * should not leave the iterator with an item; he may ask {@code hasNext} more than once.
   *
   * <p><b>Deadline and cancellation:</b> as with {@link #get()}: a step that is cancelled while it
   * waits takes nothing out, and one that was granted is delivered.
   *
   * @return an iterator whose methods must be called in a coroutine, else they throw {@link
   *     IllegalStateException}; where the queue is empty and was closed {@linkplain
   *     #close(Throwable) with a cause} they throw {@link QueueClosedException}
   */
  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      private @Nullable T held;

      @Override
      public boolean hasNext() {
        if (held == null) {
          held = awaitNext();
        }
        return held != null;
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException(closedMessage());
        }
        T item = requireNonNull(held);
        held = null;
        return item;
      }
    };
  }

  /** The next item, or null if it is closed and none is left. */
  private @Nullable T awaitNext() {
    Coroutines.checkCoroutine("hasNext"); // before something is taken out for nobody
    try {
      return Coroutines.await(get());
    } catch (QueueClosedException end) {
      if (end.getCause() != null) {
        throw end;
      }
      return null;
    }
  }

  /** For example {@code Queue[maxsize=3 queue=[a, b, c] putters[2] tasks=4]}. */
  @Override
  public String toString() {
    return text(items.isEmpty() ? "" : " queue=" + Text.brief(items));
  }

  /** For messages: like {@link #toString()}, without foreign code. */
  private String summary() {
    return text(items.isEmpty() ? "" : " queue=" + Text.known(items));
  }

  private String text(String content) {
    return Names.text(
        this,
        (isClosedNow() ? "closed maxsize=" : "maxsize=")
            + maxSize
            + content
            + getters.count("getters")
            + putters.count("putters")
            + joiners.count("joiners")
            + (unfinishedTasks == 0 ? "" : " tasks=" + unfinishedTasks));
  }
}
