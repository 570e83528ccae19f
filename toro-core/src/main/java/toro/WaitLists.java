package toro;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * The lists of a loop that somebody waits in: closing the loop ends those waits. It holds them
 * weakly, so a primitive that everybody has forgotten goes with those who wait on it.
 */
final class WaitLists {
  private final ReferenceQueue<WaitList<?>> forgotten = new ReferenceQueue<>();
  private @Nullable Entry first;

  /** Where a list is in the register. */
  static final class Entry extends WeakReference<WaitList<?>> {
    private @Nullable Entry previous;
    private @Nullable Entry next;

    private Entry(WaitList<?> list, ReferenceQueue<WaitList<?>> forgotten) {
      super(list, forgotten);
    }
  }

  Entry entry(WaitList<?> list) {
    for (Reference<?> entry; (entry = forgotten.poll()) != null; ) {
      remove((Entry) entry);
    }
    return new Entry(list, forgotten);
  }

  void add(Entry entry) {
    entry.next = first;
    if (first != null) {
      first.previous = entry;
    }
    first = entry;
  }

  void remove(Entry entry) {
    if (entry.previous != null) {
      entry.previous.next = entry.next;
    } else if (first == entry) {
      first = entry.next;
    }
    if (entry.next != null) {
      entry.next.previous = entry.previous;
    }
    entry.previous = null;
    entry.next = null;
  }

  /** Ends every wait. */
  void failAll() {
    while (first != null) {
      WaitList<?> list = first.get();
      if (list == null) {
        remove(first);
      } else {
        for (Waiter<?> waiter; (waiter = list.poll()) != null; ) {
          waiter.fail(IOLoop.closed());
        }
      }
    }
  }
}
