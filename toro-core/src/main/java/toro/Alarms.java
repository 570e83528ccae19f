package toro;

import java.util.ArrayDeque;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks by which an executor wakes a loop when a timer is due.
 *
 * <p>An executor may keep a cancelled task until its time comes, so an alarm is never cancelled
 * while the loop is open. An alarm for an earlier timer is set on top of the alarms that are there,
 * and those are used later. There are never more than {@link #EXACT} and some sixty alarms, however
 * many timers come and go.
 */
final class Alarms {
  /**
   * How many alarms are set for the very time of a timer. Above them an alarm takes at most half as
   * long as the one below it, so their number is at most the logarithm of the longest time. Such an
   * alarm may ring before its timer is due; the loop then sets another one.
   */
  static final int EXACT = 8;

  private final LoopClock clock;
  private final ScheduledExecutorService executor;
  private final Consumer<Alarm> onRing;

  // Invariant: each alarm rings before the ones below it.
  private final ArrayDeque<Alarm> set = new ArrayDeque<>();

  /**
   * @param onRing is given the alarm, on the executor; it must call {@link #hasRung} on the loop
   */
  Alarms(LoopClock clock, ScheduledExecutorService executor, Consumer<Alarm> onRing) {
    this.clock = clock;
    this.executor = executor;
    this.onRing = onRing;
  }

  /** One task of the executor. */
  final class Alarm implements Runnable {
    private final long at;
    private @Nullable Future<?> task;

    Alarm(long at) {
      this.at = at;
    }

    @Override
    public void run() {
      onRing.accept(this);
    }
  }

  /**
   * Makes sure that an alarm rings at a time of the clock or before.
   *
   * @throws RejectedExecutionException if the executor refuses to schedule it
   */
  void ringBy(long when) {
    Alarm first = set.peek();
    if (first != null && first.at - when <= 0) {
      return;
    }
    long now = clock.nanoTime();
    boolean isExact = first == null || set.size() < EXACT;
    long half = isExact ? when : now + Math.max(0, first.at - now) / 2;
    Alarm alarm = new Alarm(when - half <= 0 ? when : half);
    alarm.task = executor.schedule(alarm, Math.max(0, alarm.at - now), TimeUnit.NANOSECONDS);
    set.push(alarm);
    assert first == null || alarm.at - first.at < 0;
  }

  /** Forgets an alarm that has rung. */
  void hasRung(Alarm alarm) {
    set.remove(alarm);
  }

  /** Takes all alarms out of the executor. */
  void clear() {
    for (Alarm alarm; (alarm = set.poll()) != null; ) {
      Future<?> task = alarm.task;
      if (task != null) {
        remove(task);
      }
    }
  }

  private void remove(Future<?> task) {
    try {
      task.cancel(false);
    } catch (RejectedExecutionException hasShutDown) {
      return; // Netty hands the removal over, but has dropped all tasks by then
    }
    if (executor instanceof ThreadPoolExecutor pool && task instanceof Runnable queued) {
      pool.remove(queued); // else it stays until its time comes
    }
  }

  @Override
  public String toString() {
    return "Alarms[" + set.size() + "]";
  }
}
