package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.after;
import static toro.Coroutines.on;
import static toro.Coroutines.pause;
import static toro.Coroutines.select;
import static toro.Coroutines.selectFair;
import static toro.Coroutines.spawn;

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
  void oneOfSeveral() {
    IOLoop.run(
        () -> {
          var orders = new Queue<String>();
          var results = new Queue<String>(1);
          var lock = new Lock();
          var stop = new Event();
          results.putNow("old");
          spawn(() -> orders.putNow("tea"));
          spawn(stop::set);
          Lease held = lock.acquire().join();
          // @start region="select"
          String what =
              select(
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
          assertThat(results.getNow()).isEqualTo("old");
          assertThat(results.isEmpty()).isTrue();
          assertThat(lock).hasToString("Lock[locked]");
          assertThat(stop.isSet()).isTrue();
          held.close();
        });
  }

  @Test
  void aServer() {
    IOLoop.run(
        () -> {
          var orders = new Queue<String>();
          var refunds = new Queue<String>();
          var stop = new Event();
          var server =
              spawn(
                  () -> {
                    // @start region="fair"
                    while (!stop.isSet()) {
                      selectFair(
                          on(
                              orders::get,
                              order -> {
                                println("order " + order);
                              }),
                          on(
                              refunds::get,
                              refund -> {
                                println("refund " + refund);
                              }),
                          on(stop::whenSet, () -> {}));
                    }
                    // @end
                  });
          orders.putNow("tea");
          refunds.putNow("coffee");
          pause();
          stop.set();
          Coroutines.await(server);
        });
    assertThat(printed).containsExactlyInAnyOrder("order tea", "refund coffee");
  }

  @Test
  void atOnce() {
    IOLoop.run(
        () -> {
          var orders = new Queue<String>();
          // @start region="once"
          String order = select(on(orders::get), after(Duration.ZERO, () -> "none yet"));
          // @end
          println(order);
        });
    assertThat(printed).containsExactly("none yet");
  }
}
