package toro;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A stack of its own that can stop in the middle: what a coroutine runs on. An engine says how,
 * with {@link #resume} and {@link #stop}; here is what is common: whom it waits for, and how that
 * ends.
 */
abstract class Fiber extends Awaiter implements Runnable {
  private static final int MAX_REFUSALS = 100;

  final IOLoop loop;
  final Coroutine<?> coroutine;

  // Its place among the live fibers of the loop; number 0: not there yet.
  long number;
  @Nullable Fiber previous;
  @Nullable Fiber next;

  private boolean started;
  private boolean ended;
  private boolean cancelRequested;
  private int refusals; // how often it went on waiting though its loop was closed
  // Invariant: awaited != null iff it is suspended, or about to be, and nothing has made it ready.
  private @Nullable Awaitable<?> awaited;
  private @Nullable Throwable interruption; // what the current await is to throw
  @Nullable TimeScope scope; // the innermost

  Fiber(Coroutine<?> coroutine) {
    this.loop = coroutine.loop;
    this.coroutine = coroutine;
  }

  // The seam.

  /**
   * Called by the thread that drives the loop: lets the fiber run until it stops or ends; returns
   * when that thread may go on driving.
   */
  abstract void resume();

  /**
   * Called by the fiber: stops it, calls {@link #stopped}, and returns when it has been resumed.
   *
   * @throws IllegalStateException if it cannot be stopped where it is; then {@link #stopped} was
   *     not called
   * @throws StackOverflowError if there is no room on its stack to do so; likewise
   */
  abstract void stop();

  // Its turns.

  /** Enters it among the live ones, once. */
  final void register() {
    if (number == 0) {
      loop.fibers.add(this);
      if (loop.probe != null) {
        loop.probe.spawned(coroutine);
      }
    }
  }

  /** Its turn at the loop has come. */
  @Override
  public final void run() {
    if (!ended) {
      register();
      started = true;
      loop.current = this;
      if (loop.probe != null) {
        loop.probe.runs(coroutine);
      }
      resume();
    }
  }

  /** The whole life; called by the engine on the fiber's own stack. */
  final void live() {
    coroutine.run();
    loop.current = null;
    end();
  }

  final boolean hasEnded() {
    return ended;
  }

  private void end() {
    ended = true;
    loop.fibers.remove(this);
  }

  /** It has stopped; called once by the engine. Until here nobody else knows that it waits. */
  final void stopped() {
    loop.current = null;
    Awaitable<?> future = awaited;
    if (future == null) {
      loop.ready(this);
    } else {
      future.addAwaiter(this);
    }
  }

  // What it does.

  /**
   * Suspends until a future is done. Throws what interrupts the wait; what is in line for nobody
   * else then leaves the line.
   */
  final void await(CompletableFuture<?> future) {
    if (future == coroutine) {
      throw new IllegalStateException("a coroutine that awaits itself would wait for ever");
    }
    Awaitable<?> awaitable = awaitable(future);
    if (!awaitable.isClaimed() || loop.isClosed()) { // what was granted is delivered first
      Throwable interrupted = interrupted();
      if (interrupted != null) {
        forget(awaitable);
        throw Failures.sneaky(Failures.interrupting(interrupted));
      }
    }
    if (awaitable.isDone()) {
      return; // another thread was faster than this one
    }
    awaited = awaitable;
    tell(future);
    try {
      stop();
    } catch (IllegalStateException | StackOverflowError refused) {
      awaited = null;
      forget(awaitable);
      throw refused;
    }
    throwInterruption();
  }

  private void tell(@Nullable CompletableFuture<?> future) {
    if (loop.probe != null) {
      loop.probe.suspends(
          coroutine, future, awaited instanceof Waiter<?> waiter && waiter.isForeign());
    }
  }

  /** Lets everything that is ready run once. */
  final void pause() {
    throwIfInterrupted();
    if (!loop.isNobodyElsesTurn()) {
      tell(null);
      stop();
      throwInterruption();
      throwIfInterrupted();
    }
  }

  /**
   * The future, if it can wake a fiber of this loop; else one that can, and is done when the future
   * is.
   */
  final Awaitable<?> awaitable(CompletableFuture<?> future) {
    if (future instanceof Awaitable<?> own && own.loop == loop) {
      return own;
    }
    Relay relay = new Relay(loop);
    // Not future.whenComplete: a relay that is given up would stay with a future that is never
    // done.
    CompletableFuture.anyOf(future, relay).whenComplete((value, failure) -> relay.complete(null));
    return relay;
  }

  /** Is done when the future is that a single fiber awaits through it. */
  private static final class Relay extends Waiter<Void> {
    Relay(IOLoop loop) {
      super(loop);
      uninterested = 1; // what anyOf attaches
    }

    @Override
    String waitedFor() {
      return "a future of another thread";
    }

    @Override
    boolean isForeign() {
      return true;
    }
  }

  // How a wait ends.

  /** What it awaits is done. */
  @Override
  final void wake() {
    awaited = null;
    loop.ready(this);
  }

  /** Ends the await it is in, unless that is done already. */
  final boolean interrupt(Throwable reason) {
    Awaitable<?> future = awaited;
    if (future == null || future.isClaimed()) {
      return false; // what was granted is delivered first
    }
    giveUp(future, reason);
    return true;
  }

  private void giveUp(Awaitable<?> future, Throwable reason) {
    awaited = null;
    future.removeAwaiter(this);
    forget(future);
    interruption = reason;
    loop.ready(this);
  }

  final void cancel() {
    if (ended) {
      return;
    }
    register();
    if (!started) {
      end();
      coroutine.ended(new Cancelled("the coroutine was cancelled before it started"));
    } else if (!interrupt(cancelled(awaited))) {
      cancelRequested = true;
    }
  }

  /** The end of this fiber's interest in a future. */
  static void forget(CompletableFuture<?> future) {
    if (future instanceof Waiter<?> waiter) {
      waiter.giveUpUnlessWanted();
    }
  }

  private static Throwable cancelled(@Nullable Awaitable<?> future) {
    Object waitedFor =
        future instanceof Waiter<?> waiter && waiter.list != null ? waiter.list.owner() : future;
    return new Cancelled(
        "the coroutine was cancelled",
        waitedFor == null
            ? null
            : waitedFor instanceof Relay ? CompletableFuture.class : waitedFor.getClass());
  }

  /** Has its wait ended otherwise than by what it waited for? */
  private void throwInterruption() {
    Throwable thrown = interruption;
    if (thrown != null) {
      interruption = null;
      throw Failures.sneaky(Failures.interrupting(thrown));
    }
  }

  private void throwIfInterrupted() {
    Throwable interrupted = interrupted();
    if (interrupted != null) {
      throw Failures.sneaky(Failures.interrupting(interrupted));
    }
  }

  /** What the next await that has to wait is to throw instead. */
  private @Nullable Throwable interrupted() {
    if (loop.isClosed()) {
      return refusal();
    }
    if (cancelRequested) {
      cancelRequested = false;
      return cancelled(null);
    }
    return scope == null ? null : scope.exceeded();
  }

  // The end of the loop.

  /**
   * The loop is closed, and the fiber has not ended although it was cancelled: from now on it
   * cannot wait any more.
   */
  final void kill() {
    Awaitable<?> future = awaited;
    if (!started) {
      cancel();
    } else if (future != null) {
      giveUp(future, refusal()); // also if it is done: a closed loop may not hear of it
    }
  }

  /**
   * Why it cannot wait. One that goes on waiting all the same is told with an Error, which {@code
   * catch (Exception e)} lets pass; one that catches that too, again and again, is left where it
   * is.
   */
  private Throwable refusal() {
    if (++refusals > MAX_REFUSALS) {
      end();
      coroutine.ended(IOLoop.closed());
      stop(); // for good
    }
    return refusals == 1
        ? IOLoop.closed()
        : new Error("the loop is closed: this coroutine must end");
  }

  /** Could something other than a fiber of this loop end its wait: the time, or another thread? */
  final boolean canEndByItself() {
    return awaited instanceof Waiter<?> waiter && waiter.canEndByItself();
  }

  @Override
  public String toString() {
    Awaitable<?> future = awaited;
    String state =
        ended
            ? "done"
            : !started
                ? "not started"
                : future == null
                    ? "ready"
                    : "waiting for "
                        + (future instanceof Waiter<?> waiter
                            ? waiter.waitedFor()
                            : future.getClass().getSimpleName());
    return number + " " + state;
  }
}
