package toro;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Several waits of a fiber, of which it gets one.
 *
 * <p>They are begun one after another, until one is done at once. If none is, the fiber waits for
 * this. Each wait is shared meanwhile: before it is granted it is asked whether it {@linkplain
 * Begun#takes takes} that. The first who is asked does, and in the same moment the others leave
 * their lines; so nothing can be granted to a second one, whatever happens until the fiber goes on.
 */
final class Select<R extends @Nullable Object> extends Waiter<@Nullable Void> {
  private final Fiber fiber;
  private final List<Begun> begun = new ArrayList<>();
  private final List<Awaitable<?>> dismissed = new ArrayList<>(); // and not told yet

  // While they begin none is granted anything: what begins a later one must not end an earlier one.
  private boolean beginning = true;
  private boolean passedOver; // one was not granted what it would have been
  private @Nullable Begun ended; // the first that ended all the same: it was cancelled, say

  // Invariant: winner != null implies isClaimed(), and that no other one is in a line.
  private @Nullable Begun winner;

  private Select(Fiber fiber) {
    super(fiber.loop);
    this.fiber = fiber;
  }

  /** Waits for one of the cases, and handles it. */
  static <R extends @Nullable Object> R call(
      Fiber fiber, Deadline deadline, List<Case<? extends R>> cases) throws Exception {
    requireNonNull(deadline, "deadline");
    if (cases.isEmpty()) {
      throw new IllegalArgumentException("a select of nothing would wait for ever: pass a case");
    }
    fiber.hasNotWaited();
    return new Select<R>(fiber).winner(cases, deadline).handle();
  }

  /** Puts the cases in an order of chance; what is to happen after some time comes last. */
  static <R extends @Nullable Object> void shuffle(IOLoop loop, List<Case<? extends R>> cases) {
    for (int i = cases.size(); i > 1; i--) {
      Collections.swap(cases, i - 1, loop.random.nextInt(i));
    }
    cases.sort(Comparator.comparing(one -> one.isTimeout));
  }

  private Begun winner(List<Case<? extends R>> cases, Deadline deadline) {
    if (loop.isClosed()) {
      fiber.await(this); // throws
    }
    try {
      begin(cases);
    } catch (Throwable failure) {
      giveUpUnlessWanted();
      throw failure;
    }
    if (winner == null) {
      await(deadline);
    }
    return requireNonNull(winner);
  }

  private void begin(List<Case<? extends R>> cases) {
    for (Case<? extends R> one : cases) {
      Begun next = new Begun(one, futureOf(one));
      if (next.future.isDone() || next.joinsLine()) {
        win(next);
      } else if (ended != null) {
        win(ended);
      } else if (passedOver) {
        throw new IllegalStateException(
            "what begins a wait of select(…) would have granted an earlier one of it: do that"
                + " before. It was "
                + waitedFor());
      }
      if (winner != null) {
        tellDismissed();
        return;
      }
    }
    beginning = false;
  }

  private CompletableFuture<?> futureOf(Case<?> one) {
    Scope block = new Beginning(fiber);
    block.enter();
    CompletionStage<?> stage;
    try {
      stage = one.wait.get();
    } finally {
      block.leave();
    }
    CompletableFuture<?> future =
        Coroutines.future(requireNonNull(stage, "what begins a wait of select(…) returned null"));
    if (future instanceof Derived && !future.isDone()) {
      future.cancel(false);
      throw new IllegalArgumentException(
          "select(…) cannot take back a future that is made of a wait, lock.acquire().thenApply(…)"
              + " say: pass the wait itself, and put the rest into the handler");
    }
    return future;
  }

  /** Where a wait is begun, none may be waited for. */
  private static final class Beginning extends Scope {
    Beginning(Fiber fiber) {
      super(fiber);
    }

    @Override
    boolean isOver() {
      return false;
    }

    @Override
    boolean maySuspend() {
      return false;
    }

    @Override
    Throwable owed() {
      return new IllegalStateException(
          "what begins a wait of select(…) must not suspend: do that before, or in the handler");
    }
  }

  @Override
  public Object source() {
    return fiber.coroutine;
  }

  private void await(Deadline deadline) {
    if (!deadline.isNever()) {
      long nanos = deadline.nanosLeft();
      if (nanos <= 0) {
        run();
      } else {
        timer = loop.timers.limit(nanos, this);
      }
    }
    fiber.await(this);
    Failures.valueOf(this);
  }

  /** Work for this select that another loop has ended at the moment in which another wait won. */
  private static void dropOf(CompletableFuture<?> future) {
    if (future instanceof Coroutine<?> submitted && submitted.endsWithInterest()) {
      All.giveBack(submitted);
    }
  }

  /** One of the waits. */
  private final class Begun extends Awaiter {
    private final Case<? extends R> of;
    private final CompletableFuture<?> future;
    private @Nullable Awaitable<?> wait; // null if it was done at once

    Begun(Case<? extends R> of, CompletableFuture<?> future) {
      this.of = of;
      this.future = future;
    }

    /** Waits; true if another thread was faster. */
    boolean joinsLine() {
      Awaitable<?> awaitable = fiber.awaitable(future);
      wait = awaitable;
      begun.add(this);
      if (awaitable instanceof Waiter) {
        awaitable.share();
      }
      awaitable.addAwaiter(this);
      return awaitable.isDone();
    }

    @Override
    boolean takes() {
      passedOver |= beginning;
      return !beginning && win(this);
    }

    @Override
    void wake() {
      if (beginning) {
        ended = ended == null ? this : ended;
      } else if (winner == this || win(this)) {
        succeed(null);
        tellDismissed();
      } else {
        dropOf(future);
      }
    }

    /** Leaves its line at once; what follows from that comes later. */
    void withdraw() {
      if (wait != null) {
        wait.removeAwaiter(this);
        if (wait.dismiss()) {
          dismissed.add(wait);
        }
      }
    }

    R handle() throws Exception {
      return of.handler.apply(Failures.valueOf(future));
    }
  }

  // How it ends.

  private boolean win(Begun one) {
    if (!claim()) {
      return false;
    }
    winner = one;
    leave();
    withdrawAll();
    return true;
  }

  private void withdrawAll() {
    for (Begun one : begun) {
      if (one != winner) {
        one.withdraw();
      }
    }
  }

  /** Now that who has granted the winner is done with it, others may move up. */
  private void tellDismissed() {
    dismissed.forEach(Awaitable::dismissed);
  }

  /** The fiber has been interrupted. */
  @Override
  void giveUpUnlessWanted() {
    if (claim()) {
      leave();
      withdrawAll();
      tellDismissed();
    }
  }

  @Override
  void expired(String waitedFor) {
    withdrawAll();
    tellDismissed();
    super.expired(waitedFor);
  }

  // What is told of it.

  @Override
  String waitedFor() {
    StringJoiner all = new StringJoiner(", ", "one of ", "");
    for (Begun one : begun) {
      all.add(one.wait instanceof Waiter<?> waiter ? waiter.waitedFor() : String.valueOf(one.wait));
    }
    return all.toString();
  }

  @Override
  boolean canEndByItself() {
    return timer != null || anyWait(Waiter::canEndByItself);
  }

  @Override
  boolean isForeign() {
    return anyWait(Waiter::isForeign);
  }

  private boolean anyWait(Predicate<Waiter<?>> what) {
    return begun.stream()
        .anyMatch(one -> one.wait instanceof Waiter<?> waiter && what.test(waiter));
  }
}
