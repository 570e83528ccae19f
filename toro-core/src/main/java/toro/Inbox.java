package toro;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What other threads hand over to a loop. They push it on a stack, in one atomic step; the loop
 * takes the whole stack, in another, and turns it round: first come, first served.
 */
final class Inbox {
  private static final VarHandle TOP;
  private static final VarHandle TASK;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      TOP = lookup.findVarHandle(Inbox.class, "top", Item.class);
      TASK = lookup.findVarHandle(Item.class, "task", Runnable.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile @Nullable Item top; // the last that came
  private @Nullable Item first; // of those that the loop has turned round; on the loop

  /** Something that was handed over. */
  static final class Item {
    @SuppressWarnings("unused") // by TASK
    private volatile @Nullable Runnable task; // until somebody takes it

    private @Nullable Item next; // who came before it; who came after it when turned round

    Item(Runnable task) {
      this.task = task;
    }

    /** Takes it, on any thread; null if somebody was faster. */
    @Nullable Runnable take() {
      return (Runnable) TASK.getAndSet(this, null);
    }
  }

  /** Hands something over; any thread may do that, and take it back. */
  Item add(Runnable task) {
    Item item = new Item(task);
    do {
      item.next = top;
    } while (!TOP.weakCompareAndSet(this, item.next, item));
    return item;
  }

  /** Is there nothing to take? On the loop. */
  boolean isEmpty() {
    return first == null && top == null;
  }

  /** Takes what came first; null if there is nothing. On the loop. */
  @Nullable Runnable poll() {
    while (!isEmpty()) {
      Item item = first == null ? turnRound() : first;
      first = item.next;
      item.next = null; // else the garbage would be one long chain
      Runnable task = item.take();
      if (task != null) {
        return task;
      }
    }
    return null;
  }

  private Item turnRound() {
    Item item = (Item) TOP.getAndSet(this, null);
    Item turned = null;
    while (item.next != null) {
      Item before = item.next;
      item.next = turned;
      turned = item;
      item = before;
    }
    item.next = turned;
    return item;
  }
}
