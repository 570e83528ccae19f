package toro;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A stack of its own that can stop in the middle: what a coroutine runs on. An engine says how,
 * with {@link #resume} and {@link #suspend}; here is what is common: whom it waits for, and how
 * that ends.
 */
abstract class Fiber implements Runnable {
  private static final int MAX_REFUSALS = 100;

  final IOLoop loop;
  final Coroutine<?> coroutine;
  private final Runnable body;

  // Its place among the live fibers of the loop.
  long number;
  @Nullable Fiber previous;
  @Nullable Fiber next;

  private boolean started;
  private boolean ended;
  private boolean cancelRequested;
  private int refusals; // how often it went on waiting though its loop was closed
  // Invariant: awaited != null iff it is suspended and nothing has made it ready.
  private @Nullable Awaitable<?> awaited;
  private @Nullable Throwable interruption; // what the current await is to throw
  @Nullable TimeScope scope; // the innermost

  Fiber(Coroutine<?> coroutine, Runnable body) {
    this.loop = coroutine.loop;
    this.coroutine = coroutine;
    this.body = body;
  }

  // The seam.

  /**
   * Called by the thread that drives the loop: lets the fiber run until it suspends or ends;
   * returns when that thread may go on driving.
   */
  abstract void resume();

  /** Called by the fiber: returns when it has been resumed. */
  abstract void suspend();

  // Its turns.

  /** Its turn at the loop has come. */
  @Override
  public final void run() {
    if (!ended) {
      started = true;
      loop.current = this;
      resume();
    }
  }

  /** The whole life; called by the engine on the fiber's own stack. */
  final void live() {
    body.run();
    end();
  }

  private void end() {
    ended = true;
    if (loop.current == this) {
      loop.current = null; // else it is cancelled before it started, by the current one perhaps
    }
    loop.fibers.remove(this);
  }

  private void stop() {
    loop.current = null;
    suspend();
    Throwable thrown = interruption;
    if (thrown != null) {
      interruption = null;
      throw Failures.sneaky(Failures.awaited(thrown));
    }
  }

  // What it does.

  /**
   * Suspends until a future is done. Throws what interrupts the wait; what is in line for nobody
   * else then leaves the line.
   */
  final void await(CompletableFuture<?> future) {
    Awaitable<?> awaitable = awaitable(future);
    Throwable interrupted = interrupted();
    if (interrupted != null) {
      forget(awaitable);
      throw Failures.sneaky(Failures.awaited(interrupted));
    }
    if (awaitable.isDone()) {
      return; // completed by another thread just now: nobody would wake this fiber
    }
    awaitable.addAwaiter(this);
    awaited = awaitable;
    stop();
  }

  /** Lets everything that is ready run once. */
  final void pause() {
    throwIfInterrupted();
    loop.ready(this);
    stop();
    throwIfInterrupted();
  }

  private Awaitable<?> awaitable(CompletableFuture<?> future) {
    if (future instanceof Awaitable<?> own && own.loop == loop) {
      return own;
    }
    Waiter<Void> relay = new Waiter<>(loop);
    future.whenComplete((value, failure) -> relay.complete(null));
    return relay;
  }

  // How a wait ends.

  /** What it awaits is done. */
  final void wake() {
    awaited = null;
    loop.ready(this);
  }

  /** Ends the await it is in, unless that is done already. */
  final boolean interrupt(Throwable reason) {
    Awaitable<?> future = awaited;
    if (future == null || future.isDone()) {
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
    if (!started) {
      end();
      coroutine.ended(new Cancelled("the coroutine was cancelled before it started"));
    } else if (!interrupt(cancelled())) {
      cancelRequested = true;
    }
  }

  /**
   * A wait that this fiber gives up on leaves its line, unless somebody else is interested in it
   * too.
   */
  static void forget(CompletableFuture<?> future) {
    if (future instanceof Waiter<?> waiter
        && !waiter.hasAwaiter()
        && future.getNumberOfDependents() == 0) {
      future.cancel(false);
    }
  }

  private static Throwable cancelled() {
    return new Cancelled("the coroutine was cancelled");
  }

  private void throwIfInterrupted() {
    Throwable interrupted = interrupted();
    if (interrupted != null) {
      throw Failures.sneaky(Failures.awaited(interrupted));
    }
  }

  /** What the next await that has to wait is to throw instead. */
  private @Nullable Throwable interrupted() {
    if (loop.isClosed()) {
      return refusal();
    }
    if (cancelRequested) {
      cancelRequested = false;
      return cancelled();
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
      suspend(); // for good
    }
    return refusals == 1
        ? IOLoop.closed()
        : new Error("the loop is closed: this coroutine must end");
  }

  /** Could something other than a fiber of this loop end its wait: the time, or another thread? */
  final boolean canEndByItself() {
    return awaited instanceof Waiter<?> waiter && (waiter.list == null || waiter.timer != null);
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
                        + (future instanceof Waiter<?> waiter && waiter.list != null
                            ? waiter.list.owner()
                            : future.getClass().getSimpleName());
    return number + " " + state;
  }
}
