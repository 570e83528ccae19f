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
  private static class Grantor implements WaitList.Grantor {
    @Override
    public void departed() {}

    @Override
    public String text(Object owner) {
      return ((Queue<?>) owner).summary();
    }
  }

  private static final Grantor GRANTOR = new Grantor();

  /** That of the getters: when the first one leaves, there may be items for the next. */
  private final class GetterGrantor extends Grantor {
    @Override
    public void departed() {
      grantGetters();
    }
  }

  private final IOLoop loop;
  private final int maxSize;

  // How many items there may be for a put to go ahead. Invariant: 0 iff it is closed; closed
  // implies no getters and no putters.
  private int limit;
  private @Nullable Throwable cause; // with which it was closed
  private @Nullable Event closing; // set when it is closed; made when somebody waits for that

  // Invariant: live getters imply items.isEmpty(), unless the first of them collects a batch; live
  // putters imply isFull().
  private final java.util.Queue<T> items;
  private final WaitList<Waiter<?>> getters; // each takes an item, or is a Batch
  private @Nullable Batch<T> collecting; // the first getter, if it is a batch that has items
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
    this.getters = new WaitList<>(loop, this, new GetterGrantor());
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

  /** One that waits for several items, or for what there is some time after the first. */
  private static final class Batch<T> extends Waiter<List<T>> {
    private final Queue<T> queue;
    final int max;
    private final Duration linger;
    private @Nullable Timeout end; // of the time after the first item; null: there is none yet
    private boolean isOver;

    Batch(Queue<T> queue, int max, Duration linger) {
      super(queue.loop);
      this.queue = queue;
      this.max = max;
      this.linger = linger;
    }

    void beginTime() {
      long nanos = Deadline.in(linger).nanosLeft();
      isOver = nanos <= 0;
      if (!isOver) {
        end = loop.timers.add(nanos, Task.of(queue, this::takeWhatThereIs));
      }
    }

    void endTime() {
      if (end != null) {
        end.drop();
        end = null;
      }
    }

    private void takeWhatThereIs() {
      isOver = true;
      queue.grantGetters();
    }

    /** Its deadline has passed. */
    @Override
    public void run() {
      if (queue.collecting == this) {
        takeWhatThereIs();
      } else {
        super.run();
      }
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
   * Takes several items out: as many as are wanted, or what there is some time after the first.
   *
   * {@snippet file="toro/QueueSnippetsTest.java" region="batch"}
   *
   * <p>It waits for the first item as long as it takes, and then for the others until there are
   * {@code max}, or {@code linger} has passed, or the queue is full or closed. The items stay in
   * the queue until then, so they are the first ones in its order at that time. Those that come
   * after this wait in line: until it has its batch, nobody else takes an item. Each item counts
   * for {@link #taskDone()}.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled leaves the line without a trace,
   * and the items stay. One that was granted has its items: they are delivered even if the
   * coroutine is cancelled afterwards.
   *
   * @param max how many items at most
   * @param linger how long to wait after the first item, on the loop's clock; zero or less: not at
   *     all
   * @return one item at least, in the order in which {@link #get()} would have taken them; or the
   *     failure {@link QueueClosedException} if the queue is closed and has none
   * @throws IllegalArgumentException if {@code max} is less than one
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<List<T>> getBatch(int max, Duration linger) {
    return getBatch(max, linger, Deadline.never());
  }

  /**
   * Like {@link #getBatch(int, Duration)}, for at most so long. When the time is up it takes what
   * there is.
   *
   * @param max how many items at most
   * @param linger how long to wait after the first item
   * @param timeout how long to wait in all; zero or less: not at all
   * @return one item at least, or the failure {@link DeadlineExceededException} if there is none,
   *     or {@link QueueClosedException}
   * @throws IllegalArgumentException if {@code max} is less than one
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<List<T>> getBatch(int max, Duration linger, Duration timeout) {
    return getBatch(max, linger, Deadline.in(timeout));
  }

  /**
   * Like {@link #getBatch(int, Duration)}, until a deadline. When that has passed it takes what
   * there is.
   *
   * @param max how many items at most
   * @param linger how long to wait after the first item
   * @param deadline until when to wait in all; if it has passed: not at all
   * @return one item at least, or the failure {@link DeadlineExceededException} if there is none,
   *     or {@link QueueClosedException}
   * @throws IllegalArgumentException if {@code max} is less than one
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<List<T>> getBatch(int max, Duration linger, Deadline deadline) {
    loop.check(this);
    requireNonNull(linger, "linger");
    requireNonNull(deadline, "deadline");
    if (max < 1) {
      throw new IllegalArgumentException("max must be >= 1, not " + max);
    }
    if (isClosedNow() && items.isEmpty()) {
      return CompletableFuture.failedFuture(closed());
    }
    if (getters.isEmpty() && !items.isEmpty() && (isEnough(max) || deadline.hasPassed())) {
      List<Runnable> granted = new ArrayList<>();
      List<T> taken = take(max, granted);
      granted.forEach(Runnable::run);
      return CompletableFuture.completedFuture(taken);
    }
    CompletableFuture<List<T>> wait = getters.await(new Batch<>(this, max, linger), deadline);
    if (!items.isEmpty()) {
      grantGetters();
    }
    return wait;
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
      throw isClosedNow()
          ? closed()
          : new QueueEmptyException(
              items.isEmpty()
                  ? "the queue is empty: " + summary()
                  : "the items of the queue are for the batch that the first in line collects: "
                      + summary());
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
    List<Putter<T>> refused = putters.pollAll();
    List<Runnable> granted = takeForGetters();
    List<Waiter<?>> ended = new ArrayList<>(getters.pollAll());
    ended.addAll(refused);
    granted.forEach(Runnable::run);
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
    for (Waiter<?> first; (first = getters.first()) != null; ) {
      if (first instanceof Batch) {
        keep(item);
        grantGetters();
        return true;
      }
      first.leave();
      if (first.claim()) {
        unfinishedTasks++;
        succeed(first, item);
        return true;
      }
    }
    keep(item);
    return true;
  }

  private void keep(T item) {
    items.add(item);
    unfinishedTasks++;
  }

  @SuppressWarnings("unchecked") // a getter that is no batch waits for an item
  private void succeed(Waiter<?> getter, T item) {
    ((Waiter<T>) getter).succeed(item);
  }

  // Batches.

  /** Are there as many items as a batch may have, or can there be no more? */
  private boolean isEnough(int max) {
    return items.size() >= Math.min(max, limit);
  }

  /** Gives the getters in line what there is; called when the first, or the items, have changed. */
  private void grantGetters() {
    if (items.isEmpty()) {
      collect(null);
    } else {
      takeForGetters().forEach(Runnable::run);
    }
  }

  /** Takes the items for those getters that can have what they wait for, and lets them leave. */
  private List<Runnable> takeForGetters() {
    List<Runnable> granted = new ArrayList<>();
    for (Waiter<?> first; !items.isEmpty() && (first = getters.first()) != null; ) {
      Batch<T> batch = batchOrNull(first);
      if (batch != null) {
        collect(batch);
        if (!batch.isOver && !isEnough(batch.max)) {
          return granted;
        }
      }
      first.leave();
      if (first.claim()) {
        take(first, batch, granted);
      }
    }
    collect(null);
    return granted;
  }

  @SuppressWarnings("unchecked") // each batch of this queue is one of its items
  private @Nullable Batch<T> batchOrNull(Waiter<?> getter) {
    return getter instanceof Batch<?> batch ? (Batch<T>) batch : null;
  }

  private void take(Waiter<?> getter, @Nullable Batch<T> batch, List<Runnable> granted) {
    try {
      List<T> taken = take(batch == null ? 1 : batch.max, granted);
      granted.add(
          () -> {
            if (batch == null) {
              succeed(getter, taken.getFirst());
            } else {
              batch.succeed(taken);
            }
          });
    } catch (Throwable refusal) { // a comparator may throw
      granted.add(() -> getter.fail(refusal));
    }
  }

  /** The first in line begins to collect; null: it does not. */
  private void collect(@Nullable Batch<T> batch) {
    if (collecting != batch) {
      if (collecting != null) {
        collecting.endTime();
      }
      collecting = batch;
      if (batch != null) {
        batch.beginTime();
      }
    }
  }

  /** Takes items out, one at least; the putters whose items come in are granted afterwards. */
  private List<T> take(int max, List<Runnable> granted) {
    List<T> taken = new ArrayList<>();
    while (taken.size() < max && !items.isEmpty()) {
      Putter<T> putter = admitPutter();
      if (putter != null) {
        granted.add(() -> putter.succeed(null));
      }
      try {
        taken.add(requireNonNull(items.poll()));
      } catch (Throwable refusal) { // a comparator may throw
        if (taken.isEmpty()) {
          throw refusal;
        }
        return taken;
      }
    }
    return taken;
  }

  /** Is what there is for a batch that the first in line collects? */
  private boolean isReserved() {
    if (collecting != null && collecting.isClaimed()) {
      grantGetters(); // another thread has completed it
    }
    return collecting != null;
  }

  /**
   * The next item, or null if there is none for who comes now. The first putter's item comes in
   * first: it may be the next, where the order is not that of arrival.
   */
  private @Nullable T poll() {
    if (collecting != null && isReserved()) {
      return null;
    }
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
   * @return true if {@link #get()} would have to wait, or would fail because it is closed; it has
   *     to wait, too, while a {@linkplain #getBatch batch} is being collected
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
