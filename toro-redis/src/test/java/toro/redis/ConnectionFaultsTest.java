package toro.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.redis.Nodes.*;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import toro.Coroutine;
import toro.Coroutines;
import toro.DeadlineExceededException;
import toro.IOLoop;

/** What happens when the network or the server goes. */
@Tag("once")
class ConnectionFaultsTest {
  private static final Duration LEASE = Duration.ofSeconds(1);

  private final TestServer server =
      new TestServer("--appendonly", "yes", "--appendfsync", "always");
  private final Proxy proxy = new Proxy(server.port());
  private final String name = name("fault");

  @AfterEach
  void end() {
    proxy.close();
    server.close();
  }

  private interface Two {
    void run(RedisNode node, RedisNode other) throws Exception;
  }

  /** One behind the proxy, and one that is not. */
  private void withTwo(Two body) {
    run(
        () -> {
          try (RedisNode node = connect(proxy.uri(), LEASE);
              RedisNode other = connect(server.uri(), LEASE)) {
            body.run(node, other);
          }
        });
  }

  @Test
  void deadlinesHoldWithoutTheServer() {
    withTwo(
        (node, other) -> {
          RedisLease held = await(other.lock(name).acquire());
          CompletableFuture<RedisLease> early = node.lock(name).acquire(Duration.ofMillis(300));
          settled(node);
          proxy.cut();
          CompletableFuture<RedisLease> late = node.lock(name).acquire(Duration.ofMillis(300));
          CompletableFuture<RedisLease> never = node.lock(name).acquire(Duration.ZERO);
          long start = System.nanoTime();
          assertThat(failure(early)).isInstanceOf(DeadlineExceededException.class);
          assertThat(failure(late)).isInstanceOf(DeadlineExceededException.class);
          assertThat(failure(never)).isInstanceOf(DeadlineExceededException.class);
          assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LEASE.multipliedBy(3));
          proxy.restore();
          held.close();
          await(node.lock(name).acquire()).close();
        });
  }

  @Test
  void aWaitGoesOnInItsPlaceWhenTheConnectionIsBack() {
    withTwo(
        (node, other) -> {
          RedisLease held = await(other.lock(name).acquire());
          List<String> order = new ArrayList<>();
          CompletableFuture<RedisLease> first = node.lock(name).acquire();
          settled(node);
          CompletableFuture<RedisLease> second = other.lock(name).acquire();
          settled(other);
          proxy.breakAll();
          held.close();
          Coroutine<?> a = spawn(() -> took("first", await(first), order));
          Coroutine<?> b = spawn(() -> took("second", await(second), order));
          Coroutines.awaitAll(a, b);
          assertThat(order).containsExactly("first", "second");
        });
  }

  private static void took(String who, RedisLease lease, List<String> order) {
    order.add(who);
    lease.close();
  }

  @Test
  void aGrantWhoseMessageIsLostComesWithTheNextSignOfLife() {
    withTwo(
        (node, other) -> {
          RedisLease held = await(other.lock(name).acquire());
          CompletableFuture<RedisLease> waits = node.lock(name).acquire();
          settled(node);
          node.server().unsubscribe(); // as if all messages were lost
          settled(node);
          held.close();
          await(waits).close();
        });
  }

  @Test
  void aNodeThatIsCutOffLosesItsLeaseBeforeAnotherGetsIt() {
    withTwo(
        (node, other) -> {
          RedisLease held = await(node.lock(name).acquire());
          CompletableFuture<Void> lost = held.whenLost();
          CompletableFuture<RedisLease> waits = other.lock(name).acquire();
          settled(other);
          assertThat(held.isLost()).isFalse();
          proxy.cut();
          RedisLease next = await(waits);
          assertThat(held.isLost()).isTrue();
          assertThat(lost).isDone();
          assertThat(await(held.release())).isFalse();
          assertThat(next.token()).isGreaterThan(held.token());
          proxy.restore();
          CompletableFuture<RedisLease> again = node.lock(name).acquire();
          settled(node);
          assertThat(again).isNotDone();
          assertThat(next.isLost()).isFalse();
          next.close();
          await(again).close();
        });
  }

  @Test
  void theBodyOfWhileHeldIsCancelledWhenTheLeaseIsLost() {
    withTwo(
        (node, other) -> {
          List<String> log = new ArrayList<>();
          Coroutine<Void> body =
              node.lock(name)
                  .whileHeld(
                      () -> {
                        log.add("held");
                        try {
                          sleep(Duration.ofMinutes(1));
                        } catch (CancellationException lost) {
                          log.add("cancelled");
                          throw lost;
                        }
                      });
          until(() -> !log.isEmpty());
          proxy.swallow();
          await(other.lock(name).acquire());
          assertThat(failure(body)).isInstanceOf(CancellationException.class);
          assertThat(log).containsExactly("held", "cancelled");
          proxy.restore();
        });
  }

  @Test
  void aBrokenConnectionInTimeLosesNothing() {
    withTwo(
        (node, other) -> {
          RedisLease held = await(node.lock(name).acquire());
          for (int i = 0; i < 10; i++) {
            proxy.breakAll();
            sleep(Duration.ofMillis(200)); // two leases in all
          }
          assertThat(held.isLost()).isFalse();
          assertThat(await(held.release())).isTrue();
        });
  }

  @Test
  void anAnswerThatIsLostTakesEffectOnce() {
    withTwo(
        (node, other) -> {
          RedisSemaphore semaphore = node.semaphore(name, 3);
          RedisLease first = await(semaphore.acquire());
          proxy.silence(); // the server does it, and nobody hears of it
          CompletableFuture<RedisLease> second = semaphore.acquire();
          CompletableFuture<Boolean> released = first.release();
          until(() -> await(other.semaphore(name, 3).availablePermits()) == 2);
          until(() -> server.command("HGET {toro:semaphore:" + name + "} last").contains("@"));
          proxy.restore();
          RedisLease lease = await(second);
          assertThat(await(released)).isTrue();
          assertThat(await(semaphore.availablePermits())).isEqualTo(2);
          assertThat(await(lease.release())).isTrue();
          assertThat(await(semaphore.availablePermits())).isEqualTo(3);
        });
  }

  @Test
  void aServerThatIsRestartedWithItsDataKeepsHoldsAndPlaces() {
    run(
        () -> {
          Duration lease = Duration.ofSeconds(20);
          try (RedisNode node = connect(server.uri(), lease);
              RedisNode other = connect(server.uri(), lease)) {
            RedisLease held = await(node.lock(name).acquire());
            CompletableFuture<RedisLease> first = other.lock(name).acquire();
            settled(other);
            CompletableFuture<RedisLease> second = node.lock(name).acquire();
            settled(node);
            server.kill();
            server.start();
            assertThat(await(held.release())).isTrue();
            RedisLease next = await(first);
            assertThat(next.token()).isGreaterThan(held.token());
            settled(node);
            assertThat(second).isNotDone();
            next.close();
            await(second).close();
          }
        });
  }

  @Test
  void aServerThatLostItsDataIsToldOfTheWaitsAndItsHoldsAreLost() {
    try (TestServer forgetful = new TestServer()) {
      run(
          () -> {
            try (RedisNode node = connect(forgetful.uri(), LEASE);
                RedisNode other = connect(forgetful.uri(), LEASE)) {
              RedisLease held = await(node.lock(name).acquire());
              CompletableFuture<RedisLease> waits = other.lock(name).acquire();
              settled(other);
              forgetful.kill();
              forgetful.start();
              RedisLease next = await(waits);
              assertThat(next.token()).isGreaterThan(held.token());
              await(held.whenLost());
              assertThat(await(held.release())).isFalse();
            }
          });
    }
  }

  @Test
  void scriptsThatAreFlushedAreSentAgain() {
    withTwo(
        (node, other) -> {
          List<Coroutine<Void>> all = new ArrayList<>();
          for (int i = 0; i < 50; i++) {
            RedisNode each = i % 2 == 0 ? node : other;
            all.add(
                spawn(
                    () -> {
                      for (int j = 0; j < 20; j++) {
                        await(each.lock(name).acquire()).close();
                      }
                    }));
          }
          for (int i = 0; i < 20; i++) {
            server.command("SCRIPT FLUSH");
            sleep(Duration.ofMillis(5));
          }
          Coroutines.awaitAll(all);
        });
  }

  @Test
  void aWaitGivesUpWhenTheOptionsSaySo() {
    run(
        () -> {
          var options =
              RedisNode.Options.of(proxy.uri()).lease(LEASE).giveUp(Duration.ofMillis(300));
          try (RedisNode node = await(RedisNode.connect(IOLoop.current(), options))) {
            RedisLease held = await(node.lock(name).acquire());
            CompletableFuture<RedisLease> before = node.lock(name).acquire();
            settled(node);
            proxy.cut();
            CompletableFuture<RedisLease> after = node.lock(name).acquire();
            CompletableFuture<Boolean> look = node.lock(name).isLocked();
            for (CompletableFuture<?> each : List.of(before, after, look)) {
              assertThat(failure(each))
                  .isInstanceOf(RedisUnavailableException.class)
                  .hasMessageContaining("PT0.3S");
            }
            proxy.restore();
            held.close();
            until(() -> failure(node.lock(name).isLocked()) == null);
            await(node.lock(name).acquire()).close();
          }
        });
  }

  @Test
  void aNodeHasTwoConnectionsAndAskedOnceForEachAcquireAndEachRelease() {
    withTwo(
        (node, other) -> {
          RedisLock lock = node.lock(name);
          for (int i = 0; i < 20; i++) {
            await(lock.acquire());
            lock = node.lock(name + i);
          }
          String calls = server.command("INFO commandstats");
          long before = scripts(calls);
          for (int i = 0; i < 50; i++) {
            assertThat(await(await(node.lock(name + "x").acquire()).release())).isTrue();
          }
          long after = scripts(server.command("INFO commandstats"));
          assertThat(after - before).isBetween(100L, 100L + 3 * 21); // with signs of life
          assertThat(proxy.accepted()).isEqualTo(2);
          assertThat(server.command("CLIENT LIST")).contains("name=" + node.id());
        });
  }

  private static long scripts(String info) {
    var matcher = java.util.regex.Pattern.compile("cmdstat_evalsha:calls=(\\d+)").matcher(info);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }
}
