package toro.examples;

import static toro.Coroutines.await;
import static toro.Coroutines.named;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.time.Duration;
import toro.IOLoop;
import toro.Lock;
import toro.Queue;
import toro.ThrowingRunnable;

/**
 * Two transfers that wait for each other, and the snapshot that shows it; on a clock of its own.
 */
public final class Deadlock {
  private Deadlock() {}

  /** Runs it. */
  public static void main(String[] args) {
    try (var loop = new IOLoop(new ManualClock())) {
      loop.runSync(Deadlock::hang);
    }
  }

  private static void hang() {
    // @start region="hang"
    var alice = named("alice", new Lock());
    var bob = named("bob", new Lock());
    var orders = named("orders", new Queue<String>());

    spawn("alice to bob", transfer(alice, bob));
    spawn("bob to alice", transfer(bob, alice));
    spawn("clerk", () -> await(orders.get(Duration.ofHours(1))));
    sleep(Duration.ofSeconds(2)); // by now they hang

    IO.println(IOLoop.current().snapshot());
    // @end
  }

  // @start region="transfer"
  static ThrowingRunnable transfer(Lock from, Lock to) {
    return () -> {
      try (var first = await(from.acquire())) {
        pause();
        try (var second = await(to.acquire())) {
          IO.println("transferred");
        }
      }
    };
  }
  // @end
}
