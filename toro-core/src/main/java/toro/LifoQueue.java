package toro;

import java.util.ArrayDeque;
import java.util.Collections;

/**
 * A {@link Queue} that gives out first what was put in last. Semantics: Tornado's {@code
 * LifoQueue}.
 *
 * @param <T> the type of the items
 */
public final class LifoQueue<T> extends Queue<T> {

  /**
   * A queue of the current loop that is never full.
   *
   * @throws IllegalStateException if there is no current loop
   */
  public LifoQueue() {
    this(0);
  }

  /**
   * A queue of the current loop.
   *
   * @param maxSize how many items it holds; zero: any number
   * @throws IllegalArgumentException if {@code maxSize} is negative
   * @throws IllegalStateException if there is no current loop
   */
  public LifoQueue(int maxSize) {
    this(IOLoop.current(), maxSize);
  }

  /**
   * A queue that is never full.
   *
   * @param loop the loop on which it will be used; any thread may make it
   */
  public LifoQueue(IOLoop loop) {
    this(loop, 0);
  }

  /**
   * A queue.
   *
   * @param loop the loop on which it will be used; any thread may make it
   * @param maxSize how many items it holds; zero: any number
   * @throws IllegalArgumentException if {@code maxSize} is negative
   */
  public LifoQueue(IOLoop loop, int maxSize) {
    super(loop, maxSize, Collections.asLifoQueue(new ArrayDeque<>()));
  }
}
