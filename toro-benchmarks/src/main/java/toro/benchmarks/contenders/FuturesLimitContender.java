package toro.benchmarks.contenders;

import toro.benchmarks.limit.FutureGate;
import toro.benchmarks.limit.FuturePipe;
import toro.benchmarks.limit.Gate;
import toro.benchmarks.limit.Loop;
import toro.benchmarks.limit.Pipe;

/** The least that it can cost where each operation returns a {@code CompletableFuture}. */
public final class FuturesLimitContender extends ByHand {
  @Override
  Pipe<Integer> pipe(Loop loop, int capacity) {
    return new FuturePipe<>(loop, capacity);
  }

  @Override
  Gate gate(Loop loop, int permits) {
    return new FutureGate(loop, permits);
  }
}
