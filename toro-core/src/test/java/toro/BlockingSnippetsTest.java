package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.blocking;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The examples of blocking calls: compiled, run, and checked. */
class BlockingSnippetsTest {
  private final List<String> printed = new ArrayList<>();

  private void println(String line) {
    printed.add(line);
  }

  /** As JDBC's: it blocks, and throws a checked exception. */
  private static final class Statement {
    String executeQuery() throws IOException {
      return "row";
    }

    void cancel() throws IOException {}
  }

  private static String digest(String what) {
    return what.toUpperCase(java.util.Locale.ROOT);
  }

  @Test
  void call() {
    var statement = new Statement();
    TestLoop.run(
        () -> {
          // @start region="blocking"
          String row = blocking(() -> statement.executeQuery(), statement::cancel);
          // @end
          println(row);
        });
    assertThat(printed).containsExactly("row");
  }

  @Test
  void options() {
    try (var processors = Executors.newFixedThreadPool(2)) {
      TestLoop.run(
          () -> {
            // @start region="options"
            var computing = new Blocking().withExecutor(processors).withLimiter(new Semaphore(2));
            String digest = computing.call(() -> digest("a long text"));
            // @end
            println(digest);
          });
    }
    assertThat(printed).containsExactly("A LONG TEXT");
  }
}
