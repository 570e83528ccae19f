package toro.benchmarks.limit;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Each operation makes a future, which is awaited. */
public final class FuturePipe<T> implements Pipe<T> {
  private final Loop loop;
  private final int capacity;
  private final ArrayDeque<T> items = new ArrayDeque<>();
  private final ArrayDeque<Wait<T>> getters = new ArrayDeque<>();
  private final ArrayDeque<Putter<T>> putters = new ArrayDeque<>();

  private static final class Putter<T> extends Wait<@Nullable Void> {
    final T item;

    Putter(T item) {
      this.item = item;
    }
  }

  /** A queue of a capacity; 0: unbounded. */
  public FuturePipe(Loop loop, int capacity) {
    this.loop = loop;
    this.capacity = capacity == 0 ? Integer.MAX_VALUE : capacity;
  }

  @Override
  public void put(T item) {
    Wait.await(loop, begin(item));
  }

  @Override
  public T get() {
    return Wait.await(loop, begin());
  }

  private CompletableFuture<@Nullable Void> begin(T item) {
    Wait<T> getter = getters.poll();
    if (getter != null) {
      getter.grant(loop, item);
    } else if (items.size() < capacity) {
      items.add(item);
    } else {
      var putter = new Putter<>(item);
      putters.add(putter);
      return putter;
    }
    return CompletableFuture.completedFuture(null);
  }

  private CompletableFuture<T> begin() {
    T item = items.poll();
    if (item == null) {
      var getter = new Wait<T>();
      getters.add(getter);
      return getter;
    }
    Putter<T> putter = putters.poll();
    if (putter != null) {
      items.add(putter.item);
      putter.grant(loop, null);
    }
    return CompletableFuture.completedFuture(item);
  }
}
