package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAllSettled;
import static toro.Coroutines.every;
import static toro.Coroutines.hedge;
import static toro.Coroutines.mapConcurrently;
import static toro.Coroutines.pause;
import static toro.Coroutines.retry;
import static toro.Coroutines.shielded;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The examples of the helpers for services: compiled, run, and checked. */
class ServiceSnippetsTest {
  private final List<String> printed = new ArrayList<>();
  private int fetched;

  private void println(Object line) {
    printed.add(String.valueOf(line));
  }

  private String fetch(String what) throws IOException {
    fetched++;
    sleep(Duration.ofMillis(what.length()));
    if (what.isEmpty()) {
      throw new FileNotFoundException("nothing to fetch");
    }
    if (what.equals("flaky") && fetched < 3) {
      throw new IOException("try again");
    }
    if (what.equals("slow") && fetched < 2) {
      sleep(Duration.ofHours(1));
    }
    return what + "!";
  }

  @Test
  void settled() {
    TestLoop.run(
        () -> {
          // @start region="settled"
          var page = spawn(() -> fetch("a page"));
          var nothing = spawn(() -> fetch(""));
          for (Future<String> result : awaitAllSettled(List.of(page, nothing))) {
            switch (result.state()) {
              case SUCCESS -> println(result.resultNow());
              default -> println(result.exceptionNow().getMessage());
            }
          }
          // @end
        });
    assertThat(printed).containsExactly("a page!", "nothing to fetch");
  }

  @Test
  void map() {
    TestLoop.run(
        () -> {
          // @start region="map"
          List<String> pages =
              mapConcurrently(List.of("one", "another", "a third"), 2, url -> fetch(url));
          println(pages);
          // @end
        });
    assertThat(printed).containsExactly("[one!, another!, a third!]");
  }

  @Test
  void retrying() {
    TestLoop.run(
        () -> {
          // @start region="retry"
          var policy =
              Retry.attempts(5)
                  .backoff(Duration.ofMillis(50), Duration.ofSeconds(2))
                  .when(e -> e instanceof IOException && !(e instanceof FileNotFoundException));
          String page = retry(policy, () -> fetch("flaky"));
          // @end
          println(page);
        });
    assertThat(printed).containsExactly("flaky!");
    assertThat(fetched).isEqualTo(3);
  }

  @Test
  void hedged() {
    TestLoop.run(
        () -> {
          // @start region="hedge"
          String page = hedge(Duration.ofMillis(100), () -> fetch("slow"));
          // @end
          println(page);
        });
    assertThat(printed).containsExactly("slow!");
    assertThat(fetched).isEqualTo(2);
  }

  @Test
  void ticker() {
    TestLoop.run(
        () -> {
          // @start region="every"
          var ticker = every(Duration.ofSeconds(10), () -> println(fetch("the news")));
          sleep(Duration.ofMinutes(1));
          ticker.cancel(false);
          // @end
        });
    assertThat(printed).hasSize(5);
  }

  private void begin() {
    sleep(Duration.ofMillis(10));
    println("begun");
  }

  private void commit() {
    sleep(Duration.ofMillis(10));
    println("committed");
  }

  @Test
  void shield() {
    TestLoop.run(
        () -> {
          var worker =
              spawn(
                  () -> {
                    // @start region="shielded"
                    begin(); // may be cancelled
                    shielded(
                        () ->
                            // never half done, and not for ever
                            withTimeout(Duration.ofSeconds(5), () -> commit()));
                    // @end
                    println("not reached");
                  });
          sleep(Duration.ofMillis(15));
          worker.cancel(false);
          assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> await(worker));
        });
    assertThat(printed).containsExactly("begun", "committed");
  }

  @Test
  void checked() {
    var reply = new CompletableFuture<String>();
    TestLoop.run(
        () -> {
          spawn(() -> reply.completeExceptionally(new IOException("connection reset")));
          // @start region="checked"
          try {
            println(await(reply, IOException.class));
          } catch (IOException e) { // with await(reply) the compiler would say: never thrown
            println(e.getMessage());
          }
          // @end
          pause();
        });
    assertThat(printed).containsExactly("connection reset");
  }

  @Test
  void current() {
    TestLoop.run(
        () -> {
          // @start region="current"
          withTimeout(
              Duration.ofSeconds(5),
              () -> {
                sleep(Duration.ofSeconds(2));
                println("the driver has " + Deadline.current().remaining().toSeconds() + " s left");
              });
          // @end
        });
    assertThat(printed).containsExactly("the driver has 3 s left");
  }

  @Test
  void flight() {
    TestLoop.run(
        () -> {
          // @start region="flight"
          var pages = new SingleFlight<String, String>();
          var first = pages.get("the news", () -> fetch("the news"));
          var second = pages.get("the news", () -> fetch("the news"), Duration.ofSeconds(1));
          println(await(first) + " " + await(second)); // fetched once
          // @end
        });
    assertThat(printed).containsExactly("the news! the news!");
    assertThat(fetched).isOne();
  }
}
