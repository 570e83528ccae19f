package toro.redis;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import toro.Coroutines;
import toro.Deadline;
import toro.DeadlineExceededException;
import toro.QueueClosedException;
import toro.QueueEmptyException;
import toro.QueueFullException;
import toro.spi.RemoteLine;

/**
 * A queue across machines: what is put on any node is delivered to one that gets, and again to
 * another if that dies.
 *
 * {@snippet file="toro/redis/SnippetsTest.java" region="queue"}
 *
 * <p>First in, first out; a priority queue gives out the lowest first, a LIFO queue the newest.
 * Fair: getters and putters are served in the order in which their requests reached the server. An
 * item is delivered at least once, and never not at all: see {@link Delivery}.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 *
 * @param <T> the type of the items
 */
public final class RedisQueue<T> implements Iterable<Delivery<T>> {
  /** The server hangs up on more than 512 MB; long before that a queue is the wrong place. */
  private static final int MAX_BYTES = 16 << 20;

  private static final int GETTERS = 0;
  private static final int PUTTERS = 1;
  private static final int JOINERS = 2;

  private final Remote remote;
  private final Codec<T> codec;
  private final int maxSize;
  private final int maxAttempts;
  private final Function<? super T, String> order;
  private final RemoteLine line;

  /**
   * @param order of an item: {@code fifo}, {@code lifo}, {@code bytes}, or a number
   */
  RedisQueue(
      RedisNode node,
      String kind,
      String name,
      Codec<T> codec,
      int maxSize,
      Function<? super T, String> order) {
    if (maxSize < 0) {
      throw new IllegalArgumentException("maxsize can't be negative: " + maxSize);
    }
    this.codec = requireNonNull(codec, "codec");
    this.maxSize = maxSize;
    this.order = requireNonNull(order, "order");
    this.maxAttempts = node.options().maxAttempts();
    this.line = RemoteLine.of(node.loop(), this);
    this.remote = new Remote(node, kind, name, Script.QUEUE, this);
  }

