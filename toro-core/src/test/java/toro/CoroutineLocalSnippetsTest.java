package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.spawn;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the documentation of {@link CoroutineLocal} shows. */
class CoroutineLocalSnippetsTest {
  private final List<String> lines = new ArrayList<>();

  // @start region="local"
  private static final CoroutineLocal<String> REQUEST = CoroutineLocal.newInstance();

  void handle(String request) {
    REQUEST.set(request);
    var audit = spawn(() -> log("audit")); // inherits the value
    pause(); // other requests run here
    log("handled");
    await(audit);
  }

  void log(String what) {
    lines.add(REQUEST.get() + ": " + what);
  }

  // @end

  @Test
  void eachRequestHasItsOwnValue() {
    TestLoop.run(
        () -> {
          var first = spawn(() -> handle("1"));
          var second = spawn(() -> handle("2"));
          await(first);
          await(second);
        });
    assertThat(lines).containsExactlyInAnyOrder("1: audit", "1: handled", "2: audit", "2: handled");
  }

  @Test
  void aBlockMayHaveAnotherValue() {
    TestLoop.run(
        () -> {
          // @start region="where"
          REQUEST.set("1");
          REQUEST.where(
              "1/retry",
              () -> {
                pause();
                log("sent"); // 1/retry: sent
              });
          log("done"); // 1: done
          // @end
        });
    assertThat(lines).containsExactly("1/retry: sent", "1: done");
  }
}
