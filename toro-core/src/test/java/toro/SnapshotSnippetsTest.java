package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.named;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The examples of {@link IOLoop#snapshot()}: compiled, run, and checked. */
class SnapshotSnippetsTest {

  @Test
  void snapshot() {
    TestLoop.run(
        () -> {
          // @start region="snapshot"
          var jobs = named("jobs", new Queue<String>());
          spawn("worker", () -> await(jobs.get()));
          sleep(Duration.ofSeconds(1));
          Snapshot snapshot = IOLoop.current().snapshot();
          // Coroutine[2 "worker"] waiting 1s for p1 Queue["jobs" maxsize=0 getters[1]], 1st in line
          // @end
          assertThat(snapshot.toString())
              .contains(
                  "\nCoroutine[2 \"worker\"] waiting 1s for p1 Queue[\"jobs\" maxsize=0 getters[1]], 1st in line\n");
        });
  }

  @Test
  @OnItsOwnThread
  void elsewhere() {
    try (IOLoop loop = TestLoop.create()) {
      Thread driver = Thread.ofPlatform().start(loop::start);
      // @start region="elsewhere"
      Snapshot snapshot =
          CompletableFuture.supplyAsync(loop::snapshot, loop).orTimeout(1, TimeUnit.MINUTES).join();
      // @end
      assertThat(snapshot.coroutines()).isEmpty();
      loop.stop();
      TestLoop.elsewhere(driver::join);
    }
  }
}
