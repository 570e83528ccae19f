package toro;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Coroutines that end together: a block that is left only when all that was spawned into it has
 * ended.
 *
 * {@snippet file="toro/TaskGroupSnippetsTest.java" region="group"}
 *
 * <p><b>Failures.</b> The first coroutine of the group that fails cancels the others, and the owner
 * of the group, the coroutine that made it, is thrown that failure: by the {@code await} in which
 * it waits in the block, at once; else by the next one that has to wait; else by {@link #close()}.
 * It is thrown the failure once. Those of the others, while they clean up, are its suppressed ones.
 * A coroutine that was cancelled by itself has not failed.
 *
 * <p><b>Cancellation.</b> When the owner is cancelled, or the time of a {@link
 * Coroutines#withTimeout withTimeout} around the block is up, the coroutines of the group are
 * cancelled too, and waited for. What a coroutine of the group then fails with goes to who awaits
 * it, or to the loop's exception handler, if it was a cancellation. If the group had failed before,
 * its failure is thrown, and the cancellation takes effect at the next {@code await} after the
 * block.
 *
 * <p><b>The end.</b> A group that has failed, or was cancelled, has ended: each of its coroutines
 * is cancelled once and may clean up; what is spawned from then on never starts. An {@code await}
 * in the block that would throw the {@link CancellationException} of another future throws what has
 * ended the group.
 *
 * <p><b>What the block itself throws.</b> With {@link #run(ThrowingFunction) run}, the coroutines
 * are cancelled when the block throws, and that exception is thrown when they have ended:
 *
 * {@snippet file="toro/TaskGroupSnippetsTest.java" region="run"}
 *
 * <p>In a {@code try} block, Java does not tell {@link #close()} of an exception. So {@code
 * close()} first waits for the coroutines as ever. After 2 seconds it looks into the class file
 * which of the calls that the compiler has made for the block is under way. If it is the one for an
 * exception, the coroutines are cancelled, and a warning is logged. Where that cannot be told (no
 * class file, a language whose {@code use} is a function), it goes on waiting. What may fail
 * belongs into {@code run}, or into a coroutine of the group:
 *
 * {@snippet file="toro/TaskGroupSnippetsTest.java" region="body"}
 *
 * <p>Groups nest, in one coroutine and from coroutine to coroutine. If one is never closed, its
 * coroutines go on without it when the owner has ended. Semantics: asyncio's {@code TaskGroup},
 * without its {@code ExceptionGroup}.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 */
public final class TaskGroup implements AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger(TaskGroup.class.getName());
  private static final String UNWINDING =
      "the block of {0} has thrown an exception, and its coroutines have not ended in the"
          + " meantime: they are cancelled. TaskGroup.run(group -> ...) does that at once";

  /** How long close() waits before the owner looks whether the block has thrown something. */
  private static final long PATIENCE = 2_000_000_000L;

  private final Fiber owner;
  private final Scope block;
  private final Set<Coroutine<?>> running = new LinkedHashSet<>();
  private final WaitList<Waiter<Void>> leavers; // the owner, in close()
  private boolean closed;
  private boolean isToLook; // whether the block has thrown something, in close()

  // What has ended it: the first failure, its deadline, or what made the owner leave. null: nothing
  private @Nullable Throwable reason;
  private @Nullable SuppressedFailures others; // of the reason
  private boolean cancelled; // was the owner asked to end, rather than the group failed?
  private boolean missed; // did that keep a coroutine of it from its own end?
  private boolean told; // was the owner thrown it?

  /**
   * A group of the current coroutine.
   *
   * @throws IllegalStateException if the caller is not a coroutine
   */
  public TaskGroup() {
    this(Deadline.never());
  }

  /**
   * A group of the current coroutine that has so much time: when it is up before the block is left,
   * the group has failed, with {@link DeadlineExceededException}.
   *
   * @param timeout how long, on the loop's clock; zero or less: nothing in it starts
   * @throws IllegalStateException if the caller is not a coroutine
   */
  public TaskGroup(Duration timeout) {
    this(Deadline.in(timeout));
  }

  /**
   * A group of the current coroutine that has time until a deadline: {@link #TaskGroup(Duration)}.
   *
   * @param deadline until when; if it has passed, nothing in it starts
   * @throws IllegalStateException if the caller is not a coroutine
   */
  @SuppressWarnings("this-escape") // only to be named in messages
  public TaskGroup(Deadline deadline) {
    requireNonNull(deadline, "deadline");
    owner = Coroutines.fiber("new TaskGroup");
    leavers = new WaitList<>(owner.loop, this);
    block = new Block();
    reason = owner.owed();
    block.enter();
    long nanos = deadline.nanosLeft();
    if (nanos <= 0) {
      expired();
    }
    block.timer =
        deadline.isNever() || nanos <= 0
            ? null
            : owner.loop.timers.limit(nanos, Task.of(owner.coroutine, this::expired));
  }

  /**
   * Runs a block with a group of its own, and leaves it when all coroutines of the group have
   * ended.
   *
   * <p>If the block throws, the coroutines of the group are cancelled and waited for, and <em>that
   * exception</em> is thrown. Failures of the coroutines while they clean up are its suppressed
   * exceptions. In all else it is {@code try (var group = new TaskGroup()) { … }}.
   *
   * {@snippet file="toro/TaskGroupSnippetsTest.java" region="run"}
   *
   * <p><b>Deadline and cancellation:</b> as with {@link #close()}. If this throws, a {@link Lease}
   * that the block has returned is closed.
   *
   * @param body the block, run by this coroutine; it may await
   * @param <T> the type of what it returns
   * @return what the block returns
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link Coroutines#withTimeout withTimeout}
   *     around it is up
   * @throws LoopClosedException if the loop is closed meanwhile
   */
  // What the block and the coroutines of the group throw is thrown as it is, also if it is checked.
  public static <T extends @Nullable Object> T run(
      ThrowingFunction<? super TaskGroup, ? extends T> body) {
    return run(Deadline.never(), body);
  }

  /**
   * Runs a block that returns nothing with a group of its own: {@link #run(ThrowingFunction)}.
   *
   * @param body the block, run by this coroutine; it may await
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link Coroutines#withTimeout withTimeout}
   *     around it is up
   * @throws LoopClosedException if the loop is closed meanwhile
   */
  public static void run(ThrowingConsumer<? super TaskGroup> body) {
    run(Deadline.never(), body);
  }

  /**
   * Runs a block with a group that has so much time: {@link #run(ThrowingFunction)}, {@link
   * #TaskGroup(Duration)}.
   *
   * @param timeout how long, on the loop's clock; zero or less: nothing in it starts
   * @param body the block, run by this coroutine; it may await
   * @param <T> the type of what it returns
   * @return what the block returns
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws DeadlineExceededException if the time was up before the block was left
   */
  public static <T extends @Nullable Object> T run(
      Duration timeout, ThrowingFunction<? super TaskGroup, ? extends T> body) {
    return run(Deadline.in(timeout), body);
  }

  /**
   * Runs a block that returns nothing with a group that has so much time: {@link #run(Duration,
   * ThrowingFunction)}.
   *
   * @param timeout how long, on the loop's clock; zero or less: nothing in it starts
   * @param body the block, run by this coroutine; it may await
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws DeadlineExceededException if the time was up before the block was left
   */
  public static void run(Duration timeout, ThrowingConsumer<? super TaskGroup> body) {
    run(Deadline.in(timeout), body);
  }

  /**
   * Runs a block with a group that has time until a deadline: {@link #run(Duration,
   * ThrowingFunction)}.
   *
   * @param deadline until when; if it has passed, nothing in it starts
   * @param body the block, run by this coroutine; it may await
   * @param <T> the type of what it returns
   * @return what the block returns
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws DeadlineExceededException if the time was up before the block was left
   */
  public static <T extends @Nullable Object> T run(
      Deadline deadline, ThrowingFunction<? super TaskGroup, ? extends T> body) {
    requireNonNull(body, "body");
    TaskGroup group = new TaskGroup(deadline);
    T result;
    try {
      result = body.apply(group);
    } catch (Throwable failure) {
      throw group.abandoned(failure);
    }
    try {
      group.close();
    } catch (Throwable failure) {
      Lease.giveBack(result);
      throw failure;
    }
    return result;
  }

  /**
   * Runs a block that returns nothing with a group that has time until a deadline: {@link
   * #run(Duration, ThrowingFunction)}.
   *
   * @param deadline until when; if it has passed, nothing in it starts
   * @param body the block, run by this coroutine; it may await
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws DeadlineExceededException if the time was up before the block was left
   */
  public static void run(Deadline deadline, ThrowingConsumer<? super TaskGroup> body) {
    run(deadline, Coroutines.<TaskGroup>function(body));
  }

  /** Leaves the block because it has thrown something; throws that. */
  private RuntimeException abandoned(Throwable failure) {
    end(failure);
    join();
    if (owesReason()) {
      Failures.suppress(failure, requireNonNull(reason));
    }
    throw Failures.sneaky(failure);
  }

  /** What its owner does between the constructor and {@link #close()}. */
  private final class Block extends Scope {
    Block() {
      super(owner);
    }

    @Override
    boolean isOver() {
      return reason != null;
    }

    @Override
    @Nullable Throwable owed() {
      return told ? null : reason;
    }

    @Override
    void thrown(Throwable failure) {
      told |= failure == reason;
    }

    @Override
    Throwable insteadOf(Throwable cancellation) {
      return reason == null ? cancellation : reason;
    }

    @Override
    void end(Throwable why) {
      TaskGroup.this.end(why);
    }

    @Override
    void orphaned() {
      dropTimer();
      if (reason != null && missed && !told && !cancelled) {
        owner.loop.report(TaskGroup.this, reason);
      }
    }
  }

  /**
   * Starts a coroutine that belongs to the group: {@link IOLoop#spawn(Callable)}. Any coroutine or
   * callback on the loop may call this, also a coroutine of the group, and also while {@link
   * #close()} waits.
   *
   * @param body what it does
   * @param <T> the type of what it returns
   * @return the coroutine; if the group has ended, a cancelled one that never starts
   * @throws IllegalStateException if the group is closed
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public <T extends @Nullable Object> Coroutine<T> spawn(Callable<T> body) {
    return start(null, body);
  }

  /**
   * Starts a coroutine that has a name and belongs to the group: {@link #spawn(Callable)}. {@link
   * Coroutine#name()} returns the name, and {@link IOLoop#snapshot()} shows it.
   *
   * @param name what the coroutine is called; several may have the same name
   * @param body what it does
   * @param <T> the type of what it returns
   * @return the coroutine; if the group has ended, a cancelled one that never starts
   * @throws IllegalStateException if the group is closed
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public <T extends @Nullable Object> Coroutine<T> spawn(String name, Callable<T> body) {
    return start(requireNonNull(name, "name"), body);
  }

  /**
   * Starts a coroutine that has a name, returns nothing and belongs to the group: {@link
   * #spawn(String, Callable)}.
   *
   * @param name what the coroutine is called; several may have the same name
   * @param body what it does
   * @return the coroutine; if the group has ended, a cancelled one that never starts
   * @throws IllegalStateException if the group is closed
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public Coroutine<@Nullable Void> spawn(String name, ThrowingRunnable body) {
    return spawn(name, Coroutines.callable(body));
  }

  private <T extends @Nullable Object> Coroutine<T> start(@Nullable String name, Callable<T> body) {
    owner.loop.check(this);
    if (closed) {
      throw new IllegalStateException("the TaskGroup is closed: spawn before its block is left");
    }
    Coroutine<T> coroutine = owner.loop.spawn(name, body, this);
    running.add(coroutine);
    if (reason != null) {
      missed = true;
      coroutine.cancel(false);
    }
    return coroutine;
  }

  /**
   * Starts a coroutine that returns nothing and belongs to the group: {@link #spawn(Callable)}.
   *
   * @param body what it does
   * @return the coroutine; if the group has ended, a cancelled one that never starts
   * @throws IllegalStateException if the group is closed
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public Coroutine<@Nullable Void> spawn(ThrowingRunnable body) {
    return spawn(Coroutines.callable(body));
  }

  /**
   * Leaves the block: waits until all coroutines of the group have ended, also those that are
   * spawned meanwhile. Closing it again does nothing.
   *
   * <p><b>Deadline and cancellation:</b> they cancel the coroutines of the group, and this goes on
   * waiting until these have cleaned up; then it throws. If none of them was kept from its own end,
   * it does not throw, and the next {@code await} does.
   *
   * @throws IllegalStateException if the caller is not the owner of the group
   * @throws DeadlineExceededException if the time of the group or of a {@link
   *     Coroutines#withTimeout withTimeout} around it was up, unless the block was thrown that
   * @throws CancellationException if the owner was cancelled, unless the block was thrown that
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed meanwhile
   */
  // The failure of the group is thrown as it is, also if it is checked.
  @Override
  public void close() {
    if (!closed) {
      Timeout look = null;
      if (reason == null && !running.isEmpty() && owner.loop.currentFiber() == owner) {
        look = owner.loop.timers.add(PATIENCE, Task.of(this, this::wakeOwner));
      }
      try {
        join();
      } finally {
        if (look != null) {
          look.drop();
        }
      }
      throwOwed();
    }
  }

  /** The owner is to look whether the block has thrown something. */
  private void wakeOwner() {
    isToLook = true;
    Waiter<Void> leaver = leavers.poll();
    if (leaver != null) {
      leaver.succeed(null);
    }
  }

  private void endIfUnwinding() {
    isToLook = false;
    if (reason == null && Unwinding.isUnderWay()) {
      LOGGER.log(System.Logger.Level.WARNING, UNWINDING, this);
      end(new Cancelled("the block of the TaskGroup has thrown an exception"));
      told = true; // by that exception
    }
  }

  /** Waits for all, and leaves the block; throws nothing unless the loop is closed. */
  void join() {
    owner.loop.check(this);
    if (owner.loop.currentFiber() != owner) {
      throw new IllegalStateException(
          "a TaskGroup is closed by the coroutine that made it, "
              + owner.coroutine
              + ", and by nobody else");
    }
    try {
      while (!running.isEmpty()) {
        owner.awaitShielded(leavers.await(new Waiter<>(owner.loop), Deadline.never()));
        if (isToLook) {
          endIfUnwinding();
        }
      }
    } finally {
      closed = true;
      dropTimer();
      block.leave();
    }
  }

  /** Throws what has ended it, if the owner has not been thrown it and somebody was kept back. */
  void throwOwed() {
    if (owesReason()) {
      throw owner.interruptedBy(requireNonNull(reason));
    }
  }

  private boolean owesReason() {
    return reason != null && missed && !told;
  }

  private void expired() {
    block.exceeded = true;
    fail(new DeadlineExceededException("the time of the TaskGroup is up"));
  }

  private void fail(Throwable failure) {
    if (reason == null) {
      if (block.isEntered()) {
        owner.interrupt(block, failure); // first: it may await one of those that are cancelled now
      }
      stop(failure);
    }
  }

  /** Ends the group because its owner is to leave the block. */
  void end(Throwable why) {
    if (reason == null) {
      cancelled = why instanceof CancellationException;
      stop(why);
    }
  }

  /** Cancels its coroutines, unless they were. */
  private void stop(Throwable why) {
    if (reason == null) {
      reason = why;
      missed = !running.isEmpty();
      List.copyOf(running).forEach(coroutine -> coroutine.cancel(false));
    }
  }

  /**
   * A coroutine of the group has ended.
   *
   * @param failure what with; null if it has not failed
   * @return is the owner thrown that?
   */
  boolean left(Coroutine<?> coroutine, @Nullable Throwable failure) {
    boolean taken = failure != null && take(failure);
    running.remove(coroutine);
    Waiter<Void> leaver = running.isEmpty() ? leavers.poll() : null;
    if (leaver != null) {
      leaver.succeed(null);
    }
    return taken;
  }

  private boolean take(Throwable failure) {
    if (owner.hasEnded() || cancelled) {
      return false; // nobody will be thrown it
    }
    fail(failure);
    if (others == null) {
      others = new SuppressedFailures(requireNonNull(reason));
    }
    others.add(failure);
    return true;
  }

  /** Nanoseconds until the earliest deadline that ends the coroutines of the group. */
  long nanosLeft() {
    return closed || owner.hasEnded() ? Deadline.FOREVER : owner.nanosLeft(block);
  }

  private void dropTimer() {
    if (block.timer != null) {
      block.timer.drop();
    }
  }

  /** For example {@code TaskGroup[coroutines[3]]}, {@code TaskGroup[ended coroutines[1]]}. */
  @Override
  public String toString() {
    String ended = closed ? " closed" : reason != null ? " ended" : "";
    String left = running.isEmpty() ? "" : " coroutines[" + running.size() + "]";
    return Names.text(this, (ended + left).strip());
  }
}
