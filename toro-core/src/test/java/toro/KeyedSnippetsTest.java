package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.pause;
import static toro.Coroutines.spawn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The examples of keyed locks, limits and rates: compiled, run, and checked. */
class KeyedSnippetsTest {
  private final Map<String, Integer> balance = new HashMap<>(Map.of("alice", 10, "bob", 10));
  private final List<String> sent = new ArrayList<>();

  private Integer load(String account) {
    Integer loaded = balance.get(account);
    pause();
    return loaded;
  }

  private void store(String account, int amount) {
    pause();
    balance.put(account, amount);
  }

  private void send(String request) {
    sent.add(request + " at " + IOLoop.current().nanoTime() / 1_000_000);
  }

  @Test
  void keyed() {
    TestLoop.run(
        () -> {
          // @start region="keyed"
          var accounts = new KeyedLock<String>();
          ThrowingRunnable deposit =
              () -> {
                try (var lease = await(accounts.acquire("alice"))) {
                  store("alice", load("alice") + 1); // both of them await
                }
              };
          awaitAll(spawn(deposit), spawn(deposit));
          // @end
          assertThat(accounts).hasToString("KeyedLock[]");
        });
    assertThat(balance).containsEntry("alice", 12);
  }

  @Test
  void several() {
    TestLoop.run(
        () -> {
          var accounts = new KeyedLock<String>();
          // @start region="several"
          List<Lease> both = awaitAll(accounts.acquire("alice"), accounts.acquire("bob"));
          try {
            store("alice", load("alice") - 5);
            store("bob", load("bob") + 5);
          } finally {
            both.forEach(Lease::close);
          }
          // @end
          assertThat(accounts).hasToString("KeyedLock[]");
        });
    assertThat(balance).containsEntry("alice", 5).containsEntry("bob", 15);
  }

  @Test
  void rw() {
    TestLoop.run(
        () -> {
          // @start region="rw"
          var accounts = new KeyedRWLock<String>();
          ThrowingRunnable pay =
              () -> {
                try (var lease = await(accounts.acquireWrite("alice"))) {
                  store("alice", load("alice") - 1);
                }
              };
          ThrowingRunnable look =
              () -> {
                try (var lease = await(accounts.acquireRead("alice"))) {
                  send("alice has " + load("alice"));
                }
              };
          awaitAll(spawn(look), spawn(look), spawn(pay), spawn(look));
          // @end
          assertThat(accounts).hasToString("KeyedRWLock[]");
        });
    assertThat(sent).containsExactly("alice has 10 at 0", "alice has 10 at 0", "alice has 9 at 0");
  }

  @Test
  void rate() {
    TestLoop.run(
        () -> {
          // @start region="rate"
          var limiter = new RateLimiter(5, Duration.ofSeconds(1)); // one every 200 milliseconds
          for (String request : List.of("a", "b", "c")) {
            await(limiter.acquire());
            send(request);
          }
          // @end
        });
    assertThat(sent).containsExactly("a at 0", "b at 200", "c at 400");
  }

  @Test
  void burst() {
    TestLoop.run(
        () -> {
          // @start region="burst"
          var limiter = new RateLimiter(100, Duration.ofMinutes(1), 10); // ten at once at most
          try {
            await(limiter.acquire(5, Duration.ofSeconds(1)));
            send("five");
          } catch (DeadlineExceededException e) {
            send("too busy");
          }
          // @end
        });
    assertThat(sent).containsExactly("five at 0");
  }

  @Test
  void resize() {
    TestLoop.run(
        () -> {
          // @start region="resize"
          var slots = new BoundedSemaphore(10);
          CompletableFuture<Lease> large = slots.acquire(8); // all or none
          CompletableFuture<Lease> next = slots.acquire(4); // waits
          slots.resize(12); // enough for both
          // @end
          assertThat(large).isCompleted();
          assertThat(next).isCompleted();
          slots.resize(2);
          assertThat(slots).hasToString("BoundedSemaphore[counter=-10]");
        });
  }
}
