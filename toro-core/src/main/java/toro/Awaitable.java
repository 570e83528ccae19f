package toro;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
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
 *
 * <p>One that a {@link Select} has begun is shared: it can only be granted if who awaits it still
 * wants that.
 */
abstract class Awaitable<T> extends LoopFuture<T> {
  private static final VarHandle CLAIMED;
  private static final VarHandle UNINTERESTED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CLAIMED = lookup.findVarHandle(Awaitable.class, "claimed", byte.class);
      UNINTERESTED = lookup.findVarHandle(Awaitable.class, "uninterested", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Nobody has claimed it; likewise, and who awaits it is asked before it is granted; it is
  // claimed.
  private static final byte FREE = 0;
  private static final byte SHARED = 1;
  private static final byte TAKEN = 2;

  @SuppressWarnings("unused") // by CLAIMED
  private volatile byte claimed;

  // How many of its dependents want nothing of it: they were given up, or are there only to take
  // a timeout of the JDK's back. Any thread may attach one.
  private volatile int uninterested;

  // Those that await this, first come first. One is the rule; a set only when there are more.
  // Invariant: first == null implies others == null.
  private @Nullable Awaiter first;
  private @Nullable Set<Awaiter> others;

  Awaitable(IOLoop loop) {
    super(loop);
  }

  /** The right to complete this, on the loop; only the first call gets it. */
  final boolean claim() {
    return CLAIMED.compareAndSet(this, FREE, TAKEN) || (claimed == SHARED && claimShared());
  }

  /** The right to end this without granting anything; only the first call gets it. */
  final boolean claimEnd() {
    return CLAIMED.compareAndSet(this, FREE, TAKEN) || CLAIMED.compareAndSet(this, SHARED, TAKEN);
  }

  final boolean isClaimed() {
    return claimed == TAKEN;
  }

  /** From now on who awaits this is asked before it is granted. */
  final void share() {
    CLAIMED.compareAndSet(this, FREE, SHARED);
  }

  private boolean claimShared() {
    boolean wanted = isWatched();
    for (Awaiter awaiter : awaiters()) {
      wanted |= awaiter.takes();
    }
    return wanted && claimEnd();
  }

  /** Completes what was claimed, on the loop: callbacks run now, fibers are made ready. */
  final void succeed(@Nullable T value) {
    if (loop.completions.enter(this, value, null)) {
      Captured callbacks = Captured.beginCallbacks(this);
      try {
        super.complete(value);
      } finally {
        Captured.end(callbacks);
        wake();
        loop.completions.leave();
      }
    }
  }

  /** Fails what was claimed, on the loop. */
  final void fail(Throwable failure) {
    if (loop.completions.enter(this, null, failure)) {
      Captured callbacks = Captured.beginCallbacks(this);
      try {
        super.completeExceptionally(failure);
      } finally {
        Captured.end(callbacks);
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
    return claimEnd() && outside(() -> super.complete(value));
  }

  /** {@inheritDoc} */
  @Override
  public boolean completeExceptionally(Throwable failure) {
    requireNonNull(failure, "failure");
    return claimEnd() && outside(() -> super.completeExceptionally(failure));
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
    super.orTimeout(timeout, unit); // first: one that counts and is not there outweighs another
    oneIsNotInterested();
    return this;
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<T> completeOnTimeout(@Nullable T value, long timeout, TimeUnit unit) {
    super.completeOnTimeout(value, timeout, unit);
    oneIsNotInterested();
    return this;
  }

  /** {@inheritDoc} */
  @Override
  public void obtrudeValue(@Nullable T value) {
    boolean pending = claimEnd();
    super.obtrudeValue(value);
    if (pending) {
      outside(() -> {});
    }
  }

  /** {@inheritDoc} */
  @Override
  public void obtrudeException(Throwable failure) {
    boolean pending = claimEnd();
    super.obtrudeException(failure);
    if (pending) {
      outside(() -> {});
    }
  }

  private boolean outside(Runnable completion) {
    if (loop.isCurrent()) {
      abandoned();
      loop.completions.enter();
      Captured callbacks = Captured.beginCallbacks(this);
      try {
        completion.run();
      } finally {
        Captured.end(callbacks);
        wake();
        loop.completions.leave();
      }
    } else {
      completion.run();
      loop.offer(
          Task.of(
              this,
              () -> {
                abandoned();
                wake();
              }));
    }
    return true;
  }

  // Those that await this; on the loop.

  final void addAwaiter(Awaiter awaiter) {
    if (first == null) {
      first = awaiter;
    } else {
      if (others == null) {
        others = new LinkedHashSet<>();
      }
      others.add(awaiter);
    }
  }

  final void removeAwaiter(Awaiter awaiter) {
    if (first != awaiter) {
      if (others != null) {
        others.remove(awaiter);
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
    return first != null || isWatched();
  }

  /** One more of its dependents wants nothing of it. */
  final void oneIsNotInterested() {
    UNINTERESTED.getAndAdd(this, 1);
  }

  private boolean isWatched() {
    return uninterested < getNumberOfDependents(); // read in this order: as it is attached first
  }

  private List<Awaiter> awaiters() {
    List<Awaiter> all = new ArrayList<>();
    if (first != null) {
      all.add(first);
    }
    if (others != null) {
      all.addAll(others);
    }
    return all;
  }

  /** One who was interested in this is so no more. */
  void giveUpUnlessWanted() {}

  private void wake() {
    Awaiter awaiter = first;
    Set<Awaiter> rest = others;
    first = null;
    others = null;
    if (awaiter != null) {
      awaiter.wake();
    }
    if (rest != null) {
      rest.forEach(Awaiter::wake);
    }
  }
}
