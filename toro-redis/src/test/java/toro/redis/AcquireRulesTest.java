package toro.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.spawn;
import static toro.redis.Nodes.*;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import toro.Coroutine;
import toro.Coroutines;
import toro.Deadline;
import toro.DeadlineExceededException;
import toro.IOLoop;

/** What is true of all that is acquired: the rules of the local primitives, across nodes. */
class AcquireRulesTest {
  /** All that can be held by one at a time. */
  enum Kind {
    LOCK {
      @Override
      CompletableFuture<RedisLease> acquire(RedisNode node, String name, Deadline deadline) {
        return node.lock(name).acquire(deadline);
      }

      @Override
      Object primitive(RedisNode node, String name) {
        return node.lock(name);
      }
    },
    SEMAPHORE {
      @Override
      CompletableFuture<RedisLease> acquire(RedisNode node, String name, Deadline deadline) {
        return node.semaphore(name, 1).acquire(deadline);
      }

      @Override
      Object primitive(RedisNode node, String name) {
        return node.semaphore(name, 1);
      }
    },
    SEVERAL_PERMITS {
      @Override
      CompletableFuture<RedisLease> acquire(RedisNode node, String name, Deadline deadline) {
        return node.semaphore(name, 5).acquire(3, deadline);
      }

      @Override
      Object primitive(RedisNode node, String name) {
        return node.semaphore(name, 5);
      }
    },
    READER {
      @Override
      CompletableFuture<RedisLease> acquire(RedisNode node, String name, Deadline deadline) {
        return node.rwLock(name).acquireRead(deadline);
      }

      @Override
      Object primitive(RedisNode node, String name) {
        return node.rwLock(name);
      }
    },
    WRITER {
      @Override
      CompletableFuture<RedisLease> acquire(RedisNode node, String name, Deadline deadline) {
        return node.rwLock(name, 7).acquireWrite(deadline);
      }

      @Override
      Object primitive(RedisNode node, String name) {
        return node.rwLock(name, 7);
      }
    };

    abstract CompletableFuture<RedisLease> acquire(RedisNode node, String name, Deadline deadline);

    abstract Object primitive(RedisNode node, String name);

    CompletableFuture<RedisLease> acquire(RedisNode node, String name) {
      return acquire(node, name, Deadline.never());
    }
  }

  private final String name = name("rule");

  /** Two nodes on one loop are two for the server. */
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

  @ParameterizedTest
  @EnumSource
  void whatIsFreeIsGranted(Kind kind) {
    withNode(
        node -> {
          RedisLease lease = await(kind.acquire(node, name));
          assertThat(lease.token()).isPositive();
          assertThat(lease.isLost()).isFalse();
          assertThat(await(lease.release())).isTrue();
        });
  }

  @ParameterizedTest
  @EnumSource
  void oneNodeKeepsTheOtherOut(Kind kind) {
    withTwo(
        (a, b) -> {
          RedisLease held = await(kind.acquire(a, name));
          CompletableFuture<RedisLease> waits = kind.acquire(b, name);
          settled(b);
          assertThat(waits).isNotDone();
          held.close();
          RedisLease next = await(waits);
          assertThat(next.token()).isGreaterThan(held.token());
          next.close();
        });
  }

  @ParameterizedTest
  @EnumSource
  void requestsAreGrantedInTheOrderInWhichTheyReachedTheServer(Kind kind) {
    withTwo(
        (a, b) -> {
          RedisLease held = await(kind.acquire(a, name));
          List<Integer> order = new ArrayList<>();
          List<Coroutine<Void>> all = new ArrayList<>();
          for (int i = 0; i < 10; i++) {
            int number = i;
            RedisNode node = i % 2 == 0 ? b : a;
            CompletableFuture<RedisLease> request = kind.acquire(node, name);
            settled(node); // so the next one comes later
            all.add(
                spawn(
                    () -> {
                      try (RedisLease lease = await(request)) {
                        order.add(number);
                        pause();
                      }
                    }));
          }
          held.close();
          Coroutines.awaitAll(all);
          assertThat(order).isSorted().hasSize(10);
        });
  }

  @ParameterizedTest
  @EnumSource
  void aWaitWhoseDeadlinePassesLeavesNoTrace(Kind kind) {
    withTwo(
        (a, b) -> {
          RedisLease held = await(kind.acquire(a, name));
          CompletableFuture<RedisLease> waits =
              kind.acquire(b, name, Deadline.after(Duration.ofMillis(50)));
          assertThat(failure(waits))
              .isInstanceOf(DeadlineExceededException.class)
              .hasMessageContaining(name);
          CompletableFuture<RedisLease> next = kind.acquire(a, name);
          settled(b);
          held.close();
          await(next).close();
          await(kind.acquire(b, name)).close();
        });
  }

  @ParameterizedTest
  @EnumSource
  void aWaitThatIsCancelledLeavesNoTrace(Kind kind) {
    withTwo(
        (a, b) -> {
          RedisLease held = await(kind.acquire(a, name));
          CompletableFuture<RedisLease> cancelled = kind.acquire(b, name);
          Coroutine<RedisLease> coroutine = spawn(() -> await(kind.acquire(b, name)));
          CompletableFuture<RedisLease> next = kind.acquire(b, name);
          settled(b);
          cancelled.cancel(true);
          coroutine.cancel(true);
          assertThat(failure(coroutine)).isInstanceOf(CancellationException.class);
          held.close();
          await(next).close();
          await(kind.acquire(a, name)).close();
        });
  }

