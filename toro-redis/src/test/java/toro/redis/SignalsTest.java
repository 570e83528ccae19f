package toro.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.redis.Nodes.*;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import toro.AlreadySetException;
import toro.BarrierBrokenException;
import toro.Coroutines;
import toro.DeadlineExceededException;

/** Event, condition, result, watch, barrier and rate limiter across nodes. */
class SignalsTest {
  private final String name = name("signal");

  private interface Two {
    void run(RedisNode a, RedisNode b) throws Exception;
  }

  private static void withTwo(Two body) {
    run(
        () -> {
          try (RedisNode a = connect();
              RedisNode b = connect()) {
            body.run(a, b);
          }
        });
  }

  @Test
  void anEventWakesAllOnAllNodesAndStaysSet() {
    withTwo(
        (a, b) -> {
          CompletableFuture<Void> one = a.event(name).whenSet();
          CompletableFuture<Void> two = b.event(name).whenSet();
          settled(a);
          settled(b);
          assertThat(await(a.event(name).isSet())).isFalse();
          await(a.event(name).set());
          await(one);
          await(two);
          await(b.event(name).whenSet());
          assertThat(await(b.event(name).isSet())).isTrue();
          await(b.event(name).clear());
          assertThat(failure(a.event(name).whenSet(Duration.ofMillis(50))))
              .isInstanceOf(DeadlineExceededException.class);
          assertThat(failure(a.event(name).whenSet(Duration.ZERO)))
              .isInstanceOf(DeadlineExceededException.class);
        });
  }

  @Test
  void anEventThatIsClearedAtOnceHasWokenAll() {
    withTwo(
        (a, b) -> {
          CompletableFuture<Void> waits = b.event(name).whenSet();
          settled(b);
          a.event(name).set();
          await(a.event(name).clear());
          await(waits);
        });
  }

  @Test
  void aConditionWakesAsManyAsAreSignalledInTheirOrder() {
    withTwo(
        (a, b) -> {
          List<CompletableFuture<Void>> waits = new ArrayList<>();
          for (int i = 0; i < 5; i++) {
            RedisNode node = i % 2 == 0 ? a : b;
            waits.add(node.condition(name).whenSignalled());
            settled(node);
          }
          await(a.condition(name).signal());
          await(waits.get(0));
          await(a.condition(name).signal(2));
          await(waits.get(1));
          await(waits.get(2));
          assertThat(waits.get(3)).isNotDone();
          await(b.condition(name).signalAll());
          await(waits.get(3));
          await(waits.get(4));
          await(a.condition(name).signal()); // is not kept
          assertThat(failure(a.condition(name).whenSignalled(Duration.ofMillis(50))))
              .isInstanceOf(DeadlineExceededException.class);
        });
  }

  @Test
  void aSignalForAWaitThatIsCancelledGoesToTheNext() {
    withTwo(
        (a, b) -> {
          for (int i = 0; i < 30; i++) {
            CompletableFuture<Void> cancelled = a.condition(name).whenSignalled();
            settled(a);
            CompletableFuture<Void> next = b.condition(name).whenSignalled();
            settled(b);
            CompletableFuture<Void> signalled = b.condition(name).signal();
            if (i % 2 == 0) {
              await(signalled);
            }
            if (!cancelled.cancel(true)) {
              await(b.condition(name).signal());
            }
            await(next);
          }
        });
  }

  @Test
  void aResultIsSetOnceAndAllGetIt() {
    withTwo(
        (a, b) -> {
          RedisAsyncResult<String> one = a.asyncResult(name, Codec.string());
          RedisAsyncResult<String> two = b.asyncResult(name, Codec.string());
          CompletableFuture<String> early = one.get();
          settled(a);
          assertThat(await(two.isReady())).isFalse();
          await(two.set("7"));
          assertThat(await(early)).isEqualTo("7");
          assertThat(await(two.get())).isEqualTo("7");
          assertThat(failure(one.set("8"))).isInstanceOf(AlreadySetException.class);
          assertThat(failure(one.setException("8"))).isInstanceOf(AlreadySetException.class);
          assertThat(await(one.isReady())).isTrue();
        });
  }

  @Test
  void aFailureThatIsSetFailsAll() {
    withTwo(
        (a, b) -> {
          CompletableFuture<String> early = a.asyncResult(name, Codec.string()).get();
          settled(a);
          await(b.asyncResult(name, Codec.string()).setException("no luck today"));
          for (CompletableFuture<String> each :
              List.of(early, b.asyncResult(name, Codec.string()).get())) {
            assertThat(failure(each))
                .isInstanceOf(RedisResultException.class)
                .hasMessage("no luck today");
          }
        });
  }

