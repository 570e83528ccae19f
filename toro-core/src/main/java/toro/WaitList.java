package toro;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The waiters of a primitive in the order they came: a doubly linked list whose links are in its
 * members, so that any of a million leaves as fast as any of two.
 *
 * <p>A primitive calls {@link #await} to let somebody wait, and {@link #poll} to grant the first
 * one: what it returns is out of the list, its timer is off, and nobody else can complete it any
 * more. Then the primitive puts its own state in order, and last completes the waiter; a callback
 * that runs then finds everything consistent.
 */
final class WaitList<W extends Waiter<?>> {
  private final IOLoop loop;
  private final Object owner;
  private final Grantor grantor;

  // Invariant: first == null iff last == null iff size == 0.
  private @Nullable Waiter<?> first;
  private @Nullable Waiter<?> last;
  private int size;
  private long tickets; // the last one
  boolean registered; // with the loop

  WaitList(IOLoop loop, Object owner) {
    this(loop, owner, () -> {});
  }

  /**
   * @param owner the primitive, for messages
   */
  WaitList(IOLoop loop, Object owner, Grantor grantor) {
    this.loop = requireNonNull(loop, "loop");
    this.owner = owner;
    this.grantor = grantor;
  }

  /** What a list must know of who grants its waiters. */
  interface Grantor {
    /** The holder of what nobody holds, or more than one. */
    long NOBODY = -1;

    /** The holder that is no coroutine. */
    long CALLBACK = 0;

    /** Called after a waiter has left that was not granted. */
    void departed();

    /** Will the waiters be granted though nobody does anything? */
    default boolean isTime() {
      return false;
    }

    /** The number of the coroutine that has all to itself what the others wait for. */
    default long holder() {
      return NOBODY;
    }

    /** When the holder got it: {@link IOLoop#seen}. */
    default long heldSince() {
      return 0;
    }

    /**
     * Describes the primitive for messages: like its {@code toString}, but without foreign code.
     */
    default String text(Object owner) {
      return Text.of(owner);
    }
  }

  /**
   * Puts a waiter at the end, until the deadline; with one that has passed it fails at once. This
   * is the one place where a wait begins.
   */
  <T> CompletableFuture<T> await(Waiter<T> waiter, Deadline deadline) {
    requireNonNull(deadline, "deadline");
    waiter.list = this;
    if (loop.isClosed() && waiter.claim()) {
      waiter.fail(loop.closed());
      return waiter;
    }
    if (!deadline.isNever()) {
      long nanos = deadline.nanosLeft();
      if (nanos <= 0) {
        String what = waiter.waitedFor(); // before the claim, as at a deadline
        if (waiter.claim()) {
          waiter.expired(what);
        }
        return waiter;
      }
      waiter.timer = loop.timers.limit(nanos, waiter);
    }
    link(waiter);
    if (loop.probe != null) {
      loop.probe.waits(owner, waiter, loop.currentCoroutine());
    }
    return waiter;
  }

  /** The first waiter that nobody has claimed, or null. */
  @Nullable W first() {
    while (first != null && first.isClaimed()) {
      first.leave(); // completed on another thread, and not yet gone
    }
    @SuppressWarnings("unchecked") // only W is put in
    W waiter = (W) first;
    return waiter;
  }

  boolean isEmpty() {
    return first() == null;
  }

  /** Takes out and claims the first waiter; null if there is none. */
  @Nullable W poll() {
    return poll(Long.MAX_VALUE);
  }

  /** Like {@link #poll()}, but only who came before the {@link #mark}. */
  @Nullable W poll(long mark) {
    for (W waiter; (waiter = first()) != null && waiter.ticket < mark; ) {
      waiter.leave();
      if (waiter.claim()) {
        return waiter;
      }
    }
    return null;
  }

  /** Takes out and claims all who wait. */
  List<W> pollAll() {
    List<W> all = new ArrayList<>(size);
    for (W waiter; (waiter = poll()) != null; ) {
      all.add(waiter);
    }
    return all;
  }

  /** Takes out and claims all that are meant, in their order. */
  List<W> pollAll(Predicate<? super W> isMeant) {
    List<W> taken = new ArrayList<>();
    for (Waiter<?> each = first; each != null; ) {
      @SuppressWarnings("unchecked") // only W is put in
      W waiter = (W) each;
      each = each.next;
      if (isMeant.test(waiter) && waiter.claim()) {
        waiter.leave();
        taken.add(waiter);
      }
    }
    return taken;
  }

  /** Separates those who wait now from those who come later. */
  long mark() {
    return tickets + 1;
  }

  /** How many wait; among them may be some who were completed on another thread. */
  int size() {
    return size;
  }

  /** How many wait that nobody has claimed; the others are gone when this returns. */
  int live() {
    Waiter<?> next;
    for (Waiter<?> waiter = first; waiter != null; waiter = next) {
      next = waiter.next;
      if (waiter.isClaimed()) {
        waiter.leave();
      }
    }
    return size;
  }

  Object owner() {
    return owner;
  }

  /** Describes the primitive for messages. */
  String text() {
    return grantor.text(owner);
  }

  /** The one who grants, as far as a list must know him. */
  Grantor grantor() {
    return grantor;
  }

  void departed() {
    if (!loop.isClosed()) { // else they fail, one after another
      grantor.departed();
    }
  }

  /** Does something with each waiter that nobody has claimed, in order. */
  void forEach(Consumer<Waiter<?>> action) {
    for (Waiter<?> waiter = first; waiter != null; waiter = waiter.next) {
      if (!waiter.isClaimed()) {
        action.accept(waiter);
      }
    }
  }

  private void link(Waiter<?> waiter) {
    waiter.inLine = true;
    waiter.ticket = tickets = Math.max(tickets + 1, loop.seen);
    waiter.previous = last;
    if (last == null) {
      first = waiter;
    } else {
      last.next = waiter;
    }
    last = waiter;
    size++;
    if (!registered) {
      loop.waitLists.add(this);
    }
  }

  void unlink(Waiter<?> waiter) {
    Waiter<?> previous = waiter.previous;
    Waiter<?> next = waiter.next;
    if (previous == null) {
      first = next;
    } else {
      previous.next = next;
    }
    if (next == null) {
      last = previous;
    } else {
      next.previous = previous;
    }
    waiter.inLine = false;
    waiter.previous = null;
    waiter.next = null;
    size--;
  }

  /** {@code " waiters[3]"}; nothing if nobody waits. */
  String count(String name) {
    return size == 0 ? "" : " " + name + "[" + size + "]";
  }
}
