package toro.benchmarks.contenders;

import static java.util.concurrent.CompletableFuture.supplyAsync;

import toro.Coroutines;
import toro.IOLoop;

/** No host: a loop runs in the thread that calls it. */
public final class OwnThread implements ToroHost {
  @Override
  public IOLoop newLoop() {
    return new IOLoop();
  }

  @Override
  public int ask(int number) {
    return Coroutines.await(supplyAsync(() -> number, IOLoop.current()));
  }

  @Override
  public void end() {}
}
