package toro.benchmarks.contenders;

import toro.benchmarks.Contender;
import toro.benchmarks.Counter;
import toro.benchmarks.Share;
import toro.benchmarks.Work;
import toro.benchmarks.limit.Gate;
import toro.benchmarks.limit.Loop;
import toro.benchmarks.limit.Pipe;

/** What is written by hand on bare continuations, whatever its queues and locks are like. */
abstract class ByHand implements Contender {
  /** What is done on a loop. */
  interface Main {
    void run(Loop loop, Counter counter);
  }

  static Work onFreshLoop(Main main) {
    return () -> {
      var loop = new Loop();
      var counter = new Counter();
      main.run(loop, counter);
      loop.run();
      return counter.value;
    };
  }

  /** A queue. */
  abstract Pipe<Integer> pipe(Loop loop, int capacity);

  /** A semaphore, a lock or a read-write lock. */
  abstract Gate gate(Loop loop, int permits);

  @Override
  public Work queue(int pairs, int capacity, int items) {
    return onFreshLoop(
        (loop, sum) -> {
          var pipe = pipe(loop, capacity);
          for (Share share : Share.of(pairs, items)) {
            loop.spawn(
                () -> {
                  for (int item = share.from(); item < share.to(); item++) {
                    pipe.put(item);
                  }
                });
            loop.spawn(
                () -> {
                  for (int i = 0; i < share.size(); i++) {
                    int item = pipe.get();
                    sum.value += item;
                  }
                });
          }
        });
  }

  @Override
  public Work contendedLock(int coroutines, int operations) {
    return onFreshLoop(
        (loop, counter) -> {
          var lock = gate(loop, 1);
          for (Share share : Share.of(coroutines, operations)) {
            loop.spawn(
                () -> {
                  for (int i = 0; i < share.size(); i++) {
                    lock.acquire(1);
                    long seen = counter.value;
                    loop.pause();
                    counter.value = seen + 1;
                    lock.release(1);
                  }
                });
          }
        });
  }

  @Override
  public Work semaphore(int permits, int coroutines, int operations) {
    return onFreshLoop(
        (loop, counter) -> {
          var semaphore = gate(loop, permits);
          for (Share share : Share.of(coroutines, operations)) {
            loop.spawn(
                () -> {
                  for (int i = 0; i < share.size(); i++) {
                    semaphore.acquire(1);
                    loop.pause();
                    counter.value++;
                    semaphore.release(1);
                  }
                });
          }
        });
  }

  @Override
  public Work readWriteLock(int coroutines, int operations) {
    return onFreshLoop(
        (loop, counter) -> {
          var lock = gate(loop, coroutines);
          var writes = new Counter();
          for (Share share : Share.of(coroutines, operations)) {
            loop.spawn(
                () -> {
                  for (int i = share.from(); i < share.to(); i++) {
                    int permits = share.isWrite(i) ? coroutines : 1;
                    lock.acquire(permits);
                    long seen = writes.value;
                    loop.pause();
                    if (permits > 1) {
                      writes.value = seen + 1;
                      counter.value++;
                    } else {
                      counter.value += seen == writes.value ? 1 : 0;
                    }
                    lock.release(permits);
                  }
                });
          }
        });
  }
}
