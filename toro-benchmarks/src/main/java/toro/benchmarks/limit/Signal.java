package toro.benchmarks.limit;

import org.jspecify.annotations.Nullable;

/** An event, and a result, for one who waits. */
public final class Signal<T> {
  private final Loop loop;
  private @Nullable T value;
  private Loop.@Nullable Fiber waiting;

  /** One that is not set. */
  public Signal(Loop loop) {
    this.loop = loop;
  }

  /** Sets it, and wakes who waits. */
  public void set(T value) {
    this.value = value;
    if (waiting != null) {
      loop.wake(waiting);
      waiting = null;
    }
  }

  /** As if it had not been set. */
  public void clear() {
    value = null;
  }

  /** Waits until it is set. */
  @SuppressWarnings("NullAway") // who was woken finds it set
  public T get() {
    if (value == null) {
      waiting = loop.current();
      loop.suspend();
    }
    return value;
  }
}
