package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.pause;
import static toro.Coroutines.spawn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples for the barrier, the broadcast and the watch: compiled, run, and checked. */
class MeetingSnippetsTest {
  private final List<String> printed = new ArrayList<>();

  private void println(String line) {
    printed.add(line);
  }

  @Test
  void barrier() {
    IOLoop.run(
        () -> {
          // @start region="barrier"
          var barrier = new Barrier(2, () -> println("both are here"));
          ThrowingRunnable player =
              () -> {
                for (int round = 1; round <= 2; round++) {
                  println("ready for round " + round);
                  await(barrier.arrive());
                }
              };
          awaitAll(spawn(player), spawn(player));
          // @end
        });
    assertThat(printed)
        .containsExactly(
            "ready for round 1",
            "ready for round 1",
            "both are here",
            "ready for round 2",
            "ready for round 2",
            "both are here");
  }

  @Test
  void abort() {
    IOLoop.run(
        () -> {
          // @start region="abort"
          var barrier = new Barrier(3);
          var patient =
              spawn(
                  () -> {
                    try {
                      await(barrier.arrive());
                    } catch (BarrierBrokenException e) {
                      println("in vain");
                    }
                  });
          var impatient =
              spawn(
                  () -> {
                    try {
                      await(barrier.arrive(Duration.ofMillis(1)));
                    } catch (DeadlineExceededException e) {
                      println("only one waits now: " + barrier);
                      barrier.abort(); // this one will not come again
                    }
                  });
          awaitAll(patient, impatient);
          // @end
        });
    assertThat(printed)
        .containsExactly("only one waits now: Barrier[parties=3 waiters[1]]", "in vain");
  }

  @Test
  void broadcast() {
    IOLoop.run(
        () -> {
          // @start region="broadcast"
          var news = new Broadcast<String>(10);
          ThrowingRunnable reader =
              () -> {
                try (var subscription = news.subscribe()) {
                  for (String item : subscription) { // waits for the next one
                    println(item);
                  }
                }
              };
          var readers = List.of(spawn(reader), spawn(reader));
          pause(); // they subscribe
          await(news.put("to all"));
          news.close(); // the loops end when everything is read
          awaitAll(readers);
          // @end
        });
    assertThat(printed).containsExactly("to all", "to all");
  }

  @Test
  void slow() {
    IOLoop.run(
        () -> {
          // @start region="slow"
          var prices = new Broadcast<Integer>(2, Broadcast.Overflow.DROP_OLDEST);
          try (var subscription = prices.subscribe()) {
            for (int price = 1; price <= 5; price++) {
              prices.putNow(price); // never full
            }
            println(await(subscription.get()) + ", after " + subscription.missed() + " others");
          }
          // @end
        });
    assertThat(printed).containsExactly("4, after 3 others");
  }

  @Test
  void watch() {
    IOLoop.run(
        () -> {
          // @start region="watch"
          var state = new Watch<>("starting");
          spawn(
              () -> {
                for (String now : state) { // the first one at once, then each change
                  println(now);
                }
              });
          pause();
          state.set("looking for a server");
          state.set("running"); // the loop sees this one: it goes on later
          await(state.whenNot("starting")); // so it is already
          // @end
          pause();
        });
    assertThat(printed).containsExactly("starting", "running");
  }
}
