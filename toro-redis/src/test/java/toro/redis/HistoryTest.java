package toro.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.redis.Nodes.*;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Several processes use a lock and a queue while they are killed and stopped, their connections
 * cut, the scripts flushed and the server restarted, at random from a seed. {@link History} says
 * what of it cannot be.
 *
 * <p>Longer, and with a seed: {@code -Dtoro.redis.minutes=10 -Dtoro.redis.seed=1}.
 */
@Tag("once")
class HistoryTest {
  private static final int PROCESSES = 3;
  private static final Duration LEASE = Duration.ofMillis(500);

  private final Random random =
      new Random(Long.getLong("toro.redis.seed", System.nanoTime() & 0xffff));
  private final History history = new History();
  private final List<Worker> workers = new ArrayList<>();
  private final String name = name("history");
  private int started;

  /** A process that works, with a thread that reads what it says. */
  private final class Worker {
    final Process process;
    final Proxy proxy;
    final Thread reader;

    Worker(int port) throws IOException {
      proxy = new Proxy(port);
      String id = "w" + started++;
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-Xmx128m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  HistoryWorker.class.getName(),
                  proxy.uri(),
                  LEASE.toString(),
                  name,
                  id)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      reader =
          new Thread(
              () -> {
                try (var lines =
                    new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                  for (String line; (line = lines.readLine()) != null; ) {
                    if (line.endsWith(".")) { // a whole one: the process may be killed in it
                      synchronized (history) {
                        history.add(id, line.substring(0, line.length() - 2));
                      }
                    }
                  }
                } catch (IOException killed) {
                  // what it said is what counts
                }
              });
      reader.start();
    }

    void signal(String signal) throws Exception {
      new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor();
    }

    void end() throws Exception {
      signal("CONT");
      process.destroyForcibly();
      process.waitFor(20, TimeUnit.SECONDS);
      reader.join(20_000);
      proxy.close();
    }
  }

  @Test
  void noTwoHoldsOverlapAndNoItemVanishesWhateverHappens() throws Exception {
    long nanos =
        Integer.getInteger("toro.redis.minutes", 0) == 0
            ? Duration.ofSeconds(12).toNanos()
            : Duration.ofMinutes(Integer.getInteger("toro.redis.minutes")).toNanos();
    int faults = 0;
    try (TestServer server = new TestServer("--appendonly", "yes", "--appendfsync", "always")) {
      for (int i = 0; i < PROCESSES; i++) {
        workers.add(new Worker(server.port()));
      }
      try {
        while (lines() < 50) { // they have started
          Thread.sleep(10);
        }
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
          fault(server);
          faults++;
          Thread.sleep(random.nextInt(400));
        }
      } finally {
        for (Worker worker : workers) {
          worker.end();
        }
      }
      Set<String> left = left(server);
      synchronized (history) {
        System.out.printf(
            "%d faults, %d grants, %d items done, %d left%n",
            faults, history.grants(), history.items(), left.size());
        assertThat(history.grants()).isGreaterThan(20);
        assertThat(history.items()).isGreaterThan(20);
        assertThat(history.violations(left)).isEmpty();
      }
    }
  }

  private int lines() {
    synchronized (history) {
      return history.lines();
    }
  }

  private void fault(TestServer server) throws Exception {
    int which = random.nextInt(PROCESSES);
    Worker worker = workers.get(which);
    switch (random.nextInt(8)) {
      case 0 -> {
        worker.end();
        workers.set(which, new Worker(server.port()));
      }
      case 1 -> {
        worker.signal("STOP");
        Thread.sleep(random.nextInt(2 * (int) LEASE.toMillis()));
        worker.signal("CONT");
      }
      case 2, 3 -> worker.proxy.breakAll();
      case 4 -> {
        worker.proxy.cut();
        Thread.sleep(random.nextInt(2 * (int) LEASE.toMillis()));
        worker.proxy.restore();
      }
      case 5 -> {
        worker.proxy.silence();
        Thread.sleep(random.nextInt((int) LEASE.toMillis()));
        worker.proxy.restore();
      }
      case 6 -> server.command("SCRIPT FLUSH");
      default -> {
        if (random.nextInt(3) == 0) {
          server.kill();
          server.start();
        }
      }
    }
  }

  /** What is in the queue still. */
  private Set<String> left(TestServer server) {
    Set<String> left = new HashSet<>();
    run(
        () -> {
          try (RedisNode node = connect(server.uri(), LEASE)) {
            RedisQueue<String> queue = node.queue(name, Codec.string());
            while (await(queue.unfinishedTasks()) > 0) {
              try (Delivery<String> delivery = await(queue.get(Duration.ofSeconds(10)))) {
                left.add(delivery.value());
                await(delivery.done());
              }
            }
          }
        });
    return left;
  }
}
