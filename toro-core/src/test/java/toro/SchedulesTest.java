package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.pause;
import static toro.Coroutines.withTimeout;
import static toro.Schedules.SOON;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import toro.Schedules.Scene;

/** Small programs in all schedules: with an event at each point. */
@OnItsOwnThread
class SchedulesTest {

  private static void explore(Function<IOLoop, Scene> scenes) {
    assertThat(Schedules.explore(scenes)).isGreaterThan(100);
  }

  /** Who uses what has permits. */
  private static final class Users {
    private final int most;
    private final List<CompletableFuture<Lease>> line = new ArrayList<>();
    private int inside;

    /**
     * With at most so many at the same time.
     *
     * @param most how many
     */
    Users(int most) {
      this.most = most;
    }

    /** Waits, is inside for a while, and leaves. */
    void use(CompletableFuture<Lease> acquiring) {
      use(acquiring, 1);
    }

    /** Like one who takes as much as so many. */
    void use(CompletableFuture<Lease> acquiring, int weight) {
      List<CompletableFuture<Lease>> before = List.copyOf(line);
      line.add(acquiring);
      Lease lease = await(acquiring);
      assertThat(before).allMatch(CompletableFuture::isDone);
      inside += weight;
      assertThat(inside).isLessThanOrEqualTo(most);
      try (lease) {
        pause();
      } finally {
        inside -= weight;
      }
    }
  }

  @Test
  void aLockIsHeldByOneAtATimeAndByNobodyInTheEnd() {
    explore(
        loop -> {
          Lock lock = new Lock(loop);
          Users users = new Users(1);
          return new Scene()
              .coroutine(() -> users.use(lock.acquire()))
              .coroutine(() -> users.use(lock.acquire(SOON)))
              .coroutine(() -> withTimeout(SOON, () -> users.use(lock.acquire())))
              .rule(() -> assertThat(lock.toString()).doesNotContain("unlocked waiters"))
              .invariant(() -> assertThat(lock).hasToString("Lock[unlocked]"));
        });
  }

  @Test
  void aSemaphoreHasAllItsPermitsInTheEnd() {
    explore(
        loop -> {
          Semaphore semaphore = new BoundedSemaphore(loop, 2);
          Users users = new Users(2);
          return new Scene()
              .coroutine(() -> users.use(semaphore.acquire()))
              .coroutine(() -> users.use(semaphore.acquire(SOON)))
              .coroutine(
                  () -> {
                    users.use(semaphore.acquire());
                    await(semaphore.whenUnlocked(SOON));
                  })
              .invariant(() -> assertThat(semaphore).hasToString("BoundedSemaphore[counter=2]"));
        });
  }

  @Test
  void aSemaphoreThatIsResizedGivesSeveralPermitsAllOrNoneAndHasThemAllInTheEnd() {
    explore(
        loop -> {
          Semaphore semaphore = new BoundedSemaphore(loop, 2);
          Users users = new Users(3);
          return new Scene()
              .coroutine(
                  () -> {
                    try {
                      users.use(semaphore.acquire(2, SOON), 2);
                    } catch (IllegalArgumentException refused) {
                      // it was resized to one before
                    }
                  })
              .coroutine(() -> users.use(semaphore.acquire()))
              .coroutine(
                  () -> {
                    try {
                      semaphore.resize(1);
                      pause();
                      semaphore.resize(0);
                      pause();
                    } finally {
                      semaphore.resize(3);
                    }
                  })
              .rule(() -> assertThat(semaphore.availablePermits()).isGreaterThanOrEqualTo(-2))
              .invariant(
                  () ->
                      assertThat(semaphore)
                          .hasToString(
                              "BoundedSemaphore[counter=" + semaphore.totalPermits() + "]"));
        });
  }

  @Test
  void aKeyIsHeldByOneAtATimeAndIsGoneInTheEnd() {
    explore(
        loop -> {
          KeyedLock<String> lock = new KeyedLock<>(loop);
          Users ofA = new Users(1);
          return new Scene()
              .coroutine(() -> ofA.use(lock.acquire("a")))
              .coroutine(() -> ofA.use(lock.acquire("a", SOON)))
              .coroutine(
                  () -> {
                    await(lock.acquire("b")).close();
                    ofA.use(lock.acquire("a"));
                  })
              .invariant(() -> assertThat(lock).hasToString("KeyedLock[]"));
        });
  }

