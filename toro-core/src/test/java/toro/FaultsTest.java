package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.after;
import static toro.Coroutines.await;
import static toro.Coroutines.on;
import static toro.Coroutines.pause;
import static toro.Coroutines.select;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What others do wrong while a primitive calls them does no harm to it, nor to those who wait. */
class FaultsTest {

  /** What can go wrong in code that is not ours. */
  enum Fault {
    EXCEPTION {
      @Override
      void happen() {
        throw new IllegalStateException("a fault");
      }
    },
    CHECKED_EXCEPTION {
      @Override
      void happen() {
        throw Failures.sneaky(new Exception("a fault"));
      }
    },
    OUT_OF_MEMORY {
      @Override
      void happen() {
        throw new OutOfMemoryError("a fault");
      }
    },
    STACK_OVERFLOW {
      @Override
      void happen() {
        dive(1);
      }

      private long dive(long depth) {
        return depth == 0 ? 0 : 1 + dive(depth + 1);
      }
    },
    INTERRUPT {
      @Override
      void happen() {
        Thread.currentThread().interrupt();
      }
    };

    abstract void happen();
  }

  private static Stream<Arguments> faultsInEachWait() {
    return Stream.of(WaitMethod.values())
        .flatMap(method -> Stream.of(Fault.values()).map(fault -> Arguments.of(method, fault)));
  }

  /** A loop as it should be: nothing half-done, and coroutines can wait. */
  private static void assertSound() {
    assertThat(IOLoop.current().completions.areUnderWay()).isFalse();
    sleep(Duration.ofSeconds(1));
    assertThat(IOLoop.current().timers.size()).isZero();
  }

  @ParameterizedTest
  @MethodSource("faultsInEachWait")
  void aCallbackThatFailsDisturbsNobody(WaitMethod method, Fault fault) {
    TestLoop.run(
        () -> {
          WaitMethod.Scene scene = method.scene();
          List<CompletableFuture<?>> waits = new ArrayList<>();
          List<Integer> heard = new ArrayList<>();
          List<Coroutine<?>> coroutines = new ArrayList<>();
          for (int i = 0; i < 5; i++) {
            int number = i;
            CompletableFuture<?> wait = scene.begin(Duration.ofDays(1));
            waits.add(wait);
            wait.whenComplete((value, failure) -> heard.add(number));
            wait.whenComplete((value, failure) -> fault.happen());
            wait.thenRun(fault::happen);
            coroutines.add(spawn(() -> await(wait)));
          }
          pause();
          TestLoop.callback(
              () -> {
                while (scene.waiting() > 0) {
                  scene.grant();
                }
              });
          assertThat(waits).allMatch(CompletableFuture::isDone);
          assertThat(heard).containsExactly(0, 1, 2, 3, 4);
          for (Coroutine<?> coroutine : coroutines) {
            await(coroutine);
          }
          assertSound();
        });
    assertThat(Thread.interrupted()).isIn(false, fault == Fault.INTERRUPT);
  }

  @ParameterizedTest
  @MethodSource("faultsInEachWait")
  void aCallbackThatFailsWhenAWaitEndsOtherwiseDisturbsNobody(WaitMethod method, Fault fault) {
    TestLoop.run(
        () -> {
          WaitMethod.Scene scene = method.scene();
          CompletableFuture<Object> cancelled = scene.begin();
          CompletableFuture<Object> expired = scene.begin(Duration.ofSeconds(1));
          CompletableFuture<Object> alsoExpired = scene.begin(Duration.ofSeconds(1));
          CompletableFuture<Object> completed = scene.begin();
          CompletableFuture<Object> granted = scene.begin();
          for (var wait : List.of(cancelled, expired, alsoExpired, completed)) {
            wait.whenComplete((value, failure) -> fault.happen());
          }
          TestLoop.callback(
              () -> {
                cancelled.cancel(true);
                completed.complete(null);
              });
          sleep(Duration.ofSeconds(2));
          assertThat(expired).isCompletedExceptionally();
          assertThat(alsoExpired).isCompletedExceptionally();
          assertThat(scene.waiting()).isOne();
          scene.grant();
          assertThat(granted).isCompleted();
          assertSound();
        });
    assertThat(Thread.interrupted()).isIn(false, fault == Fault.INTERRUPT);
  }

  @ParameterizedTest
  @EnumSource
  void aCallbackOfTheLoopThatFailsIsReportedAndTheOthersRun(Fault fault) {
    List<Throwable> reported = new ArrayList<>();
    List<String> log = new ArrayList<>();
    try (IOLoop loop = TestLoop.create(reported)) {
      loop.runSync(
          () -> {
            loop.execute(fault::happen);
            loop.execute(() -> log.add("callback"));
            loop.callLater(Duration.ofSeconds(1), fault::happen);
            loop.callLater(Duration.ofSeconds(1), () -> log.add("timer"));
            sleep(Duration.ofSeconds(2));
          });
    }
    assertThat(log).containsExactly("callback", "timer");
    assertThat(reported).hasSize(fault == Fault.INTERRUPT ? 0 : 2);
    assertThat(Thread.interrupted()).isIn(false, fault == Fault.INTERRUPT);
  }

