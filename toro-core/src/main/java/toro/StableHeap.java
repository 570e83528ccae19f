package toro;

import static java.util.Objects.requireNonNull;

import java.util.AbstractQueue;
import java.util.Comparator;
import java.util.Iterator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A heap in which equal items keep their order. It iterates in the order in which it gives the
 * items out.
 */
final class StableHeap<T> extends AbstractQueue<T> {
  private final Comparator<? super T> order;
  private final PriorityQueue<Entry<T>> heap;
  private long added;

  private record Entry<T>(T item, long number) {}

  StableHeap(Comparator<? super T> order) {
    this.order = requireNonNull(order, "order");
    this.heap =
        new PriorityQueue<>(
            Comparator.<Entry<T>, T>comparing(Entry::item, order).thenComparingLong(Entry::number));
  }

  @Override
  @SuppressWarnings("CheckReturnValue")
  public boolean offer(T item) {
    if (heap.isEmpty()) {
      order.compare(
          item,
          item); // refuses what cannot be compared even when there is nothing to compare it with
    }
    return heap.offer(new Entry<>(item, added++));
  }

  @Override
  public @Nullable T poll() {
    Entry<T> entry = heap.poll();
    return entry == null ? null : entry.item();
  }

  @Override
  public @Nullable T peek() {
    Entry<T> entry = heap.peek();
    return entry == null ? null : entry.item();
  }

  @Override
  public Iterator<T> iterator() {
    return heap.stream().sorted(heap.comparator()).map(Entry::item).iterator();
  }

  @Override
  public int size() {
    return heap.size();
  }
}