  @Test
  void whoBeginToWaitForSeveralKeysAtOnceNeverWaitForEachOtherInACircle() {
    explore(
        loop -> {
          KeyedLock<String> lock = new KeyedLock<>(loop);
          Users users = new Users(1);
          return new Scene()
              .coroutine(() -> useAll(users, lock, List.of("a", "b", "c")))
              .coroutine(() -> useAll(users, lock, List.of("c", "b", "a")))
              .coroutine(() -> useAll(users, lock, List.of("b", "c", "a")))
              .invariant(() -> assertThat(lock).hasToString("KeyedLock[]"));
        });
  }

  private static void useAll(Users users, KeyedLock<String> lock, List<String> keys) {
    var leases = awaitAll(keys.stream().map(lock::acquire).toList());
    try {
      users.use(CompletableFuture.completedFuture(leases.getFirst()));
    } finally {
      leases.forEach(Lease::close);
    }
  }

  @Test
  void aKeyedRWLockLetsReadersInTogetherOrOneWriterAndHasNoKeyInTheEnd() {
    explore(
        loop -> {
          KeyedRWLock<String> lock = new KeyedRWLock<>(loop);
          Users users = new Users(2);
          return new Scene()
              .coroutine(() -> users.use(lock.acquireRead("a")))
              .coroutine(() -> users.use(lock.acquireWrite("a", SOON), 2))
              .coroutine(() -> users.use(lock.acquireRead("a")))
              .invariant(() -> assertThat(lock).hasToString("KeyedRWLock[]"));
        });
  }

  @Test
  void aRateLimiterGivesEachPermitToOneAndKeepsNoTimerInTheEnd() {
    explore(
        loop -> {
          RateLimiter limiter = new RateLimiter(loop, 1, SOON, 2);
          long start = loop.nanoTime();
          long[] passed = {0};
          Consumer<Integer> pass =
              permits -> {
                await(limiter.acquire(permits));
                passed[0] += permits;
                assertThat(passed[0]).isLessThanOrEqualTo(2 + 1 + loop.nanoTime() - start);
              };
          return new Scene()
              .coroutine(() -> pass.accept(2))
              .coroutine(
                  () -> {
                    await(limiter.acquire(2, SOON));
                    passed[0] += 2;
                  })
              .coroutine(() -> pass.accept(1))
              .invariant(
                  () ->
                      assertThat(limiter.toString()).doesNotContain("waiters").startsWith("Rate"));
        });
  }

  @Test
  void anRWLockLetsReadersInTogetherOrOneWriterAndIsFreeInTheEnd() {
    explore(
        loop -> {
          RWLock lock = new RWLock(loop, 2);
          Users users = new Users(2);
          var writers = new ArrayList<CompletableFuture<Lease>>();
          return new Scene()
              .coroutine(() -> users.use(lock.acquireRead()))
              .coroutine(
                  () -> {
                    writers.add(lock.acquireWrite(SOON));
                    users.use(writers.getFirst(), 2);
                  })
              .coroutine(() -> users.use(lock.acquireRead()))
              .rule(
                  () ->
                      assertThat(
                              !lock.isLocked()
                                  && writers.stream().allMatch(CompletableFuture::isDone)
                                  && lock.toString().contains("waiters"))
                          .isFalse())
              .invariant(() -> assertThat(lock).hasToString("RWLock[unlocked]"));
        });
  }

  @Test
  void whoAwaitsTwoLocksKeepsNeitherWhenOneIsNotGranted() {
    explore(
        loop -> {
          Lock first = new Lock(loop);
          Lock second = new Lock(loop);
          Users ofFirst = new Users(1);
          Users ofSecond = new Users(1);
          return new Scene()
              .coroutine(
                  () -> {
                    for (Lease lease : awaitAll(first.acquire(), second.acquire(SOON))) {
                      lease.close();
                    }
                  })
              .coroutine(() -> ofFirst.use(first.acquire()))
              .coroutine(() -> ofSecond.use(second.acquire()))
              .invariant(() -> assertThat(first).hasToString("Lock[unlocked]"))
              .invariant(() -> assertThat(second).hasToString("Lock[unlocked]"));
        });
  }

