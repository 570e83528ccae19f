package toro;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A future of a loop: an {@link Awaitable}, which the loop completes, or a {@link Derived} one,
 * made of another with {@code thenApply} and the like.
 *
 * <p><b>The claim.</b> Several parties may want to complete a future at the same moment: its loop,
 * and any thread that cancels it or times it out. Each must {@link #claim} it first; one wins, and
 * the others change nothing.
 *
 * <p><b>Interests.</b> A future is worth completing while something wants its value. What it cannot
 * see by itself, the futures derived from it and the waits of other loops for it, it keeps in a
 * list. Before one of those gives up, it {@linkplain #share shares} this future; from then on, a
 * grant asks each of them first. So either the interest is given up or the value is taken, on
 * whatever threads the two happen.
 *
 * <p>Blocking the loop's own thread until such a future is done would be a deadlock, so that is
 * refused.
 */
abstract class LoopFuture<T> extends CapturingFuture<T> {
  private static final VarHandle CLAIMED;
  private static final VarHandle INTERESTS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CLAIMED = lookup.findVarHandle(LoopFuture.class, "claimed", byte.class);
      INTERESTS = lookup.findVarHandle(LoopFuture.class, "interests", Interest.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // The states of the claim, in the only order in which they follow each other; SHARED may be
  // skipped. A derived future stays TAKEN.
  private static final byte FREE = 0;
  private static final byte SHARED = 1; // those interested are asked before a grant
  private static final byte TAKEN = 2;
  private static final byte DELIVERED = 3; // and what was attached has seen the value

  @SuppressWarnings("unused") // by CLAIMED
  private volatile byte claimed;

  // Any thread may add one.
  private volatile @Nullable Interest interests;

  /** One that wants the value of this future, as a node of a list. */
  private record Interest(LoopFuture<?> of, @Nullable Interest next) {

    /** This list without a future. */
    @Nullable Interest without(LoopFuture<?> future) {
      if (of == future) {
        return next;
      }
      Interest kept = null;
      for (Interest each = this; each != null; each = each.next) {
        kept = each.of == future ? kept : new Interest(each.of, kept);
      }
      return kept;
    }
  }

  LoopFuture(IOLoop loop) {
    super(loop);
  }

  /** A future that is made of this one counts for it: giving up the last of them gives this up. */
  @Override
  public final <U> CompletableFuture<U> newIncompleteFuture() {
    Derived<U> derived = new Derived<>(this);
    if (isDone()) {
      observed();
    } else {
      addInterest(derived);
    }
    return derived;
  }

  /** Something looks at how this has ended. Any thread may call it. */
  void observed() {}

  // The claim.

  /** The right to grant this; only the first claim succeeds. */
  final boolean claim() {
    return CLAIMED.compareAndSet(this, FREE, TAKEN)
        || (claimed == SHARED && isTakenBySomeone() && claimEnd());
  }

  /** The right to end this without granting anything; only the first claim succeeds. */
  final boolean claimEnd() {
    return CLAIMED.compareAndSet(this, FREE, TAKEN) || CLAIMED.compareAndSet(this, SHARED, TAKEN);
  }

  final boolean isClaimed() {
    return claimed >= TAKEN;
  }

  /** From now on those interested in this are asked before it is granted. */
  void share() {
    if (endsWithInterest()) {
      markShared();
    }
  }

  final void markShared() {
    CLAIMED.compareAndSet(this, FREE, SHARED);
  }

  /** Does this end when nothing is interested in it any more? */
  abstract boolean endsWithInterest();

  /** Is its value there, or on the way? */
  boolean isGranted() {
    return isClaimed();
  }

  /** Have the functions that were attached seen the value, so that giving up loses nothing? */
  boolean isDelivered() {
    return claimed == DELIVERED;
  }

  /** This has been completed, and what was attached has run. */
  final void delivered() {
    CLAIMED.setRelease(this, DELIVERED);
    if (interests != null) {
      interests = null;
    }
  }

  // Interests.

  final void addInterest(LoopFuture<?> future) {
    Interest list;
    do {
      list = interests;
    } while (!INTERESTS.compareAndSet(this, list, new Interest(future, list)));
  }

  final void removeInterest(LoopFuture<?> future) {
    Interest list;
    do {
      list = interests;
    } while (list != null && !INTERESTS.compareAndSet(this, list, list.without(future)));
  }

  /** It is about to be granted: does anything that is interested in it take that? */
  boolean isTakenBySomeone() {
    boolean taken = hasOtherDependents();
    for (Interest each = interests; each != null; each = each.next) {
      taken |= each.of.takes();
    }
    return taken;
  }

  /**
   * The future that this one is interested in is about to be granted: is that wanted? If so, this
   * one cannot be given up any more until it has been completed.
   */
  boolean takes() {
    return claim();
  }

  /** Is something attached to this that has not been given up? */
  final boolean isWatched() {
    if (hasOtherDependents()) {
      return true;
    }
    for (Interest each = interests; each != null; each = each.next) {
      if (!each.of.isClaimed()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Does something depend on this that is not in the list: {@code anyOf(this, …)}, {@code
   * other.thenCombine(this, …)}, a thread in {@code join}? The number is read first, since an
   * interest is entered in the list before it is attached.
   */
  private boolean hasOtherDependents() {
    int known = -getNumberOfDependents();
    for (Interest each = interests; each != null; each = each.next) {
      known++;
    }
    return known + ownDependents() < 0;
  }

  /** How many dependents this has attached to itself. */
  int ownDependents() {
    return 0;
  }

  /** Something that was interested in this is so no more: this ends if that was the last. */
  abstract void giveUpUnlessWanted();

  // Completion.

  final boolean completeClaimed(@Nullable T value) {
    return super.complete(value);
  }

  final boolean failClaimed(Throwable failure) {
    return super.completeExceptionally(failure);
  }

  /**
   * Claims this for somebody else than its loop, and completes it.
   *
   * @param completion completes this future; returns false if it is done already
   * @return true if this future was completed
   */
  abstract boolean end(BooleanSupplier completion);

  /** {@inheritDoc} */
  @Override
  public boolean complete(@Nullable T value) {
    return end(() -> super.complete(value));
  }

  /** {@inheritDoc} */
  @Override
  public boolean completeExceptionally(Throwable failure) {
    requireNonNull(failure, "failure");
    return end(() -> super.completeExceptionally(failure));
  }

  /**
   * Takes the wait back: the future is cancelled, and what it waits for leaves its place in line
   * without a trace.
   *
   * @param mayInterruptIfRunning makes no difference
   * @return true if this future is now cancelled; false if it is done, or is just being granted
   */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return completeExceptionally(new Cancelled("the wait was cancelled")) || isCancelled();
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
    requireNonNull(supplier, "supplier");
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
    return afterTimeout(timeout, unit, () -> completeExceptionally(new TimeoutException()));
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<T> completeOnTimeout(@Nullable T value, long timeout, TimeUnit unit) {
    return afterTimeout(timeout, unit, () -> complete(value));
  }

  /** As the JDK does it; but what takes the timer back is not interested in the value. */
  private CompletableFuture<T> afterTimeout(long timeout, TimeUnit unit, Runnable action) {
    requireNonNull(unit, "unit");
    if (!isDone()) {
      var timer = new CompletableFuture<@Nullable Void>();
      timer.thenRun(action);
      LoopFuture<T> canceller =
          (LoopFuture<T>) whenComplete((value, failure) -> timer.cancel(false));
      canceller.claimEnd();
      timer.completeOnTimeout(null, timeout, unit);
    }
    return this;
  }

  /** {@inheritDoc} */
  @Override
  public void obtrudeValue(@Nullable T value) {
    obtrude(() -> super.obtrudeValue(value));
  }

  /** {@inheritDoc} */
  @Override
  public void obtrudeException(Throwable failure) {
    obtrude(() -> super.obtrudeException(failure));
  }

  private void obtrude(Runnable completion) {
    boolean ended =
        end(
            () -> {
              completion.run();
              return true;
            });
    if (!ended) {
      completion.run();
    }
  }

  // Blocking.

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException on the loop, when it is not done: nothing could ever complete it
   */
  @Override
  public T get() throws InterruptedException, ExecutionException {
    refuseToBlock("get()");
    return super.get();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException on the loop, when it is not done: nothing could complete it
   *     meanwhile
   */
  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    refuseToBlock("get(timeout)");
    return super.get(timeout, unit);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException on the loop, when it is not done: nothing could ever complete it
   */
  @Override
  public T join() {
    refuseToBlock("join()");
    return super.join();
  }

  private void refuseToBlock(String method) {
    if (isDone()) {
      observed();
    } else if (loop.isHeldUpHere()) {
      throw new IllegalStateException(
          method
              + " on the loop's own thread would be a deadlock: what completes this future runs on this thread. In a coroutine use await(future), in a"
              + " callback future.thenAccept(…)");
    }
  }
}
