package toro;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Gives each item to every subscriber: each {@link Subscription} yields all that was put since it
 * was made, in order, at its own pace.
 *
 * {@snippet file="toro/MeetingSnippetsTest.java" region="broadcast"}
 *
 * <p>An item is kept once, until the slowest subscriber has taken it, and at most {@link
 * #maxSize()} items are kept. It is said at the beginning what becomes of a subscriber that is
 * slower: the {@link Overflow}, or how long to wait for it. An item that is put while there are no
 * subscribers goes nowhere.
 *
 * <p>{@code put} hands its item to all who wait for one before it returns. What it costs depends on
 * how many wait for an item then, and not on how many subscribers there are. Semantics: tokio's
 * {@code broadcast} and Kotlin's {@code SharedFlow}.
 *
 * <p><b>Close each subscription</b>, best with {@code try}. One that is forgotten holds up the
 * putters for good with {@link Overflow#WAIT}; with {@link Overflow#DROP_OLDEST} the last items are
 * kept for it; with {@link Overflow#FAIL} it is cut off by and by.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 *
 * @param <T> the type of the items; null is none
 */
public final class Broadcast<T> {

  /**
   * What {@code put} does when a subscriber has not taken any of the last {@code maxSize} items.
   */
  public enum Overflow {
    /** It waits for the slowest: nothing is lost. */
    WAIT,
    /** The slowest miss their oldest item; {@link Subscription#missed()} counts. */
    DROP_OLDEST,
    /** The slowest are cut off: they fail with {@link SlowSubscriberException}. */
    FAIL
  }

  private final IOLoop loop;
  private final int maxSize;
  private final Overflow overflow;
  private final @Nullable Duration patience; // of a put with the slowest; null: without end

  // Invariant: items.size() <= maxSize, and live putters imply that it is equal.
  final Backlog<T> items = new Backlog<>();
  private final WaitList<Putter<T>> putters;
  private @Nullable Timeout cutOff; // of the slowest, if they do not move; null: nobody waits

  // Those in whose line somebody is; the first come first. They have taken all there is.
  final Set<Subscription<T>> waiting = new LinkedHashSet<>();
  private boolean closed;

  /**
   * A broadcast of the current loop that waits for its slowest subscriber.
   *
   * @param maxSize how many items it keeps for the slowest subscriber
   * @throws IllegalArgumentException if {@code maxSize} is less than one
   * @throws IllegalStateException if there is no current loop
   */
  public Broadcast(int maxSize) {
    this(IOLoop.current(), maxSize);
  }

  /**
   * A broadcast of the current loop.
   *
   * @param maxSize how many items it keeps for the slowest subscriber
   * @param overflow what it does when there are so many
   * @throws IllegalArgumentException if {@code maxSize} is less than one
   * @throws IllegalStateException if there is no current loop
   */
  public Broadcast(int maxSize, Overflow overflow) {
    this(IOLoop.current(), maxSize, overflow);
  }

  /**
   * A broadcast that waits for its slowest subscriber.
   *
   * @param loop the loop on which it will be used; any thread may make it
   * @param maxSize how many items it keeps for the slowest subscriber
   * @throws IllegalArgumentException if {@code maxSize} is less than one
   */
  public Broadcast(IOLoop loop, int maxSize) {
    this(loop, maxSize, Overflow.WAIT);
  }

  /**
   * A broadcast.
   *
   * @param loop the loop on which it will be used; any thread may make it
   * @param maxSize how many items it keeps for the slowest subscriber
   * @param overflow what it does when there are so many
   * @throws IllegalArgumentException if {@code maxSize} is less than one
   */
  public Broadcast(IOLoop loop, int maxSize, Overflow overflow) {
    this(loop, maxSize, overflow, null);
  }

  /**
   * Creates a broadcast on the current loop that has some patience with its slowest subscriber:
   * {@link #withPatience(IOLoop, int, Duration)}.
   *
   * @param maxSize how many items it keeps for the slowest subscriber
   * @param patience how long a put waits for the slowest subscriber
   * @param <T> the type of the items
   * @return the broadcast
   * @throws IllegalArgumentException if {@code maxSize} is less than one, or {@code patience} is
   *     not positive
   * @throws IllegalStateException if there is no current loop
   */
  public static <T> Broadcast<T> withPatience(int maxSize, Duration patience) {
    return withPatience(IOLoop.current(), maxSize, patience);
  }

  /**
   * Creates a broadcast that waits for its slowest subscriber as with {@link Overflow#WAIT}, but
   * not for ever: if the slowest subscriber has not taken any item while a {@code put} has waited
   * so long, it is cut off as with {@link Overflow#FAIL}, and the put goes ahead. A short stall of
   * a client costs it nothing, and one that has gone away holds nobody up.
   *
   * @param loop the loop on which it will be used; any thread may make it
   * @param maxSize how many items it keeps for the slowest subscriber
   * @param patience how long a put waits for the slowest subscriber, on the loop's clock
   * @param <T> the type of the items
   * @return the broadcast
   * @throws IllegalArgumentException if {@code maxSize} is less than one, or {@code patience} is
   *     not positive
   */
  public static <T> Broadcast<T> withPatience(IOLoop loop, int maxSize, Duration patience) {
    if (patience.isNegative() || patience.isZero()) {
      throw new IllegalArgumentException(
          "the patience must be positive, not " + patience + ": without any use Overflow.FAIL");
    }
    return new Broadcast<>(loop, maxSize, Overflow.WAIT, patience);
  }

  private Broadcast(IOLoop loop, int maxSize, Overflow overflow, @Nullable Duration patience) {
    if (maxSize < 1) {
      throw new IllegalArgumentException("maxSize must be >= 1, not " + maxSize);
    }
    this.loop = requireNonNull(loop, "loop");
    this.maxSize = maxSize;
    this.overflow = requireNonNull(overflow, "overflow");
    this.patience = patience;
    this.putters = new WaitList<>(loop, this, this::putterLeft);
  }

  /** One who waits until the slowest has room. */
  private static final class Putter<T> extends Waiter<Void> {
    final T item;

    Putter(IOLoop loop, T item) {
      super(loop);
      this.item = item;
    }
  }

  /**
   * Subscribes: to all that is put from now on. Close the subscription in the end.
   *
   * @return a new subscription; if the broadcast is closed, one that ends at once
   * @throws WrongThreadException on another thread
   */
  public Subscription<T> subscribe() {
    loop.check(this);
    return new Subscription<>(loop, this);
  }

  /**
   * Puts an item in. With {@link Overflow#WAIT} it waits until the slowest subscriber has room for
   * it; else it never waits.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the line without a trace, and its item is not put in. One that was granted has put its item in.
   *
   * @param item what to put, not null
   * @return done when each subscriber will see the item, or the failure {@link
   *     QueueClosedException} if the broadcast is closed, or is closed meanwhile
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
   * @return done when each subscriber will see the item, or a failure: {@link QueueClosedException}
   *     or {@link DeadlineExceededException}
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
   * @return done when each subscriber will see the item, or a failure: {@link QueueClosedException}
   *     or {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<@Nullable Void> put(T item, Deadline deadline) {
    loop.check(this);
    requireNonNull(item, "item");
    requireNonNull(deadline, "deadline");
    if (closed) {
      return CompletableFuture.failedFuture(closed());
    }
    if (offer(item)) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<@Nullable Void> wait = putters.await(new Putter<>(loop, item), deadline);
    beginPatience();
    return wait;
  }

  private void beginPatience() {
    if (patience != null && cutOff == null && !putters.isEmpty()) {
      long nanos = Deadline.in(patience).nanosLeft();
      cutOff = loop.timers.add(nanos, Task.of(this, this::cutOffSlowest));
    }
  }

  private void endPatience() {
    if (cutOff != null) {
      cutOff.drop();
      cutOff = null;
    }
  }

  private void cutOffSlowest() {
    cutOff = null;
    if (!putters.isEmpty()) { // else they were completed on another thread
      items.cutOffSlowest();
      admitPutters();
    }
  }

  private void putterLeft() {
    if (putters.isEmpty()) {
      endPatience();
    }
  }

  /**
   * Puts an item in, unless it would have to wait.
   *
   * @param item what to put, not null
   * @throws QueueFullException if {@link #put(Object)} would have to wait
   * @throws QueueClosedException if the broadcast is closed
   * @throws WrongThreadException on another thread
   */
  public void putNow(T item) {
    loop.check(this);
    requireNonNull(item, "item");
    if (closed) {
      throw closed();
    }
    if (!offer(item)) {
      throw new QueueFullException("the broadcast waits for its slowest subscriber: " + this);
    }
  }

  private boolean offer(T item) {
    if (isFull()) {
      switch (overflow) {
        case WAIT -> {
          return false;
        }
        case DROP_OLDEST -> items.skipOldest();
        case FAIL -> items.cutOffSlowest();
      }
    }
    List<Runnable> granted = new ArrayList<>();
    add(item, granted);
    granted.forEach(Runnable::run);
    return true;
  }

  private boolean isFull() {
    return items.size() == maxSize;
  }

  /** Puts an item in, and gives it to all who wait for one. They are to be completed afterwards. */
  private void add(T item, List<Runnable> granted) {
    items.add(item);
    for (Iterator<Subscription<T>> all = waiting.iterator(); all.hasNext(); ) {
      Subscription<T> subscription = all.next();
      subscription.grant(granted);
      if (!subscription.isWaiting()) {
        all.remove();
      }
    }
  }

  /** A subscriber has moved on or left: puts the items in for which there is room now. */
  void admitPutters() {
    if (isFull() || putters.isEmpty()) {
      return; // the slowest has not moved, or nobody waits for it
    }
    endPatience();
    List<Runnable> granted = new ArrayList<>();
    for (Putter<T> putter; !isFull() && (putter = putters.poll()) != null; ) {
      Putter<T> admitted = putter;
      add(admitted.item, granted);
      granted.add(() -> admitted.succeed(null));
    }
    beginPatience();
    granted.forEach(Runnable::run);
  }

  /**
   * Closes it: nothing can be put any more. Who waits to put something fails with {@link
   * QueueClosedException}. The subscribers take what is there, then their loops end, and {@code
   * get} fails with {@link QueueClosedException}. Closing it again does nothing.
   *
   * @throws WrongThreadException on another thread
   */
  public void close() {
    loop.check(this);
    closed = true;
    endPatience();
    List<Waiter<?>> ended = new ArrayList<>(putters.pollAll());
    waiting.forEach(subscription -> ended.addAll(subscription.getters.pollAll()));
    waiting.clear();
    ended.forEach(waiter -> waiter.fail(closed()));
  }

  /** Why nothing can be put, and none will come; null if it is open. */
  @Nullable QueueClosedException end() {
    return closed ? closed() : null;
  }

  private QueueClosedException closed() {
    return new QueueClosedException("the broadcast is closed: " + this, null);
  }

  /**
   * Was it closed? There may be items left.
   *
   * @return true after {@link #close()}
   * @throws WrongThreadException on another thread while the loop runs
   */
  public boolean isClosed() {
    loop.checkRead(this);
    return closed;
  }

  /**
   * How many items are kept: those that the slowest subscriber has not taken.
   *
   * @return a number up to {@link #maxSize()}
   * @throws WrongThreadException on another thread while the loop runs
   */
  public int size() {
    loop.checkRead(this);
    return items.size();
  }

  /**
   * How many items are kept at most; any thread may ask.
   *
   * @return the maximum
   */
  public int maxSize() {
    return maxSize;
  }

  /** For example {@code Broadcast[maxsize=3 size=3 subscribers=2 putters[1]]}. */
  @Override
  public String toString() {
    return Names.text(
        this,
        (closed ? "closed maxsize=" : "maxsize=")
            + maxSize
            + (items.size() == 0 ? "" : " size=" + items.size())
            + (items.readers() == 0 ? "" : " subscribers=" + items.readers())
            + putters.count("putters"));
  }
}
