package toro.benchmarks.limit;

import java.util.ArrayDeque;

/** Who waits stands in line as a fiber. */
public final class BareGate implements Gate {
  private final Loop loop;
  private final ArrayDeque<Loop.Fiber> waiting = new ArrayDeque<>();
  private int permits;

  /** A gate with so many permits. */
  public BareGate(Loop loop, int permits) {
    this.loop = loop;
    this.permits = permits;
  }

  @Override
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

  @Override
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
