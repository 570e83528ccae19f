package toro.benchmarks.contenders;

import toro.benchmarks.Counter;
import toro.benchmarks.Share;
import toro.benchmarks.Work;
import toro.benchmarks.limit.BareGate;
import toro.benchmarks.limit.BarePipe;
import toro.benchmarks.limit.Gate;
import toro.benchmarks.limit.Loop;
import toro.benchmarks.limit.Pipe;
import toro.benchmarks.limit.Signal;

/** The least that the work can cost on this JVM. */
public final class LimitContender extends ByHand {
  @Override
  Pipe<Integer> pipe(Loop loop, int capacity) {
    return new BarePipe<>(loop, capacity);
  }

  @Override
  Gate gate(Loop loop, int permits) {
    return new BareGate(loop, permits);
  }

  @Override
  public Work freeLock(int operations) {
    return onFreshLoop(
        (loop, counter) ->
            loop.spawn(
                () -> {
                  var lock = new BareGate(loop, 1);
                  for (int i = 0; i < operations; i++) {
                    lock.acquire(1);
                    counter.value++;
                    lock.release(1);
                  }
                }));
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
      private Gate lock = new BareGate(new Loop(), 0);

      @Override
      public void prepare() {
        lock = new BareGate(new Loop(), 0);
      }

      @Override
      public long run() {
        var loop = new Loop();
        lock = new BareGate(loop, 0);
        for (int i = 0; i < count; i++) {
          loop.spawn(() -> lock.acquire(1));
        }
        loop.run();
        return count;
      }
    };
  }
}
