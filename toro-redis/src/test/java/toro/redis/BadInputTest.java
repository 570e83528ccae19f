package toro.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.redis.Nodes.*;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import toro.IOLoop;

/** What is refused, and how. */
class BadInputTest {
  @Test
  void aServerThatIsNotThereIsNamed() {
    run(
        () -> {
          String uri = "redis://127.0.0.1:" + TestServer.freePort();
          assertThat(failure(RedisNode.connect(IOLoop.current(), uri)))
              .isInstanceOf(RedisUnavailableException.class)
              .hasMessageContaining(uri);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost:6379", "http://localhost", "redis://"})
  void whatIsNoUriOfRedisIsRefusedAtOnce(String uri) {
    run(
        () ->
            assertThatThrownBy(() -> RedisNode.connect(IOLoop.current(), uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("redis://localhost:6379"));
  }

  @Test
  void aWrongPasswordIsRefusedAndNotShown() {
    try (TestServer server = new TestServer("--requirepass", "secret")) {
      run(
          () -> {
            String right = "redis://:secret@127.0.0.1:" + server.port();
            String wrong = "redis://:wrong-one@127.0.0.1:" + server.port();
            for (String uri : new String[] {wrong, server.uri()}) {
              assertThat(failure(RedisNode.connect(IOLoop.current(), uri)))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("password")
                  .hasMessageNotContaining("wrong-one");
            }
            try (RedisNode node = connect(right)) {
              await(node.lock("x").acquire()).close();
              assertThat(node.toString()).doesNotContain("secret");
            }
            assertThat(RedisNode.Options.of(wrong).toString()).doesNotContain("wrong-one");
          });
    }
  }

  @Test
  void theRightsThatTheDocumentsNameAreEnough() {
    try (TestServer server = new TestServer()) {
      assertThat(
              server.command(
                  "ACL SETUSER toro on >password ~{toro:* resetchannels &toro:* +@all -@dangerous +info +client"))
          .startsWith("+OK");
      run(
          () -> {
            String uri = "redis://toro:password@127.0.0.1:" + server.port();
            try (RedisNode node = connect(uri)) {
              RedisLease held = await(node.lock("x").acquire());
              var next = node.lock("x").acquire();
              held.close();
              await(next).close();
              await(node.queue("q", Codec.string()).put("1"));
              await(node.event("e").set());
              await(node.rateLimiter("r", 1, Duration.ofSeconds(1)).acquire());
            }
          });
    }
  }

  @Test
  void aServerThatEvictsLocksIsRefused() {
    try (TestServer server =
        new TestServer("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")) {
      run(
          () ->
              assertThat(failure(RedisNode.connect(IOLoop.current(), server.uri())))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("noeviction"));
    }
  }

  @Test
  void aServerThatIsTooOldIsRefused() {
    var redis6 = new ServerFacts("redis_version:6.0.16\r\nredis_mode:standalone\r\n");
    assertThatThrownBy(() -> redis6.check("redis://x"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("6.0.16");
    var valkey = new ServerFacts("redis_version:7.2.4\r\nvalkey_version:7.1.0\r\n");
    assertThatThrownBy(() -> valkey.check("redis://x")).hasMessageContaining("Valkey 7.1.0");
    new ServerFacts("redis_version:7.2.4\r\nvalkey_version:8.0.1\r\n").check("redis://x");
    new ServerFacts("redis_version:6.2.0\r\n").check("redis://x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a{b", "a}b", "two\nlines", "nul\0"})
  void aNameThatCanBeNoKeyIsRefusedAtOnce(String name) {
    withNode(
        node ->
            assertThatThrownBy(() -> node.lock(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"with spaces", "ünïcödé 🦬", "a:b:c", "a/b", "%s \"quoted\"", "1@2"})
  void anyOtherNameIsGood(String name) {
    withNode(
        node -> {
          RedisLease held = await(node.lock(name).acquire());
          var next = node.lock(name).acquire();
          held.close();
          await(next).close();
        });
  }

  @Test
  void aKeyOfAnotherTypeIsNamed() {
    try (TestServer server = new TestServer()) {
      server.command("SET {toro:lock:x} 1");
      run(
          () -> {
            try (RedisNode node = connect(server.uri())) {
              assertThat(failure(node.lock("x").acquire()))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("{toro:lock:x}");
              await(node.lock("y").acquire()).close();
            }
          });
    }
  }

  @Test
  void aFullServerSaysSo() {
    try (TestServer server =
        new TestServer("--maxmemory", "100kb", "--maxmemory-policy", "noeviction")) {
      run(
          () -> {
            try (RedisNode node = connect(server.uri())) {
              assertThat(failure(node.lock("x").acquire()))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("memory is full");
            }
          });
    }
  }

  @Test
  void nodesThatDisagreeAboutTheNumberOfPermitsAreTold() {
    run(
        () -> {
          String name = name("disagree");
          try (RedisNode a = connect();
              RedisNode b = connect()) {
            RedisLease held = await(a.semaphore(name, 3).acquire());
            assertThat(failure(b.semaphore(name, 5).acquire()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("3");
            assertThatThrownBy(() -> a.semaphore(name, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5");
            held.close();
          }
        });
  }

  @Test
  void whatCanNeverBeGrantedIsRefused() {
    withNode(
        node -> {
          RedisSemaphore semaphore = node.semaphore(name("never"), 3);
          assertThat(failure(semaphore.acquire(4)))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("3 in all");
          assertThatThrownBy(() -> semaphore.acquire(0))
              .isInstanceOf(IllegalArgumentException.class);
          assertThatThrownBy(() -> semaphore.resize(-1))
              .isInstanceOf(IllegalArgumentException.class);
          assertThatThrownBy(() -> node.semaphore("x", -1))
              .isInstanceOf(IllegalArgumentException.class);
          assertThatThrownBy(() -> node.rwLock("x", 0))
              .isInstanceOf(IllegalArgumentException.class);
        });
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() {
    RedisNode.Options options = RedisNode.Options.of("redis://localhost");
    assertThatThrownBy(() -> options.lease(Duration.ofMillis(99)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.giveUp(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.maxAttempts(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.replicas(0, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(options.lease(Duration.ofSeconds(5)).toString()).contains("PT5S");
  }
}
