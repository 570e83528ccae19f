package toro.benchmarks.limit;

import java.util.ArrayDeque;

/** A semaphore; of one permit, a lock; a read-write lock if a writer takes all. */
public final class Gate {
  private final Loop loop;
  private final ArrayDeque<Loop.Fiber> waiting = new ArrayDeque<>();
  private int permits;

  /** A gate with so many permits. */
  public Gate(Loop loop, int permits) {
    this.loop = loop;
    this.permits = permits;
  }

  /** Takes so many permits; waits for them. */
  public void acquire(int count) {
    if (permits >= count && waiting.isEmpty()) {
      permits -= count;
    } else {
      Loop.Fiber fiber = loop.current();
      fiber.wanted = count;
      waiting.add(fiber);
      loop.suspend();
    }
  }

  /** Gives them back, and hands them to the first who wait. */
  public void release(int count) {
    permits += count;
    for (Loop.Fiber first;
        (first = waiting.peek()) != null && first.wanted <= permits;
        waiting.poll()) {
      permits -= first.wanted;
      loop.wake(first);
    }
  }
}
