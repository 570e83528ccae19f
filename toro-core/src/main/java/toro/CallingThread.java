package toro;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread that calls {@link IOLoop#run}, {@link IOLoop#runSync} or {@link IOLoop#start}: the
 * loop runs within that call, and parks the thread where there is nothing to do.
 */
final class CallingThread implements Host {
  private final IOLoop loop;
  private final LoopClock clock;
  private boolean stopRequested; // on the loop
  private volatile @Nullable Thread sleeper;

  // The thread in one of those calls; the next one sees all that it has done.
  private final AtomicReference<@Nullable Thread> driver = new AtomicReference<>();

  CallingThread(IOLoop loop, LoopClock clock) {
    this.loop = loop;
    this.clock = clock;
  }

  @Override
  public boolean wake() {
    Thread asleep = sleeper;
    if (asleep != null) {
      LockSupport.unpark(asleep);
    }
    return true;
  }

  @Override
  public void earliestTimerHasChanged() {}

  @Override
  public void adopt() {}

  @Override
  public boolean hasCaller() {
    return true;
  }

  @Override
  public boolean isHere() {
    return false;
  }

  @Override
  public boolean runsHere() {
    return true;
  }

  @Override
  public boolean sharesThread(Host other) {
    return false;
  }

  @Override
  public @Nullable Throwable failure() {
    return null;
  }

  @Override
  public void endIfFailed() {}

  @Override
  public void park() {
    sleeper = Thread.currentThread();
    boolean interrupted = Thread.interrupted(); // it would keep the thread from parking
    // An interrupt that is put back lets the next park return at once: so the loop is in here.
    // Also, a clock may let something be ready.
    for (long nanos; loop.hasNothingToDo() && (nanos = loop.timers.untilNext()) > 0; ) {
      clock.park(nanos);
      interrupted |= Thread.interrupted();
    }
    sleeper = null;
    loop.look();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean runToEnd(Coroutine<?> coroutine, Deadline deadline) {
    beginDriving();
    try {
      loop.begin(coroutine);
      boolean inTime = true;
      if (deadline.isNever()) {
        drive(coroutine::isDone);
      } else {
        Timeout timer = loop.timers.add(deadline.nanosLeft(), Task.of(coroutine, () -> {}));
        drive(() -> coroutine.isDone() || !timer.isPending());
        loop.timers.remove(timer);
        if (!coroutine.isDone() && !stopRequested) {
          inTime = false;
          coroutine.cancel(true);
          driveToEnd(coroutine::isDone);
        }
      }
      stopRequested = false;
      return inTime;
    } finally {
      endDriving();
    }
  }

  @Override
  public void start() {
    beginDriving();
    try {
      loop.checkOpen();
      drive(() -> false);
      stopRequested = false;
    } finally {
      endDriving();
    }
  }

  @Override
  public void stop() {
    loop.runOrOffer(loop, () -> stopRequested = true);
  }

  @Override
  public void close() {
    if (loop.isClosed()) {
      return;
    }
    beginDriving();
    try {
      if (!loop.isClosed()) { // another thread was faster
        loop.takeWholeInbox();
        if (!loop.fibers.isEmpty()) {
          loop.onLoop(() -> loop.fibers.forEach(Fiber::cancel));
          driveToEnd(loop.fibers::isEmpty);
        }
        loop.end();
      }
    } finally {
      endDriving();
    }
  }

  /** Takes the right to drive the loop, which one thread at a time has. */
  private void beginDriving() {
    IOLoop here = IOLoop.currentOrNull();
    if (here != null) {
      throw new IllegalStateException(
          here == loop
              ? "this is on the loop already: spawn a coroutine and await it; stop the loop before it is closed"
              : "this thread is on another loop, which it would block");
    }
    Thread first = driver.compareAndExchange(null, Thread.currentThread());
    if (first != null) {
      throw new IllegalStateException("the loop runs already, on " + first);
    }
  }

  private void endDriving() {
    driver.set(null);
  }

  private void drive(BooleanSupplier until) {
    loop.drive(() -> stopRequested || until.getAsBoolean());
  }

  /**
   * Drives it until something has ended that was asked to; gives up when it waits for what cannot
   * come, or too long.
   */
  private void driveToEnd(BooleanSupplier ended) {
    Timeout grace = loop.timers.add(IOLoop.GRACE.toNanos(), Task.of(loop, () -> {}));
    loop.drive(() -> ended.getAsBoolean() || !grace.isPending() || isStuck());
    loop.timers.remove(grace);
  }

  /** Nothing is ready, and no fiber waits for the time or for another thread. */
  private boolean isStuck() {
    return loop.hasNothingToDo() && !loop.fibers.anyMatch(Fiber::canEndByItself);
  }

  @Override
  public String toString() {
    return "";
  }
}
