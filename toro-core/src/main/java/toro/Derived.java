package toro;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A future made of another: {@code lock.acquire().thenApply(…)}, {@code queue.get().copy()}, and
 * what is made of those in turn.
 *
 * <p>When it is given up, by {@code cancel}, by {@code orTimeout} or by a coroutine that awaited
 * it, nothing would give back what the source is granted. So the source is given up with it, unless
 * something else is interested in the source.
 *
 * <p>Any thread may give it up, also at the moment in which the loop grants the wait at its root.
 * Then one of the two is first: either the wait is not granted, or this cannot be given up until
 * the functions attached to the wait have seen the value.
 *
 * <p>A chain of these may be long, so what goes up a chain is a loop and does not recurse.
 */
final class Derived<T> extends LoopFuture<T> {
  // Null: the root has been delivered, so nothing depends on this any more. Each step of a chain
  // that grows for ever would otherwise keep all before it.
  private @Nullable LoopFuture<?> source;

  Derived(LoopFuture<?> source) {
    super(source.loop);
    this.source = source;
    if (source instanceof Derived<?> derived) {
      derived.forgetSourceIfDelivered();
    }
  }

  private void forgetSourceIfDelivered() {
    LoopFuture<?> of = source;
    if (of != null && of.isDone() && of.isDelivered()) {
      source = null;
    }
  }

  /** The wait or coroutine that this was made of in the end; the last that is known. */
  LoopFuture<?> root() {
    LoopFuture<?> root = this;
    while (root instanceof Derived<?> derived && derived.source != null) {
      root = derived.source;
    }
    return root;
  }

  @Override
  boolean endsWithInterest() {
    LoopFuture<?> root = root();
    return !(root instanceof Derived) && root.endsWithInterest();
  }

  @Override
  boolean isDelivered() {
    LoopFuture<?> root = root();
    return root instanceof Derived || root.isDelivered();
  }

  @Override
  boolean isGranted() {
    LoopFuture<?> each = this;
    while (!each.isClaimed() && each instanceof Derived<?> derived && derived.source != null) {
      each = derived.source;
    }
    return each.isClaimed();
  }

  /** All up to the root: a grant must ask before anything on its way is given up. */
  @Override
  void share() {
    if (endsWithInterest()) {
      LoopFuture<?> each = this;
      for (; each instanceof Derived<?> derived && derived.source != null; each = derived.source) {
        derived.markShared();
      }
      each.share();
    }
  }

  @Override
  boolean end(BooleanSupplier completion) {
    LoopFuture<?> of = source;
    if (of == null) {
      return completion.getAsBoolean();
    }
    of.share();
    if (of.isGranted() || !claimEnd()) {
      return isDelivered() && completion.getAsBoolean(); // else its value is on the way
    }
    boolean completed = completion.getAsBoolean();
    while (of instanceof Derived<?> derived && derived.endUnlessWanted()) {
      of = derived.source;
    }
    if (of != null && !(of instanceof Derived)) {
      of.giveUpUnlessWanted();
    }
    return completed;
  }

  @Override
  void giveUpUnlessWanted() {
    if (!isDone() && !isDelivered() && !isWatched()) {
      cancel(false);
    }
  }

  private boolean endUnlessWanted() {
    return !isDone()
        && !isWatched()
        && claimEnd()
        && failClaimed(new Cancelled("the wait was cancelled"));
  }
}
