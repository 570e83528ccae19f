package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.after;
import static toro.Coroutines.on;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of {@code select}: compiled, run, and checked. */
class SelectSnippetsTest {
  private final List<String> printed = new ArrayList<>();

  private void println(String line) {
    printed.add(line);
  }

  @Test
  void select() {
    IOLoop.run(
        () -> {
          var orders = new Queue<String>();
          var results = new Queue<String>(1);
          var lock = new Lock();
          var stop = new Event();
          orders.putNow("tea");
          // @start region="select"
          String what =
              Coroutines.select(
                  on(orders::get, order -> "order " + order),
                  on(() -> results.put("result"), () -> "put"),
                  on(
                      lock::acquire,
                      lease -> {
                        try (lease) {
                          return "locked";
                        }
                      }),
                  on(stop::whenSet, () -> "stop"),
                  after(Duration.ofSeconds(1), () -> "timeout"));
          // @end
          assertThat(what).isEqualTo("order tea");
          assertThat(results.isEmpty()).isTrue();
          assertThat(lock.isLocked()).isFalse();
        });
  }
}
