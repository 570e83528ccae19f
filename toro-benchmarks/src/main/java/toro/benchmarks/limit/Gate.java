package toro.benchmarks.limit;

import java.util.ArrayDeque;

/** A semaphore; of one permit, a lock. */
public final class Gate {
  private final Loop loop;
  private final ArrayDeque<Loop.Fiber> waiting = new ArrayDeque<>();
  private int permits;

  /** A gate with so many permits. */
  public Gate(Loop loop, int permits) {
    this.loop = loop;
    this.permits = permits;
  }

  /** Takes a permit; waits for one. */
  public void acquire() {
    if (permits > 0) {
      permits--;
    } else {
      waiting.add(loop.current());
      loop.suspend();
    }
  }

  /** Hands the permit to the first who waits. */
  public void release() {
    Loop.Fiber next = waiting.poll();
    if (next == null) {
      permits++;
    } else {
      loop.wake(next);
    }
  }
}