  @Test
  void eachSignalThatSomebodyWaitedForWakesOne() {
    explore(
        loop -> {
          Condition condition = new Condition(loop);
          List<String> signals = new ArrayList<>();
          List<String> woken = new ArrayList<>();
          Runnable signal =
              () -> {
                if (condition.toString().contains("waiters")) {
                  signals.add("signal");
                }
                condition.signal();
              };
          return new Scene()
              .coroutine(
                  () -> {
                    await(condition.whenSignalled());
                    woken.add("signal");
                  })
              .coroutine(
                  () -> {
                    await(condition.whenSignalled(SOON));
                    woken.add("signal");
                  })
              .coroutine(
                  () -> {
                    signal.run();
                    pause();
                    signal.run();
                  })
              .invariant(() -> assertThat(woken).isEqualTo(signals));
        });
  }

  @Test
  void anEventThatIsSetHasNobodyWait() {
    explore(
        loop -> {
          Event event = new Event(loop);
          return new Scene()
              .coroutine(() -> await(event.whenSet()))
              .coroutine(() -> await(event.whenSet(SOON)))
              .coroutine(
                  () -> {
                    event.set();
                    assertThat(event).hasToString("Event[set]");
                    pause();
                    event.clear();
                    pause();
                    event.set();
                  })
              .invariant(
                  () ->
                      assertThat(event.isSet() && event.toString().contains("waiters")).isFalse());
        });
  }

  @Test
  void anAsyncResultIsTheSameForAll() {
    explore(
        loop -> {
          AsyncResult<Integer> result = new AsyncResult<>(loop);
          return new Scene()
              .coroutine(() -> assertThat(await(result.get())).isEqualTo(7))
              .coroutine(() -> assertThat(await(result.get(SOON))).isEqualTo(7))
              .coroutine(
                  () -> {
                    pause();
                    result.set(7);
                    assertThat(result).hasToString("AsyncResult[value=7]");
                    pause();
                    assertThat(await(result.get())).isEqualTo(7);
                  });
        });
  }

  private static Stream<Function<IOLoop, Queue<Integer>>> queues() {
    return Stream.of(
        loop -> new Queue<>(loop, 1),
        loop -> new Queue<>(loop, 0),
        loop -> new PriorityQueue<>(loop, 1),
        loop -> new LifoQueue<>(loop, 1));
  }

  @ParameterizedTest
  @MethodSource("queues")
  void eachItemThatWasPutInIsTakenOutOnceOrStillThere(Function<IOLoop, Queue<Integer>> kind) {
    explore(
        loop -> {
          Queue<Integer> queue = kind.apply(loop);
          List<Integer> putIn = new ArrayList<>();
          List<Integer> taken = new ArrayList<>();
          return new Scene()
              .coroutine(
                  () -> {
                    await(queue.put(1));
                    putIn.add(1);
                    await(queue.put(2, SOON));
                    putIn.add(2);
                  })
              .coroutine(
                  () -> {
                    taken.add(await(queue.get(SOON)));
                    await(queue.put(3));
                    putIn.add(3);
                  })
              .coroutine(() -> taken.add(await(queue.get())))
              .rule(
                  () -> {
                    String text = queue.toString();
                    assertThat(text.contains("getters") && !queue.isEmpty()).isFalse();
                    assertThat(text.contains("putters") && !queue.isFull()).isFalse();
                  })
              .invariant(
                  () -> {
                    assertThat(taken.size() + queue.size()).isEqualTo(putIn.size());
                    assertThat(queue.unfinishedTasks()).isEqualTo(putIn.size());
                    assertThat(taken).doesNotHaveDuplicates();
                    assertThat(putIn).containsAll(taken);
                  });
        });
  }

  @Test
  void whoJoinsAQueueIsFreeWhenItsLastTaskIsDone() {
    explore(
        loop -> {
          Queue<Integer> queue = new Queue<>(loop, 1);
          return new Scene()
              .coroutine(
                  () -> {
                    await(queue.put(1));
                    await(queue.put(2));
                  })
              .coroutine(
                  () -> {
                    await(queue.get());
                    pause();
                    queue.taskDone();
                    await(queue.get(SOON));
                    queue.taskDone();
                  })
              .coroutine(() -> await(queue.join()))
              .invariant(
                  () ->
                      assertThat(
                              queue.unfinishedTasks() == 0 && queue.toString().contains("joiners"))
                          .isFalse());
        });
  }

