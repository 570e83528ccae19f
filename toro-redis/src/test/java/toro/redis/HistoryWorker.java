package toro.redis;

import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import toro.Coroutine;
import toro.Coroutines;
import toro.DeadlineExceededException;
import toro.IOLoop;

/** A process of a {@link History}: coroutines that take a lock, put items and process them. */
final class HistoryWorker {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private HistoryWorker() {}

  private static void say(long time, String what) {
    OUT.println(time + " " + what + " .");
  }

  public static void main(String[] arguments) {
    String name = arguments[2];
    String id = arguments[3];
    IOLoop.run(
        () -> {
          RedisNode node = null;
          while (node == null) {
            try {
              node =
                  await(
                      RedisNode.connect(
                          IOLoop.current(),
                          RedisNode.Options.of(arguments[0]).lease(Duration.parse(arguments[1]))));
            } catch (RedisUnavailableException cut) {
              sleep(Duration.ofMillis(50));
            }
          }
          RedisNode there = node;
          Coroutine<?> a = Coroutines.spawn(() -> lock(there.lock(name)));
          Coroutine<?> b = Coroutines.spawn(() -> lock(there.lock(name)));
          Coroutine<?> c = Coroutines.spawn(() -> put(there.queue(name, Codec.string()), id));
          Coroutine<?> d = Coroutines.spawn(() -> get(there.queue(name, Codec.string())));
          Coroutines.awaitAll(a, b, c, d);
        });
  }

  private static void lock(RedisLock lock) {
    var random = new Random();
    while (true) {
      try (RedisLease lease = await(lock.acquire(Duration.ofMillis(random.nextInt(2000))))) {
        long granted = System.nanoTime();
        if (lease.isLost()) {
          continue;
        }
        say(granted, "granted " + lease.token());
        for (int i = random.nextInt(10); i >= 0; i--) {
          // What is done at this moment is done under the lock.
          long looked = System.nanoTime();
          if (lease.isLost()) {
            break;
          }
          say(looked, "held " + lease.token());
          if (i % 2 == 0) {
            sleep(Duration.ofMillis(random.nextInt(30)));
          } else {
            pause();
          }
        }
      } catch (DeadlineExceededException late) {
        pause();
      }
    }
  }

  private static void put(RedisQueue<String> queue, String id) {
    for (int i = 0; ; i++) {
      String item = id + "-" + i;
      await(queue.put(item));
      say(System.nanoTime(), "put " + item);
      sleep(Duration.ofMillis(10));
    }
  }

  private static void get(RedisQueue<String> queue) {
    for (Delivery<String> delivery : queue) {
      try (delivery) {
        pause();
        say(System.nanoTime(), "done " + delivery.value()); // it is processed, and may be again
        await(delivery.done());
      }
    }
  }
}