  @ParameterizedTest
  @EnumSource
  void aWaitThatIsCancelledWhileItIsGrantedPassesTheGrantOn(Kind kind) {
    withTwo(
        (a, b) -> {
          for (int i = 0; i < 50; i++) {
            RedisLease held = await(kind.acquire(a, name));
            CompletableFuture<RedisLease> cancelled = kind.acquire(b, name);
            settled(b);
            CompletableFuture<Boolean> released = held.release();
            if (i % 2 == 0) {
              await(released); // the message is under way
            }
            if (!cancelled.cancel(true)) {
              await(cancelled).close(); // it was granted before
            }
            await(kind.acquire(a, name)).close();
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void aCancelRightAfterTheRequestLeavesNoTrace(Kind kind) {
    withNode(
        node -> {
          for (int i = 0; i < 50; i++) {
            kind.acquire(node, name).cancel(true);
            await(kind.acquire(node, name)).close();
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void withoutTimeItIsGrantedAtOnceOrFails(Kind kind) {
    withTwo(
        (a, b) -> {
          RedisLease held = await(kind.acquire(a, name, Deadline.after(Duration.ZERO)));
          assertThat(failure(kind.acquire(b, name, Deadline.after(Duration.ofSeconds(-1)))))
              .isInstanceOf(DeadlineExceededException.class);
          await(held.release());
          await(kind.acquire(b, name, Deadline.after(Duration.ZERO))).close();
        });
  }

  @ParameterizedTest
  @EnumSource
  void aLeaseThatIsClosedTwiceIsClosedOnce(Kind kind) {
    withTwo(
        (a, b) -> {
          RedisLease first = await(kind.acquire(a, name));
          first.close();
          first.close();
          RedisLease second = await(kind.acquire(b, name));
          first.close();
          assertThat(await(first.release())).isTrue();
          CompletableFuture<RedisLease> third = kind.acquire(a, name);
          settled(a);
          assertThat(third).isNotDone();
          second.close();
          await(third).close();
          assertThat(first.isLost()).isFalse();
        });
  }

  @ParameterizedTest
  @EnumSource
  void closingTheNodeReleasesWhatItHoldsAndFailsItsWaits(Kind kind) {
    run(
        () -> {
          RedisNode a = connect();
          RedisLease held = await(kind.acquire(a, name));
          CompletableFuture<RedisLease> waits = kind.acquire(a, name);
          try (RedisNode b = connect()) {
            CompletableFuture<RedisLease> next = kind.acquire(b, name);
            settled(b);
            a.close();
            assertThat(failure(waits)).isInstanceOf(RedisUnavailableException.class);
            await(next).close();
          }
          assertThat(held.isLost()).isTrue();
          held.close();
          assertThat(failure(kind.acquire(a, name)))
              .isInstanceOf(RedisUnavailableException.class)
              .hasMessageContaining("closed");
        });
  }

  @ParameterizedTest
  @EnumSource
  void anotherThreadIsRefused(Kind kind) throws Exception {
    withNode(
        node -> {
          Object primitive = kind.primitive(node, name);
          assertThat(primitive.toString()).contains(name);
          var failure = new CompletableFuture<Throwable>();
          Thread thread =
              new Thread(
                  () -> {
                    try {
                      switch (primitive) {
                        case RedisLock lock -> lock.acquire();
                        case RedisSemaphore semaphore -> semaphore.acquire();
                        case RedisRWLock lock -> lock.acquireRead();
                        default -> throw new AssertionError();
                      }
                      failure.complete(null);
                    } catch (Throwable thrown) {
                      failure.complete(thrown);
                    }
                  });
          thread.start();
          assertThat(await(failure))
              .isInstanceOf(WrongThreadException.class)
              .hasMessageContaining(primitive.getClass().getSimpleName());
        });
  }

  @ParameterizedTest
  @EnumSource
  void aSnapshotShowsWhoWaitsAndWhoHolds(Kind kind) {
    withTwo(
        (a, b) -> {
          RedisLease held = await(kind.acquire(a, name));
          Coroutine<RedisLease> waits = spawn("waiter", () -> await(kind.acquire(b, name)));
          String snapshot;
          do { // until the answer has come that tells the holder
            settled(b);
            snapshot = IOLoop.current().snapshot().toString();
          } while (!snapshot.contains("held by " + a.id()));
          assertThat(snapshot)
              .contains("waiter")
              .contains(name)
              .contains("token=" + held.token())
              .contains("position=1")
              .contains("waiters[1]");
          assertThat(kind.primitive(a, name).toString()).contains("held token=" + held.token());
          held.close();
          await(waits).close();
        });
  }

  @ParameterizedTest
  @EnumSource
  void manyCoroutinesOfTwoNodesExcludeEachOther(Kind kind) {
    withTwo(
        (a, b) -> {
          int[] inside = {0};
          long[] last = {0};
          List<Coroutine<Void>> all = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            RedisNode node = i % 2 == 0 ? a : b;
            all.add(
                spawn(
                    () -> {
                      try (RedisLease lease = await(kind.acquire(node, name))) {
                        assertThat(++inside[0]).isEqualTo(1);
                        assertThat(lease.token()).isGreaterThan(last[0]);
                        last[0] = lease.token();
                        pause();
                        inside[0]--;
                      }
                    }));
          }
          Coroutines.awaitAll(all);
        });
  }
}
