package toro.redis;

import java.util.concurrent.CompletableFuture;

/**
 * An item of a queue, while it is processed: {@code try (var delivery = await(queue.get())) { …;
 * delivery.done(); }}.
 *
 * <p>The item is delivered <em>at least</em> once: when this is closed without {@link #done()}, or
 * lost like a {@link RedisLease} because the server has not heard from the node, the item goes to
 * the front of the queue and is delivered again; after {@link RedisNode.Options#maxAttempts} times,
 * to the dead letters. What is done with it must therefore be right when it is done twice.
 *
 * <p>All methods must be called on the loop.
 *
 * @param <T> the type of the item
 */
public final class Delivery<T> implements AutoCloseable {
  private final Hold hold;
  private final T value;
  private final int attempt;

  Delivery(Hold hold, T value, int attempt) {
    this.hold = hold;
    this.value = value;
    this.attempt = attempt;
  }

  /**
   * Returns the item.
   *
   * @return what was put
   */
  public T value() {
    return value;
  }

  /**
   * Tells how often the item has been delivered.
   *
   * @return 1 the first time
   */
  public int attempt() {
    return attempt;
  }

  /**
   * Says that the item has been processed: it will not be delivered again, and {@link
   * RedisQueue#join()} waits for it no more.
   *
   * @return true when the server has confirmed it; false if the delivery was lost before, so that
   *     the item is, or will be, delivered again, or if it was closed. The same future each time.
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Boolean> done() {
    return hold.end("done", hold.id);
  }

  /** Returns the item to the front of the queue, unless it is {@link #done()}. */
  @Override
  public void close() {
    if (!hold.isClosed()) {
      hold.end("finish", "", hold.id).thenApply(returned -> false);
    }
  }

  /**
   * Reports whether it was lost, by the clock of this moment.
   *
   * @return true if the item is, or will be, delivered again though this was not closed
   * @throws WrongThreadException on another thread
   */
  public boolean isLost() {
    return hold.isLost();
  }

  /** For example {@code Delivery[held attempt=1]}. */
  @Override
  public String toString() {
    return "Delivery[" + hold.state() + " attempt=" + attempt + "]";
  }
}
