package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.sleep;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

/** The programs of the documents about loops on somebody else's thread. */
class HostSnippetsTest {
  private final List<Object> printed = new ArrayList<>();

  private void println(Object text) {
    printed.add(text);
  }

  private static String executorName() {
    return "an executor";
  }

  @Test
  void host() {
    // @start region="host"
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    try (IOLoop loop = IOLoop.on(executor)) { // it runs from here on
      Lock lock = new Lock(loop);
      Coroutine<String> coroutine =
          loop.spawn(
              () -> {
                try (var lease = await(lock.acquire())) {
                  sleep(Duration.ofMillis(1)); // a timer of the executor
                  return "done on " + executorName();
                }
              });
      println(coroutine.join()); // waits on this thread; the executor is not blocked
    } finally {
      executor.shutdown();
    }
    // @end
    assertThat(printed).containsExactly("done on an executor");
  }
}
