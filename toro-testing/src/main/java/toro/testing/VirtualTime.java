package toro.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import toro.Condition;
import toro.Coroutine;
import toro.Coroutines;
import toro.IOLoop;

/**
 * The clock of a {@link TestLoop}, and more: decides what happens when nothing is ready, and in
 * which order things run.
 */
final class VirtualTime extends Ledger {
  private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");

  /** More moves of the clock than a test has: one a second for eleven days. */
  private static final int MAX_MOVES = 1_000_000;

  final Interrupter interrupter;
  final IOLoop loop;
  private final ArrayDeque<Runnable> ready;
  private final @Nullable SeededQueue seeded; // the same, if it is one
  private final Condition idle;
  private int waitingForIdle;

  // Since the start. Nanoseconds in a long would only last for 292 years.
  private volatile Duration elapsed = Duration.ZERO;
  private int moves;

  // How long to wait for other threads, and since when it has; in real time.
  private long patience;
  private boolean waiting;
  private long waitingSince;

  private @Nullable String stuck; // why it was stopped

  VirtualTime(Scenario scenario) {
    Long seed = scenario.seed();
    seeded = seed == null ? null : new SeededQueue(seed);
    ready = seeded == null ? new ArrayDeque<>() : seeded;
    interrupter =
        new Interrupter(
            scenario.interruption(),
            (action, late) -> {
              if (late) {
                ready.addLast(action);
              } else {
                ready.addFirst(action);
              }
            });
    loop = new IOLoop(this);
    idle = new Condition(loop);
  }

  // The clock.

  /** Wraps around, as that of the machine may. */
  @Override
  public long nanoTime() {
    Duration now = elapsed;
    return now.getSeconds() * 1_000_000_000 + now.getNano();
  }

  @Override
  public Instant instant() {
    return START.plus(elapsed);
  }

  Duration elapsed() {
    return elapsed;
  }

  /** Nothing is ready. */
  @Override
  public void park(long untilNextTimer) {
    boolean noTimer = untilNextTimer == Long.MAX_VALUE;
    if (patience > 0 && (awaitsOtherThreads() || (noTimer && waitingForIdle == 0))) {
      if (!waiting) {
        waiting = true;
        waitingSince = System.nanoTime();
      }
      long left = patience - (System.nanoTime() - waitingSince);
      if (left > 0) {
        LockSupport.parkNanos(this, left);
        return;
      }
    }
    if (waitingForIdle > 0) {
      idle.signalAll();
    } else if (noTimer) {
      stop("nothing is ready, no timer is pending");
    } else if (++moves > MAX_MOVES) {
      stop("the time has moved " + MAX_MOVES + " times, to " + elapsed() + ", without an end");
    } else {
      advance(untilNextTimer);
    }
  }

  private void advance(long nanos) {
    elapsed = elapsed.plusNanos(nanos);
  }

  private void stop(String why) {
    stuck =
        why
            + (patience > 0
                ? ", and other threads have sent nothing for " + Duration.ofNanos(patience)
                : "");
    loop.stop();
    ready.add(() -> {}); // so that the loop looks whether it goes on
  }

  /** Why the loop was stopped, once. */
  @Nullable String takeStuck() {
    String why = stuck;
    stuck = null;
    return why;
  }

  /** In a coroutine: until nothing is ready. */
  void awaitIdle() {
    waitingForIdle++;
    try {
      Coroutines.await(idle.whenSignalled());
    } finally {
      waitingForIdle--;
    }
  }

  void waitForThreads(long nanos) {
    patience = nanos;
  }

  // The order.

  @Override
  public ArrayDeque<Runnable> readyQueue() {
    return ready;
  }

  // What the loop tells.

  @Override
  public void runs(Coroutine<?> coroutine) {
    waiting = false;
    super.runs(coroutine);
  }

  @Override
  public void suspends(
      Coroutine<?> coroutine, @Nullable CompletableFuture<?> awaited, boolean foreign) {
    super.suspends(coroutine, awaited, foreign);
    interrupter.suspends(coroutine);
    if (awaited == null && seeded != null) {
      seeded.nextIsPausing();
    }
  }

  @Override
  public void limited(long nanosLeft, Runnable expire) {
    long when = nanoTime() + nanosLeft;
    interrupter.limited(
        () -> {
          advance(Math.max(0, when - nanoTime()));
          expire.run();
        });
  }

  @Override
  public String toString() {
    return "virtual time " + elapsed();
  }
}
