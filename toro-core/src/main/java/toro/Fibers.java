package toro;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The live fibers of a loop: a doubly linked list whose links are in its members. */
final class Fibers {
  private @Nullable Fiber first;
  private int size;
  private int notBegun; // of these
  private long made;

  void add(Fiber fiber) {
    fiber.number = ++made;
    fiber.next = first;
    if (first != null) {
      first.previous = fiber;
    }
    first = fiber;
    size++;
    notBegun++;
  }

  /** One of them begins, or is removed before it did. */
  void begins() {
    notBegun--;
  }

  boolean haveNotAllBegun() {
    return notBegun > 0;
  }

  void remove(Fiber fiber) {
    if (fiber.previous != null) {
      fiber.previous.next = fiber.next;
    } else {
      first = fiber.next;
    }
    if (fiber.next != null) {
      fiber.next.previous = fiber.previous;
    }
    fiber.previous = null;
    fiber.next = null;
    size--;
  }

  boolean isEmpty() {
    return first == null;
  }

  int size() {
    return size;
  }

  /** Does something to each; what it does may add and remove fibers. */
  void forEach(Consumer<Fiber> action) {
    all().forEach(action);
  }

  /** The latest first. */
  List<Fiber> all() {
    List<Fiber> all = new ArrayList<>(size);
    for (Fiber fiber = first; fiber != null; fiber = fiber.next) {
      all.add(fiber);
    }
    return all;
  }

  boolean anyMatch(Predicate<Fiber> condition) {
    for (Fiber fiber = first; fiber != null; fiber = fiber.next) {
      if (condition.test(fiber)) {
        return true;
      }
    }
    return false;
  }
}