  @ParameterizedTest
  @EnumSource
  void aResourceThatFailsToCloseDoesNotKeepTheLease(Fault fault) {
    TestLoop.run(
        () -> {
          Lock lock = new Lock();
          Coroutine<Void> fails =
              spawn(
                  () -> {
                    try (Lease lease = await(lock.acquire());
                        AutoCloseable resource = fault::happen) {
                      assertThat(lease).hasToString("Lease[held]");
                      assertThat(resource).isNotNull();
                      pause();
                    }
                  });
          Coroutine<Void> next = spawn(() -> await(lock.acquire()).close());
          if (fault == Fault.INTERRUPT) {
            await(fails);
          } else {
            assertThatThrownBy(() -> await(fails)).isNotNull();
          }
          await(next);
          assertThat(lock).hasToString("Lock[unlocked]");
          assertSound();
        });
    assertThat(Thread.interrupted()).isIn(false, fault == Fault.INTERRUPT);
  }

  // Comparators.

  /** Compares, until it is asked to fail. */
  private static final class Faulty implements Comparator<Integer> {
    private final Fault fault;
    private int left = Integer.MAX_VALUE;

    Faulty(Fault fault) {
      this.fault = fault;
    }

    void failAfter(int comparisons) {
      left = comparisons;
    }

    void works() {
      left = Integer.MAX_VALUE;
    }

    @Override
    public int compare(Integer a, Integer b) {
      if (left-- == 0) {
        fault.happen();
      }
      return a.compareTo(b);
    }
  }

  private static List<Integer> drained(Queue<Integer> queue) {
    List<Integer> items = new ArrayList<>();
    while (!queue.isEmpty()) {
      items.add(queue.getNow());
    }
    return items;
  }

  @ParameterizedTest
  @EnumSource
  void aComparatorThatFailsAtAnyComparisonLosesNoItem(Fault fault) {
    List<Integer> given = List.of(5, 3, 8, 1, 9, 2, 7, 6, 4, 0);
    TestLoop.run(
        () -> {
          for (int after = 0; after < 12; after++) {
            Faulty order = new Faulty(fault);
            Queue<Integer> queue = new PriorityQueue<>(0, order);
            given.forEach(queue::putNow);
            order.failAfter(after);
            List<Integer> out = new ArrayList<>();
            List<Integer> expected = new ArrayList<>(IntStream.range(0, 10).boxed().toList());
            try {
              queue.putNow(2);
              expected.add(3, 2);
            } catch (Throwable failed) {
              assertThat(queue.unfinishedTasks()).isEqualTo(10);
            }
            order.failAfter(after);
            try {
              out.add(queue.getNow());
            } catch (Throwable failed) {
              assertThat(queue.size()).isEqualTo(expected.size());
            }
            order.works();
            out.addAll(drained(queue));
            assertThat(out).isEqualTo(expected);
          }
          assertSound();
        });
    assertThat(Thread.interrupted()).isIn(false, fault == Fault.INTERRUPT);
  }

  @ParameterizedTest
  @EnumSource
  void aComparatorThatFailsForAGetterLosesNeitherAPutterNorAnItem(Fault fault) {
    TestLoop.run(
        () -> {
          for (int after = 0; after < 8; after++) {
            Faulty order = new Faulty(fault);
            Queue<Integer> queue = new PriorityQueue<>(4, order);
            List.of(5, 3, 8, 1).forEach(queue::putNow);
            CompletableFuture<?> first = queue.put(2);
            CompletableFuture<?> second = queue.put(4);
            List<Integer> out = new ArrayList<>();
            order.failAfter(after);
            try {
              out.add(queue.getNow());
            } catch (Throwable failed) {
              // the first putter may have come in all the same, or have failed
            }
            order.works();
            out.addAll(drained(queue));
            assertThat(first).isDone();
            assertThat(second).isCompleted();
            List<Integer> in = new ArrayList<>(List.of(1, 3, 4, 5, 8));
            if (!first.isCompletedExceptionally()) {
              in.add(1, 2);
            }
            assertThat(out).containsExactlyInAnyOrderElementsOf(in);
            assertThat(queue.unfinishedTasks()).isEqualTo(in.size());
          }
          assertSound();
        });
    assertThat(Thread.interrupted()).isIn(false, fault == Fault.INTERRUPT);
  }

  // Texts.

