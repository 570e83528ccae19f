package toro;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import toro.spi.ThreadContext;

/**
 * A stack of its own that can stop in the middle: what a coroutine runs on. An engine says how,
 * with {@link #resume} and {@link #stop}; here is what is common: whom it waits for, and how that
 * ends.
 */
abstract class Fiber extends Awaiter implements Task {
  private static final int MAX_REFUSALS = 100;

  /** Of so many awaits that do not have to wait, one lets the others run. A power of two. */
  private static final int BUDGET = 1024;

  final IOLoop loop;
  final Coroutine<?> coroutine;

  // Its place among the live fibers of the loop; number 0: not there yet.
  long number;
  @Nullable Fiber previous;
  @Nullable Fiber next;

  long since; // when it was spawned, or has last stopped: IOLoop.seen
  private boolean started;
  private boolean ended;
  private boolean forced; // has the log named it as one that closing the loop had to end?
  private int refusals; // how often it went on waiting though its loop was closed
  // Invariant: awaited != null iff it is suspended, or about to be, and nothing has made it ready.
  private @Nullable Awaitable<?> awaited;
  private @Nullable Throwable interruption; // what the current await is to throw
  private @Nullable Throwable cancellation; // what the next one is to throw that has to wait
  private boolean cancelled; // did somebody ask it to end?
  private int notWaited; // how many of its awaits did not have to wait
  @Nullable Scope scope; // the innermost
  @Nullable Bindings locals = Bindings.current(); // the values of CoroutineLocals

  // While it runs: what the thread had before, and gets back; else: what it gives to the thread.
  // Null: it is not managed, as its loop had no thread context when it was made.
  @Nullable Object onThread;

