package toro;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The lists of a loop that somebody waits in: closing the loop ends those waits. It holds them
 * weakly, but for the most recent ones, so a primitive that everybody has forgotten goes with those
 * who wait on it. Most lists are soon empty again: a weak reference for each would be the greater
 * part of what a short wait costs.
 */
final class WaitLists {
  /** How many are held strongly. */
  private static final int RECENT = 1024;

  // Invariant: a list is in one of these, once, iff it is registered; and it is if somebody waits.
  private final List<WaitList<?>> recent = new ArrayList<>();
  private final List<WeakReference<WaitList<?>>> older = new ArrayList<>();
  private int sweepAt = RECENT;

  /** Enters a list that is not registered. */
  void add(WaitList<?> list) {
    list.registered = true;
    recent.add(list);
    if (recent.size() == RECENT) {
      age();
    }
  }

  private void age() {
    for (WaitList<?> list : recent) {
      if (!drop(list)) {
        older.add(new WeakReference<>(list));
      }
    }
    recent.clear();
    if (older.size() >= sweepAt) {
      older.removeIf(reference -> drop(reference.get()));
      sweepAt = Math.max(RECENT, 2 * older.size());
    }
  }

  /** It need not be known any more, if nobody waits in it. */
  private static boolean drop(@Nullable WaitList<?> list) {
    if (list == null) {
      return true;
    }
    list.registered = list.size() > 0;
    return !list.registered;
  }

  /** Does something with each list, the oldest first. */
  void forEach(Consumer<WaitList<?>> action) {
    for (WeakReference<WaitList<?>> reference : older) {
      WaitList<?> list = reference.get();
      if (list != null) {
        action.accept(list);
      }
    }
    recent.forEach(action);
  }

  /** Ends every wait. */
  void failAll() {
    while (!recent.isEmpty() || !older.isEmpty()) {
      List<WaitList<?>> lists = new ArrayList<>(recent);
      older.forEach(reference -> lists.add(reference.get()));
      recent.clear();
      older.clear();
      lists.forEach(WaitLists::failAll);
    }
  }

  private static void failAll(@Nullable WaitList<?> list) {
    if (list != null) {
      list.registered = false;
      for (Waiter<?> waiter; (waiter = list.poll()) != null; ) {
        waiter.fail(waiter.loop.closed());
      }
    }
  }
}
