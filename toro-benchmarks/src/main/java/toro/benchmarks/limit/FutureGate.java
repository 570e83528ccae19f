package toro.benchmarks.limit;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/** Each acquisition makes a future of the permits, which is awaited. */
public final class FutureGate implements Gate {
  private final Loop loop;
  private final ArrayDeque<Acquisition> waiting = new ArrayDeque<>();
  private int permits;

  private static final class Acquisition extends Wait<Integer> {
    final int count;

    Acquisition(int count) {
      this.count = count;
    }
  }

  /** A gate with so many permits. */
  public FutureGate(Loop loop, int permits) {
    this.loop = loop;
    this.permits = permits;
  }

  @Override
  public void acquire(int count) {
    Wait.await(loop, begin(count));
  }

  private CompletableFuture<Integer> begin(int count) {
    if (permits >= count && waiting.isEmpty()) {
      permits -= count;
      return CompletableFuture.completedFuture(count);
    }
    var acquisition = new Acquisition(count);
    waiting.add(acquisition);
    return acquisition;
  }

  @Override
  public void release(int count) {
    permits += count;
    for (Acquisition first;
        (first = waiting.peek()) != null && first.count <= permits;
        waiting.poll()) {
      permits -= first.count;
      first.grant(loop, first.count);
    }
  }
}
