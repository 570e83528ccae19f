package toro.spi;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import toro.Coroutine;
import toro.Lease;
import toro.LoopClock;
import toro.Timeout;

/**
 * A clock that is more than one: a loop that is made with it takes its ready queue from it, and
 * tells it what happens. All calls come from the thread that is on the loop, and must return soon.
 */
public interface Probe extends LoopClock {

  /**
   * What is ready, in an order of the probe's. The loop adds at the end and polls; what it adds at
   * the beginning must be polled next.
   *
   * @return an empty queue
   */
  ArrayDeque<Runnable> readyQueue();

  /**
   * A coroutine is there: it was spawned, in this call if that was done on the loop.
   *
   * @param coroutine which
   */
  void spawned(Coroutine<?> coroutine);

  /**
   * A coroutine begins or goes on.
   *
   * @param coroutine which
   */
  void runs(Coroutine<?> coroutine);

  /**
   * A coroutine is about to suspend; called on its own stack.
   *
   * @param coroutine which
   * @param awaited what it awaits; null if it pauses, and then it is what is added next to the
   *     ready queue
   * @param foreign will another thread, as far as the loop knows, complete what it awaits?
   */
  void suspends(Coroutine<?> coroutine, @Nullable CompletableFuture<?> awaited, boolean foreign);

  /**
   * A wait begins.
   *
   * @param primitive where it stands in line
   * @param wait what the wait-method returns
   * @param by the coroutine that called it; null in a callback
   */
  void waits(Object primitive, CompletableFuture<?> wait, @Nullable Coroutine<?> by);

  /**
   * A lease is granted.
   *
   * @param primitive by whom
   * @param lease what is granted
   * @param permits how many permits that are
   * @param wait the wait that it ends; null if there was none to
   * @param by the coroutine in whose turn that happens; null in a callback
   */
  void granted(
      Object primitive,
      Lease lease,
      int permits,
      @Nullable CompletableFuture<?> wait,
      @Nullable Coroutine<?> by);

  /**
   * What was acquired is given back.
   *
   * @param primitive to whom
   * @param lease the lease that was closed; null if it was released without one
   * @param permits how many permits that are
   */
  void released(Object primitive, @Nullable Lease lease, int permits);

  /**
   * Who holds a primitive, for {@link toro.IOLoop#snapshot()}.
   *
   * @param primitive which
   * @param to is given each coroutine that does, or null for a callback, and for how long it has
   */
  void holders(Object primitive, BiConsumer<@Nullable Coroutine<?>, Duration> to);

  /**
   * A wait or a block of code has so much time.
   *
   * @param nanos how much
   * @param expire ends that time, if nothing else has; must be called on the loop
   */
  void limited(long nanos, Runnable expire);

  /**
   * A callback was asked for at a later time.
   *
   * @param timer is pending until then
   */
  void scheduled(Timeout timer);
}
