package toro.benchmarks.contenders;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import toro.benchmarks.Share;

/** Runs things in virtual threads, one each. */
final class VirtualThreads {
  private VirtualThreads() {}

  /** What one of several does; returns its part of the sum. */
  interface Body {
    long run(Share share) throws Exception;
  }

  /** Lets a thread do each share; returns the sum. */
  static long share(int sharers, int operations, Body body) throws Exception {
    List<Callable<Long>> tasks = new ArrayList<>();
    for (Share share : Share.of(sharers, operations)) {
      tasks.add(() -> body.run(share));
    }
    return sum(tasks);
  }

  /** Runs each task in a thread; returns the sum of what they return. */
  static long sum(List<Callable<Long>> tasks) throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      long sum = 0;
      for (Future<Long> future : executor.invokeAll(tasks)) {
        sum += future.get();
      }
      return sum;
    }
  }
}
