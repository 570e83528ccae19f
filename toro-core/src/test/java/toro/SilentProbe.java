package toro;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import toro.spi.Probe;

/**
 * A clock that lets a test choose the order of what is ready; it makes nothing of what it hears.
 */
class SilentProbe implements Probe {
  private final LoopClock clock;
  private final ArrayDeque<Runnable> ready;

  SilentProbe(LoopClock clock, ArrayDeque<Runnable> ready) {
    this.clock = clock;
    this.ready = ready;
  }

  @Override
  public final ArrayDeque<Runnable> readyQueue() {
    return ready;
  }

  @Override
  public final long nanoTime() {
    return clock.nanoTime();
  }

  @Override
  public final Instant instant() {
    return clock.instant();
  }

  @Override
  public final void park(long untilNextTimer) {
    clock.park(untilNextTimer);
  }

  @Override
  public void spawned(Coroutine<?> coroutine) {}

  @Override
  public void runs(Coroutine<?> coroutine) {}

  @Override
  public void suspends(Coroutine<?> coroutine, CompletableFuture<?> awaited, boolean foreign) {}

  @Override
  public void waits(Object primitive, CompletableFuture<?> wait, Coroutine<?> by) {}

  @Override
  public void granted(
      Object primitive, Lease lease, int permits, CompletableFuture<?> wait, Coroutine<?> by) {}

  @Override
  public void released(Object primitive, Lease lease, int permits) {}

  @Override
  public void holders(Object primitive, BiConsumer<Coroutine<?>, Duration> to) {}

  @Override
  public void limited(long nanos, Runnable expire) {}

  @Override
  public void scheduled(Timeout timer) {}
}
