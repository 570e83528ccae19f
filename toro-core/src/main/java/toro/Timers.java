package toro;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pending timeouts of a loop. A program has a few durations that it uses again and again, so
 * its timeouts come in a few runs, where each is due after the one before: a run is a list, to
 * which one is added and from which one is taken in O(1). A binary heap orders the runs by their
 * first. Whatever comes, nothing costs more than O(log n), and nothing of a cancelled one is kept.
 */
final class Timers {
  /** How many runs may still grow. */
  private static final int GROWING = 4;

  final IOLoop loop;
  // Invariant: a timeout is in the heap iff it is the first of its run; then heap[i].index == i,
  // and it is not before its parent heap[(i - 1) / 2].
  private @Nullable Timeout[] heap = new Timeout[16];
  private int runs;
  private int size;
  private long made;

  // The last ones of the runs that may still grow; null where there is no such run.
  private final @Nullable Timeout[] tails = new Timeout[GROWING];
  private int oldest; // of them, if all are there: that one grows no more when another run begins

  Timers(IOLoop loop) {
    this.loop = loop;
  }

  Timeout add(long nanosFromNow, Runnable callback) {
    Timeout timeout =
        new Timeout(this, loop.nanoTime() + Math.max(0, nanosFromNow), made++, callback);
    size++;
    int run = bestRun(timeout);
    Timeout tail = tails[run];
    tails[run] = timeout;
    if (tail != null && tail.isBefore(timeout)) {
      tail.next = timeout;
      timeout.previous = tail;
    } else {
      begin(timeout);
    }
    return timeout;
  }

  /** The run whose last one is the latest before it; else where another may begin. */
  private int bestRun(Timeout timeout) {
    int best = -1;
    int free = -1;
    Timeout latest = null;
    for (int i = 0; i < GROWING; i++) {
      Timeout tail = tails[i];
      if (tail == null) {
        free = i;
      } else if (tail.isBefore(timeout) && (latest == null || latest.isBefore(tail))) {
        best = i;
        latest = tail;
      }
    }
    if (best >= 0) {
      return best;
    }
    if (free >= 0) {
      return free;
    }
    oldest = (oldest + 1) % GROWING;
    return oldest;
  }

  private void begin(Timeout first) {
    if (runs == heap.length) {
      heap = Arrays.copyOf(heap, 2 * runs);
    }
    siftUp(runs++, first);
    if (first.index == 0) {
      loop.host.earliestTimerHasChanged();
    }
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
    Timeout previous = timeout.previous;
    Timeout next = timeout.next;
    if (previous == null && timeout.index < 0) {
      return;
    }
    size--;
    timeout.previous = null;
    timeout.next = null;
    if (next != null) {
      next.previous = previous;
    } else {
      endsWith(timeout, previous);
    }
    if (previous != null) {
      previous.next = next;
    } else {
      replace(timeout, next);
    }
  }

  /** The last of a run leaves it. */
  private void endsWith(Timeout last, @Nullable Timeout previous) {
    for (int i = 0; i < GROWING; i++) {
      if (tails[i] == last) {
        tails[i] = previous;
      }
    }
  }

  /** The first of a run leaves it, and the next one, if there is one, is the first now. */
  private void replace(Timeout first, @Nullable Timeout next) {
    int hole = first.index;
    first.index = -1;
    if (next != null) {
      siftDown(hole, next);
      return;
    }
    Timeout moved = at(--runs);
    heap[runs] = null;
    if (moved != first) {
      siftUp(hole, moved);
      siftDown(moved.index, moved);
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

  /** When the next one is due, on the loop's clock. There must be one. */
  long next() {
    return at(0).when;
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
    for (int child; (child = 2 * index + 1) < runs; index = child) {
      if (child + 1 < runs && at(child + 1).isBefore(at(child))) {
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

  @SuppressWarnings("NullAway") // below runs there is no null
  private Timeout at(int index) {
    return heap[index];
  }
}