  /** An item, a value or a key, each of whose methods is foreign code. */
  private static final class Content {
    private final Runnable look;
    private final Fault fault;

    /**
     * @param look what it does first when it is called
     * @param fault what happens when it is asked for its text
     */
    Content(Runnable look, Fault fault) {
      this.look = look;
      this.fault = fault;
    }

    @Override
    public String toString() {
      look.run();
      fault.happen();
      return "content";
    }

    @Override
    public boolean equals(Object other) {
      look.run();
      return this == other;
    }

    @Override
    public int hashCode() {
      look.run();
      return 0;
    }
  }

  private static boolean isHalfDone(CompletableFuture<?> wait) {
    return wait instanceof Awaitable<?> awaitable && awaitable.isClaimed() && !wait.isDone();
  }

  @ParameterizedTest
  @MethodSource("faultsInEachWait")
  void aTextThatFailsKeepsNoWaitFromEnding(WaitMethod method, Fault fault) {
    List<Throwable> reported = new ArrayList<>();
    try (IOLoop loop = TestLoop.create(reported)) {
      loop.runSync(
          () -> {
            List<CompletableFuture<?>> waits = new ArrayList<>();
            int[] halfDone = {0};
            Runnable look =
                () -> halfDone[0] += waits.stream().anyMatch(FaultsTest::isHalfDone) ? 1 : 0;
            WaitMethod.Scene scene = method.scene(loop, new Content(look, fault));
            CompletableFuture<Object> expired = scene.begin(Duration.ofSeconds(1));
            CompletableFuture<Object> cancelled = scene.begin();
            CompletableFuture<Object> completed = scene.begin();
            CompletableFuture<Object> granted = scene.begin();
            waits.addAll(List.of(expired, cancelled, completed, granted));
            waits.add(spawn(() -> await(scene.begin(Duration.ofSeconds(1)))));
            waits.add(
                spawn(
                    () ->
                        select(
                            on(() -> scene.begin()), after(Duration.ofSeconds(1), () -> "late"))));
            waits.add(spawn(() -> select(Duration.ofSeconds(1), on(() -> scene.begin()))));
            assertThat(scene.begin(Duration.ZERO)).isCompletedExceptionally();
            pause();
            for (CompletableFuture<?> wait : waits) {
              assertThat(wait.toString()).isNotEmpty();
            }
            assertThat(scene.primitive().toString()).isNotEmpty();
            Snapshot snapshot = loop.snapshot();
            assertThat(snapshot.primitives()).hasSize(1);
            assertThat(snapshot.coroutines()).hasSize(method.runs() ? 5 : 4);
            cancelled.cancel(true);
            completed.complete(null);
            sleep(Duration.ofSeconds(2));
            assertThat(Failures.of(expired))
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessageContaining(": " + scene.primitive().getClass().getSimpleName() + "[");
            while (scene.waiting() > 0) {
              scene.grant();
            }
            assertThat(waits).allMatch(CompletableFuture::isDone);
            assertThat(granted).isCompleted();
            assertThat(halfDone[0]).isZero();
            assertThat(reported).hasSize(2).allMatch(DeadlineExceededException.class::isInstance);
            assertSound();
          });
    }
    assertThat(Thread.interrupted()).isIn(false, fault == Fault.INTERRUPT);
  }

  @ParameterizedTest
  @EnumSource
  void aTextThatFailsKeepsNothingFromClosing(Fault fault) {
    TestLoop.run(
        () -> {
          Content content = new Content(() -> {}, fault);
          List<Queue<Content>> queues =
              List.of(new Queue<>(1), new LifoQueue<>(1), new PriorityQueue<>(1, (a, b) -> 0));
          for (Queue<Content> queue : queues) {
            queue.putNow(content);
            assertThatThrownBy(() -> queue.putNow(content)).isInstanceOf(QueueFullException.class);
            var putter = queue.put(content);
            queue.close();
            assertThat(Failures.of(putter)).isInstanceOf(QueueClosedException.class);
            assertThatThrownBy(() -> queue.putNow(content))
                .isInstanceOf(QueueClosedException.class);
          }
          var broadcast = new Broadcast<Content>(1);
          var subscription = broadcast.subscribe();
          broadcast.putNow(content);
          var putter = broadcast.put(content);
          broadcast.close();
          assertThat(Failures.of(putter)).isInstanceOf(QueueClosedException.class);
          assertThat(subscription.getNow()).isSameAs(content);
          var result = new AsyncResult<Content>();
          result.set(content);
          assertThatThrownBy(() -> result.set(content)).isInstanceOf(AlreadySetException.class);
          var keyed = new KeyedLock<Content>();
          assertThatThrownBy(() -> keyed.release(content))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageStartingWith("release unlocked lock: nobody holds ");
          assertSound();
        });
    assertThat(Thread.interrupted()).isIn(false, fault == Fault.INTERRUPT);
  }

