package toro;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Items that several readers read, each at its own pace: the mechanism under {@link Broadcast}. An
 * item is there once, from when it is added until the slowest reader has read it.
 *
 * <p>It is a linked list. The place of a reader is the node that it has read last, and a node
 * counts the readers whose place it is. So adding and reading cost the same for any number of
 * readers, and nobody has to be asked who is the slowest: it is at the oldest node. Readers at the
 * oldest node can be moved on, or be cut off, all at once: they find out when they read.
 */
final class Backlog<T> {

  private static final class Node<T> {
    final long number;
    @Nullable T item; // null when nobody will read it any more
    int readers;
    boolean cutOff; // were its readers?
    @Nullable Node<T> next; // null when it is the newest, and when nobody is here any more

    Node(long number, @Nullable T item) {
      this.number = number;
      this.item = item;
    }
  }

  // Invariant: the oldest has readers, unless it is the newest; and the counts from the oldest on
  // are those of all readers, where one that is behind the oldest counts as being there.
  private Node<T> oldest = new Node<>(0, null);
  private Node<T> newest = oldest;
  private int readers;

  /** How many items the slowest reader has not read. */
  int size() {
    return (int) (newest.number - oldest.number);
  }

  int readers() {
    return readers;
  }

  void add(T item) {
    Node<T> node = new Node<>(newest.number + 1, item);
    newest.next = node;
    newest = node;
    forgetRead();
  }

  /** Moves the slowest readers on by one item, which they miss. There must be one. */
  void skipOldest() {
    Node<T> gone = forgetOldest();
    oldest.readers += gone.readers;
    forgetRead();
  }

  /** Cuts the slowest readers off: there is nothing any more that they could read. */
  void cutOffSlowest() {
    Node<T> gone = forgetOldest();
    gone.cutOff = true;
    readers -= gone.readers;
    forgetRead();
  }

  private void forgetRead() {
    while (oldest.readers == 0 && oldest != newest) {
      forgetOldest();
    }
    oldest.item = null;
  }

  private Node<T> forgetOldest() {
    Node<T> gone = oldest;
    oldest = requireNonNull(gone.next);
    gone.next = null; // who is still there keeps alive nothing else
    gone.item = null;
    return gone;
  }

  /** One who reads all that is added from now on. */
  final class Reader {
    private Node<T> place = newest;
    private long missed;
    private boolean left;

    Reader() {
      place.readers++;
      readers++;
    }

    /** The next item, which counts as read then; null if there is none. */
    @Nullable T poll() {
      catchUp();
      Node<T> next = left ? null : place.next;
      if (next == null) {
        return null;
      }
      T item = next.item;
      place.readers--;
      next.readers++;
      place = next;
      forgetRead();
      return item;
    }

    /** Ends it: nothing is kept for it any more. */
    void leave() {
      if (!isCutOff()) {
        catchUp();
        place.readers--;
        readers--;
        forgetRead();
      }
      left = true;
    }

    /** Goes where it was moved to. */
    private void catchUp() {
      missed += behind();
      if (behind() > 0) {
        place = oldest;
      }
    }

    private long behind() {
      return left || isCutOff() ? 0 : Math.max(0, oldest.number - place.number);
    }

    boolean isCutOff() {
      return place.cutOff;
    }

    /** How many items there are for it to read. */
    int size() {
      return left || isCutOff() ? 0 : (int) (newest.number - place.number - behind());
    }

    /** How many items it was moved past. */
    long missed() {
      return missed + behind();
    }
  }
}