  /**
   * Puts an item in; waits for a free slot.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the queue without a trace, and its item is not put in.
   *
   * @param item what to put
   * @return done when the server has the item; or the failure {@link QueueClosedException}, or
   *     {@link IllegalStateException} if other nodes have the queue with another size
   * @throws IllegalArgumentException if the codec makes more than 16 MB of the item
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> put(T item) {
    return put(item, Deadline.never());
  }

  /**
   * Like {@link #put(Object)}, for at most so long.
   *
   * @param item what to put
   * @param timeout how long to wait; zero or less: it is put or fails when the server has answered,
   *     which takes a second at most
   * @return done when the server has the item, or the failure {@link DeadlineExceededException}
   * @throws IllegalArgumentException as {@link #put(Object)}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> put(T item, Duration timeout) {
    return put(item, Deadline.after(timeout));
  }

  /**
   * Like {@link #put(Object)}, until a deadline.
   *
   * @param item what to put
   * @param deadline until when to wait; if it has passed: as with a timeout of zero
   * @return done when the server has the item, or the failure {@link DeadlineExceededException}
   * @throws IllegalArgumentException as {@link #put(Object)}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> put(T item, Deadline deadline) {
    return put(item, requireNonNull(deadline, "deadline"), null);
  }

  /**
   * Puts an item in, if there is a free slot.
   *
   * @param item what to put
   * @return done when the server has the item, or the failure {@link QueueFullException} or {@link
   *     QueueClosedException}
   * @throws IllegalArgumentException as {@link #put(Object)}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> putNow(T item) {
    return put(
        item,
        Deadline.after(Duration.ZERO),
        () -> line.exception(RemoteLine.Failure.QUEUE_FULL, "the queue is full: " + this));
  }

  private CompletableFuture<@Nullable Void> put(
      T item, Deadline deadline, @Nullable Supplier<RuntimeException> notNow) {
    remote.check();
    byte[] bytes = codec.encode(requireNonNull(item, "item"));
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "an item has at most "
              + MAX_BYTES
              + " bytes, not "
              + bytes.length
              + ": put where it is stored into the queue instead");
    }
    return remote.await(
        new Remote.Request<@Nullable Void>(
            PUTTERS,
            false,
            "",
            (id, payload) -> null,
            nothing -> {},
            notNow,
            "put",
            List.of(maxSize, order.apply(item), bytes)),
        deadline);
  }

  /**
   * Gets the next item; waits for one.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the queue without a trace; if it was granted at that moment the item goes to the front.
   *
   * @return the delivery to close; or the failure {@link QueueClosedException} if the queue is
   *     closed and empty, or what the codec throws: the item has gone back then, and the attempt
   *     counts
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Delivery<T>> get() {
    return get(Deadline.never());
  }

  /**
   * Like {@link #get()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: it is granted or fails when the server has
   *     answered, which takes a second at most
   * @return the delivery to close, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Delivery<T>> get(Duration timeout) {
    return get(Deadline.after(timeout));
  }

  /**
   * Like {@link #get()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: as with a timeout of zero
   * @return the delivery to close, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Delivery<T>> get(Deadline deadline) {
    return get(requireNonNull(deadline, "deadline"), null);
  }

  /**
   * Gets the next item, if there is one.
   *
   * @return the delivery to close, or the failure {@link QueueEmptyException} or {@link
   *     QueueClosedException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Delivery<T>> getNow() {
    return get(
        Deadline.after(Duration.ZERO),
        () -> line.exception(RemoteLine.Failure.QUEUE_EMPTY, "the queue is empty: " + this));
  }

  private CompletableFuture<Delivery<T>> get(
      Deadline deadline, @Nullable Supplier<RuntimeException> notNow) {
    return remote.await(
        new Remote.Request<Delivery<T>>(
            GETTERS,
            true,
            String.valueOf(maxAttempts),
            this::delivery,
            Delivery::close,
            notNow,
            "get",
            List.of(maxSize, maxAttempts)),
        deadline);
  }

  private Delivery<T> delivery(String id, byte[] payload) {
    T value;
    try {
      value = codec.decode(Grant.content(payload));
    } catch (RuntimeException failure) {
      remote.finish(id);
      throw failure;
    }
    Hold hold = remote.hold(id, Grant.token(payload));
    return new Delivery<>(hold, value, Grant.attempt(payload));
  }

  /**
   * Waits until all that was put has been processed: until each delivery is {@link
   * Delivery#done()}, or a dead letter.
   *
   * <p><b>Deadline and cancellation:</b> nothing is held, nothing is lost.
   *
   * @return done when nothing is unfinished
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> join() {
    return join(Deadline.never());
  }

  /**
   * Like {@link #join()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: as with {@link #get(Duration)}
   * @return done when nothing is unfinished, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> join(Duration timeout) {
    return join(Deadline.after(timeout));
  }

  /**
   * Like {@link #join()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: as with a timeout of zero
   * @return done when nothing is unfinished, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> join(Deadline deadline) {
    return remote.await(
        new Remote.Request<@Nullable Void>(
            JOINERS,
            false,
            "",
            (id, payload) -> null,
            nothing -> {},
            null,
            "join",
            List.of(maxSize)),
        requireNonNull(deadline, "deadline"));
  }

  /**
   * Asks the server how many items are in the queue; those that are being processed are not.
   *
   * @return how many, out of date when it comes
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Integer> size() {
    return remote.command("look", false, reply -> (int) reply.number(2));
  }

  /**
   * Asks the server how many items are in the queue or being processed.
   *
   * @return how many, out of date when it comes
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Integer> unfinishedTasks() {
    return remote.command("look", false, reply -> (int) reply.number(3));
  }

  /**
   * Closes the queue for all nodes: nothing more goes in, and what is in it is still delivered.
   * Putters, and getters once it is empty, fail with {@link QueueClosedException}; a {@code for}
   * loop ends. What is being processed and comes back can be got. Closing it again does nothing.
   *
   * @return done when the server has closed it
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> close() {
    return remote.command("close", true, reply -> null);
  }

  /**
   * Asks the server for the items that were delivered as often as {@link
   * RedisNode.Options#maxAttempts} allows, the oldest first.
   *
   * @return the first thousand
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<List<T>> deadLetters() {
    return remote.command(
        "dead",
        false,
        reply -> {
          List<T> letters = new ArrayList<>();
          for (int i = 2; i < reply.size(); i++) {
            letters.add(codec.decode(reply.parts().get(i)));
          }
          return letters;
        });
  }

  /**
   * Puts all dead letters into the queue again, as if they were new; also if it is full or closed.
   *
   * @return how many there were
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Integer> requeueDeadLetters() {
    return deadLetters()
        .thenCompose(
            letters ->
                remote.command(
                    "requeue",
                    true,
                    reply -> (int) reply.number(2),
                    letters.isEmpty() ? "fifo" : order.apply(letters.get(0))));
  }

  /**
   * Goes through the deliveries, in a coroutine: waits for each, and ends when the queue is closed
   * and empty. Each must be closed, or be {@link Delivery#done()}.
   *
   * @return an iterator for this coroutine
   */
  @Override
  public Iterator<Delivery<T>> iterator() {
    return new Iterator<>() {
      private @Nullable Delivery<T> next;

      @Override
      public boolean hasNext() {
        if (next == null) {
          try {
            next = Coroutines.await(get());
          } catch (QueueClosedException closed) {
            return false;
          }
        }
        return true;
      }

      @Override
      public Delivery<T> next() {
        if (!hasNext()) {
          throw new NoSuchElementException("the queue is closed: " + RedisQueue.this);
        }
        Delivery<T> delivery = requireNonNull(next);
        next = null;
        return delivery;
      }
    };
  }

  /** For example {@code RedisQueue["jobs" maxsize=10 getters[2]]}. */
  @Override
  public String toString() {
    var text = new java.util.StringJoiner(" ");
    text.setEmptyValue("");
    if (maxSize > 0) {
      text.add("maxsize=" + maxSize);
    }
    for (String each :
        List.of(
            remote.waiting(GETTERS, "getters"),
            remote.waiting(PUTTERS, "putters"),
            remote.waiting(JOINERS, "joiners"))) {
      if (!each.isEmpty()) {
        text.add(each);
      }
    }
    return remote.text(text.toString());
  }
}
