package toro;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;

/**
 * A {@link Queue} that gives out the lowest item first, and equal ones in the order they were put
 * in. Semantics: Tornado's {@code PriorityQueue}; that equal ones keep their order is ours.
 *
 * @param <T> the type of the items; {@link Comparable} unless a comparator is given
 */
public final class PriorityQueue<T> extends Queue<T> {

  /**
   * A queue of the current loop that is never full, of items in their natural order.
   *
   * @throws IllegalStateException if there is no current loop
   */
  public PriorityQueue() {
    this(0);
  }

  /**
   * A queue of the current loop, of items in their natural order.
   *
   * @param maxSize how many items it holds; zero: any number
   * @throws IllegalArgumentException if {@code maxSize} is negative
   * @throws IllegalStateException if there is no current loop
   */
  public PriorityQueue(int maxSize) {
    this(IOLoop.current(), maxSize);
  }

  /**
   * A queue of the current loop.
   *
   * @param maxSize how many items it holds; zero: any number
   * @param order which item comes first; it is called as a callback and must not suspend
   * @throws IllegalArgumentException if {@code maxSize} is negative
   * @throws IllegalStateException if there is no current loop
   */
  public PriorityQueue(int maxSize, Comparator<? super T> order) {
    this(IOLoop.current(), maxSize, order);
  }

  /**
   * A queue that is never full, of items in their natural order.
   *
   * @param loop the loop on which it will be used; any thread may make it
   */
  public PriorityQueue(IOLoop loop) {
    this(loop, 0);
  }

  /**
   * A queue of items in their natural order.
   *
   * @param loop the loop on which it will be used; any thread may make it
   * @param maxSize how many items it holds; zero: any number
   * @throws IllegalArgumentException if {@code maxSize} is negative
   */
  public PriorityQueue(IOLoop loop, int maxSize) {
    this(loop, maxSize, naturalOrder());
  }

  /**
   * A queue.
   *
   * @param loop the loop on which it will be used; any thread may make it
   * @param maxSize how many items it holds; zero: any number
   * @param order which item comes first; it is called as a callback and must not suspend
   * @throws IllegalArgumentException if {@code maxSize} is negative
   */
  public PriorityQueue(IOLoop loop, int maxSize, Comparator<? super T> order) {
    super(loop, maxSize, new StableHeap<>(asCallback(loop, requireNonNull(order, "order"))));
  }

  private static <T> Comparator<T> asCallback(IOLoop loop, Comparator<? super T> order) {
    return (a, b) -> loop.asCallback(() -> order.compare(a, b));
  }

  @SuppressWarnings(
      "unchecked") // an item that is not Comparable fails when it is put in, as in java.util
  private static <T> Comparator<T> naturalOrder() {
    return (a, b) -> ((Comparable<T>) a).compareTo(b);
  }
}
