package toro;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A future that fibers wait for in line, and that is completed by its loop: a {@link Waiter} when
 * it is granted, a {@link Coroutine} when its body ends.
 *
 * <p>Anybody else may complete it too, on any thread: cancel it, time it out with {@code
 * orTimeout}. Who completes it must first {@link #claim} it, so either the loop or the outside
 * wins; the loser changes nothing. When the outside wins, the loop is told ({@link #abandoned}).
 */
abstract class Awaitable<T> extends LoopFuture<T> {
  private static final VarHandle CLAIMED;

  static {
    try {
      CLAIMED = MethodHandles.lookup().findVarHandle(Awaitable.class, "claimed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // by CLAIMED
  private volatile boolean claimed;

  // How many of its dependents want nothing of it: they were given up, or are there only to take
  // a timeout of the JDK's back.
  int uninterested;

  // The fibers that await this, first come first. One is the rule; a set only when there are more.
  // Invariant: first == null implies others == null.
  private @Nullable Fiber first;
  private @Nullable Set<Fiber> others;

  Awaitable(IOLoop loop) {
    super(loop);
  }

  /** The right to complete this; only the first call gets it. */
  final boolean claim() {
    return CLAIMED.compareAndSet(this, false, true);
  }

  final boolean isClaimed() {
    return claimed;
  }

  /** Completes what was claimed, on the loop: callbacks run now, fibers are made ready. */
  final void succeed(@Nullable T value) {
    if (loop.completions.enter(this, value, null)) {
      try {
        super.complete(value);
      } finally {
        wake();
        loop.completions.leave();
      }
    }
  }

  /** Fails what was claimed, on the loop. */
  final void fail(Throwable failure) {
    if (loop.completions.enter(this, null, failure)) {
      try {
        super.completeExceptionally(failure);
      } finally {
        wake();
        loop.completions.leave();
      }
    }
  }

  /** Somebody else has claimed this. Called on the loop: takes it out of where it waits. */
  abstract void abandoned();

  // Completion from outside.

  /** {@inheritDoc} */
  @Override
  public boolean complete(@Nullable T value) {
    return claim() && outside(() -> super.complete(value));
  }

  /** {@inheritDoc} */
  @Override
  public boolean completeExceptionally(Throwable failure) {
    requireNonNull(failure, "failure");
    return claim() && outside(() -> super.completeExceptionally(failure));
  }

  /**
   * Takes the wait back: the future is cancelled, and leaves its place in line without a trace.
   *
   * @param mayInterruptIfRunning makes no difference
   * @return true if this future is now cancelled
   */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return completeExceptionally(new Cancelled("the wait was cancelled")) || isCancelled();
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
    executor.execute(
        () -> {
          try {
            complete(supplier.get());
          } catch (Throwable failure) {
            completeExceptionally(failure);
          }
        });
    return this;
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
    uninterested += isDone() ? 0 : 1;
    return super.orTimeout(timeout, unit);
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<T> completeOnTimeout(@Nullable T value, long timeout, TimeUnit unit) {
    uninterested += isDone() ? 0 : 1;
    return super.completeOnTimeout(value, timeout, unit);
  }

  /** {@inheritDoc} */
  @Override
  public void obtrudeValue(@Nullable T value) {
    boolean pending = claim();
    super.obtrudeValue(value);
    if (pending) {
      outside(() -> {});
    }
  }

  /** {@inheritDoc} */
  @Override
  public void obtrudeException(Throwable failure) {
    boolean pending = claim();
    super.obtrudeException(failure);
    if (pending) {
      outside(() -> {});
    }
  }

  private boolean outside(Runnable completion) {
    if (loop.isCurrent()) {
      abandoned();
      loop.completions.enter();
      try {
        completion.run();
      } finally {
        wake();
        loop.completions.leave();
      }
    } else {
      completion.run();
      loop.offer(
          () -> {
            abandoned();
            wake();
          });
    }
    return true;
  }

  // The fibers that await this; on the loop.

  final void addAwaiter(Fiber fiber) {
    if (first == null) {
      first = fiber;
    } else {
      if (others == null) {
        others = new LinkedHashSet<>();
      }
      others.add(fiber);
    }
  }

  final void removeAwaiter(Fiber fiber) {
    if (first != fiber) {
      if (others != null) {
        others.remove(fiber);
      }
    } else if (others == null || others.isEmpty()) {
      first = null;
      others = null;
    } else {
      first = others.iterator().next();
      others.remove(first);
    }
  }

  /** Is anybody interested in how this ends: does a fiber await it, is something attached to it? */
  final boolean isWanted() {
    return first != null || getNumberOfDependents() > uninterested;
  }

  /** One who was interested in this is so no more. */
  void giveUpUnlessWanted() {}

  private void wake() {
    Fiber fiber = first;
    Set<Fiber> rest = others;
    first = null;
    others = null;
    if (fiber != null) {
      fiber.wake();
    }
    if (rest != null) {
      rest.forEach(Fiber::wake);
    }
  }
}
