package toro;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A future that fibers wait for in line, and that is completed by its loop: a {@link Waiter} when
 * it is granted, a {@link Coroutine} when its body ends.
 *
 * <p>Any thread may complete it too: cancel it, or time it out with {@code orTimeout}. When the
 * outside wins the claim, the loop is told ({@link #abandoned}).
 *
 * <p>One that a {@link Select} has begun is {@linkplain #share shared}: it can be granted only if
 * the select still wants that.
 */
abstract class Awaitable<T> extends LoopFuture<T> {
  // Those that await this, first come first. One is the rule; a set only when there are more.
  // Invariant: first == null implies others == null.
  private @Nullable Awaiter first;
  private @Nullable Set<Awaiter> others;

  Awaitable(IOLoop loop) {
    super(loop);
  }

  @Override
  final boolean isTakenBySomeone() {
    boolean taken = super.isTakenBySomeone();
    for (Awaiter awaiter : awaiters()) {
      taken |= awaiter.takes();
    }
    return taken;
  }

  /**
   * Prepares for a fiber to stop awaiting this.
   *
   * @return false if this is granted, or is being granted: that is delivered first
   */
  boolean recall() {
    return !isClaimed();
  }

  /** Ends this, unless something is still interested in it. Any thread may call this. */
  @Override
  void giveUpUnlessWanted() {
    if (endsWithInterest()) {
      loop.runOrOffer(
          this,
          () -> {
            if (dismiss()) {
              dismissed();
            }
          });
    }
  }

  /**
   * Takes this out of its line for good, unless something is interested in it or it is claimed. If
   * so, {@link #dismissed} must follow; nothing else has happened yet.
   */
  abstract boolean dismiss();

  /** The waiters behind it move up; it is cancelled. */
  abstract void dismissed();

  /** Completes what was claimed, on the loop: callbacks run now, fibers are made ready. */
  final void succeed(@Nullable T value) {
    if (loop.completions.enter(this, value, null)) {
      Captured callbacks = Captured.beginCallbacks(this);
      try {
        completeClaimed(value);
      } finally {
        Captured.end(callbacks);
        delivered();
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
        failClaimed(failure);
      } finally {
        Captured.end(callbacks);
        delivered();
        wake();
        loop.completions.leave();
      }
    }
  }

  /** Somebody else has claimed this. Called on the loop: takes it out of where it waits. */
  abstract void abandoned();

  @Override
  final boolean end(BooleanSupplier completion) {
    return claimEnd() && completeOutside(completion);
  }

  /** Completes what was claimed for somebody else than the loop. */
  final boolean completeOutside(BooleanSupplier completion) {
    if (loop.isCurrent()) {
      abandoned();
      loop.completions.enter();
      Captured callbacks = Captured.beginCallbacks(this);
      try {
        return completion.getAsBoolean();
      } finally {
        Captured.end(callbacks);
        delivered();
        wake();
        loop.completions.leave();
      }
    }
    boolean completed = completion.getAsBoolean();
    delivered();
    loop.offer(
        Task.of(
            this,
            () -> {
              abandoned();
              wake();
            }));
    return completed;
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
