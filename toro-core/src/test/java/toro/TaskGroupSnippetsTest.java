package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.asCompleted;
import static toro.Coroutines.await;
import static toro.Coroutines.race;
import static toro.Coroutines.sleep;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of structured concurrency: compiled, run, and checked. */
class TaskGroupSnippetsTest {
  private static final Duration LONG = Duration.ofSeconds(5);

  private final List<String> printed = new ArrayList<>();

  private void println(String line) {
    printed.add(line);
  }

  private static String fetch(String what) throws IOException {
    sleep(Duration.ofMillis(what.length()));
    if (what.isEmpty()) {
      throw new IOException("nothing to fetch");
    }
    return what + "!";
  }

  private static String parse(String what) {
    return what;
  }

  private static void heartbeat() {
    sleep(Duration.ofDays(1));
  }

  @Test
  void group() {
    TestLoop.run(
        () -> {
          // @start region="group"
          try (var group = new TaskGroup()) {
            var user = group.spawn(() -> fetch("user"));
            var orders = group.spawn(() -> fetch("orders"));
            println(await(user) + " has " + await(orders));
          } // both have ended here, whatever happens
          // @end
        });
    assertThat(printed).containsExactly("user! has orders!");
  }

  @Test
  void deadline() {
    TestLoop.run(
        () -> {
          // @start region="deadline"
          try (var group = new TaskGroup(Duration.ofSeconds(1))) {
            group.spawn(() -> fetch("user"));
            group.spawn(() -> sleep(LONG)); // is cancelled after a second
          } catch (DeadlineExceededException e) {
            println("not in time");
          }
          // @end
        });
    assertThat(printed).containsExactly("not in time");
  }

  @Test
  void body() {
    TestLoop.run(
        () ->
            assertThatThrownBy(
                    () -> {
                      // @start region="body"
                      try (var group = new TaskGroup()) {
                        group.spawn(() -> heartbeat());
                        var page = await(group.spawn(() -> parse(fetch("")))); // if it fails …
                        println(page);
                      } // … the heartbeat is cancelled
                      // @end
                    })
                .isInstanceOf(IOException.class));
  }

  @Test
  void racing() {
    TestLoop.run(
        () -> {
          // @start region="race"
          String fastest = race(() -> fetch("a mirror"), () -> fetch("another mirror"));
          // @end
          assertThat(fastest).isEqualTo("a mirror!");
        });
  }

  @Test
  void completed() {
    TestLoop.run(
        () -> {
          // @start region="completed"
          try (var group = new TaskGroup()) {
            var pages = new ArrayList<Coroutine<String>>();
            for (String url : List.of("a long one", "short")) {
              pages.add(group.spawn(() -> fetch(url)));
            }
            for (Coroutine<String> page : asCompleted(pages)) {
              println(await(page));
            }
          }
          // @end
        });
    assertThat(printed).containsExactly("short!", "a long one!");
  }

  @Test
  void run() {
    TestLoop.run(
        () ->
            assertThatThrownBy(
                    () -> {
                      // @start region="run"
                      String page =
                          TaskGroup.run(
                              group -> {
                                group.spawn("heartbeat", () -> heartbeat());
                                return parse(fetch("")); // if it fails, the heartbeat is cancelled
                              });
                      // @end
                      println(page);
                    })
                .isInstanceOf(IOException.class)
                .hasMessage("nothing to fetch"));
    assertThat(printed).isEmpty();
  }
}
