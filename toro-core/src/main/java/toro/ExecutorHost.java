package toro;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import toro.spi.Surroundings;

/**
 * A single-threaded executor of somebody else: the loop runs in <em>turns</em>, tasks of that
 * executor, and blocks nothing between them. A turn ends when nothing is ready, or when it has been
 * long enough: others want to use the thread too.
 *
 * <p>What else runs on that thread, between the turns, is on the loop as well.
 */
final class ExecutorHost implements Host {
  /** How many ready things run before the executor's other tasks are let in. */
  private static final int TURN = 256;

  private final IOLoop loop;
  private final ScheduledExecutorService executor;
  private final @Nullable BooleanSupplier isExecutors; // is the calling thread? If it can tell
  private final @Nullable Surroundings surroundings;

  private final AtomicBoolean turnIsDue = new AtomicBoolean(); // it is handed over, and not begun
  private final AtomicBoolean inTurn = new AtomicBoolean();
  private @Nullable Thread thread; // the executor's, as far as it is known
  private int left; // of this turn

  // Invariant between turns: if there are timers, the alarm rings when the earliest is due or
  // before.
  private @Nullable Future<?> alarm;
  private long alarmAt;

  private final List<Run> ended = new ArrayList<>(); // in this turn
  private volatile boolean isToClose; // somebody wants it to
  private boolean closing;
  private @Nullable Timeout grace; // of those who clean up, while it closes
  private volatile boolean overlapWasReported;

  /**
   * @param isExecutors is the calling thread the executor's? Null if that is known of the thread of
   *     the last turn only
   */
  ExecutorHost(
      IOLoop loop, ScheduledExecutorService executor, @Nullable BooleanSupplier isExecutors) {
    this.loop = loop;
    this.executor = executor;
    this.isExecutors = isExecutors;
    this.surroundings = executor instanceof Surroundings its ? its : null;
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
      if (host != null && !host.inTurn.getPlain()) {
        host.wakeFromHere();
      }
      return true;
    }
  }

  @Override
  public boolean hasCaller() {
    return isToClose; // the last turns may be driven by a thread that closes it
  }

  @Override
  public boolean isHere() {
    if (inTurn.get() || loop.isClosed()) {
      return false;
    }
    if (isExecutors == null) {
      return thread == Thread.currentThread();
    }
    boolean isHere = isExecutors.getAsBoolean();
    if (isHere) {
      settle(); // there was none yet, or the executor has replaced it
    }
    return isHere;
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
    if (turnIsDue.compareAndSet(false, true)) {
      try {
        executor.execute(() -> turn(false));
      } catch (RejectedExecutionException shutDown) {
        turnIsDue.set(false);
        return false;
      }
    }
    return true;
  }

  private void wakeFromHere() {
    if (!wake()) {
      loop.report(executor, hasShutDown());
    }
  }

  private void turn(boolean alarmHasRung) {
    if (!alarmHasRung) {
      turnIsDue.set(false);
    }
    if (!inTurn.compareAndSet(false, true)) {
      reportOverlap();
      return; // nothing is lost: who is in a turn looks at the inbox after it
    }
    boolean goesOn = true;
    try {
      if (!loop.isClosed()) {
        settle();
        alarm = alarmHasRung ? null : alarm;
        left = TURN;
        if (isToClose && !closing) {
          loop.onLoop(this::beginToClose);
        }
        loop.drive(this::turnIsOver);
        if (isToEnd()) {
          finish();
        }
        boolean quiet = loop.hasNothingReady() && isToClose == closing;
        goesOn = quiet ? setAlarm() : wake();
        if (!goesOn && !loop.isClosed()) {
          finish(); // the executor has shut down: this was the last turn
        }
      }
    } finally {
      endTurn();
    }
    if (goesOn && !loop.hasNothingToTake()) {
      wake();
    }
  }

  /** Others may go on, also those who have waited for a coroutine: the loop is at rest then. */
  private void endTurn() {
    List<Run> runs = List.copyOf(ended);
    ended.clear();
    inTurn.set(false);
    runs.forEach(Run::tell);
  }

  private boolean turnIsOver() {
    return --left < 0 || (isToClose && !closing) || isToEnd();
  }

  private void reportOverlap() {
    if (!overlapWasReported) {
      overlapWasReported = true;
      var failure =
          new IllegalStateException(
              "an executor with one thread is needed, and this one runs tasks on two at once: "
                  + executor);
      loop.offer(() -> loop.report(executor, failure));
    }
  }

  @Override
  public void park() {
    left = 0; // the turn ends, and another begins when there is something to do
  }

  @Override
  public void earliestTimerHasChanged() {
    if (!inTurn.getPlain() && !setAlarm()) {
      loop.report(executor, hasShutDown());
    }
  }

  /** Has the earliest timer ring. False if the executor has shut down. */
  private boolean setAlarm() {
    long nanos = loop.timers.untilNext();
    long at = loop.nanoTime() + nanos;
    if (nanos < Long.MAX_VALUE && (alarm == null || at - alarmAt < 0)) {
      cancelAlarm();
      try {
        alarm = executor.schedule(() -> turn(true), nanos, TimeUnit.NANOSECONDS);
        alarmAt = at;
      } catch (RejectedExecutionException shutDown) {
        return false;
      }
    }
    return true;
  }

  private void cancelAlarm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }

  private LoopClosedException hasShutDown() {
    return new LoopClosedException("the executor of this loop has shut down: " + executor);
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
      if (inTurn.getPlain()) {
        ended.add(this);
      } else {
        tell();
      }
    }

    void tell() {
      inTime.complete(!late);
    }
  }

  private <T> T waitFor(CompletableFuture<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (TimeoutException e) {
          finishAfterShutDown(); // who would end this wait otherwise?
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
    isToClose = true; // before all that was handed over
    boolean here = loop.isCurrent();
    if (!wake()) {
      if (isHere()) {
        turn(false); // the last one
      }
      finishAfterShutDown();
    }
    if (!here && IOLoop.currentOrNull() == null) {
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
    cancelAlarm(); // first: when the end is known somebody may shut the executor down
    loop.end();
  }

  /** On any thread. */
  private void finishAfterShutDown() {
    if (executor.isTerminated() && inTurn.compareAndSet(false, true)) {
      try {
        finish();
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
