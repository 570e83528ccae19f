package toro.benchmarks.contenders;

import static java.util.concurrent.CompletableFuture.supplyAsync;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import toro.Coroutines;
import toro.IOLoop;

/** On the JDK's executor of one thread. */
public final class OnExecutor implements ToroHost {
  private ScheduledExecutorService executor = newExecutor();

  private static ScheduledExecutorService newExecutor() {
    return Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  }

  @Override
  public IOLoop newLoop() {
    executor = newExecutor();
    return IOLoop.on(executor);
  }

  @Override
  public int ask(int number) {
    return Coroutines.await(supplyAsync(() -> number, executor));
  }

  @Override
  public void end() {
    executor.shutdown();
  }
}
