package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What closing a queue does to those who wait, to those who come, and to what is there. */
@ParameterizedClass
@EnumSource(QueueCloseTest.Kind.class)
class QueueCloseTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  enum Kind {
    FIFO {
      @Override
      Queue<String> make(int maxSize) {
        return new Queue<>(maxSize);
      }
    },
    PRIORITY {
      @Override
      Queue<String> make(int maxSize) {
        return new PriorityQueue<>(maxSize);
      }
    },
    LIFO {
      @Override
      Queue<String> make(int maxSize) {
        return new LifoQueue<>(maxSize);
      }

      @Override
      List<String> outOrder(List<String> ascending) {
        return ascending.reversed();
      }
    };

    abstract Queue<String> make(int maxSize);

    List<String> outOrder(List<String> ascending) {
      return ascending;
    }
  }

  /** The three ways to close. */
  private static final List<Consumer<Queue<String>>> CLOSES =
      List.of(Queue::close, Queue::closeNow, queue -> queue.close(new IOException("broken")));

  @Parameter Kind kind;

  private final List<Throwable> failures = new ArrayList<>();
  private final IOLoop loop = TestLoop.create(failures);

  @AfterEach
  void nothingIsLeft() {
    assertThat(loop.timers.size()).isZero();
    loop.close();
    assertThat(failures).isEmpty();
  }

  private static String text(Queue<?> queue) {
    String text = queue.toString();
    return text.substring(text.indexOf('['));
  }

  private static QueueClosedException closed(CompletableFuture<?> wait) {
    assertThat(wait).isCompletedExceptionally();
    return assertThat(Failures.of(wait))
        .asInstanceOf(InstanceOfAssertFactories.type(QueueClosedException.class))
        .actual();
  }

  private static List<String> drain(Queue<String> queue) {
    List<String> items = new ArrayList<>();
    while (!queue.isEmpty()) {
      items.add(queue.getNow());
    }
    return items;
  }

  // Who comes later.

  @Test
  void whatIsThereComesOutAndThenEveryFormOfGetFails() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(3);
          List.of("a", "b", "c").forEach(queue::putNow);
          assertThat(queue.isClosed()).isFalse();
          queue.close();
          assertThat(queue.isClosed()).isTrue();
          assertThat(queue.isFull()).isTrue();
          assertThat(text(queue)).startsWith("[closed maxsize=3 queue=[").endsWith("] tasks=3]");
          var out = new ArrayList<String>();
          out.add(await(queue.get()));
          out.add(queue.getNow());
          out.add(await(queue.get(Duration.ZERO)));
          assertThat(out).isEqualTo(kind.outOrder(List.of("a", "b", "c")));
          for (var get :
              List.of(queue.get(), queue.get(SECOND), queue.get(Deadline.after(Duration.ZERO)))) {
            assertThat(closed(get)).hasMessageContaining(queue.toString()).hasNoCause();
          }
          assertThatThrownBy(queue::getNow)
              .isInstanceOf(QueueClosedException.class)
              .isInstanceOf(IllegalStateException.class);
          assertThat(text(queue)).isEqualTo("[closed maxsize=3 tasks=3]");
          assertThat(queue.isFull()).isFalse();
          assertThat(queue.isEmpty()).isTrue();
          assertThat(queue.maxSize()).isEqualTo(3);
        });
  }

  @Test
  void everyFormOfPutFailsWhetherThereIsRoomOrNot() {
    loop.runSync(
        () -> {
          for (int maxSize : new int[] {0, 1, 2}) {
            for (var close : CLOSES) {
              Queue<String> queue = kind.make(maxSize);
              queue.putNow("a");
              close.accept(queue);
              String before = text(queue);
              closed(queue.put("b"));
              closed(queue.put("b", SECOND));
              closed(queue.put("b", Deadline.after(Duration.ZERO)));
              assertThatThrownBy(() -> queue.putNow("b"))
                  .isInstanceOf(QueueClosedException.class)
                  .hasMessageContaining(queue.toString());
              assertThat(text(queue)).isEqualTo(before);
            }
          }
        });
  }

  @Test
  void badArgumentsAreRefusedAsBefore() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(1);
          assertThatThrownBy(() -> queue.close(null))
              .isInstanceOf(NullPointerException.class)
              .hasMessage("cause");
          assertThat(queue.isClosed()).isFalse();
          queue.close();
          assertThatThrownBy(() -> queue.put(null)).isInstanceOf(NullPointerException.class);
          assertThatThrownBy(() -> queue.putNow(null)).isInstanceOf(NullPointerException.class);
          assertThatThrownBy(() -> queue.get((Deadline) null))
              .isInstanceOf(NullPointerException.class);
        });
  }

  // Who waits.

  @Test
  void waitingGettersFailInTheOrderTheyCameBeforeCloseReturns() {
    loop.runSync(
        () -> {
          for (var close : CLOSES) {
            Queue<String> queue = kind.make(1);
            var order = new ArrayList<Integer>();
            var getters = new ArrayList<CompletableFuture<String>>();
            for (int i = 0; i < 3; i++) {
              int number = i;
              var getter = i == 1 ? queue.get(SECOND) : queue.get();
              var unused = getter.whenComplete((item, failure) -> order.add(number));
              getters.add(getter);
            }
            close.accept(queue);
            getters.forEach(QueueCloseTest::closed);
            assertThat(order).containsExactly(0, 1, 2);
            assertThat(text(queue)).isEqualTo("[closed maxsize=1]");
            assertThat(loop.timers.size()).isZero();
          }
        });
  }

  @Test
  void waitingPuttersFailAndTheirItemsNeverEnter() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(2);
          List.of("a", "b").forEach(queue::putNow);
          var first = queue.put("c");
          var second = queue.put("d", SECOND);
          queue.close();
          closed(first);
          closed(second);
          assertThat(loop.timers.size()).isZero();
          assertThat(queue.unfinishedTasks()).isEqualTo(2);
          assertThat(drain(queue)).isEqualTo(kind.outOrder(List.of("a", "b")));
          assertThat(text(queue)).isEqualTo("[closed maxsize=2 tasks=2]");
        });
  }

  @Test
  void closeNowGivesBackWhatWasThereInItsOrderButNothingOfWaitingPutters() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(3);
          List.of("b", "a", "c").forEach(queue::putNow);
          var putter = queue.put("d");
          List<String> expected =
              kind == Kind.PRIORITY
                  ? List.of("a", "b", "c")
                  : kind.outOrder(List.of("b", "a", "c"));
          assertThat(queue.closeNow()).isEqualTo(expected);
          closed(putter);
          closed(queue.get());
          assertThat(queue.isClosed()).isTrue();
          assertThat(text(queue)).isEqualTo("[closed maxsize=3]");
        });
  }

  @Test
  void aCoroutineThatWaitsIsToldAndAwaitAllOfBothSidesEnds() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(1);
          var getter =
              spawn(
                  () ->
                      assertThatThrownBy(() -> await(queue.get()))
                          .isInstanceOf(QueueClosedException.class));
          pause();
          queue.close();
          Queue<String> full = kind.make(1);
          full.putNow("a");
          var putter =
              spawn(
                  () ->
                      assertThatThrownBy(() -> await(full.put("b")))
                          .isInstanceOf(QueueClosedException.class));
          pause();
          full.close();
          awaitAll(getter, putter);
        });
  }

  @Test
  void aGetterThatWasGrantedBeforeGetsItsItem() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(1);
          var getter = spawn(() -> await(queue.get()));
          pause();
          queue.putNow("a");
          queue.closeNow();
          assertThat(await(getter)).isEqualTo("a");
        });
  }

  @Test
  void aPutterThatWasGrantedBeforeHasPutItsItemIn() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(1);
          queue.putNow("a");
          var putter = spawn(() -> await(queue.put("b")));
          pause();
          var out = new ArrayList<String>();
          out.add(queue.getNow());
          queue.close();
          await(putter);
          out.add(queue.getNow());
          assertThat(out).containsExactlyInAnyOrder("a", "b");
        });
  }

  @Test
  void whoWasCompletedOnAnotherThreadIsLeftAsHeIs() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(1);
          var gone = queue.get();
          var there = queue.get();
          TestLoop.elsewhere(() -> gone.complete("another"));
          queue.close();
          assertThat(gone).isCompletedWithValue("another");
          closed(there);
          pause();
          pause();
          assertThat(text(queue)).isEqualTo("[closed maxsize=1]");
        });
  }

  @Test
  void whoseTimeWasUpBeforeIsToldThat() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(1);
          var getter = queue.get(SECOND);
          sleep(SECOND);
          queue.close();
          assertThat(Failures.of(getter)).isInstanceOf(DeadlineExceededException.class);
        });
  }

  // Tasks.

  @Test
  void joinersWaitForWhatIsLeftAndTaskDoneWorks() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(2);
          List.of("a", "b").forEach(queue::putNow);
          var joiner = queue.join();
          queue.close();
          assertThat(joiner).isNotDone();
          assertThat(text(queue)).contains("joiners[1]");
          drain(queue);
          queue.taskDone();
          assertThat(joiner).isNotDone();
          assertThat(queue.join(Duration.ZERO)).isCompletedExceptionally();
          queue.taskDone();
          assertThat(joiner).isCompleted();
          assertThat(queue.join()).isCompleted();
          assertThatThrownBy(queue::taskDone)
              .isInstanceOf(IllegalStateException.class)
              .isNotInstanceOf(QueueClosedException.class);
        });
  }

  @Test
  void closeNowReleasesJoinersWhoWaitForNothingElse() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(0);
          List.of("a", "b").forEach(queue::putNow);
          var joiner = queue.join(SECOND);
          assertThat(queue.closeNow()).hasSize(2);
          assertThat(joiner).isCompleted();
          assertThat(queue.unfinishedTasks()).isZero();
        });
  }

  @Test
  void closeNowLeavesJoinersToThoseWhoStillWorkOnAnItem() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(0);
          List.of("a", "b", "c").forEach(queue::putNow);
          queue.getNow();
          var joiner = queue.join();
          assertThat(queue.closeNow()).hasSize(2);
          assertThat(joiner).isNotDone();
          assertThat(queue.unfinishedTasks()).isOne();
          queue.taskDone();
          assertThat(joiner).isCompleted();
        });
  }

  @Test
  void closeNowCountsNoTaskTwiceThatWasDoneBeforeItsItemWasTaken() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(0);
          List.of("a", "b").forEach(queue::putNow);
          queue.taskDone();
          assertThat(queue.closeNow()).hasSize(2);
          assertThat(queue.unfinishedTasks()).isZero();
        });
  }

  // Once more.

  @Test
  void closingItAgainDoesNothing() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(0);
          queue.putNow("a");
          queue.close();
          queue.close();
          queue.close(new IOException("too late"));
          assertThat(queue.getNow()).isEqualTo("a");
          assertThat(closed(queue.get())).hasNoCause();
        });
  }

  @Test
  void closeNowAfterCloseEmptiesItAndKeepsTheCause() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(0);
          List.of("a", "b").forEach(queue::putNow);
          var joiner = queue.join();
          var cause = new IOException("broken");
          queue.close(cause);
          assertThat(queue.closeNow()).isEqualTo(kind.outOrder(List.of("a", "b")));
          assertThat(joiner).isCompleted();
          assertThat(closed(queue.get())).hasCause(cause);
          assertThat(queue.closeNow()).isEmpty();
        });
  }

  // With a cause.

  @Test
  void theCauseReachesWhoWaitsAndWhoComes() {
    loop.runSync(
        () -> {
          var cause = new IOException("broken");
          Queue<String> empty = kind.make(1);
          var getter = empty.get();
          empty.close(cause);
          assertThat(closed(getter)).hasCause(cause);
          assertThat(closed(empty.get())).hasCause(cause);
          assertThat(closed(empty.put("a"))).hasCause(cause);
          assertThatThrownBy(empty::getNow).hasCause(cause);
          assertThatThrownBy(() -> empty.putNow("a")).hasCause(cause);
          Queue<String> full = kind.make(1);
          full.putNow("a");
          var putter = full.put("b");
          full.close(cause);
          assertThat(closed(putter)).hasCause(cause);
          assertThat(full.getNow()).isEqualTo("a"); // what is there comes out first
        });
  }

  // Callbacks that come back.

  @Test
  void aCallbackOfAFailingPutterFindsAllOthersGone() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(2);
          List.of("a", "b").forEach(queue::putNow);
          var out = new ArrayList<String>();
          var seen = new ArrayList<String>();
          var first = queue.put("c");
          var unused =
              first.whenComplete(
                  (nothing, failure) -> {
                    seen.add(text(queue));
                    out.addAll(drain(queue)); // lets nobody in
                    closed(queue.get());
                    closed(queue.put("e"));
                    queue.close();
                    assertThat(queue.closeNow()).isEmpty();
                    seen.add("done");
                  });
          var second = queue.put("d");
          queue.close();
          closed(first);
          closed(second);
          assertThat(out).isEqualTo(kind.outOrder(List.of("a", "b")));
          assertThat(seen)
              .containsExactly(
                  "[closed maxsize=2 queue=" + kind.outOrder(List.of("a", "b")) + " tasks=2]",
                  "done");
        });
  }

  @Test
  void aCallbackOfAFailingGetterFindsAllOthersGone() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(1);
          var siblings = new ArrayList<CompletableFuture<String>>();
          var seen = new ArrayList<Object>();
          var unused =
              queue
                  .get()
                  .whenComplete(
                      (item, failure) -> {
                        seen.add(text(queue));
                        closed(queue.put("a"));
                        closed(queue.get());
                        seen.add(siblings.getFirst().cancel(true)); // its end was settled before
                        queue.close();
                      });
          siblings.add(queue.get());
          queue.close();
          closed(siblings.getFirst());
          assertThat(seen).containsExactly("[closed maxsize=1]", false);
        });
  }

  @Test
  void aCallbackDuringCloseNowFindsNothingLeftAndNobodyToJoin() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(1);
          queue.putNow("a");
          var seen = new ArrayList<String>();
          var putter = queue.put("b");
          var joiner = queue.join();
          var unused =
              putter.whenComplete(
                  (nothing, failure) -> {
                    seen.add(text(queue));
                    queue.join().thenRun(() -> seen.add("joined at once"));
                    closed(queue.get());
                  });
          joiner.thenRun(() -> seen.add("joined"));
          assertThat(queue.closeNow()).containsExactly("a");
          closed(putter);
          assertThat(seen).containsExactly("[closed maxsize=1]", "joined at once", "joined");
        });
  }

  @Test
  void aCallbackOfAPutterThatIsGrantedMayClose() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(1);
          queue.putNow("a");
          var out = new ArrayList<String>();
          queue.put("b").thenRun(queue::close);
          var third = queue.put("c");
          out.add(queue.getNow());
          closed(third);
          out.addAll(drain(queue));
          assertThat(out).containsExactlyInAnyOrder("a", "b");
          closed(queue.get());
        });
  }

  @Test
  void aCallbackOfAGetterMayCloseInsideThePutThatServesIt() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(1);
          var got = new ArrayList<String>();
          queue
              .get()
              .thenAccept(
                  item -> {
                    got.add(item);
                    queue.close();
                  });
          var second = queue.get();
          assertThat(queue.put("a")).isCompleted();
          assertThat(got).containsExactly("a");
          closed(second);
          closed(queue.put("b"));
        });
  }

  @Test
  void aHundredThousandWhoWaitAreEndedEachOfThemByTheCallbackBeforeIt() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(0);
          int[] ended = new int[1];
          for (int i = 0; i < 100_000; i++) {
            var unused =
                queue
                    .get()
                    .whenComplete(
                        (item, failure) -> {
                          ended[0]++;
                          queue.close();
                        });
          }
          queue.close();
          assertThat(ended[0]).isEqualTo(100_000);
        });
  }

  @Test
  @OnItsOwnThread
  void itWorksFromCallbacksAlone() {
    loop.execute(
        () -> {
          Queue<String> queue = kind.make(1);
          var seen = new ArrayList<String>();
          queue
              .get()
              .exceptionally(failure -> failure.getClass().getSimpleName())
              .thenAccept(seen::add);
          queue.close();
          assertThat(seen).containsExactly("QueueClosedException");
          loop.stop();
        });
    loop.start();
  }

  // for (item : queue)

  @Test
  void aLoopOverItGoesThroughWhatIsThereAndEnds() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(0);
          List.of("a", "b", "c").forEach(queue::putNow);
          queue.close();
          var got = new ArrayList<String>();
          for (String item : queue) {
            got.add(item);
          }
          assertThat(got).isEqualTo(kind.outOrder(List.of("a", "b", "c")));
          for (String item : queue) {
            got.add("again " + item);
          }
          assertThat(got).hasSize(3);
        });
  }

  @Test
  void aLoopThatWaitsEndsWhenTheQueueIsClosed() {
    loop.runSync(
        () -> {
          for (var close : List.<Consumer<Queue<String>>>of(Queue::close, Queue::closeNow)) {
            Queue<String> queue = kind.make(1);
            var got = new ArrayList<String>();
            var consumers = new ArrayList<Coroutine<?>>();
            for (int i = 0; i < 3; i++) {
              consumers.add(
                  spawn(
                      () -> {
                        for (String item : queue) {
                          got.add(item);
                        }
                      }));
            }
            for (String item : List.of("a", "b", "c", "d")) {
              await(queue.put(item));
            }
            while (!queue.isEmpty()) {
              pause();
            }
            pause();
            close.accept(queue);
            awaitAll(consumers);
            assertThat(got).containsExactlyInAnyOrder("a", "b", "c", "d");
          }
        });
  }

  @Test
  void aLoopOverOneThatWasClosedWithACauseThrowsAfterWhatIsThere() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(0);
          var cause = new IOException("broken");
          queue.putNow("a");
          queue.close(cause);
          var got = new ArrayList<String>();
          assertThatThrownBy(
                  () -> {
                    for (String item : queue) {
                      got.add(item);
                    }
                  })
              .isInstanceOf(QueueClosedException.class)
              .hasCause(cause);
          assertThat(got).containsExactly("a");
        });
  }

  @Test
  void hasNextTakesOneItemHoweverOftenItIsAsked() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(0);
          List.of("a", "b").forEach(queue::putNow);
          List<String> out = kind.outOrder(List.of("a", "b"));
          Iterator<String> items = queue.iterator();
          assertThat(queue.size()).isEqualTo(2); // nothing is taken before it is asked for
          assertThat(items.hasNext()).isTrue();
          assertThat(items.hasNext()).isTrue();
          assertThat(queue.size()).isOne();
          queue.closeNow(); // the one that it holds is out
          assertThat(items.hasNext()).isTrue();
          assertThat(items.next()).isEqualTo(out.getFirst());
          assertThat(items.hasNext()).isFalse();
          assertThat(items.hasNext()).isFalse();
          assertThatThrownBy(items::next)
              .isInstanceOf(NoSuchElementException.class)
              .hasMessageContaining("closed");
        });
  }

  @Test
  void nextAloneWaitsAsWell() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(0);
          var first = spawn(() -> queue.iterator().next());
          pause();
          queue.putNow("a");
          assertThat(await(first)).isEqualTo("a");
          queue.close();
          assertThatThrownBy(() -> queue.iterator().next())
              .isInstanceOf(NoSuchElementException.class);
        });
  }

  @Test
  void aLoopThatIsCancelledWhileItWaitsTakesNothing() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(1);
          var got = new ArrayList<String>();
          var consumer =
              spawn(
                  () -> {
                    for (String item : queue) {
                      got.add(item);
                    }
                  });
          pause();
          consumer.cancel(true);
          queue.putNow("a");
          assertThatThrownBy(() -> await(consumer)).isInstanceOf(CancellationException.class);
          assertThat(got).isEmpty();
          assertThat(queue.getNow()).isEqualTo("a");
        });
  }

  @Test
  void aLoopThatIsCancelledAfterItWasGrantedAnItemGetsIt() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(1);
          var got = new ArrayList<String>();
          var consumer =
              spawn(
                  () -> {
                    for (String item : queue) {
                      got.add(item);
                    }
                  });
          pause();
          queue.putNow("a");
          consumer.cancel(true);
          assertThatThrownBy(() -> await(consumer)).isInstanceOf(CancellationException.class);
          assertThat(got).containsExactly("a");
          assertThat(text(queue)).isEqualTo("[maxsize=1 tasks=1]");
        });
  }

  @Test
  void anIteratorWhoseStepTimedOutGoesOn() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(1);
          Iterator<String> items = queue.iterator();
          assertThatThrownBy(() -> withTimeout(SECOND, items::hasNext))
              .isInstanceOf(DeadlineExceededException.class);
          queue.putNow("a");
          assertThat(items.next()).isEqualTo("a");
        });
  }

  @Test
  @OnItsOwnThread
  void whereThereIsNoCoroutineAStepIsRefusedBeforeItTakesAnItem() {
    var refusals = new ArrayList<Throwable>();
    Queue<String> queue = kind == Kind.FIFO ? new Queue<>(loop) : new LifoQueue<>(loop);
    loop.execute(
        () -> {
          queue.putNow("a");
          Iterator<String> items = queue.iterator();
          for (ThrowingRunnable step :
              List.<ThrowingRunnable>of(() -> assertThat(items.hasNext()).isTrue(), items::next)) {
            try {
              step.run();
            } catch (Exception refusal) {
              refusals.add(refusal);
            }
          }
          loop.stop();
        });
    loop.start();
    assertThat(refusals).hasSize(2).hasOnlyElementsOfType(IllegalStateException.class);
    assertThat(queue.size()).isOne();
  }

  // Elsewhere.

  @Test
  void onAnotherThreadItIsRefused() {
    loop.runSync(
        () -> {
          Queue<String> queue = kind.make(1);
          queue.putNow("a");
          TestLoop.elsewhere(
              () -> {
                for (ThrowingRunnable use :
                    List.<ThrowingRunnable>of(
                        queue::close,
                        queue::closeNow,
                        () -> queue.close(new IOException()),
                        queue::isClosed)) {
                  assertThatThrownBy(use::run)
                      .isInstanceOf(WrongThreadException.class)
                      .hasMessageContaining("Queue was used by");
                }
              });
          assertThat(queue.isClosed()).isFalse();
        });
  }

  @Test
  void onAClosedLoopItIsRefusedAndItsStateMayBeRead() {
    Queue<String> queue = loop.runSync(() -> kind.make(1));
    loop.close();
    assertThatThrownBy(queue::close).isInstanceOf(LoopClosedException.class);
    assertThatThrownBy(queue::closeNow).isInstanceOf(LoopClosedException.class);
    assertThat(queue.isClosed()).isFalse();
  }

  // A comparator that throws.

  @Test
  void closingDoesNotAskTheComparatorAndCloseNowChangesNothingWhenItThrows() {
    loop.runSync(
        () -> {
          boolean[] broken = {false};
          var queue =
              new PriorityQueue<String>(
                  3,
                  (a, b) -> {
                    if (broken[0]) {
                      throw new UnsupportedOperationException();
                    }
                    return Comparator.<String>naturalOrder().compare(a, b);
                  });
          List.of("c", "a", "b").forEach(queue::putNow);
          var putter = queue.put("d");
          var joiner = queue.join();
          broken[0] = true;
          assertThatThrownBy(queue::closeNow).isInstanceOf(UnsupportedOperationException.class);
          assertThat(queue.isClosed()).isFalse();
          assertThat(queue.size()).isEqualTo(3);
          assertThat(putter).isNotDone();
          assertThat(joiner).isNotDone();
          queue.close();
          closed(putter);
          closed(queue.put("e"));
          assertThatThrownBy(queue::get).isInstanceOf(UnsupportedOperationException.class);
          assertThat(queue.size()).isEqualTo(3);
          broken[0] = false;
          assertThat(queue.closeNow()).containsExactly("a", "b", "c");
          assertThat(joiner).isCompleted();
        });
  }
}
