package toro;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value, or a failure, that is set once and that any number of coroutines wait for, each with its
 * own deadline. It cannot be reset.
 *
 * {@snippet file="toro/SnippetsTest.java" region="asyncresult"}
 *
 * <p>A plain {@link CompletableFuture} can be awaited as well, but who gives up on it with {@code
 * orTimeout} ends it for all. Semantics: toro's {@code AsyncResult}.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 *
 * @param <T> the type of the value
 */
public final class AsyncResult<T extends @Nullable Object> {
  private final IOLoop loop;
  private final WaitList<Waiter<T>> waiters;

  // Invariant: ready implies that nobody waits; failure != null implies ready.
  private boolean ready;
  private @Nullable T value;
  private @Nullable Throwable failure;

  /**
   * A result that is not set of the current loop.
   *
   * @throws IllegalStateException if there is no current loop
   */
  public AsyncResult() {
    this(IOLoop.current());
  }

  /**
   * A result that is not set.
   *
   * @param loop the loop on which it will be used; any thread may make it
   */
  public AsyncResult(IOLoop loop) {
    this.loop = loop;
    this.waiters = new WaitList<>(loop, this);
  }

  /**
   * Waits for the result.
   *
   * <p><b>Deadline and cancellation:</b> they end this wait alone; the others, and the result, are
   * not touched.
   *
   * @return the value, or the failure that was set
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
   * @return the value, or the failure that was set, or the failure {@link
   *     DeadlineExceededException}
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
   * @return the value, or the failure that was set, or the failure {@link
   *     DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<T> get(Deadline deadline) {
    loop.check(this);
    requireNonNull(deadline, "deadline");
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    if (ready) {
      return CompletableFuture.completedFuture(value());
    }
    return waiters.await(new Waiter<>(loop), deadline);
  }

  /**
   * The value that was set; if it was a failure, that is thrown as it is.
   *
   * @return the value
   * @throws NotReadyException if nothing is set yet
   * @throws WrongThreadException on another thread while the loop runs
   */
  public T getNow() {
    loop.checkRead(this);
    if (!ready) {
      throw new NotReadyException("the AsyncResult is not set yet");
    }
    if (failure != null) {
      throw Failures.sneaky(failure);
    }
    return value();
  }

  /**
   * Sets the value and wakes all who wait, in the order they came: their futures are done when this
   * returns.
   *
   * @param value the value; may be null
   * @throws AlreadySetException if a value or a failure was set before; that one stays
   * @throws WrongThreadException on another thread
   */
  public void set(T value) {
    settle();
    this.value = value;
    for (Waiter<T> waiter; (waiter = waiters.poll()) != null; ) {
      waiter.succeed(value);
    }
  }

  /**
   * Sets a failure: all who wait, and all who come, fail with it.
   *
   * @param failure the failure
   * @throws AlreadySetException if a value or a failure was set before; that one stays
   * @throws WrongThreadException on another thread
   */
  public void setException(Throwable failure) {
    requireNonNull(failure, "failure");
    settle();
    this.failure = failure;
    for (Waiter<T> waiter; (waiter = waiters.poll()) != null; ) {
      waiter.fail(failure);
    }
  }

  private void settle() {
    loop.check(this);
    if (ready) {
      throw new AlreadySetException("already set: " + text(Text::known));
    }
    ready = true;
  }

  @SuppressWarnings("NullAway") // null is a value, if T says so
  private T value() {
    return value;
  }

  /**
   * Is there a value or a failure?
   *
   * @return true if it was set
   * @throws WrongThreadException on another thread while the loop runs
   */
  public boolean isReady() {
    loop.checkRead(this);
    return ready;
  }

  /**
   * For example {@code AsyncResult[unset waiters[1]]}, {@code AsyncResult[value=7]} or {@code
   * AsyncResult[exception=…]}.
   */
  @Override
  public String toString() {
    return text(Text::brief);
  }

  private String text(Function<@Nullable Object, String> content) {
    String state =
        !ready
            ? "unset" + waiters.count("waiters")
            : failure != null
                ? "exception=" + content.apply(failure)
                : "value=" + content.apply(value);
    return Names.text(this, state);
  }
}
