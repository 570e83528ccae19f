package toro;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pending timeouts of a loop: a binary heap whose members know where they are, so that one is
 * removed in O(log n) and nothing of a cancelled one is kept.
 */
final class Timers {
  final IOLoop loop;
  // Invariant: heap[i].index == i, and no heap[i] is before its parent heap[(i - 1) / 2].
  private @Nullable Timeout[] heap = new Timeout[16];
  private int size;
  private long made;

  Timers(IOLoop loop) {
    this.loop = loop;
  }

  Timeout add(long nanosFromNow, Runnable callback) {
    Timeout timeout =
        new Timeout(this, loop.nanoTime() + Math.max(0, nanosFromNow), made++, callback);
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    siftUp(size++, timeout);
    if (timeout.index == 0) {
      loop.host.earliestTimerHasChanged();
    }
    return timeout;
  }

  /** The timer of a deadline. */
  Timeout limit(long nanosFromNow, Runnable onExpiry) {
    Timeout timeout = add(nanosFromNow, onExpiry);
    if (loop.probe != null) {
      loop.probe.limited(nanosFromNow, timeout::fire);
    }
    return timeout;
  }

  void remove(Timeout timeout) {
    int hole = timeout.index;
    if (hole < 0) {
      return;
    }
    timeout.index = -1;
    Timeout last = at(--size);
    heap[size] = null;
    if (last != timeout) {
      siftUp(hole, last);
      siftDown(last.index, last);
    }
  }

  /** Takes out those that are due, the earliest first. */
  void takeDue(Consumer<Timeout> to) {
    if (size == 0) {
      return;
    }
    long now = loop.look();
    while (size > 0 && at(0).when - now <= 0) {
      Timeout due = at(0);
      remove(due);
      to.accept(due);
    }
  }

  /** Nanoseconds until the next one is due; {@link Long#MAX_VALUE} if there is none. */
  long untilNext() {
    return size == 0 ? Long.MAX_VALUE : Math.max(0, at(0).when - loop.nanoTime());
  }

  int size() {
    return size;
  }

  void clear() {
    while (size > 0) {
      at(0).drop();
    }
  }

  private void siftUp(int index, Timeout timeout) {
    while (index > 0 && timeout.isBefore(at((index - 1) / 2))) {
      place(index, at((index - 1) / 2));
      index = (index - 1) / 2;
    }
    place(index, timeout);
  }

  private void siftDown(int index, Timeout timeout) {
    for (int child; (child = 2 * index + 1) < size; index = child) {
      if (child + 1 < size && at(child + 1).isBefore(at(child))) {
        child++;
      }
      if (!at(child).isBefore(timeout)) {
        break;
      }
      place(index, at(child));
    }
    place(index, timeout);
  }

  private void place(int index, Timeout timeout) {
    heap[index] = timeout;
    timeout.index = index;
  }

  @SuppressWarnings("NullAway") // below size there is no null
  private Timeout at(int index) {
    return heap[index];
  }
}
