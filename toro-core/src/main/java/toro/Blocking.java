package toro;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How {@link Coroutines#blocking(Callable) blocking} makes its calls, where the default is not what
 * is needed: with another limit, on other threads, with another way to end a call early.
 *
 * {@snippet file="toro/BlockingSnippetsTest.java" region="options"}
 *
 * <p>Immutable; any thread may make one. {@link #call} and {@link #run} suspend the coroutine that
 * calls them.
 */
public final class Blocking {
  private static final Executor VIRTUAL_THREADS;

  static {
    var factory = Thread.ofVirtual().name("toro-blocking-", 1).factory();
    VIRTUAL_THREADS = task -> factory.newThread(task).start();
  }

  static final Blocking DEFAULT = new Blocking();

  private final @Nullable Semaphore limiter; // null: that of the loop
  private final Executor executor;
  private final @Nullable ThrowingRunnable abort; // null: the thread is interrupted
  private final boolean abandons;

  /** Creates the default: the limiter of the loop, virtual threads, which are interrupted. */
  public Blocking() {
    this(null, VIRTUAL_THREADS, null, false);
  }

  private Blocking(
      @Nullable Semaphore limiter,
      Executor executor,
      @Nullable ThrowingRunnable abort,
      boolean abandons) {
    this.limiter = limiter;
    this.executor = executor;
    this.abort = abort;
    this.abandons = abandons;
  }

  /**
   * Returns these options with another limiter: a call holds a permit of it from its beginning
   * until its thread has ended.
   *
   * @param limiter a semaphore of the loop on which the calls are made
   * @return the options
   */
  public Blocking withLimiter(Semaphore limiter) {
    return new Blocking(requireNonNull(limiter, "limiter"), executor, abort, abandons);
  }

  /**
   * Returns these options with other threads: a pool of platform threads, say, for computations,
   * which would keep virtual threads from running.
   *
   * @param executor runs the calls; if it refuses one, that exception is thrown
   * @return the options
   */
  public Blocking withExecutor(Executor executor) {
    return new Blocking(limiter, requireNonNull(executor, "executor"), abort, abandons);
  }

  /**
   * Returns these options with another way to end a call early: {@code statement::cancel}, {@code
   * socket::close}. The thread is not interrupted then, unless the abort itself fails; such a
   * failure goes to the loop's exception handler.
   *
   * @param abort makes the call return or throw soon. It is run at most once a call, on a virtual
   *     thread of its own, and may block; the call counts as ended when the abort has ended, too
   * @return the options
   */
  public Blocking withAbort(ThrowingRunnable abort) {
    return new Blocking(limiter, executor, requireNonNull(abort, "abort"), abandons);
  }

  /**
   * Returns these options for calls that are left behind: a coroutine that is cancelled or timed
   * out asks the call to end, and goes on at once. <b>The thread may go on using what it was
   * given</b>, a connection say, while the coroutine already gives that back. The call keeps its
   * permit of the limiter until its thread has ended; its result is closed then, if it can be, and
   * its failure is dropped.
   *
   * @return the options
   */
  public Blocking abandoning() {
    return new Blocking(limiter, executor, abort, true);
  }

  /**
   * Makes a call on another thread, and suspends the coroutine until it has ended: {@link
   * Coroutines#blocking(Callable)}.
   *
   * @param body the call; it runs on another thread and must not await
   * @param <T> the type of what it returns
   * @return what it returns
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link Coroutines#withTimeout withTimeout}
   *     is up
   * @throws java.util.concurrent.RejectedExecutionException if the executor refuses it
   * @throws LoopClosedException if the loop is closed
   */
  // What the call throws is thrown as it is, also if it is checked.
  public <T extends @Nullable Object> T call(Callable<T> body) {
    Fiber fiber = Coroutines.fiber("blocking");
    var call = new BlockingCall<T>(fiber.loop, requireNonNull(body, "body"), abort);
    Semaphore permits = limiter == null ? fiber.loop.blockingLimiter() : limiter;
    Lease lease = Coroutines.await(permits.acquire());
    try {
      call.start(executor);
      return await(fiber, call);
    } finally {
      if (call.hasEnded()) {
        lease.close();
      } else {
        call.whenComplete((value, failure) -> fiber.loop.offer(Task.of(permits, lease::close)));
      }
    }
  }

  private <T extends @Nullable Object> T await(Fiber fiber, BlockingCall<T> call) {
    try {
      return Coroutines.await(call);
    } catch (Throwable failure) {
      if (call.isGivenUp() && !fiber.loop.isClosed()) {
        if (abandons) {
          call.thenAccept(value -> VIRTUAL_THREADS.execute(() -> close(value)));
        } else {
          awaitEnd(fiber, call, failure);
        }
      }
      throw failure;
    }
  }

  /** Waits until the thread has ended; a result that nobody gets is closed if it can be. */
  private static void awaitEnd(Fiber fiber, BlockingCall<?> call, Throwable interruption) {
    fiber.awaitShielded(call);
    if (!call.isCompletedExceptionally() && call.resultNow() instanceof AutoCloseable resource) {
      var closing = new BlockingCall<@Nullable Throwable>(fiber.loop, () -> close(resource), null);
      closing.start(VIRTUAL_THREADS);
      fiber.awaitShielded(closing);
      suppress(interruption, closing.resultNow());
    } else if (call.isCompletedExceptionally()) {
      suppress(interruption, Failures.of(call));
    }
  }

  private static @Nullable Throwable close(@Nullable Object value) {
    try {
      if (value instanceof AutoCloseable resource) {
        resource.close();
      }
      return null;
    } catch (Throwable failure) {
      return failure;
    }
  }

  private static void suppress(Throwable interruption, @Nullable Throwable failure) {
    if (failure != null
        && !(failure instanceof InterruptedException)
        && !(failure instanceof CancellationException)) {
      Failures.suppress(interruption, failure);
    }
  }

  /**
   * Makes a call that returns nothing on another thread: {@link #call}.
   *
   * @param body the call; it runs on another thread and must not await
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link Coroutines#withTimeout withTimeout}
   *     is up
   * @throws java.util.concurrent.RejectedExecutionException if the executor refuses it
   * @throws LoopClosedException if the loop is closed
   */
  public void run(ThrowingRunnable body) {
    call(Coroutines.callable(body));
  }
}
