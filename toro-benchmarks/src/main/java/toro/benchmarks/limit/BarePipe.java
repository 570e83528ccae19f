package toro.benchmarks.limit;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Who waits leaves a {@link Slot} with an item to put, or for the item to get. */
public final class BarePipe<T> implements Pipe<T> {
  private final Loop loop;
  private final int capacity;
  private final ArrayDeque<T> items = new ArrayDeque<>();
  private final ArrayDeque<Slot<T>> getters = new ArrayDeque<>();
  private final ArrayDeque<Slot<T>> putters = new ArrayDeque<>();

  private static final class Slot<T> {
    final Loop.Fiber fiber;
    @Nullable T item;

    Slot(Loop.Fiber fiber, @Nullable T item) {
      this.fiber = fiber;
      this.item = item;
    }
  }

  /** A queue of a capacity; 0: unbounded. */
  public BarePipe(Loop loop, int capacity) {
    this.loop = loop;
    this.capacity = capacity == 0 ? Integer.MAX_VALUE : capacity;
  }

  @Override
  public void put(T item) {
    Slot<T> getter = getters.poll();
    if (getter != null) {
      getter.item = item;
      loop.wake(getter.fiber);
    } else if (items.size() < capacity) {
      items.add(item);
    } else {
      putters.add(new Slot<>(loop.current(), item));
      loop.suspend();
    }
  }

  @Override
  @SuppressWarnings("NullAway") // a slot that was woken has an item
  public T get() {
    T item = items.poll();
    if (item == null) {
      Slot<T> slot = new Slot<>(loop.current(), null);
      getters.add(slot);
      loop.suspend();
      return slot.item;
    }
    Slot<T> putter = putters.poll();
    if (putter != null) {
      items.add(putter.item);
      loop.wake(putter.fiber);
    }
    return item;
  }
}