  @ParameterizedTest
  @EnumSource(WaitMethod.class)
  void aMessageAsksForNoTextButThatOfAKey(WaitMethod method) {
    TestLoop.run(
        () -> {
          int[] texts = {0};
          WaitMethod.Scene scene =
              method.scene(
                  IOLoop.current(),
                  new Object() {
                    @Override
                    public String toString() {
                      texts[0]++;
                      return "content";
                    }
                  });
          CompletableFuture<Object> wait = scene.begin(Duration.ofSeconds(1));
          Coroutine<Object> coroutine = spawn(() -> await(scene.begin()));
          sleep(Duration.ofSeconds(1));
          assertThat(Failures.of(wait)).isInstanceOf(DeadlineExceededException.class);
          assertThat(coroutine.toString()).contains("waiting for ");
          assertThat(texts[0]).isEqualTo(method.isKeyed() ? 2 : 0);
          coroutine.cancel(true);
        });
  }

  @Test
  void aHandlerThatFailsAndALogThatFailsEndNothing() {
    List<String> log = new ArrayList<>();
    Runnable unspeakable =
        new Runnable() {
          @Override
          public void run() {
            throw new IllegalStateException("a fault");
          }

          @Override
          public String toString() {
            throw new IllegalStateException("another fault");
          }
        };
    try (IOLoop loop = TestLoop.create()) {
      loop.setExceptionHandler(
          (source, failure) -> {
            log.add("told");
            throw new Unprintable();
          });
      loop.runSync(
          () -> {
            loop.execute(unspeakable);
            sleep(Duration.ofSeconds(1));
            log.add("went on");
          });
    }
    assertThat(log).containsExactly("told", "went on");
  }

  /** A failure that fails whoever logs it. */
  private static final class Unprintable extends RuntimeException {
    @Override
    public String getMessage() {
      throw new IllegalStateException("a third fault");
    }
  }

  // The clock.

  @ParameterizedTest
  @EnumSource
  void aClockThatJumpsEndsTheWaitsWhoseTimeIsUpInTheirOrderAndNoOthers(WaitMethod method) {
    ManualClock clock = new ManualClock(Long.MAX_VALUE - 1_000); // it wraps around, too
    List<Throwable> reported = new ArrayList<>();
    try (IOLoop loop = TestLoop.create(clock)) {
      loop.setExceptionHandler((source, failure) -> reported.add(failure));
      loop.runSync(
          () -> {
            WaitMethod.Scene scene = method.scene();
            List<Integer> ended = new ArrayList<>();
            for (int minutes : new int[] {50, 10, 40, 20, 30, 90}) {
              scene
                  .begin(Duration.ofMinutes(minutes))
                  .whenComplete((value, failure) -> ended.add(minutes));
            }
            CompletableFuture<?> endless = scene.begin();
            clock.advance(Duration.ofMinutes(60));
            sleep(Duration.ofNanos(1));
            assertThat(ended).containsExactly(10, 20, 30, 40, 50);
            assertThat(scene.waiting()).isEqualTo(2);
            clock.advance(Duration.ofMinutes(-45)); // what no clock should do
            sleep(Duration.ofMinutes(1));
            assertThat(scene.waiting()).isEqualTo(2);
            sleep(Duration.ofMinutes(90));
            assertThat(ended).containsExactly(10, 20, 30, 40, 50, 90);
            scene.grant();
            assertThat(endless).isCompleted();
            assertSound();
          });
    }
    assertThat(reported).isEmpty();
  }

  // Interrupts.

  @Test
  void interruptsOfWhoeverIsOnTheLoopAtAnyMomentChangeNothing() {
    TestLoop.run(
        () -> {
          Lock lock = new Lock();
          List<Integer> log = new ArrayList<>();
          List<Coroutine<?>> all = new ArrayList<>();
          for (int i = 0; i < 20; i++) {
            int number = i;
            all.add(
                spawn(
                    () -> {
                      Thread.currentThread().interrupt();
                      try (Lease lease = await(lock.acquire())) {
                        Thread.currentThread().interrupt();
                        sleep(Duration.ofSeconds(1));
                        log.add(number);
                        assertThat(lease).hasToString("Lease[held]");
                      }
                    }));
            IOLoop.current().execute(() -> Thread.currentThread().interrupt());
          }
          for (Coroutine<?> coroutine : all) {
            await(coroutine);
          }
          assertThat(log).isEqualTo(IntStream.range(0, 20).boxed().toList());
          assertThat(lock).hasToString("Lock[unlocked]");
        });
    // On the other engine those were the own threads of the coroutines, or it is the executor's.
    assertThat(Thread.interrupted() || !TestLoop.isFast() || TestLoop.IS_HOSTED).isTrue();
  }
}
