package toro;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import toro.spi.Surroundings;

/**
 * A single-threaded executor of somebody else: the loop runs in <em>turns</em>, tasks of that
 * executor, and blocks nothing between them. A turn ends when nothing is ready, or when it has been
 * long enough: others want to use the thread too.
 *
 * <p>What else runs on that thread, between the turns, is on the loop as well.
 *
 * <p>An executor can <em>fail</em> its loop: it refuses a turn because it has shut down, or it runs
 * two turns at once. Then the loop takes nothing more and ends, in the turn that is under way, or
 * else on the thread that finds that nothing of the executor is on the loop any more.
 */
final class ExecutorHost implements Host {
  /** How many ready things run before the executor's other tasks are let in. */
  private static final int TURN = 256;

  /**
   * How many milliseconds the executor's thread has to end what it does on the loop between two
   * turns, after the executor has failed and while it lives on.
   */
  private static final int REST = 1_000;

  private final IOLoop loop;
  private final ScheduledExecutorService executor;
  private final @Nullable BooleanSupplier isExecutors; // is the calling thread? If it can tell
  private final @Nullable Surroundings surroundings;

  private final AtomicBoolean turnIsDue = new AtomicBoolean(); // it is handed over, and not begun
  private final AtomicReference<@Nullable Thread> inTurn = new AtomicReference<>(); // which is
  private @Nullable Thread thread; // the executor's, as far as it is known
  private int left; // of this turn

  // Invariant between turns: if there are timers, an alarm rings when the earliest is due or
  // before.
  private final Alarms alarms;

  private final List<Run> ended = new ArrayList<>(); // in this turn
  private volatile boolean isToClose; // somebody wants it to
  private boolean closing;
  private @Nullable Timeout grace; // of those who clean up, while it closes

  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicBoolean ending = new AtomicBoolean(); // after a failure
  private volatile @Nullable Thread watch; // waits for the end of the executor

  /**
   * @param isExecutors is the calling thread the executor's? Null if that is known of the thread of
   *     the last turn only
   */
  ExecutorHost(
      IOLoop loop,
      LoopClock clock,
      ScheduledExecutorService executor,
      @Nullable BooleanSupplier isExecutors) {
    this.loop = loop;
    this.executor = executor;
    this.isExecutors = isExecutors;
    this.surroundings = executor instanceof Surroundings its ? its : null;
    this.alarms = new Alarms(clock, executor, this::turn);
  }

  /**
   * Asks for the first turn, which tells the executor's thread, and watches the executor.
   *
   * @throws RejectedExecutionException if the executor has shut down
   */
  void begin() {
    if (!isHere()) {
      turnIsDue.set(true);
      executor.execute(() -> turn(null));
    }
    if (executor != ForkJoinPool.commonPool()) { // it has no end, and has who awaits it work for it
      watch =
          Thread.ofVirtual()
              .name("toro-executor-watch")
              .inheritInheritableThreadLocals(false)
              .start(this::watch);
    }
    if (loop.isClosed()) { // already, and may not have seen the thread
      endWatch();
    }
  }

  /** What is ready on a loop with this host: the first thing between two turns asks for one. */
  static final class Ready extends ArrayDeque<Runnable> {
    private static final long serialVersionUID = 1;

    private transient @Nullable ExecutorHost host;

    void tell(ExecutorHost host) {
      this.host = host;
    }

    @Override
    public boolean add(Runnable what) {
      super.add(what);
      if (host != null && host.inTurn.getPlain() == null && !host.wake()) {
        host.endIfFailed();
      }
      return true;
    }
  }

  @Override
  public boolean hasCaller() {
    return isToClose || failure.get() != null; // the last turn may be within a call of any thread
  }

  @Override
  public boolean isHere() {
    if (inTurn.get() != null
        || failure.get() != null
        || loop.isClosed()
        || !isItsThread()
        || loop.isBesideAnother()) {
      return false;
    }
    settle(); // there was none yet, or the executor has replaced it
    return true;
  }

  private boolean isItsThread() {
    return isExecutors == null ? thread == Thread.currentThread() : isExecutors.getAsBoolean();
  }

  @Override
  public boolean runsHere() {
    return isExecutors == null || isExecutors.getAsBoolean();
  }

  @Override
  public boolean sharesThread(Host other) {
    return other instanceof ExecutorHost guest
        && (guest.executor == executor || (thread != null && thread == guest.thread));
  }