  @Test
  void aBarrierReleasesAsManyAsItHasParties() {
    explore(
        loop -> {
          var rounds = new int[1];
          Barrier barrier = new Barrier(loop, 2, () -> rounds[0]++);
          List<Integer> indexes = new ArrayList<>();
          return new Scene()
              .coroutine(
                  () -> {
                    indexes.add(await(barrier.arrive()));
                    indexes.add(await(barrier.arrive(SOON)));
                  })
              .coroutine(() -> indexes.add(await(barrier.arrive(SOON))))
              .coroutine(() -> withTimeout(SOON, () -> indexes.add(await(barrier.arrive()))))
              .rule(() -> assertThat(barrier.waiting()).isLessThan(2))
              .invariant(
                  () -> {
                    assertThat(indexes).hasSize(2 * rounds[0]);
                    assertThat(indexes.stream().filter(index -> index == 0)).hasSize(rounds[0]);
                    assertThat(indexes.stream().filter(index -> index == 1)).hasSize(rounds[0]);
                  });
        });
  }

  @Test
  void whoIsAtABarrierThatIsAbortedOrResetDoesNotStayThere() {
    explore(
        loop -> {
          Barrier barrier = new Barrier(loop, 3);
          ThrowingRunnable party =
              () -> {
                while (!barrier.isBroken()) {
                  try {
                    await(barrier.arrive());
                  } catch (BarrierBrokenException reset) {
                    // or aborted
                  }
                }
              };
          return new Scene()
              .coroutine(party)
              .coroutine(party)
              .coroutine(
                  () -> {
                    barrier.reset();
                    pause();
                    barrier.abort();
                  })
              .rule(() -> assertThat(barrier.isBroken() && barrier.waiting() > 0).isFalse());
        });
  }

  @ParameterizedTest
  @EnumSource
  void eachSubscriberTakesTheItemsInOrderAndWithoutAGap(Broadcast.Overflow overflow) {
    explore(
        loop -> {
          Broadcast<Integer> broadcast = new Broadcast<>(loop, 1, overflow);
          List<Integer> putIn = new ArrayList<>();
          List<Subscription<Integer>> subscriptions = new ArrayList<>();
          List<List<Integer>> taken = new ArrayList<>();
          ThrowingRunnable subscriber =
              () -> {
                Subscription<Integer> subscription = broadcast.subscribe();
                List<Integer> items = new ArrayList<>();
                subscriptions.add(subscription);
                taken.add(items);
                try {
                  items.add(await(subscription.get()));
                  items.add(await(subscription.get(SOON)));
                } catch (SlowSubscriberException cutOff) {
                  subscription.close();
                }
              };
          return new Scene()
              .coroutine(
                  () -> {
                    for (int item = 1; item <= 3; item++) {
                      await(item == 2 ? broadcast.put(item, SOON) : broadcast.put(item));
                      putIn.add(item);
                    }
                  })
              .coroutine(subscriber)
              .coroutine(subscriber)
              .rule(
                  () -> {
                    assertThat(broadcast.size()).isLessThan(2);
                    assertThat(broadcast.toString().contains("putters") && broadcast.size() < 1)
                        .isFalse();
                    assertThat(subscriptions)
                        .noneMatch(each -> each.size() > 0 && each.toString().contains("getters"));
                  })
              .invariant(
                  () -> {
                    for (int i = 0; i < taken.size(); i++) {
                      List<Integer> items = taken.get(i);
                      Subscription<Integer> subscription = subscriptions.get(i);
                      boolean open = !subscription.toString().matches(".*(closed|cut off).*");
                      if (!items.isEmpty()) {
                        int gap = items.getLast() - items.getFirst() + 1 - items.size();
                        assertThat((long) gap).isLessThanOrEqualTo(subscription.missed());
                      }
                      if (open && !items.isEmpty() && subscription.missed() == 0) {
                        assertThat(items.getLast() + subscription.size()).isEqualTo(putIn.size());
                      }
                    }
                  });
        });
  }

