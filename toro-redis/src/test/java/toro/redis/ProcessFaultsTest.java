package toro.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.redis.Nodes.*;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Processes that die or are stopped hold nothing up for longer than a lease. */
@Tag("once")
class ProcessFaultsTest {
  private static final Duration LEASE = Duration.ofSeconds(1);

  private final String name = name("process");

  @Test
  void aHolderThatIsKilledIsFollowedAfterOneLease() {
    run(
        () -> {
          try (Actor holder = new Actor(TestServer.shared(), LEASE, "hold", name);
              RedisNode node = connect(TestServer.shared(), LEASE)) {
            holder.expect("connected");
            long token = Long.parseLong(holder.line().substring("holds ".length()));
            CompletableFuture<RedisLease> waits = node.lock(name).acquire();
            settled(node);
            holder.kill();
            long killed = System.nanoTime();
            RedisLease lease = await(waits);
            assertThat(lease.token()).isGreaterThan(token);
            assertThat(Duration.ofNanos(System.nanoTime() - killed))
                .isLessThan(LEASE.plusMillis(500)); // and a loaded machine
          }
        });
  }

  @Test
  void aWaiterThatIsKilledHoldsNobodyBackForLongerThanALease() {
    run(
        () -> {
          try (RedisNode node = connect(TestServer.shared(), LEASE)) {
            RedisSemaphore semaphore = node.semaphore(name, 2);
            RedisLease held = await(semaphore.acquire());
            try (Actor waiter = new Actor(TestServer.shared(), LEASE, "wait-many", name)) {
              waiter.expect("connected").expect("waits");
              CompletableFuture<RedisLease> behind = semaphore.acquire();
              settled(node);
              assertThat(behind).isNotDone(); // it does not overtake the one that wants two
              waiter.kill();
              long killed = System.nanoTime();
              await(behind).close();
              assertThat(Duration.ofNanos(System.nanoTime() - killed))
                  .isLessThan(LEASE.plusMillis(500));
            }
            held.close();
          }
        });
  }

  @Test
  void aWaiterThatWasKilledIsSkippedByTheGrant() {
    run(
        () -> {
          try (RedisNode node = connect(TestServer.shared(), LEASE);
              Actor waiter = new Actor(TestServer.shared(), LEASE, "wait", name)) {
            RedisLease held = await(node.lock(name).acquire());
            waiter.expect("connected").expect("waits");
            CompletableFuture<RedisLease> next = node.lock(name).acquire();
            settled(node);
            waiter.kill();
            held.close(); // is granted to the dead one, or not
            await(next).close();
          }
        });
  }

  @Test
  void aHolderThatIsStoppedLosesItsLeaseAndKnowsItAtOnceWhenItGoesOn() {
    run(
        () -> {
          try (Actor holder = new Actor(TestServer.shared(), LEASE, "hold-and-look", name);
              RedisNode node = connect(TestServer.shared(), LEASE)) {
            holder.expect("connected").expect("holds");
            CompletableFuture<RedisLease> waits = node.lock(name).acquire();
            settled(node);
            holder.signal("STOP");
            await(waits);
            holder.signal("CONT");
            assertThat(holder.awaitLine()).isEqualTo("looks true");
          }
        });
  }

  @Test
  void aWaiterThatIsStoppedForShorterThanALeaseKeepsItsPlace() {
    run(
        () -> {
          Duration lease = Duration.ofSeconds(20);
          try (RedisNode node = connect(TestServer.shared(), lease);
              Actor waiter = new Actor(TestServer.shared(), lease, "wait", name)) {
            RedisLease held = await(node.lock(name).acquire());
            waiter.expect("connected").expect("waits");
            CompletableFuture<RedisLease> next = node.lock(name).acquire();
            settled(node);
            waiter.signal("STOP");
            await(held.release());
            settled(node);
            assertThat(next).isNotDone();
            waiter.signal("CONT");
            assertThat(waiter.awaitLine()).startsWith("granted");
          }
        });
  }

  @Test
  void aProgramThatClosesItsNodeAndEndsLeavesNothingHeld() {
    run(
        () -> {
          try (Actor other = new Actor(TestServer.shared(), Duration.ofHours(1), "take", name);
              RedisNode node = connect()) {
            other.expect("connected").expect("holds");
            await(node.lock(name).acquire(Duration.ofSeconds(30))).close();
          }
        });
  }
}
