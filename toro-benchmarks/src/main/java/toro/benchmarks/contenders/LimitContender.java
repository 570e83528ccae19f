package toro.benchmarks.contenders;

import toro.benchmarks.Contender;
import toro.benchmarks.Counter;
import toro.benchmarks.Share;
import toro.benchmarks.Work;
import toro.benchmarks.limit.Gate;
import toro.benchmarks.limit.Loop;
import toro.benchmarks.limit.Pipe;
import toro.benchmarks.limit.Signal;

/** The least that the work can cost on this JVM, written by hand. */
public final class LimitContender implements Contender {
  /** What is done on a loop. */
  private interface Main {
    void run(Loop loop, Counter counter);
  }

  private static Work onFreshLoop(Main main) {
    return () -> {
      var loop = new Loop();
      var counter = new Counter();
      main.run(loop, counter);
      loop.run();
      return counter.value;
    };
  }

  @Override
  public Work queue(int pairs, int capacity, int items) {
    return onFreshLoop(
        (loop, sum) -> {
          var pipe = new Pipe<Integer>(loop, capacity);
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
  public Work freeLock(int operations) {
    return onFreshLoop(
        (loop, counter) ->
            loop.spawn(
                () -> {
                  var lock = new Gate(loop, 1);
                  for (int i = 0; i < operations; i++) {
                    lock.acquire(1);
                    counter.value++;
                    lock.release(1);
                  }
                }));
  }

  @Override
  public Work contendedLock(int coroutines, int operations) {
    return onFreshLoop(
        (loop, counter) -> {
          var lock = new Gate(loop, 1);
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
          var semaphore = new Gate(loop, permits);
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
          var lock = new Gate(loop, coroutines);
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

  @Override
  public Work event(int operations) {
    return onFreshLoop(
        (loop, turns) -> {
          var ping = new Signal<Boolean>(loop);
          var pong = new Signal<Boolean>(loop);
          ping.set(true);
          for (Share share : Share.of(2, operations)) {
            var mine = share.who() == 0 ? ping : pong;
            var other = share.who() == 0 ? pong : ping;
            loop.spawn(
                () -> {
                  for (int i = 0; i < share.size(); i++) {
                    mine.get();
                    mine.clear();
                    turns.value++;
                    other.set(true);
                  }
                });
          }
        });
  }

  /** A value that is handed over, and where to reply to it. */
  private record Baton(int number, Signal<Baton> reply) {}

  @Override
  public Work handOver(int operations) {
    return onFreshLoop(
        (loop, counter) -> {
          var first = new Signal<Baton>(loop);
          var reply = new Signal<Baton>(loop);
          first.set(new Baton(1, reply));
          loop.spawn(() -> passOn(loop, first, operations, counter));
          loop.spawn(() -> passOn(loop, reply, operations, counter));
        });
  }

  private static void passOn(Loop loop, Signal<Baton> next, int operations, Counter counter) {
    Signal<Baton> awaited = next;
    Baton baton;
    do {
      baton = awaited.get();
      counter.value = Math.min(baton.number(), operations);
      awaited = new Signal<>(loop);
      baton.reply().set(new Baton(baton.number() + 1, awaited));
    } while (baton.number() < operations);
  }

  @Override
  public Work spawnAndJoin(int operations) {
    return onFreshLoop(
        (loop, counter) ->
            loop.spawn(
                () -> {
                  for (int i = 0; i < operations; i++) {
                    loop.spawn(() -> counter.value++).join();
                  }
                }));
  }

  @Override
  public Work pause(int operations) {
    return onFreshLoop(
        (loop, counter) -> {
          for (Share share : Share.of(2, operations)) {
            loop.spawn(
                () -> {
                  for (int i = 0; i < share.size(); i++) {
                    loop.pause();
                    counter.value++;
                  }
                });
          }
        });
  }

  @Override
  public Work parkedCoroutines(int count) {
    return new Work() {
      private Gate lock = new Gate(new Loop(), 0);

      @Override
      public void prepare() {
        lock = new Gate(new Loop(), 0);
      }

      @Override
      public long run() {
        var loop = new Loop();
        lock = new Gate(loop, 0);
        for (int i = 0; i < count; i++) {
          loop.spawn(() -> lock.acquire(1));
        }
        loop.run();
        return count;
      }
    };
  }
}
