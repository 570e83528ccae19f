package toro;

import static java.util.Objects.requireNonNull;

import java.util.AbstractQueue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A heap in which equal items keep their order. It iterates in the order in which it gives the
 * items out.
 *
 * <p>The comparator is asked before anything moves, so one that throws changes nothing; {@code
 * java.util.PriorityQueue} then loses items.
 */
final class StableHeap<T> extends AbstractQueue<T> {
  private final Comparator<? super T> order;
  // Invariant: no heap[i] is before its parent heap[(i - 1) / 2].
  private final List<Entry<T>> heap = new ArrayList<>();
  private long added;

  private record Entry<T>(T item, long number) {}

  StableHeap(Comparator<? super T> order) {
    this.order = requireNonNull(order, "order");
  }

  @Override
  @SuppressWarnings("CheckReturnValue")
  public boolean offer(T item) {
    if (heap.isEmpty()) {
      order.compare(
          item,
          item); // refuses what cannot be compared even when there is nothing to compare it with
    }
    Entry<T> entry = new Entry<>(item, added);
    int place = heap.size();
    while (place > 0 && compare(entry, heap.get(parent(place))) < 0) {
      place = parent(place);
    }
    added++;
    heap.add(entry);
    for (int i = heap.size() - 1; i > place; i = parent(i)) {
      heap.set(i, heap.get(parent(i)));
    }
    heap.set(place, entry);
    return true;
  }

  @Override
  public @Nullable T poll() {
    if (heap.isEmpty()) {
      return null;
    }
    int size = heap.size() - 1;
    Entry<T> moved = heap.get(size);
    int place = 0; // of the last one, when the first is out
    for (int child; (child = lowerChild(place, size)) < size; place = child) {
      if (compare(moved, heap.get(child)) <= 0) {
        break;
      }
    }
    heap.remove(size);
    if (size > 0) {
      for (int i = place; i > 0; i = parent(i)) {
        moved = heap.set(i, moved);
      }
      moved = heap.set(0, moved);
    }
    return moved.item();
  }

  /** The child that comes first; {@code size} or more if there is none. */
  private int lowerChild(int index, int size) {
    int left = 2 * index + 1;
    return left + 1 < size && compare(heap.get(left + 1), heap.get(left)) < 0 ? left + 1 : left;
  }

  private static int parent(int index) {
    return (index - 1) / 2;
  }

  private int compare(Entry<T> a, Entry<T> b) {
    int items = order.compare(a.item(), b.item());
    return items != 0 ? items : Long.compare(a.number(), b.number());
  }

  @Override
  public @Nullable T peek() {
    return heap.isEmpty() ? null : heap.getFirst().item();
  }

  /** Without the comparator, which may throw. */
  @Override
  public void clear() {
    heap.clear();
  }

  /**
   * Its first {@code k} steps cost {@code k * log(k)}, however many items follow; the first one
   * asks the comparator nothing.
   */
  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      // The places of items that are still to come, and whose parents are not, but for the children
      // of the last one.
      private final java.util.Queue<Integer> places =
          new java.util.PriorityQueue<>((a, b) -> compare(heap.get(a), heap.get(b)));
      private int given;
      private int last; // the place of the item that was given out last

      @Override
      public boolean hasNext() {
        return given < heap.size();
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        if (given++ > 0) {
          addIfThere(2 * last + 1);
          addIfThere(2 * last + 2);
          last = places.remove();
        }
        return heap.get(last).item();
      }

      private void addIfThere(int place) {
        if (place < heap.size()) {
          places.add(place);
        }
      }
    };
  }

  @Override
  public int size() {
    return heap.size();
  }
}
