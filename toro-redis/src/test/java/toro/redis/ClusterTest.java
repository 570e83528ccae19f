package toro.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.spawn;
import static toro.redis.Nodes.*;

import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import toro.Coroutine;
import toro.Coroutines;

/** A cluster of three masters. */
@Tag("once")
class ClusterTest {
  private static final int SLOTS = 16384;

  private final List<TestServer> servers = new ArrayList<>();
  private final String name = name("cluster");

  ClusterTest() {
    for (int i = 0; i < 3; i++) {
      servers.add(new TestServer("--cluster-enabled", "yes", "--cluster-node-timeout", "2000"));
    }
    for (int i = 0; i < 3; i++) {
      var slots = new StringBuilder("CLUSTER ADDSLOTS");
      for (int slot = SLOTS * i / 3; slot < SLOTS * (i + 1) / 3; slot++) {
        slots.append(' ').append(slot);
      }
      servers.get(i).command(slots.toString());
      servers.get(0).command("CLUSTER MEET 127.0.0.1 " + servers.get(i).port());
    }
    for (TestServer server : servers) {
      while (!server.command("CLUSTER INFO").contains("cluster_state:ok")
          || !server.command("CLUSTER INFO").contains("cluster_slots_ok:" + SLOTS)) {
        Thread.onSpinWait();
      }
    }
  }

  @AfterEach
  void end() {
    servers.forEach(TestServer::close);
  }

  @Test
  void primitivesAreOnAllServersAndWorkOnEach() {
    run(
        () -> {
          try (RedisNode a = connect(servers.get(0).uri());
              RedisNode b = connect(servers.get(1).uri())) {
            List<Coroutine<Void>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
              String each = name + i;
              all.add(
                  spawn(
                      () -> {
                        RedisLease held = await(a.lock(each).acquire());
                        CompletableFuture<RedisLease> waits = b.lock(each).acquire();
                        await(b.lock(each).isLocked());
                        assertThat(waits).isNotDone();
                        held.close();
                        await(waits).close();
                        await(a.queue(each, Codec.string()).put("x"));
                        try (Delivery<String> got = await(b.queue(each, Codec.string()).get())) {
                          assertThat(await(got.done())).isTrue();
                        }
                      }));
            }
            Coroutines.awaitAll(all);
          }
          for (TestServer server : servers) {
            assertThat(server.command("DBSIZE")).isNotEqualTo(":0\r\n");
          }
        });
  }

  @Test
  void aSlotThatIsMovedTakesItsPrimitivesAlong() {
    run(
        () -> {
          Duration lease = Duration.ofSeconds(20);
          try (RedisNode a = connect(servers.get(0).uri(), lease);
              RedisNode b = connect(servers.get(1).uri(), lease)) {
            RedisLease held = await(a.lock(name).acquire());
            CompletableFuture<RedisLease> waits = b.lock(name).acquire();
            await(b.lock(name).isLocked());
            move(SlotHash.getSlot("{toro:lock:" + name + "}"));
            assertThat(await(held.release())).isTrue();
            RedisLease next = await(waits);
            assertThat(next.token()).isGreaterThan(held.token());
            assertThat(await(next.release())).isTrue();
          }
        });
  }

  private void move(int slot) {
    int from = 0;
    while (slot >= SLOTS * (from + 1) / 3) {
      from++;
    }
    TestServer source = servers.get(from);
    TestServer target = servers.get((from + 1) % 3);
    String sourceId = id(source);
    String targetId = id(target);
    target.command("CLUSTER SETSLOT " + slot + " IMPORTING " + sourceId);
    source.command("CLUSTER SETSLOT " + slot + " MIGRATING " + targetId);
    for (String line : source.command("CLUSTER GETKEYSINSLOT " + slot + " 100").split("\r\n")) {
      if (line.startsWith("{toro:")) {
        assertThat(source.command("MIGRATE 127.0.0.1 " + target.port() + " " + line + " 0 5000"))
            .startsWith("+OK");
      }
    }
    for (TestServer server : servers) {
      server.command("CLUSTER SETSLOT " + slot + " NODE " + targetId);
    }
  }

  private static String id(TestServer server) {
    return server.command("CLUSTER MYID").split("\r\n")[1];
  }
}