  @Test
  void putsWaitNoMoreWhenTheLastSubscriberHasGone() {
    explore(
        loop -> {
          Broadcast<Integer> broadcast = new Broadcast<>(loop, 1);
          ThrowingRunnable subscriber =
              () -> {
                try (var subscription = broadcast.subscribe()) {
                  await(subscription.get());
                  pause();
                }
              };
          return new Scene()
              .coroutine(
                  () -> {
                    await(broadcast.put(1));
                    await(broadcast.put(2, SOON));
                    await(broadcast.put(3));
                  })
              .coroutine(subscriber)
              .coroutine(subscriber)
              .rule(
                  () ->
                      assertThat(
                              broadcast.toString().contains("putters")
                                  && !broadcast.toString().contains("subscribers"))
                          .isFalse());
        });
  }

  @Test
  void whoFollowsAWatchHasSeenItsValueInTheEnd() {
    explore(
        loop -> {
          Watch<Integer> watch = new Watch<>(loop, 0);
          List<Integer> seen = new ArrayList<>();
          var follows = new boolean[1];
          return new Scene()
              .coroutine(
                  () -> {
                    follows[0] = true;
                    try {
                      for (int value : watch) {
                        seen.add(value);
                        pause();
                      }
                    } finally {
                      follows[0] = false;
                    }
                  })
              .coroutine(() -> assertThat(await(watch.whenNot(0, SOON))).isPositive())
              .coroutine(
                  () -> {
                    watch.set(1);
                    pause();
                    watch.set(0);
                    watch.set(2);
                  })
              .invariant(
                  () -> {
                    if (follows[0]) {
                      assertThat(seen.getLast()).isEqualTo(watch.value());
                    }
                    assertThat(seen).doesNotHaveDuplicates();
                  });
        });
  }

  @ParameterizedTest
  @MethodSource("queues")
  void aClosedQueueHasNobodyWaitAndEachItemIsTakenOrThere(Function<IOLoop, Queue<Integer>> kind) {
    exploreClosing(kind, false);
  }

  @ParameterizedTest
  @MethodSource("queues")
  void aQueueThatIsClosedNowHasNobodyWaitAndEachItemIsTakenOrGivenBack(
      Function<IOLoop, Queue<Integer>> kind) {
    exploreClosing(kind, true);
  }

  private static void exploreClosing(Function<IOLoop, Queue<Integer>> kind, boolean now) {
    explore(
        loop -> {
          Queue<Integer> queue = kind.apply(loop);
          List<Integer> putIn = new ArrayList<>();
          List<Integer> out = new ArrayList<>();
          return new Scene()
              .coroutine(
                  () -> {
                    try {
                      await(queue.put(1));
                      putIn.add(1);
                      await(queue.put(2, SOON));
                      putIn.add(2);
                    } catch (QueueClosedException closed) {
                      assertThat(queue.isClosed()).isTrue();
                    }
                  })
              .coroutine(
                  () -> {
                    for (int item : queue) {
                      out.add(item);
                      pause();
                      queue.taskDone();
                    }
                    assertThat(queue.toString())
                        .startsWith(queue.getClass().getSimpleName() + "[closed");
                  })
              .coroutine(
                  () -> {
                    try (AutoCloseable whatever =
                        now ? () -> out.addAll(queue.closeNow()) : queue::close) {
                      await(queue.join());
                    }
                  })
              .rule(
                  () -> {
                    String text = queue.toString();
                    assertThat(text.contains("getters") && !queue.isEmpty()).isFalse();
                    assertThat(text.contains("putters") && !queue.isFull()).isFalse();
                    if (queue.isClosed()) {
                      assertThat(text).doesNotContain("getters").doesNotContain("putters");
                    }
                  })
              .invariant(
                  () -> {
                    assertThat(out.size() + queue.size()).isEqualTo(putIn.size());
                    assertThat(out).doesNotHaveDuplicates();
                    assertThat(putIn).containsAll(out);
                    assertThat(queue.unfinishedTasks() == 0 && queue.toString().contains("joiners"))
                        .isFalse();
                  });
        });
  }
}