  Fiber(Coroutine<?> coroutine) {
    this.loop = coroutine.loop;
    this.coroutine = coroutine;
    ThreadContext context = loop.threadContext;
    this.onThread = context == null ? null : context.capture();
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
   *     not called, or was taken back with {@link #unstop}
   * @throws StackOverflowError if there is no room on its stack to do so; likewise
   */
  abstract void stop();

  // Its turns.

  /** Enters it among the live ones, once. */
  final void register() {
    if (number == 0) {
      loop.fibers.add(this);
      since = loop.seen;
      if (loop.probe != null) {
        loop.probe.spawned(coroutine);
      }
    }
  }

  @Override
  public final Object source() {
    return coroutine;
  }

  /** Its turn at the loop has come. */
  @Override
  public final void run() {
    if (!ended) {
      if (!started) {
        register();
        started = true;
        loop.fibers.begins();
      }
      loop.current = this;
      if (loop.probe != null) {
        loop.probe.runs(coroutine);
      }
      resume();
    }
  }

  /** The whole life; called by the engine on the fiber's own stack. */
  final void live() {
    enterThread();
    coroutine.run();
    leaveThread();
    onThread = null;
    loop.current = null;
    end();
  }

  /**
   * Lets others run until this is resumed. Here alone control changes hands within its life, so
   * here the thread is rid of what it has from this fiber.
   */
  private void suspend() {
    if (onThread == null) {
      stop();
      return;
    }
    Headroom.check();
    leaveThread();
    try {
      stop();
    } finally {
      enterThread();
    }
  }

  private void enterThread() {
    if (onThread != null) {
      onThread = requireNonNull(loop.threadContext).enter(onThread);
    }
  }

  private void leaveThread() {
    if (onThread != null) {
      onThread = requireNonNull(loop.threadContext).leave(onThread);
    }
  }

  /** Its loop has a thread context from now on, while it runs. */
  final void manage(ThreadContext context) {
    if (onThread == null) {
      onThread = context.capture();
    }
  }

  final boolean hasEnded() {
    return ended;
  }

  private void end() {
    ended = true;
    locals = null;
    loop.fibers.remove(this);
    for (Scope block = scope; block != null; block = block.outer()) {
      block.orphaned();
    }
  }

  /** It has stopped; called once by the engine. Until here nobody else knows that it waits. */
  final void stopped() {
    loop.current = null;
    since = loop.seen;
    Awaitable<?> future = awaited;
    if (future == null) {
      loop.ready(this);
    } else {
      future.addAwaiter(this);
    }
  }

  /**
   * It goes on after all, though others know that it has stopped: takes that back. What it waited
   * for is given up by {@link #await}.
   */
  final void unstop() {
    Awaitable<?> future = awaited;
    if (future == null) {
      loop.notReady(this);
    } else {
      future.removeAwaiter(this);
    }
    loop.current = this;
  }

  /** Does it wait for something that is not done, or is about to? */
  final boolean isWaiting() {
    return awaited != null;
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
    Throwable interrupted = interrupted();
    if (interrupted != null && (awaitable.recall() || loop.isClosed())) {
      forget(awaitable);
      hasNotWaited();
      throw interruptedBy(interrupted);
    }
    if (awaitable.isDone()) {
      return; // another thread was faster than this one
    }
    awaited = awaitable;
    tell(future);
    try {
      suspend();
    } catch (IllegalStateException | StackOverflowError refused) {
      awaited = null;
      forget(awaitable);
      throw refused;
    }
    throwInterruption();
  }

  /** Suspends until a future is done, and lets nothing interrupt that but the end of the loop. */
  final void awaitShielded(CompletableFuture<?> future) {
    Shield shield = new Shield(this);
    shield.enter();
    try {
      await(future);
    } finally {
      shield.leave();
    }
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
      suspend();
      throwIfInterrupted();
    }
  }

  /**
   * Called when an await does not wait: it has nothing to wait for, or throws at once. A coroutine
   * that never waits would keep the loop to itself, so now and then this is a pause. It throws
   * nothing: the caller gets what the await was granted, or its own failure.
   */
  final void hasNotWaited() {
    if ((++notWaited & (BUDGET - 1)) == 0) {
      letOthersRun();
    }
  }

  private void letOthersRun() {
    for (Scope block = scope; block != null; block = block.outer()) {
      if (!block.maySuspend()) {
        return;
      }
    }
    if (!loop.isClosed() && !loop.isNobodyElsesTurn()) {
      tell(null);
      try {
        suspend();
      } catch (IllegalStateException | StackOverflowError cannotStopHere) {
        // it goes on, as it may where it does not have to wait
      }
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
    return new Relay(loop, future);
  }

  /**
   * What this fiber can await, to be completed by others.
   *
   * @param foreign may another thread do so?
   */
  final Waiter<Void> relay(boolean foreign) {
    return new Relay(loop, foreign);
  }

  // How a wait ends.

  /** What it awaits is done. */
  @Override
  final void wake() {
    awaited = null;
    loop.ready(this);
  }

  /**
   * It is to leave a block: ends the await it is in, unless that is done already, and the blocks
   * within.
   */
  final void interrupt(Scope block, Throwable reason) {
    interruptWithin(block, reason);
  }

  /**
   * Ends the await it is in, and the blocks it is in, within another one or all; but a shield among
   * them keeps the reason until it is left.
   *
   * @return false if no await was ended
   */
  private boolean interruptWithin(@Nullable Scope outermost, Throwable reason) {
    Shield shield = null;
    for (Scope block = scope; block != null && block != outermost; block = block.outer()) {
      shield = block instanceof Shield found ? found : shield;
    }
    boolean interrupted = false;
    if (shield == null) {
      interrupted = interrupt(reason);
    } else {
      shield.hold(reason);
    }
    Scope ended = shield == null ? scope : shield.outer();
    for (; ended != null && ended != outermost; ended = ended.outer()) {
      ended.end(reason);
    }
    return interrupted;
  }

  private boolean interrupt(Throwable reason) {
    Awaitable<?> future = awaited;
    if (future == null || !future.recall()) {
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
    cancelled = true;
    if (!started) {
      register();
      loop.fibers.begins();
      onThread = null;
      end();
      coroutine.ended(new Cancelled("the coroutine was cancelled before it started"));
    } else if (!(interruption instanceof Cancelled)) { // of which it has not learned yet
      Throwable reason = cancellation == null ? cancelled(awaited) : cancellation;
      if (!interruptWithin(null, reason)) {
        cancellation = reason;
      }
    }
  }

  /** Was it asked to end? Otherwise a CancellationException of its body is a failure. */
  final boolean wasCancelled() {
    return cancelled;
  }

  /** The end of this fiber's interest in a future. */
  static void forget(CompletableFuture<?> future) {
    if (future instanceof LoopFuture<?> own) {
      own.giveUpUnlessWanted();
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
      throw interruptedBy(thrown);
    }
  }

  private void throwIfInterrupted() {
    Throwable interrupted = interrupted();
    if (interrupted != null) {
      hasNotWaited();
      throw interruptedBy(interrupted);
    }
  }

  /** What the next await that has to wait is to throw instead. */
  private @Nullable Throwable interrupted() {
    return loop.isClosed() ? refusal() : owed();
  }

  /** What it is to be thrown as soon as it has to wait; a block's failure before a cancellation. */
  final @Nullable Throwable owed() {
    for (Scope block = scope; block != null; block = block.outer()) {
      Throwable owed = block.owed();
      if (owed != null || block instanceof Shield) {
        return owed;
      }
    }
    return cancellation;
  }

  /** Nanoseconds until the earliest deadline of the blocks around what it does now. */
  final long nanosLeft() {
    return nanosLeft(scope);
  }

  /** The same for what it does in a block. */
  final long nanosLeft(@Nullable Scope innermost) {
    long left = Deadline.FOREVER;
    for (Scope block = innermost; block != null; block = block.outer()) {
      if (block instanceof Shield) {
        return left;
      }
      left = Math.min(left, block.nanosLeft());
    }
    TaskGroup group = coroutine.group();
    return group == null ? left : Math.min(left, group.nanosLeft());
  }

  /** Has a block around what it does now ended? */
  final boolean isToLeave() {
    for (Scope block = scope; block != null && !(block instanceof Shield); block = block.outer()) {
      if (block.isOver()) {
        return true;
      }
    }
    return false;
  }

  /** Throws what ends a wait. */
  final RuntimeException interruptedBy(Throwable reason) {
    thrown(reason);
    logIfForced(reason);
    throw Failures.sneaky(Failures.interrupting(reason));
  }

  /** The closing loop had cancelled it, and it waits all the same: the log names it, once. */
  private void logIfForced(Throwable failure) {
    if (cancelled && !forced && failure instanceof LoopClosedException && loop.isClosed()) {
      forced = true;
      IOLoop.logForced(coroutine, loop.closed()); // whose trace is of the place where it waits
    }
  }

  /** The failure of a future, as this fiber is to see it where it is. */
  final Throwable failureOf(CompletableFuture<?> future) {
    if (future instanceof Coroutine<?> other) {
      other.observed();
    }
    Throwable failure = Failures.of(future);
    logIfForced(failure);
    for (Scope block = scope; block != null; block = block.outer()) {
      if (failure instanceof CancellationException) {
        failure = block.insteadOf(failure);
      }
    }
    thrown(failure);
    return failure;
  }

  private void thrown(Throwable failure) {
    for (Scope block = scope; block != null; block = block.outer()) {
      block.thrown(failure);
    }
    if (failure == cancellation) {
      cancellation = null;
    }
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
      coroutine.ended(loop.closed());
      suspend(); // for good
    }
    return refusals == 1 ? loop.closed() : new Error("the loop is closed: this coroutine must end");
  }

  /** Could something other than a fiber of this loop end its wait: the time, or another thread? */
  final boolean canEndByItself() {
    return awaited instanceof Waiter<?> waiter && waiter.canEndByItself();
  }

  // What can be seen of it.

  boolean hasStarted() {
    return started;
  }

  /** What it waits for: all of these; nothing if it does not wait. */
  final List<CompletableFuture<?>> awaits() {
    Awaitable<?> future = awaited;
    if (future == null) {
      return List.of();
    }
    List<CompletableFuture<?>> pending = new ArrayList<>();
    if (coroutine.awaitsAll != null) {
      pending.addAll(coroutine.awaitsAll);
      pending.removeIf(CompletableFuture::isDone);
    }
    if (pending.isEmpty()) {
      pending.add(future instanceof Relay relay && relay.source != null ? relay.source : future);
    }
    return pending;
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
    String name = coroutine.name();
    return number + " " + (name == null ? "" : Names.quoted(name) + " ") + state;
  }
}
