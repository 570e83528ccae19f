package toro;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.named;
import static toro.Coroutines.on;
import static toro.Coroutines.pause;
import static toro.Coroutines.select;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;
import static toro.TestLoop.callback;
import static toro.TestLoop.elsewhere;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import toro.Snapshot.CoroutineState;
import toro.Snapshot.Cycle;
import toro.Snapshot.Holder;
import toro.Snapshot.PrimitiveState;
import toro.Snapshot.State;
import toro.Snapshot.Wait;

/** What a snapshot shows. */
class SnapshotTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private static Snapshot snapshot() {
    return IOLoop.current().snapshot();
  }

  private static CoroutineState in(Snapshot snapshot, Coroutine<?> coroutine) {
    return snapshot.coroutines().stream()
        .filter(state -> state.number() == coroutine.number())
        .findFirst()
        .orElseThrow();
  }

  private static Wait onlyWait(Coroutine<?> coroutine) {
    List<Wait> waits = in(snapshot(), coroutine).waits();
    assertThat(waits).hasSize(1);
    return waits.getFirst();
  }

  // Coroutines.

  @Test
  void itSaysOfEachCoroutineWhatItDoesAndHowLongAgoItLastRan() {
    TestLoop.run(
        () -> {
          var waiting = spawn("waiting", () -> await(new Event().whenSet()));
          var event = new Event();
          var ready = spawn("ready", () -> await(event.whenSet()));
          sleep(SECOND);
          event.set();
          var notStarted = spawn("not started", () -> {});
          Snapshot snapshot = snapshot();
          assertThat(snapshot.coroutines())
              .extracting(CoroutineState::name)
              .containsExactly(null, "waiting", "ready", "not started");
          assertThat(snapshot.coroutines())
              .extracting(CoroutineState::state)
              .containsExactly(State.RUNNING, State.WAITING, State.READY, State.NOT_STARTED);
          assertThat(snapshot.coroutines())
              .extracting(CoroutineState::age)
              .containsExactly(Duration.ZERO, SECOND, SECOND, Duration.ZERO);
          assertThat(in(snapshot, ready).waits()).isEmpty();
          assertThat(in(snapshot, notStarted).id()).isEqualTo("c4");
          waiting.cancel(false);
        });
  }

  @Test
  void whoHasEndedIsNotInIt() {
    TestLoop.run(
        () -> {
          await(spawn(() -> {}));
          assertThat(snapshot().coroutines()).hasSize(1);
        });
  }

  @Test
  void inACallbackNoCoroutineRuns() {
    TestLoop.run(
        () ->
            callback(
                () ->
                    assertThat(snapshot().coroutines())
                        .extracting(CoroutineState::state)
                        .containsExactly(State.WAITING)));
  }

  @Test
  void aWaitInLineHasItsPlaceItsAgeAndTheTimeThatIsLeft() {
    TestLoop.run(
        () -> {
          var event = new Event();
          var first = spawn(() -> await(event.whenSet()));
          sleep(SECOND);
          var gone = event.whenSet(HOUR);
          var second = spawn(() -> await(event.whenSet(HOUR)));
          sleep(SECOND);
          assertThat(onlyWait(first))
              .isEqualTo(
                  new Wait("p1", "p1 Event[clear waiters[3]]", 1, SECOND.multipliedBy(2), null));
          gone.cancel(true);
          assertThat(onlyWait(second))
              .isEqualTo(
                  new Wait("p1", "p1 Event[clear waiters[2]]", 2, SECOND, HOUR.minus(SECOND)));
          event.set();
        });
  }

  @Test
  void theTimeLeftIsTheShortestOfTheWaitAndTheBlocksAroundIt() {
    TestLoop.run(
        () -> {
          var event = new Event();
          var inner =
              spawn(
                  () ->
                      withTimeout(
                          HOUR.multipliedBy(3),
                          () -> withTimeout(HOUR.multipliedBy(4), () -> await(event.whenSet()))));
          var own =
              spawn(
                  () ->
                      withTimeout(
                          HOUR.multipliedBy(3), () -> await(event.whenSet(HOUR.multipliedBy(2)))));
          pause();
          assertThat(onlyWait(inner).timeLeft()).isEqualTo(HOUR.multipliedBy(3));
          assertThat(onlyWait(own).timeLeft()).isEqualTo(HOUR.multipliedBy(2));
          sleep(HOUR);
          assertThat(onlyWait(inner).timeLeft()).isEqualTo(HOUR.multipliedBy(2));
          event.set();
        });
  }

  @Test
  void aSleepIsAWaitForTheTime() {
    TestLoop.run(
        () -> {
          var sleeper = spawn(() -> sleep(HOUR));
          sleep(SECOND);
          assertThat(onlyWait(sleeper))
              .isEqualTo(new Wait(null, "its sleep to end", 0, SECOND, HOUR.minus(SECOND)));
        });
  }

  @Test
  void toAwaitACoroutineLeadsToIt() {
    TestLoop.run(
        () -> {
          var child = spawn("child", () -> sleep(HOUR));
          var parent = spawn(() -> await(child));
          sleep(SECOND);
          assertThat(onlyWait(parent))
              .isEqualTo(new Wait("c2", "Coroutine[2 \"child\"]", 0, SECOND, null));
        });
  }

  @Test
  void toAwaitAllLeadsToAllThatAreNotDone() {
    TestLoop.run(
        () -> {
          var event = new Event();
          var sleeper = spawn(() -> sleep(HOUR));
          var done = spawn(() -> {});
          var foreign = new CompletableFuture<Void>();
          var waiter = spawn(() -> awaitAll(done, event.whenSet(), sleeper, foreign));
          sleep(SECOND);
          Snapshot snapshot = snapshot();
          assertThat(in(snapshot, waiter).waits())
              .extracting(Wait::target)
              .containsExactly("p1", "c2", null);
          assertThat(snapshot.primitives().getFirst().callbacks()).isEmpty();
          event.set();
          pause();
          assertThat(in(snapshot(), waiter).waits()).hasSize(2);
          foreign.complete(null);
          await(waiter);
          var later = spawn(() -> await(event.whenSet()));
          event.clear();
          pause();
          assertThat(in(snapshot(), later).waits()).hasSize(1);
          event.set();
        });
  }

  @Test
  void whatIsMadeOfAWaitLeadsToThePrimitive() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var waiter = spawn(() -> await(queue.get().thenApply(String::length)));
          pause();
          Snapshot snapshot = snapshot();
          assertThat(in(snapshot, waiter).waits().getFirst().target()).isEqualTo("p1");
          assertThat(snapshot.primitives().getFirst().callbacks()).isEmpty();
          queue.putNow("item");
        });
  }

  @Test
  void aFutureOfAnotherThreadLeadsNowhereButMayHaveAName() {
    TestLoop.run(
        () -> {
          var plain = new CompletableFuture<Void>();
          var reply = named("reply", new CompletableFuture<Void>());
          var first = spawn(() -> await(plain));
          var second = spawn(() -> await(reply));
          pause();
          assertThat(onlyWait(first).what())
              .isEqualTo("a future of another thread: CompletableFuture");
          assertThat(onlyWait(second).what()).isEqualTo("a future of another thread \"reply\"");
          assertThat(onlyWait(second).target()).isNull();
          plain.complete(null);
          reply.complete(null);
        });
  }

  @Test
  void severalCoroutinesMayShareAPlaceInLine() {
    TestLoop.run(
        () -> {
          var wait = new Event().whenSet();
          var first = spawn(() -> await(wait));
          var second = spawn(() -> await(wait));
          pause();
          assertThat(onlyWait(first)).isEqualTo(onlyWait(second));
          assertThat(onlyWait(first).position()).isEqualTo(1);
          first.cancel(true);
          second.cancel(true);
        });
  }

  // Primitives.

  @Test
  void aPrimitiveIsThereOnceWithAllItsLines() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>(1);
          queue.putNow("a");
          queue.put("b");
          queue.join();
          assertThat(snapshot().primitives())
              .singleElement()
              .satisfies(
                  primitive -> {
                    assertThat(primitive.type()).isEqualTo("Queue");
                    assertThat(primitive.name()).isNull();
                    assertThat(primitive.state())
                        .isEqualTo("Queue[maxsize=1 queue=[a] putters[1] joiners[1] tasks=1]");
                    assertThat(primitive.holders()).isEmpty();
                    assertThat(primitive.callbacks())
                        .extracting(Wait::position)
                        .containsExactly(1, 1);
                  });
        });
  }

  @Test
  void whereNobodyWaitsAnyMoreThereIsNothingToSee() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          var lease = await(lock.acquire());
          lock.acquire().cancel(true);
          new Event().whenSet().cancel(true);
          assertThat(snapshot().primitives()).isEmpty();
          lease.close();
        });
  }

  @Test
  void theWaitsOfCallbacksStandWithThePrimitive() {
    TestLoop.run(
        () -> {
          var condition = new Condition();
          condition.whenSignalled(HOUR).thenRun(() -> {});
          spawn(() -> await(condition.whenSignalled()));
          sleep(SECOND);
          condition.whenSignalled();
          List<Wait> callbacks = snapshot().primitives().getFirst().callbacks();
          assertThat(callbacks).extracting(Wait::position).containsExactly(1, 3);
          assertThat(callbacks)
              .extracting(Wait::timeLeft)
              .containsExactly(HOUR.minus(SECOND), null);
          assertThat(callbacks).extracting(Wait::age).containsExactly(SECOND, Duration.ZERO);
          condition.signalAll();
        });
  }

  @Test
  void manyThatComeAtTheSameMomentKeepTheirOrderAndHaveTheSameAge() {
    TestLoop.run(
        () -> {
          var event = new Event();
          for (int i = 0; i < 3; i++) {
            event.whenSet();
          }
          sleep(SECOND);
          assertThat(snapshot().primitives().getFirst().callbacks())
              .extracting(Wait::age)
              .containsExactly(SECOND, SECOND, SECOND);
          event.set();
          event.clear();
          assertThat(event.whenSet()).as("one that came after all that").isNotDone();
          event.set();
        });
  }

  // Holders.

  @Test
  void theHolderOfALockIsKnownAndForHowLong() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          var holder =
              spawn(
                  () -> {
                    try (var lease = await(lock.acquire())) {
                      sleep(HOUR);
                    }
                  });
          var next =
              spawn(
                  () -> {
                    try (var lease = await(lock.acquire())) {
                      sleep(HOUR);
                    }
                  });
          pause();
          lock.acquire().thenAccept(Lease::close);
          sleep(SECOND);
          assertThat(snapshot().primitives().getFirst().holders())
              .containsExactly(new Holder("c" + holder.number(), SECOND));
          sleep(HOUR);
          assertThat(snapshot().primitives().getFirst().holders())
              .as("who was handed it over, by another coroutine")
              .containsExactly(new Holder("c" + next.number(), SECOND));
        });
  }

  @Test
  void aLeaseThatACallbackWasGrantedIsHeldByACallback() {
    TestLoop.run(
        () -> {
          var free = new Lock();
          callback(free::acquire);
          var handedOver = new Lock();
          var lease = await(handedOver.acquire());
          callback(handedOver::acquire);
          lease.close();
          var whileACoroutineCompletes = new Lock();
          var event = new Event();
          event.whenSet().thenRun(whileACoroutineCompletes::acquire);
          event.set();
          for (Lock lock : List.of(free, handedOver, whileACoroutineCompletes)) {
            var wait = lock.acquire();
            assertThat(snapshot().primitives().getFirst().holders())
                .extracting(Holder::coroutine)
                .containsExactly((String) null);
            wait.cancel(true);
          }
        });
  }

  @Test
  void aWaitThatWasBegunBeforeItIsAwaitedBelongsToWhoBeganIt() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          var lease = await(lock.acquire());
          var owner =
              spawn(
                  () -> {
                    var mine = lock.acquire();
                    sleep(HOUR);
                    await(mine).close();
                  });
          pause();
          lease.close();
          var wait = lock.acquire();
          assertThat(snapshot().primitives().getFirst().holders())
              .extracting(Holder::coroutine)
              .containsExactly("c" + owner.number());
          wait.thenAccept(Lease::close);
          await(owner);
        });
  }

  @Test
  void aWriterIsKnownReadersAndTheHoldersOfASemaphoreAreNot() {
    TestLoop.run(
        () -> {
          var lock = new RWLock(2);
          var writing = await(lock.acquireWrite());
          var read = lock.acquireRead();
          var semaphore = new Semaphore();
          await(semaphore.acquire());
          semaphore.acquire();
          assertThat(snapshot().primitives())
              .extracting(primitive -> primitive.holders().size())
              .containsExactly(1, 0);
          writing.close();
          lock.acquireWrite();
          assertThat(snapshot().primitives())
              .extracting(primitive -> primitive.holders().size())
              .containsOnly(0);
          read.join().close();
        });
  }

  @Test
  void whoHasEndedAndForgottenHisLeaseIsNamed() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          await(spawn(() -> await(lock.acquire())));
          var wait = lock.acquire();
          Snapshot snapshot = snapshot();
          assertThat(snapshot.primitives().getFirst().holders())
              .extracting(Holder::coroutine)
              .containsExactly("c2");
          assertThat(snapshot.toString()).contains("by Coroutine[2 done]");
          assertThat(snapshot.toDot()).contains("c2 [label=\"Coroutine[2 done]\"]");
          wait.cancel(true);
        });
  }

  // Cycles.

  private static void both(Lock first, Lock second) {
    try (var one = await(first.acquire())) {
      pause();
      await(second.acquire()).close();
    }
  }

  private static List<Cycle> cyclesAfterASecond() {
    sleep(SECOND);
    return snapshot().cycles();
  }

  @Test
  void twoWhoWaitForWhatTheOtherHoldsAreADeadlock() {
    TestLoop.run(
        () -> {
          var a = new Lock();
          var b = new Lock();
          var first = spawn(() -> both(a, b));
          spawn(() -> both(b, a));
          spawn(() -> await(first)); // is stuck as well, but not in the cycle
          assertThat(cyclesAfterASecond())
              .containsExactly(new Cycle(List.of("c2", "p1", "c3", "p2"), null));
          assertThat(snapshot().cycles().getFirst().isDeadlock()).isTrue();
        });
  }

  @Test
  void aDeadlineInACycleSaysWhenItWillBreak() {
    TestLoop.run(
        () -> {
          var a = new Lock();
          var b = new Lock();
          spawn(() -> withTimeout(HOUR, () -> both(a, b))).exceptionally(timeIsUp -> null);
          spawn(() -> both(b, a));
          assertThat(cyclesAfterASecond())
              .containsExactly(new Cycle(List.of("c2", "p1", "c3", "p2"), HOUR.minus(SECOND)));
          sleep(HOUR);
          assertThat(snapshot().cycles()).isEmpty();
        });
  }

  @Test
  void aSelectTellsAllThatItWaitsFor() {
    TestLoop.run(
        () -> {
          var event = new Event();
          var queue = new Queue<String>();
          var chooser = spawn(() -> select(on(event::whenSet), on(queue::get)));
          pause();
          assertThat(onlyWait(chooser).what())
              .isEqualTo("one of Event[clear waiters[1]], Queue[maxsize=0 getters[1]]");
        });
  }

  @Test
  void theEarliestDeadlineInACycleBreaksIt() {
    for (var limits : List.of(List.of(HOUR, DAY), List.of(DAY, HOUR))) {
      TestLoop.run(
          () -> {
            var a = new Lock();
            var b = new Lock();
            spawn(() -> withTimeout(limits.getFirst(), () -> both(a, b)))
                .exceptionally(timeIsUp -> null);
            spawn(() -> withTimeout(limits.getLast(), () -> both(b, a)))
                .exceptionally(timeIsUp -> null);
            var cycles = cyclesAfterASecond();
            assertThat(cycles)
                .containsExactly(new Cycle(List.of("c2", "p1", "c3", "p2"), HOUR.minus(SECOND)));
            assertThat(cycles.getFirst().isDeadlock()).isFalse();
          });
    }
  }

  @Test
  void whoAcquiresALockTwiceIsACycleOfOne() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          spawn(() -> both(lock, lock));
          assertThat(cyclesAfterASecond()).containsExactly(new Cycle(List.of("c2", "p1"), null));
        });
  }

  @Test
  void coroutinesThatAwaitEachOtherAreADeadlock() {
    TestLoop.run(
        () -> {
          var others = new ArrayList<Coroutine<?>>();
          for (int i = 0; i < 3; i++) {
            int next = (i + 1) % 3;
            others.add(spawn(() -> await(others.get(next))));
          }
          assertThat(cyclesAfterASecond())
              .containsExactly(new Cycle(List.of("c2", "c3", "c4"), null));
        });
  }

  /** One who holds a lock awaits a child that waits for it, and an event until a deadline. */
  private static List<Cycle> cyclesWhenAChildIsAwaitedBesideAnEvent(Deadline limit) {
    var lock = new Lock();
    var event = new Event();
    spawn(
        () -> {
          try (var lease = await(lock.acquire())) {
            var child = spawn(() -> await(lock.acquire()).close());
            awaitAll(event.whenSet(limit), child);
          }
        });
    return cyclesAfterASecond();
  }

  @Test
  void whoAwaitsAllIsStuckWhenOneIs() {
    TestLoop.run(
        () ->
            assertThat(cyclesWhenAChildIsAwaitedBesideAnEvent(Deadline.never()))
                .containsExactly(new Cycle(List.of("c2", "c3", "p2"), null)));
  }

  @Test
  void aDeadlineBesideACycleDoesNotBreakIt() {
    TestLoop.run(
        () ->
            assertThat(cyclesWhenAChildIsAwaitedBesideAnEvent(Deadline.in(HOUR)))
                .containsExactly(new Cycle(List.of("c2", "c3", "p2"), null)));
  }

  @Test
  void eachDeadlockIsNamedOnceHoweverManyWaitForIt() {
    TestLoop.run(
        () -> {
          for (int i = 0; i < 3; i++) {
            var a = new Lock();
            var b = new Lock();
            spawn(() -> both(a, b));
            spawn(() -> both(b, a));
            pause();
            for (int j = 0; j < 5; j++) {
              spawn(() -> await(a.acquire()).close());
            }
          }
          assertThat(cyclesAfterASecond()).hasSize(3);
        });
  }

  @Test
  void whoWaitsForSomebodyWhoMayGoOnIsNoDeadlock() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          spawn(
              () -> {
                try (var lease = await(lock.acquire())) {
                  await(new Event().whenSet()); // anybody may set it
                }
              });
          spawn(() -> await(lock.acquire()).close());
          var callbacks = new Lock();
          callback(callbacks::acquire);
          spawn(() -> await(callbacks.acquire()).close());
          assertThat(cyclesAfterASecond()).isEmpty();
        });
  }

  @Test
  void oneHolderOfManyWhoMayGoOnSetsAllFree() {
    var wait = new Wait("p1", "p1", 1, Duration.ZERO, null);
    var stuck =
        List.of(
            new CoroutineState(1, null, State.WAITING, Duration.ZERO, List.of(wait)),
            new CoroutineState(2, null, State.WAITING, Duration.ZERO, List.of(wait)));
    var goesOn = new CoroutineState(3, null, State.READY, Duration.ZERO, List.of());
    assertThat(cycles(stuck, "c1", "c2")).containsExactly(new Cycle(List.of("c1", "p1"), null));
    var withThird = new ArrayList<>(stuck);
    withThird.add(goesOn);
    assertThat(cycles(withThird, "c1", "c2", "c3")).isEmpty();
    assertThat(cycles(stuck, "c1", "c7")).as("one that has ended").isEmpty();
    assertThat(cycles(stuck, "c1", null)).as("a callback").isEmpty();
  }

  private static List<Cycle> cycles(List<CoroutineState> coroutines, String... holders) {
    var all = new ArrayList<Holder>();
    for (String holder : holders) {
      all.add(new Holder(holder, Duration.ZERO));
    }
    var primitive =
        new PrimitiveState("p1", "Semaphore", null, "Semaphore[counter=0]", all, List.of());
    return new Cycles(coroutines, List.of(primitive)).inOrder();
  }

  // The picture.

  @Test
  void itIsOfValuesAndDoesNotChange() {
    TestLoop.run(
        () -> {
          var event = named("go", new Event());
          var waiter = spawn("waiter", () -> await(event.whenSet()));
          sleep(SECOND);
          Snapshot snapshot = snapshot();
          assertThat(snapshot()).isEqualTo(snapshot);
          String text = snapshot.toString();
          event.set();
          await(waiter);
          assertThat(snapshot).hasToString(text);
          assertThat(snapshot()).isNotEqualTo(snapshot);
          assertThatExceptionOfType(UnsupportedOperationException.class)
              .isThrownBy(() -> snapshot.coroutines().clear());
          assertThat(snapshot.taken()).isEqualTo("2020-01-01T00:00:01Z");
        });
  }

  @Test
  @OnItsOwnThread
  void itIsTakenOnTheLoopOrAnywhereWhileThatDoesNotRun() {
    IOLoop loop = TestLoop.create();
    assertThat(loop.snapshot().coroutines()).isEmpty();
    loop.runSync(
        () -> {
          spawn(() -> await(new Event().whenSet()));
          pause();
          elsewhere(
              () ->
                  assertThatExceptionOfType(WrongThreadException.class)
                      .isThrownBy(loop::snapshot)
                      .withMessageStartingWith("IOLoop was used by"));
        });
    elsewhere(() -> assertThat(loop.snapshot().coroutines()).hasSize(1));
    loop.close();
    elsewhere(() -> assertThat(loop.snapshot().coroutines()).isEmpty());
  }

  @Test
  @OnItsOwnThread
  void aLoopThatHangsAnswersAnotherThread() {
    try (IOLoop loop = TestLoop.create()) {
      var lock = new Lock(loop);
      loop.spawn(() -> both(lock, lock));
      Thread driver = Thread.ofPlatform().start(loop::start);
      Snapshot hanging = CompletableFuture.supplyAsync(loop::snapshot, loop).join();
      while (hanging.cycles().isEmpty()) { // it pauses first
        hanging = CompletableFuture.supplyAsync(loop::snapshot, loop).join();
      }
      assertThat(hanging.cycles()).containsExactly(new Cycle(List.of("c1", "p1"), null));
      loop.stop();
      elsewhere(driver::join);
    }
  }

  @Test
  void whatHasJustBeenCompletedElsewhereIsInNoLine() {
    TestLoop.run(
        () -> {
          var event = new Event();
          var wait = event.whenSet();
          event.whenSet();
          elsewhere(() -> wait.completeOnTimeout(null, 0, TimeUnit.NANOSECONDS).join());
          assertThat(snapshot().primitives().getFirst().callbacks())
              .extracting(Wait::position)
              .containsExactly(1);
          event.set();
        });
  }

  @Test
  void aHundredThousandWaitersAreSeenInOneGo() {
    int n = 100_000;
    try (IOLoop loop = TestLoop.create()) {
      loop.runSync(
          () -> {
            var lock = new Lock();
            var lease = await(lock.acquire());
            var event = new Event();
            for (int i = 0; i < 1000; i++) {
              spawn(() -> await(lock.acquire()).close());
            }
            var all = new ArrayList<CompletableFuture<?>>();
            for (int i = 0; i < n; i++) {
              all.add(event.whenSet());
            }
            var waiter = spawn(() -> awaitAll(all));
            sleep(SECOND);
            Snapshot snapshot = snapshot();
            assertThat(snapshot.coroutines()).hasSize(1002);
            assertThat(snapshot.primitives()).hasSize(2);
            assertThat(in(snapshot, waiter).waits()).hasSize(n);
            assertThat(in(snapshot, waiter).waits().getLast().position()).isEqualTo(n);
            assertThat(snapshot.toString().lines()).hasSize(1 + 1002 + n + 2 + 1);
            assertThat(snapshot.toDot().lines()).hasSize(3 + 1004 + 1001 + n);
            event.set();
            lease.close();
          });
    }
  }

  @Test
  void aHundredThousandWhoWaitForEachOtherAreFollowedWithoutRecursion() {
    int n = 100_000;
    var chain = new ArrayList<CoroutineState>();
    for (int i = 1; i <= n; i++) {
      var wait = new Wait("c" + (i % n + 1), "the next", 0, Duration.ZERO, null);
      chain.add(new CoroutineState(i, null, State.WAITING, Duration.ZERO, List.of(wait)));
    }
    assertThat(new Cycles(chain, List.of()).inOrder())
        .singleElement()
        .satisfies(cycle -> assertThat(cycle.members()).hasSize(n));
    var end = new CoroutineState(n, null, State.READY, Duration.ZERO, List.of());
    chain.set(n - 1, end);
    assertThat(new Cycles(chain, List.of()).inOrder()).isEmpty();
  }

  // Names.

  @Test
  void aCoroutineShowsItsName() {
    TestLoop.run(
        () -> {
          var reader = spawn("reader", () -> "value");
          assertThat(reader).hasToString("Coroutine[2 \"reader\" not started]");
          assertThat(reader.name()).isEqualTo("reader");
          assertThat(await(reader)).isEqualTo("value");
          assertThat(reader).hasToString("Coroutine[2 \"reader\" done]");
          assertThat(spawn(() -> {}).name()).isNull();
          IOLoop loop = IOLoop.current();
          assertThat(loop.spawn("a", () -> {}).name()).isEqualTo("a");
          assertThatNullPointerException()
              .isThrownBy(() -> loop.spawn(null, () -> {}))
              .withMessage("name");
          assertThatNullPointerException()
              .isThrownBy(() -> loop.spawn(null, () -> 1))
              .withMessage("name");
        });
  }

  @Test
  void aNamedPrimitiveShowsItsNameAndAnUnnamedOneLooksAsAlways() {
    TestLoop.run(
        () -> {
          assertThat(named("a", new Lock())).hasToString("Lock[\"a\" unlocked]");
          assertThat(named("a", new RWLock())).hasToString("RWLock[\"a\" unlocked]");
          assertThat(named("a", new Semaphore())).hasToString("Semaphore[\"a\" counter=1]");
          assertThat(named("a", new BoundedSemaphore()))
              .hasToString("BoundedSemaphore[\"a\" counter=1]");
          assertThat(named("a", new Condition())).hasToString("Condition[\"a\"]");
          assertThat(named("a", new Event())).hasToString("Event[\"a\" clear]");
          assertThat(named("a", new AsyncResult<String>())).hasToString("AsyncResult[\"a\" unset]");
          assertThat(named("a", new Queue<String>(3))).hasToString("Queue[\"a\" maxsize=3]");
          assertThat(named("a", new KeyedLock<String>())).hasToString("KeyedLock[\"a\"]");
          assertThat(named("a", new RateLimiter(1, Duration.ofSeconds(1))))
              .hasToString("RateLimiter[\"a\" available=1]");
          try (var group = named("a", new TaskGroup())) {
            assertThat(group).hasToString("TaskGroup[\"a\"]");
          }
          var keyed = named("accounts", new KeyedLock<String>());
          keyed.acquire("alice");
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(() -> await(keyed.acquire("alice", Duration.ZERO)))
              .withMessageContaining("KeyedLock[\"accounts\" key=alice locked]");
          assertThat(named("a", new LifoQueue<String>(3)))
              .hasToString("LifoQueue[\"a\" maxsize=3]");
          assertThat(new Condition()).hasToString("Condition[]");
          assertThat(new Lock()).hasToString("Lock[unlocked]");
        });
  }

  @Test
  void messagesShowTheName() {
    TestLoop.run(
        () -> {
          var lock = named("accounts", new Lock());
          await(lock.acquire());
          assertThatExceptionOfType(DeadlineExceededException.class)
              .isThrownBy(() -> await(lock.acquire(Duration.ZERO)))
              .withMessageEndingWith(": Lock[\"accounts\" locked]");
          elsewhere(
              () ->
                  assertThatExceptionOfType(WrongThreadException.class)
                      .isThrownBy(lock::isLocked)
                      .withMessageStartingWith("Lock[\"accounts\"] was used by"));
          assertThatNullPointerException().isThrownBy(() -> named(null, lock));
          assertThatNullPointerException().isThrownBy(() -> named("a", null));
        });
  }

  @Test
  void agesDoNotDependOnWhereTheClockBegan() {
    try (IOLoop loop = TestLoop.create(new ManualClock(Long.MAX_VALUE - 7))) {
      loop.runSync(
          () -> {
            var event = new Event();
            var waiter = spawn(() -> await(event.whenSet()));
            sleep(SECOND);
            assertThat(onlyWait(waiter).age()).isEqualTo(SECOND);
            event.set();
          });
    }
  }

  @Test
  void whoPausesAllTheTimeDoesNotStopTheLoopFromLookingAtItsClock() {
    var clock = new ManualClock();
    try (IOLoop loop = TestLoop.create(clock)) {
      loop.runSync(
          () -> {
            var event = new Event();
            for (int i = 0; i < 10_000; i++) {
              clock.advance(Duration.ofMillis(1));
              pause();
            }
            event.whenSet();
            Wait wait = snapshot().primitives().getFirst().callbacks().getFirst();
            assertThat(wait.age()).isLessThan(SECOND);
            event.set();
          });
    }
  }

  // What others call their things.

  /** Is one thing, and fails when it is to say which. */
  private record Nameless(int value) {
    @Override
    public int hashCode() {
      throw new IllegalStateException("a fault");
    }
  }

  @Test
  void aNameBelongsToOneThingAndAsksItNothing() {
    TestLoop.run(
        () -> {
          var one = named("one", new Nameless(1));
          var other = named("other", new Nameless(1));
          assertThat(Names.of(one)).isEqualTo("one");
          assertThat(Names.of(other)).isEqualTo("other");
          assertThat(Names.of(new Nameless(1))).isNull();
          assertThat(named("new", one)).isSameAs(one);
          assertThat(Names.of(one)).isEqualTo("new");
        });
  }

  @Test
  void noNameNoKeyAndNoItemForgesALine() {
    TestLoop.run(
        () -> {
          String evil = "a\nCoroutine[1] running\r\u2028\u2029\u0085\u001b[2J\u0000";
          var lock = named(evil, new Lock());
          var keyed = new KeyedLock<String>();
          var queue = new Queue<String>(1);
          queue.putNow(evil);
          await(lock.acquire());
          await(keyed.acquire(evil));
          var waiting =
              List.of(
                  spawn(evil, () -> await(lock.acquire())),
                  spawn(evil, () -> await(keyed.acquire(evil))),
                  spawn(evil, () -> await(queue.put(evil))));
          pause();
          Snapshot snapshot = snapshot();
          String escaped = "a\\nCoroutine[1] running\\r\\u2028\\u2029\\u0085\\u001b[2J\\u0000";
          assertThat(lock).hasToString("Lock[\"" + escaped + "\" locked waiters[1]]");
          assertThat(snapshot.toString()).contains("Lock[\"" + escaped + "\"");
          assertThat(snapshot.toString()).contains("KeyedLock[key=" + escaped + " locked");
          assertThat(snapshot.toString()).contains("queue=[" + escaped + "]");
          assertThat(snapshot.toString().split("\\R")).hasSize(1 + 4 + 3 + 2);
          assertThat(snapshot.toDot().split("\\R")).hasSize(3 + 4 + 3 + 6 - 1);
          assertThat(snapshot.toMermaid().split("\\R")).hasSize(1 + 4 + 3 + 5);
          assertThat(snapshot.toJson().codePoints().filter(Text::isUnprintable)).isEmpty();
          assertThat(snapshot.coroutines().get(1).name()).isEqualTo(evil);
          for (Object text : List.of(waiting.getFirst(), keyed, queue)) {
            assertThat(text.toString().codePoints().filter(Text::isUnprintable)).isEmpty();
          }
          waiting.forEach(coroutine -> coroutine.cancel(true));
        });
  }

  @Test
  void allOfItCanBeEncodedWhereverATextIsCut() throws CharacterCodingException {
    for (int length = 55; length < 62; length++) {
      for (String end : List.of("\ud83d\ude00.html", "\ud83d", "\ude00")) {
        String text = "x".repeat(length) + end;
        TestLoop.run(
            () -> {
              var queue = named(text, new Queue<String>(1));
              queue.putNow(text);
              var putter = spawn(text, () -> await(queue.put("next")));
              pause();
              Snapshot snapshot = snapshot();
              for (String form :
                  List.of(
                      snapshot.toString(),
                      snapshot.toDot(),
                      snapshot.toMermaid(),
                      snapshot.toJson(),
                      queue.toString())) {
                UTF_8.newEncoder().encode(CharBuffer.wrap(form)); // throws
                assertThat(form.replace("\\\\ud", "")).doesNotContain("\"\\ud");
              }
              putter.cancel(true);
            });
      }
    }
  }
}
