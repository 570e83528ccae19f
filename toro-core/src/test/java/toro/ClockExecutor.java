package toro;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A single-threaded scheduled executor on a clock of a test: the thread has {@link LoopClock#park}
 * pass the time when there is nothing to do.
 */
final class ClockExecutor extends AbstractExecutorService implements ScheduledExecutorService {
  private final LoopClock clock;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Scheduled> scheduled =
      new PriorityQueue<>(Comparator.comparingLong((Scheduled task) -> task.when));
  private final Thread thread;
  private volatile boolean shutdown;

  ClockExecutor(LoopClock clock) {
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("clock-executor").daemon().start(this::run);
  }

  boolean isItsThread() {
    return Thread.currentThread() == thread;
  }

  private void run() {
    while (!shutdown || !tasks.isEmpty()) {
      Runnable task = next();
      if (task != null) {
        task.run();
      } else if (!shutdown) {
        clock.park(untilNext());
      }
    }
  }

  private Runnable next() {
    Runnable task = tasks.poll();
    if (task != null) {
      return task;
    }
    synchronized (scheduled) {
      return untilNext() <= 0 ? scheduled.poll() : null;
    }
  }

  private long untilNext() {
    synchronized (scheduled) {
      scheduled.removeIf(FutureTask::isCancelled);
      return scheduled.isEmpty() ? Long.MAX_VALUE : scheduled.element().when - clock.nanoTime();
    }
  }

  @Override
  public void execute(Runnable task) {
    if (shutdown) {
      throw new RejectedExecutionException("shut down");
    }
    tasks.add(task);
    LockSupport.unpark(thread);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    if (shutdown) {
      throw new RejectedExecutionException("shut down");
    }
    var timer = new Scheduled(task, clock.nanoTime() + unit.toNanos(delay));
    synchronized (scheduled) {
      scheduled.add(timer);
    }
    LockSupport.unpark(thread);
    return timer;
  }

  private final class Scheduled extends FutureTask<Void> implements ScheduledFuture<Void> {
    private final long when;

    Scheduled(Runnable task, long when) {
      super(task, null);
      this.when = when;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(when - clock.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  @Override
  public void shutdown() {
    shutdown = true;
    LockSupport.unpark(thread);
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown();
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown && !thread.isAlive();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return thread.join(java.time.Duration.of(timeout, unit.toChronoUnit()));
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException("a loop has no use for it");
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable task, long initialDelay, long period, TimeUnit unit) {
    throw new UnsupportedOperationException("a loop has no use for it");
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable task, long initialDelay, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException("a loop has no use for it");
  }
}
