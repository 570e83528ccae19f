package toro.spi;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import toro.Deadline;
import toro.IOLoop;

/**
 * A wait queue of a loop for what something outside of the loop grants: a server. Its waits are
 * futures like those of the primitives of the loop: with a deadline, cancelled with the coroutine
 * that awaits them, shown in a snapshot, ended when the loop closes.
 *
 * <p>All methods must be called on the loop.
 */
public interface RemoteLine {
  /**
   * Creates a wait queue.
   *
   * @param loop the loop of its waits
   * @param owner the primitive, for messages and snapshots
   * @return an empty wait queue
   */
  static RemoteLine of(IOLoop loop, Object owner) {
    return requireNonNull(Factory.INSTALLED.get(), "factory").line(loop, owner);
  }

  /**
   * Refuses a call that is not made on the loop.
   *
   * @throws WrongThreadException on another thread
   */
  void check();

  /**
   * Reports whether the caller may await something.
   *
   * @return true in a coroutine, false in a callback
   */
  boolean isInCoroutine();

  /**
   * Begins a wait at the end of the queue.
   *
   * @param deadline until when; if it has passed, or the loop is closed, the wait has failed when
   *     this returns
   * @param departed runs when the wait ends in another way than by a method of {@link Wait}:
   *     cancelled, or at its deadline; not when the loop closes
   * @param <T> the type of what is granted
   * @return the wait
   */
  <T extends @Nullable Object> Wait<T> await(Deadline deadline, Runnable departed);

  /** The failures of the core that a server may cause. */
  enum Failure {
    /** {@link toro.QueueClosedException}. */
    QUEUE_CLOSED,

    /** {@link toro.QueueEmptyException}. */
    QUEUE_EMPTY,

    /** {@link toro.QueueFullException}. */
    QUEUE_FULL,

    /** {@link toro.AlreadySetException}. */
    ALREADY_SET,

    /** {@link toro.BarrierBrokenException}. */
    BARRIER_BROKEN
  }

  /**
   * Creates a failure of the core.
   *
   * @param failure which
   * @param message its message
   * @return the exception
   */
  RuntimeException exception(Failure failure, String message);

  /**
   * Returns the number of waits.
   *
   * @return how many have not ended
   */
  int size();

  /**
   * A wait that has begun. Only one of its ends takes effect, and then it is in the queue no more.
   *
   * @param <T> the type of what is granted
   */
  interface Wait<T extends @Nullable Object> {
    /**
     * Returns what the wait-method returns.
     *
     * @return the future that this completes
     */
    CompletableFuture<T> future();

    /**
     * Grants the wait.
     *
     * @param value what it was waiting for
     * @return false if the wait has ended otherwise: the caller keeps the value
     */
    boolean grant(@Nullable T value);

    /**
     * Fails the wait.
     *
     * @param failure why
     * @return false if the wait has ended otherwise
     */
    boolean refuse(Throwable failure);

    /**
     * Fails the wait as its deadline does.
     *
     * @return false if the wait has ended otherwise
     */
    boolean expire();
  }

  /** Makes wait queues: a method of the core, which is not public there. */
  @FunctionalInterface
  interface Factory {
    /** The one of the core, since there has been a loop. */
    AtomicReference<@Nullable Factory> INSTALLED = new AtomicReference<>();

    /**
     * Creates a wait queue.
     *
     * @param loop the loop of its waits
     * @param owner the primitive, for messages and snapshots
     * @return an empty wait queue
     */
    RemoteLine line(IOLoop loop, Object owner);
  }
}