  /** The calling thread is the executor's. */
  private void settle() {
    if (thread != Thread.currentThread()) {
      thread = Thread.currentThread();
      loop.moveIn();
    }
  }

  @Override
  public void adopt() {
    if (surroundings != null) {
      surroundings.enter();
    }
  }

  // Turns.

  @Override
  public boolean wake() {
    if (failure.get() != null) {
      return false;
    }
    if (executor.isShutdown()) { // also if a turn is due, which it may have dropped
      return fail(hasShutDown());
    }
    if (turnIsDue.compareAndSet(false, true)) {
      try {
        executor.execute(() -> turn(null));
      } catch (RejectedExecutionException refusal) {
        turnIsDue.set(false);
        return fail(refuses(refusal));
      }
    }
    return true;
  }

  /**
   * One turn.
   *
   * @param alarm what has rung; null if the turn was handed over
   */
  private void turn(Alarms.@Nullable Alarm alarm) {
    if (alarm == null) {
      turnIsDue.set(false);
    }
    Thread me = Thread.currentThread();
    Thread busy = inTurn.compareAndExchange(null, me);
    if (busy == null) {
      try {
        if (!loop.isClosed()) {
          takeTurn(alarm);
        }
      } finally {
        endTurn();
      }
      if (!loop.isClosed() && !loop.hasNothingToTake()) {
        wake();
      }
    } else if (busy != me) {
      fail(runsTwoAtOnce());
    } else if (alarm != null) { // a callback in the turn has the thread run other tasks
      alarms.hasRung(alarm);
    }
    if (failure.get() != null) {
      finishBetweenTurns();
    }
  }

  private void takeTurn(Alarms.@Nullable Alarm alarm) {
    settle();
    if (alarm != null) {
      alarms.hasRung(alarm);
    }
    left = TURN;
    if (isToClose && !closing) {
      loop.onLoop(this::beginToClose);
    }
    loop.drive(this::turnIsOver);
    if (!isToEnd()) {
      if (loop.hasNothingReady() && isToClose == closing) {
        setAlarm();
      } else {
        wake();
      }
    }
    if (isToEnd() || failure.get() != null) {
      finish();
    }
  }

  /** Others may go on, also those who have waited for a coroutine: the loop is at rest then. */
  private void endTurn() {
    List<Run> runs = List.copyOf(ended);
    ended.clear();
    inTurn.set(null);
    runs.forEach(Run::tell);
  }

  private boolean turnIsOver() {
    return --left < 0 || (isToClose && !closing) || isToEnd();
  }

  @Override
  public void park() {
    left = 0; // the turn ends, and another begins when there is something to do
  }

  @Override
  public void earliestTimerHasChanged() {
    if (inTurn.getPlain() == null) {
      setAlarm();
      endIfFailed();
    }
  }

  private void setAlarm() {
    if (loop.timers.size() > 0) {
      try {
        alarms.ringBy(loop.timers.next());
      } catch (RejectedExecutionException refusal) {
        fail(refuses(refusal));
      }
    }
  }

  // Waiting for it on another thread.

  @Override
  public boolean runToEnd(Coroutine<?> coroutine, Deadline deadline) {
    if (IOLoop.currentOrNull() != null) {
      throw new IllegalStateException(
          "this thread is on a loop, which it would block: spawn a coroutine and await it");
    }
    var run = new Run(coroutine, deadline.nanosLeft());
    coroutine.whenComplete((value, failure) -> run.end()); // before it begins: so on the loop
    loop.begin(coroutine);
    if (!deadline.isNever()) {
      loop.offer(run);
    }
    return waitFor(run.inTime);
  }

  /** A coroutine that has so much time. */
  private final class Run implements Task {
    private final Coroutine<?> coroutine;
    private final long nanos;
    private final CompletableFuture<Boolean> inTime = new CompletableFuture<>();
    private @Nullable Timeout timer;
    private boolean late;

    Run(Coroutine<?> coroutine, long nanos) {
      this.coroutine = coroutine;
      this.nanos = nanos;
    }

    @Override
    public Object source() {
      return coroutine;
    }

    /** Begins to count the time. */
    @Override
    public void run() {
      if (!coroutine.isDone()) {
        timer = loop.timers.add(nanos, Task.of(coroutine, this::exceed));
      }
    }

    private void exceed() {
      late = true;
      timer = loop.timers.add(IOLoop.GRACE.toNanos(), Task.of(coroutine, this::end));
      coroutine.cancel(true);
    }

