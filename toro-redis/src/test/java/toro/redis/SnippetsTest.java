package toro.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.*;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import toro.*;

/** The programs of the documents. */
class SnippetsTest {
  private final List<String> stored = new ArrayList<>();

  private void store(String invoice, long token) {
    stored.add(invoice);
  }

  private void index(String invoice) {
    stored.add(invoice);
  }

  @Test
  void lock() {
    String uri = TestServer.shared();
    String invoice = "4711";
    // @start region="lock"
    IOLoop.run(
        () -> {
          try (var node = await(RedisNode.connect(IOLoop.current(), uri))) {
            var lock = node.lock("invoices");
            try (RedisLease lease = await(lock.acquire(Duration.ofSeconds(5)))) {
              store(invoice, lease.token()); // the store refuses a token less than one it has seen
            }
          }
        });
    // @end
    assertThat(stored).containsExactly("4711");
  }

  @Test
  void whileHeld() {
    IOLoop.run(
        () -> {
          try (var node = await(RedisNode.connect(IOLoop.current(), TestServer.shared()))) {
            // @start region="while"
            var leader = node.lock("leader");
            Coroutine<Void> indexing =
                leader.whileHeld(
                    () -> {
                      for (String invoice : List.of("1", "2")) {
                        index(invoice);
                        sleep(Duration.ofMillis(10)); // is cancelled here if the lock is lost
                      }
                    });
            await(indexing);
            // @end
          }
        });
    assertThat(stored).containsExactly("1", "2");
  }

  @Test
  void queue() {
    IOLoop.run(
        () -> {
          try (var node = await(RedisNode.connect(IOLoop.current(), TestServer.shared()))) {
            // @start region="queue"
            RedisQueue<String> jobs = node.queue("jobs", Codec.string(), 100);
            var worker =
                spawn(
                    () -> {
                      for (Delivery<String> job : jobs) {
                        try (job) {
                          index(job.value());
                          job.done(); // else it is delivered again
                        }
                      }
                    });
            await(jobs.put("a"));
            await(jobs.put("b"));
            await(jobs.join()); // all are done, on whatever machine
            await(jobs.close());
            await(worker);
            // @end
          }
        });
    assertThat(stored).containsExactly("a", "b");
  }

  @Test
  void options() {
    String uri = TestServer.shared();
    IOLoop.run(
        () -> {
          // @start region="options"
          var options =
              RedisNode.Options.of(uri)
                  .name("billing")
                  .lease(Duration.ofSeconds(10))
                  .giveUp(Duration.ofMinutes(1));
          var node = await(RedisNode.connect(IOLoop.current(), options));
          // @end
          assertThat(node.toString()).startsWith("RedisNode[billing-");
          node.close();
        });
  }
}