  @Test
  void aWatchTellsOfEachChange() {
    withTwo(
        (a, b) -> {
          RedisWatch<String> one = a.watch(name, Codec.string(), "initial");
          RedisWatch<String> two = b.watch(name, Codec.string(), "initial");
          assertThat(await(one.value())).isEqualTo("initial");
          assertThat(await(one.whenNot("other"))).isEqualTo("initial");
          CompletableFuture<String> changed = one.whenNot("initial");
          settled(a);
          await(two.set("initial"));
          settled(a);
          assertThat(changed).isNotDone();
          await(two.set("2"));
          assertThat(await(changed)).isEqualTo("2");
          assertThat(await(one.whenNot("initial"))).isEqualTo("2");
          assertThat(await(one.value())).isEqualTo("2");
          assertThat(failure(two.whenNot("2", Duration.ofMillis(50))))
              .isInstanceOf(DeadlineExceededException.class);
        });
  }

  @Test
  void aLoopOverAWatchGetsEachLatestValue() {
    withTwo(
        (a, b) -> {
          RedisWatch<String> set = b.watch(name, Codec.string(), "1");
          List<String> got = new ArrayList<>();
          for (String value : a.watch(name, Codec.string(), "1")) {
            got.add(value);
            if (got.size() == 3) {
              break;
            }
            set.set("" + (got.size() + 1));
          }
          assertThat(got).containsExactly("1", "2", "3");
        });
  }

  @Test
  void aBarrierReleasesAllPartiesAndIsReadyForTheNextRound() {
    withTwo(
        (a, b) -> {
          for (int round = 0; round < 3; round++) {
            CompletableFuture<Integer> first = a.barrier(name, 3).arrive();
            settled(a);
            CompletableFuture<Integer> second = b.barrier(name, 3).arrive();
            assertThat(await(b.barrier(name, 3).waiting())).isEqualTo(2);
            assertThat(first).isNotDone();
            CompletableFuture<Integer> third = b.barrier(name, 3).arrive();
            assertThat(Coroutines.awaitAll(List.of(first, second, third))).containsExactly(0, 1, 2);
          }
          CompletableFuture<Integer> leaves = a.barrier(name, 3).arrive(Duration.ofMillis(50));
          assertThat(failure(leaves)).isInstanceOf(DeadlineExceededException.class);
          settled(a);
          assertThat(await(a.barrier(name, 3).waiting())).isZero();
          CompletableFuture<Integer> broken = a.barrier(name, 3).arrive();
          settled(a);
          await(b.barrier(name, 3).abort());
          assertThat(failure(broken)).isInstanceOf(BarrierBrokenException.class);
          assertThat(failure(b.barrier(name, 3).arrive()))
              .isInstanceOf(BarrierBrokenException.class);
          assertThat(await(a.barrier(name, 3).isBroken())).isTrue();
          await(b.barrier(name, 3).reset());
          assertThat(await(a.barrier(name, 3).isBroken())).isFalse();
          assertThatThrownBy(() -> a.barrier(name, 4)).isInstanceOf(IllegalArgumentException.class);
          assertThatThrownBy(() -> a.barrier("x", 0)).isInstanceOf(IllegalArgumentException.class);
        });
  }

  @Test
  void aRateLimiterGrantsTheBurstAtOnceAndThenOneByOneOnAllNodesTogether() {
    withTwo(
        (a, b) -> {
          Duration period = Duration.ofMillis(20);
          long start = System.nanoTime();
          List<CompletableFuture<Void>> all = new ArrayList<>();
          for (int i = 0; i < 25; i++) {
            all.add((i % 2 == 0 ? a : b).rateLimiter(name, 1, period, 5).acquire());
          }
          Coroutines.awaitAll(all);
          Duration took = Duration.ofNanos(System.nanoTime() - start);
          assertThat(took).isBetween(Duration.ofMillis(395), Duration.ofSeconds(5));
          assertThat(failure(a.rateLimiter(name, 1, period, 5).acquire(Duration.ZERO)))
              .isInstanceOf(DeadlineExceededException.class);
          assertThatThrownBy(() -> a.rateLimiter(name, 1, period, 5).acquire(6))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("5");
          await(a.rateLimiter(name, 1, period, 5).acquire(5));
          assertThatThrownBy(() -> a.rateLimiter(name, 2, period, 5))
              .isInstanceOf(IllegalArgumentException.class);
          assertThatThrownBy(() -> a.rateLimiter("x", 1, Duration.ZERO))
              .isInstanceOf(IllegalArgumentException.class);
          assertThat(await(a.rateLimiter(name + "2", 1, period, 5).availablePermits()))
              .isEqualTo(5);
        });
  }

  @Test
  void aRequestForManyPermitsOfARateIsNotOvertaken() {
    withTwo(
        (a, b) -> {
          RedisRateLimiter one = a.rateLimiter(name, 1, Duration.ofMillis(20), 5);
          RedisRateLimiter two = b.rateLimiter(name, 1, Duration.ofMillis(20), 5);
          await(one.acquire(5));
          List<String> order = new ArrayList<>();
          CompletableFuture<Void> many = one.acquire(5).thenRun(() -> order.add("many"));
          settled(a);
          CompletableFuture<Void> single = two.acquire().thenRun(() -> order.add("one"));
          Coroutines.awaitAll(List.of(many, single));
          assertThat(order).containsExactly("many", "one");
        });
  }
}