    /** It has ended, on the loop. */
    void end() {
      if (timer != null) {
        timer.drop();
      }
      if (inTurn.getPlain() != null) {
        ended.add(this);
      } else {
        tell();
      }
    }

    void tell() {
      inTime.complete(!late);
    }
  }

  private static <T> T waitFor(CompletableFuture<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw new AssertionError(e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void start() {
    throw drivesItself();
  }

  @Override
  public void stop() {
    throw drivesItself();
  }

  private static IllegalStateException drivesItself() {
    return new IllegalStateException(
        "a loop on an executor runs by itself, as long as it is not closed: it is neither started nor stopped");
  }

  // The end.

  @Override
  public void close() {
    boolean waits = !loop.isCurrent() && IOLoop.currentOrNull() == null && !isItsThread();
    isToClose = true; // before all that was handed over
    if (!loop.isClosed() && !wake() && isItsThread()) {
      turn(null); // the last one, in place
    }
    endIfFailed();
    if (waits) {
      waitFor(loop.whenClosed());
    }
  }

  private void beginToClose() {
    closing = true;
    loop.takeWholeInbox();
    grace = loop.timers.add(IOLoop.GRACE.toNanos(), Task.of(loop, () -> {}));
    loop.fibers.forEach(Fiber::cancel);
  }

  /** It closes, and all have cleaned up, or had the time to. */
  private boolean isToEnd() {
    return closing && (loop.fibers.isEmpty() || grace == null || !grace.isPending());
  }

  /** Nobody can wait any more, and so everybody ends. */
  private void finish() {
    Throwable reason = failure.get();
    if (reason != null && !executor.isShutdown()) {
      loop.onLoop(() -> loop.report(executor, reason));
    }
    alarms.clear();
    loop.end();
    endWatch();
  }

  private void endWatch() {
    Thread watching = watch;
    if (watching != null && watching != Thread.currentThread()) {
      watching.interrupt();
    }
  }

  // The executor fails.

  @Override
  public @Nullable Throwable failure() {
    return failure.get();
  }

  private IllegalStateException hasShutDown() {
    return new IllegalStateException("its executor was shut down first: " + Text.known(executor));
  }

  private IllegalStateException refuses(RejectedExecutionException refusal) {
    return executor.isShutdown()
        ? hasShutDown()
        : new IllegalStateException(
            "its executor refuses a task: " + Text.known(executor), refusal);
  }

  private IllegalStateException runsTwoAtOnce() {
    return new IllegalStateException(
        "an executor with one thread is needed, and this one runs tasks on two at once: "
            + Text.known(executor));
  }

  /** Waits for the end of the executor, for nobody else may notice it. */
  private void watch() {
    try {
      if (executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS)) {
        wake();
        endIfFailed();
      }
    } catch (InterruptedException closed) {
      // before the executor
    } catch (UnsupportedOperationException cannotTell) {
      // whoever uses the loop notices
    }
  }

  /** From now on the loop takes nothing more, and is to end. Any thread may call this. */
  private boolean fail(Throwable reason) {
    failure.compareAndSet(null, reason);
    return false;
  }

  @Override
  public void endIfFailed() {
    if (failure.get() == null || loop.isClosed()) {
      return;
    }
    if (isGone() && IOLoop.currentOrNull() == null) {
      finishBetweenTurns();
    } else if (ending.compareAndSet(false, true)) {
      Thread.ofVirtual()
          .name("toro-executor-end")
          .inheritInheritableThreadLocals(false)
          .start(this::finishSoon);
    }
  }

  /** Has the executor terminated, and its thread ended? That may be lent by something else. */
  private boolean isGone() {
    Thread its = thread;
    return executor.isTerminated() && (its == null || !its.isAlive());
  }

  /** Ends the loop when the executor is gone, or has had the time to leave the loop. */
  private void finishSoon() {
    try {
      for (int i = 0; i < REST && !isGone() && !loop.isClosed(); i++) {
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    finishBetweenTurns();
  }

  /** Ends the loop unless a turn is under way, which will do that. */
  private void finishBetweenTurns() {
    if (inTurn.compareAndSet(null, Thread.currentThread())) {
      try {
        if (!loop.isClosed()) {
          finish();
        }
      } finally {
        endTurn();
      }
    }
  }

  @Override
  public String toString() {
    return " on=" + executor.getClass().getSimpleName();
  }
}
