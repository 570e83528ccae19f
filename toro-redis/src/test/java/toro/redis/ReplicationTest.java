package toro.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.redis.Nodes.*;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import toro.IOLoop;

/** A master and a replica, which becomes the master. */
@Tag("once")
class ReplicationTest {
  private final TestServer master = new TestServer();
  private final TestServer replica = new TestServer("--replicaof", "127.0.0.1", "" + master.port());
  private final Proxy proxy = new Proxy(master.port());
  private final String name = name("replicated");

  @AfterEach
  void end() {
    proxy.close();
    replica.close();
    master.close();
  }

  private void synced() throws Exception {
    until(() -> replica.command("INFO replication").contains("master_link_status:up"));
  }

  @Test
  void holdsAndPlacesAndTokensSurviveAFailoverThatLostNothing() {
    run(
        () -> {
          Duration lease = Duration.ofSeconds(20);
          synced();
          try (RedisNode node = connect(proxy.uri(), lease);
              RedisNode other = connect(proxy.uri(), lease)) {
            RedisLease held = await(node.lock(name).acquire());
            CompletableFuture<RedisLease> waits = other.lock(name).acquire();
            settled(other);
            until(() -> replica.command("ZCARD {toro:lock:" + name + "}:waits").startsWith(":1"));
            master.kill();
            replica.command("REPLICAOF NO ONE");
            proxy.lead(replica.port());
            assertThat(await(held.release())).isTrue();
            RedisLease next = await(waits);
            assertThat(next.token()).isGreaterThan(held.token());
            next.close();
          }
        });
  }

  @Test
  void tokensGrowAlsoWhenTheReplicaHadNothing() {
    run(
        () -> {
          Duration lease = Duration.ofSeconds(1);
          try (RedisNode node = connect(proxy.uri(), lease)) {
            RedisLease held = await(node.lock(name).acquire());
            master.kill();
            replica.command("REPLICAOF NO ONE");
            replica.command("FLUSHALL");
            proxy.lead(replica.port());
            RedisLease next = await(node.lock(name).acquire());
            assertThat(next.token()).isGreaterThan(held.token());
            until(held::isLost);
          }
        });
  }

  @Test
  void aMasterThatBecameAReplicaIsLeftForTheNewOne() {
    run(
        () -> {
          synced();
          try (RedisNode node = connect(proxy.uri(), Duration.ofSeconds(20))) {
            await(node.lock(name).acquire()).close();
            replica.command("REPLICAOF NO ONE");
            master.command("REPLICAOF 127.0.0.1 " + replica.port());
            CompletableFuture<RedisLease> acquires = node.lock(name).acquire();
            settledAfterReadOnly();
            proxy.lead(replica.port());
            await(acquires).close();
          }
        });
  }

  private void settledAfterReadOnly() throws Exception {
    until(() -> master.command("INFO replication").contains("role:slave"));
  }

  @Test
  void aGrantWaitsForReplicasAndIsGivenBackIfTheyDoNotHaveIt() {
    run(
        () -> {
          synced();
          var options = RedisNode.Options.of(master.uri()).replicas(1, Duration.ofMillis(500));
          try (RedisNode node = await(RedisNode.connect(IOLoop.current(), options));
              RedisNode other = await(RedisNode.connect(IOLoop.current(), options))) {
            RedisLease held = await(node.lock(name).acquire());
            assertThat(replica.command("HGET {toro:lock:" + name + "} token"))
                .contains("" + held.token());
            CompletableFuture<RedisLease> waits = other.lock(name).acquire();
            settled(other);
            held.close();
            RedisLease pushed = await(waits);
            assertThat(replica.command("HGET {toro:lock:" + name + "} token"))
                .contains("" + pushed.token());
            await(pushed.release());
            replica.kill();
            assertThat(failure(node.lock(name).acquire()))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("0 of 1 replicas");
            until(() -> !await(node.lock(name).isLocked()));
          }
        });
  }
}
