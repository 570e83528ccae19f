package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is true of every kind of queue. */
abstract class QueueRules {
  private static final Duration SECOND = Duration.ofSeconds(1);

  final List<Throwable> failures = new ArrayList<>();
  final IOLoop loop = TestLoop.create(failures);

  /** A queue of the current loop. */
  abstract Queue<String> queue(int maxSize);

  abstract Queue<String> queue();

  abstract Queue<String> queueOf(IOLoop loop, int maxSize);

  /**
   * The order in which items come out that went in, without a getter in between, in ascending
   * order.
   */
  abstract List<String> outOrder(List<String> ascending);

  /** The name of the kind, in toString. */
  abstract String kind();

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

  private static void failedWith(CompletableFuture<?> future, Class<? extends Throwable> type) {
    assertThat(future).isCompletedExceptionally();
    assertThat(Failures.of(future)).isExactlyInstanceOf(type);
  }

  private static List<String> drain(Queue<String> queue) {
    List<String> items = new ArrayList<>();
    while (!queue.isEmpty()) {
      items.add(queue.getNow());
    }
    return items;
  }

  // Making one.

  @Test
  void aNegativeMaxSizeIsRefused() {
    loop.runSync(
        () -> {
          assertThatThrownBy(() -> queue(-1))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("maxsize can't be negative");
        });
    assertThatThrownBy(() -> queueOf(loop, -7)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void withoutALoopItAsksForOne() {
    assertThatThrownBy(() -> queue(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> queue()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void oneWithoutMaxSizeIsNeverFull() {
    loop.runSync(
        () -> {
          for (Queue<String> queue : List.of(queue(), queue(0))) {
            for (int i = 0; i < 1000; i++) {
              assertThat(queue.put("item")).isCompleted();
              assertThat(queue.isFull()).isFalse();
            }
            assertThat(queue.size()).isEqualTo(1000);
            assertThat(queue.maxSize()).isZero();
          }
        });
  }

  @Test
  void itCanBeMadeAndReadWhereNoLoopRuns() {
    Queue<String> queue = queueOf(loop, 2);
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.isFull()).isFalse();
    assertThat(queue.size()).isZero();
    assertThat(queue.unfinishedTasks()).isZero();
    loop.runSync(() -> assertThat(queue.put("a")).isCompleted());
    assertThat(queue.size()).isOne();
    assertThat(queue.maxSize()).isEqualTo(2);
  }

  @Test
  void nullIsNoItem() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          assertThatThrownBy(() -> queue.put(null)).isInstanceOf(NullPointerException.class);
          assertThatThrownBy(() -> queue.put(null, SECOND))
              .isInstanceOf(NullPointerException.class);
          assertThatThrownBy(() -> queue.putNow(null)).isInstanceOf(NullPointerException.class);
          assertThat(text(queue)).isEqualTo("[maxsize=1]");
        });
  }

  // Putting and getting.

  @Test
  void itemsComeOutInItsOrder() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(3);
          List.of("a", "b", "c").forEach(queue::putNow);
          assertThat(queue.isFull()).isTrue();
          assertThat(drain(queue)).isEqualTo(outOrder(List.of("a", "b", "c")));
          assertThat(queue.isEmpty()).isTrue();
        });
  }

  @Test
  void putNowRefusesWhenItIsFull() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          queue.putNow("a");
          assertThatThrownBy(() -> queue.putNow("b"))
              .isInstanceOf(QueueFullException.class)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining(queue.toString());
          assertThat(text(queue)).isEqualTo("[maxsize=1 queue=[a] tasks=1]");
        });
  }

  @Test
  void getNowRefusesWhenItIsEmpty() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          assertThatThrownBy(queue::getNow)
              .isInstanceOf(QueueEmptyException.class)
              .isInstanceOf(java.util.NoSuchElementException.class)
              .hasMessageContaining(queue.toString());
        });
  }

  @Test
  void putAndGetAreDoneAtOnceWhenTheyCanBeInEachForm() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(3);
          assertThat(queue.put("a")).isCompletedWithValue(null);
          assertThat(queue.put("a", Duration.ZERO)).isCompletedWithValue(null);
          assertThat(queue.put("a", Deadline.after(Duration.ofSeconds(-1))))
              .isCompletedWithValue(null);
          assertThat(queue.get()).isCompletedWithValue("a");
          assertThat(queue.get(Duration.ZERO)).isCompletedWithValue("a");
          assertThat(queue.get(Deadline.after(Duration.ofSeconds(-1)))).isCompletedWithValue("a");
          assertThat(queue.isEmpty()).isTrue();
        });
  }

  @Test
  void withoutTimeAWaitFailsAtOnce() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          failedWith(queue.get(Duration.ZERO), DeadlineExceededException.class);
          failedWith(queue.get(Duration.ofSeconds(-1)), DeadlineExceededException.class);
          failedWith(
              queue.get(Deadline.after(Duration.ofSeconds(-1))), DeadlineExceededException.class);
          queue.putNow("a");
          failedWith(queue.put("b", Duration.ZERO), DeadlineExceededException.class);
          failedWith(
              queue.put("b", Deadline.after(Duration.ZERO)), DeadlineExceededException.class);
          failedWith(queue.join(Duration.ZERO), DeadlineExceededException.class);
          failedWith(queue.join(Deadline.after(Duration.ZERO)), DeadlineExceededException.class);
          assertThat(text(queue)).isEqualTo("[maxsize=1 queue=[a] tasks=1]");
        });
  }

  @Test
  void aWaitEndsWhenItsTimeIsUpAndLeavesNoTrace() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          var getter = queue.get(SECOND);
          var lateGetter = queue.get(Deadline.after(Duration.ofSeconds(2)));
          sleep(Duration.ofMillis(999));
          assertThat(getter).isNotDone();
          sleep(Duration.ofMillis(1));
          failedWith(getter, DeadlineExceededException.class);
          assertThat(Failures.of(getter)).hasMessageContaining(kind());
          assertThat(lateGetter).isNotDone();
          assertThat(text(queue)).isEqualTo("[maxsize=1 getters[1]]");
          sleep(SECOND);
          failedWith(lateGetter, DeadlineExceededException.class);
          queue.putNow("a");
          var putter = queue.put("b", SECOND);
          var latePutter = queue.put("c", Deadline.after(Duration.ofSeconds(2)));
          var joiner = queue.join(SECOND);
          var lateJoiner = queue.join(Deadline.after(Duration.ofSeconds(2)));
          assertThat(text(queue)).isEqualTo("[maxsize=1 queue=[a] putters[2] joiners[2] tasks=1]");
          sleep(SECOND);
          failedWith(putter, DeadlineExceededException.class);
          failedWith(joiner, DeadlineExceededException.class);
          sleep(SECOND);
          failedWith(latePutter, DeadlineExceededException.class);
          failedWith(lateJoiner, DeadlineExceededException.class);
          assertThat(text(queue)).isEqualTo("[maxsize=1 queue=[a] tasks=1]");
          assertThat(queue.getNow()).isEqualTo("a");
          assertThat(queue.isEmpty()).isTrue();
        });
  }

  @Test
  void aGrantedWaitTakesItsTimerBack() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          var getter = queue.get(SECOND);
          queue.putNow("a");
          assertThat(getter).isCompletedWithValue("a");
          queue.putNow("b");
          var putter = queue.put("c", SECOND);
          var joiner = queue.join(SECOND);
          assertThat(loop.timers.size()).isEqualTo(2);
          drain(queue);
          for (int i = 0; i < 3; i++) {
            queue.taskDone();
          }
          assertThat(putter).isCompleted();
          assertThat(joiner).isCompleted();
          assertThat(loop.timers.size()).isZero();
        });
  }

  // In the order they came.

  @Test
  void gettersAreServedInTheOrderTheyCameWhateverTheirDeadlines() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue();
          var getters = new ArrayList<CompletableFuture<String>>();
          getters.add(queue.get(Duration.ofSeconds(9)));
          getters.add(queue.get());
          getters.add(queue.get(SECOND));
          getters.add(queue.get(Deadline.after(Duration.ofSeconds(5))));
          getters.add(queue.get(Deadline.never()));
          getters.add(queue.get(Duration.ofSeconds(3)));
          sleep(SECOND);
          for (int i = 0; i < 5; i++) {
            queue.putNow("item " + i);
          }
          failedWith(getters.remove(2), DeadlineExceededException.class);
          for (int i = 0; i < 5; i++) {
            assertThat(getters.get(i)).isCompletedWithValue("item " + i);
          }
        });
  }

  @Test
  void puttersAreServedInTheOrderTheyCameWhateverTheirDeadlines() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          queue.putNow("first");
          var done = new ArrayList<String>();
          queue.put("z", Duration.ofSeconds(9)).thenRun(() -> done.add("z"));
          queue.put("a").thenRun(() -> done.add("a"));
          var expired = queue.put("k", SECOND);
          queue.put("y", Deadline.after(Duration.ofSeconds(5))).thenRun(() -> done.add("y"));
          queue.put("b", Duration.ofSeconds(3)).thenRun(() -> done.add("b"));
          sleep(SECOND);
          failedWith(expired, DeadlineExceededException.class);
          var out = new ArrayList<String>();
          for (int i = 1; i <= 4; i++) {
            out.add(queue.getNow());
            assertThat(done).hasSize(i);
          }
          assertThat(done).containsExactly("z", "a", "y", "b");
          out.addAll(drain(queue));
          assertThat(out).containsExactlyInAnyOrder("first", "z", "a", "y", "b");
        });
  }

  @Test
  void theItemIsWithTheGetterBeforePutReturns() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          var first = queue.get();
          var second = queue.get();
          assertThat(text(queue)).isEqualTo("[maxsize=1 getters[2]]");
          var put = queue.put("a");
          assertThat(put).isCompleted();
          assertThat(first).isCompletedWithValue("a");
          assertThat(second).isNotDone();
          assertThat(queue.isEmpty()).isTrue();
          queue.putNow("b");
          assertThat(second).isCompletedWithValue("b");
        });
  }

  @Test
  void nobodyBargesInBetweenAPutAndTheGetterItServes() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          var waiter = spawn(() -> await(queue.get()));
          pause();
          queue.putNow("a");
          failedWith(queue.get(Duration.ZERO), DeadlineExceededException.class);
          assertThatThrownBy(queue::getNow).isInstanceOf(QueueEmptyException.class);
          assertThat(await(waiter)).isEqualTo("a");
        });
  }

  @Test
  void nobodyBargesInBeforeAWaitingPutter() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          queue.putNow("a");
          var putter = spawn(() -> await(queue.put("b")));
          pause();
          queue.getNow();
          assertThat(queue.isFull()).isTrue();
          assertThatThrownBy(() -> queue.putNow("c")).isInstanceOf(QueueFullException.class);
          await(putter);
        });
  }

  @Test
  void aGetterAndAPutterInCoroutinesTakeTurns() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          var got = new ArrayList<String>();
          var consumer =
              spawn(
                  () -> {
                    for (int i = 0; i < 100; i++) {
                      got.add(await(queue.get()));
                    }
                  });
          var producer =
              spawn(
                  () -> {
                    for (int i = 0; i < 100; i++) {
                      await(queue.put("%03d".formatted(i)));
                    }
                  });
          awaitAll(consumer, producer);
          assertThat(got)
              .containsExactlyInAnyOrderElementsOf(
                  IntStream.range(0, 100).mapToObj("%03d"::formatted).toList());
          assertThat(queue.isEmpty()).isTrue();
        });
  }

  @Test
  @OnItsOwnThread
  void itWorksFromCallbacksAlone() {
    loop.execute(
        () -> {
          Queue<String> queue = queue(1);
          var got = new ArrayList<String>();
          queue.get().thenAccept(got::add);
          queue.put("a");
          queue.put("b");
          queue.put("c").thenRun(() -> got.add("c is in"));
          queue.get().thenAccept(item -> got.add("one of two"));
          queue.join().thenRun(() -> got.add("joined"));
          queue.getNow();
          for (int i = 0; i < 3; i++) {
            queue.taskDone();
          }
          assertThat(got).containsExactly("a", "c is in", "one of two", "joined");
          loop.stop();
        });
    loop.start();
  }

  // Tasks.

  @Test
  void joinIsDoneAtOnceWhenThereIsNothingToDo() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue();
          assertThat(queue.join()).isCompleted();
          assertThat(queue.join(Duration.ZERO)).isCompleted();
          assertThat(queue.join(Deadline.after(Duration.ZERO))).isCompleted();
        });
  }

  @Test
  void joinWaitsForTheLastTaskOfAllItemsPutIn() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(2);
          var getter = queue.get();
          queue.putNow("handed over");
          assertThat(getter).isCompleted();
          assertThat(queue.unfinishedTasks()).isOne();
          queue.putNow("a");
          queue.putNow("b");
          var putter = queue.put("c");
          assertThat(queue.unfinishedTasks()).isEqualTo(3); // a waiting putter's is not in
          var joiner = queue.join();
          var another = queue.join(SECOND);
          queue.getNow();
          assertThat(putter).isCompleted();
          assertThat(queue.unfinishedTasks()).isEqualTo(4);
          for (int left = 3; left > 0; left--) {
            queue.taskDone();
            assertThat(queue.unfinishedTasks()).isEqualTo(left);
            assertThat(joiner).isNotDone();
          }
          queue.taskDone();
          assertThat(joiner).isCompletedWithValue(null);
          assertThat(another).isCompletedWithValue(null);
          assertThat(queue.join()).isCompleted();
        });
  }

  @Test
  void takingAnItemOutDoesNotFinishItsTask() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue();
          queue.putNow("a");
          queue.getNow();
          assertThat(queue.unfinishedTasks()).isOne();
          assertThat(text(queue)).isEqualTo("[maxsize=0 tasks=1]");
          queue.taskDone();
          assertThat(text(queue)).isEqualTo("[maxsize=0]");
        });
  }

  @Test
  void taskDoneIsRefusedWhenNothingIsUnfinished() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          assertThatThrownBy(queue::taskDone)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("task_done() called too many times");
          queue.putNow("a");
          queue.put("a waiting putter's is not in").cancel(true);
          queue.taskDone();
          assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
          assertThat(queue.unfinishedTasks()).isZero();
        });
  }

  @Test
  void anItemPutInByAJoinersCallbackHoldsUpOnlyThoseWhoJoinLater() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue();
          queue.putNow("a");
          var late = new ArrayList<CompletableFuture<?>>();
          queue
              .join()
              .thenRun(
                  () -> {
                    queue.putNow("b");
                    late.add(queue.join());
                  });
          var second = queue.join();
          queue.taskDone();
          assertThat(second).isCompleted();
          assertThat(late.getFirst()).isNotDone();
          queue.taskDone();
          assertThat(late.getFirst()).isCompleted();
        });
  }

  // for (item : queue)

  @Test
  void itIsIteratedInACoroutine() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(2);
          var got = new ArrayList<String>();
          var consumer =
              spawn(
                  () -> {
                    for (String item : queue) {
                      got.add(item);
                      queue.taskDone();
                    }
                  });
          for (String item : List.of("a", "b", "c", "d", "e")) {
            await(queue.put(item));
          }
          await(queue.join());
          assertThat(got).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
          assertThat(consumer).isNotDone(); // without end
          consumer.cancel(true);
          assertThatThrownBy(() -> await(consumer)).isInstanceOf(CancellationException.class);
          assertThat(text(queue)).isEqualTo("[maxsize=2]");
        });
  }

  @Test
  void consumersShareTheItems() {
    loop.runSync(
        () -> {
          Queue<Integer> shared = new Queue<>();
          Queue<String> queue = queue();
          var consumers = new ArrayList<Coroutine<?>>();
          var got = new ArrayList<String>();
          for (int i = 0; i < 3; i++) {
            int me = i;
            consumers.add(
                spawn(
                    () -> {
                      for (String item : queue) {
                        got.add(item);
                        shared.putNow(me);
                        sleep(Duration.ofMillis(1));
                        queue.taskDone();
                      }
                    }));
          }
          var items = IntStream.range(0, 30).mapToObj("%02d"::formatted).toList();
          for (String item : items) {
            await(queue.put(item));
          }
          await(queue.join());
          assertThat(got).containsExactlyInAnyOrderElementsOf(items);
          int[] each = new int[3];
          while (!shared.isEmpty()) {
            each[shared.getNow()]++;
          }
          assertThat(each).containsExactly(10, 10, 10);
          consumers.forEach(consumer -> consumer.cancel(true));
          pause();
          assertThat(text(queue)).isEqualTo("[maxsize=0]");
        });
  }

  @Test
  @OnItsOwnThread
  void iterationOutsideOfACoroutineIsRefused() {
    var seen = new ArrayList<Throwable>();
    loop.execute(
        () -> {
          Queue<String> queue = queue();
          try {
            queue.iterator().next();
          } catch (IllegalStateException refusal) {
            seen.add(refusal);
          }
          loop.stop();
        });
    loop.start();
    assertThat(seen).hasSize(1);
  }

  // Never lost.

  @Test
  void aGetterThatIsGoneNeverSwallowsAnItem() {
    List<Consumer<CompletableFuture<String>>> ends =
        List.of(
            getter -> getter.cancel(true),
            getter -> getter.cancel(false),
            getter -> getter.complete("another"),
            getter -> getter.completeExceptionally(new TimeoutException()),
            getter -> getter.obtrudeValue("another"),
            getter -> getter.obtrudeException(new TimeoutException()),
            getter -> getter.completeOnTimeout("another", 0, TimeUnit.NANOSECONDS).join(),
            getter -> getter.orTimeout(0, TimeUnit.NANOSECONDS).exceptionally(x -> "").join(),
            getter -> getter.completeAsync(() -> "another").join());
    loop.runSync(
        () -> {
          for (var end : ends) {
            for (boolean onTheLoop : List.of(true, false)) {
              Queue<String> queue = queue(1);
              var gone = queue.get();
              var next = queue.get();
              try {
                if (onTheLoop) {
                  end.accept(gone);
                } else {
                  TestLoop.elsewhere(() -> end.accept(gone));
                }
              } catch (IllegalStateException joinIsRefusedOnTheLoop) {
                TestLoop.elsewhere(() -> gone.exceptionally(x -> "").join());
              }
              queue.putNow("a");
              assertThat(next).isCompletedWithValue("a");
              queue.putNow("b");
              pause(); // what other threads did is brought in
              pause();
              assertThat(queue.getNow()).isEqualTo("b");
              assertThat(text(queue)).isEqualTo("[maxsize=1 tasks=2]");
            }
          }
        });
  }

  @Test
  void theItemOfAPutterThatIsGoneIsNotPutIn() {
    List<Consumer<CompletableFuture<Void>>> ends =
        List.of(
            putter -> putter.cancel(true),
            putter -> putter.complete(null),
            putter -> putter.completeExceptionally(new TimeoutException()),
            putter -> putter.obtrudeValue(null));
    loop.runSync(
        () -> {
          for (var end : ends) {
            for (boolean onTheLoop : List.of(true, false)) {
              Queue<String> queue = queue(1);
              queue.putNow("a");
              var gone = queue.put("b");
              var next = queue.put("c");
              if (onTheLoop) {
                end.accept(gone);
              } else {
                TestLoop.elsewhere(() -> end.accept(gone));
              }
              var out = new ArrayList<String>();
              out.add(queue.getNow());
              assertThat(next).isCompleted();
              out.addAll(drain(queue));
              assertThat(out).containsExactlyInAnyOrder("a", "c");
              assertThat(text(queue)).isEqualTo("[maxsize=1 tasks=2]");
              pause();
              pause();
              assertThat(text(queue)).isEqualTo("[maxsize=1 tasks=2]");
            }
          }
        });
  }

  @Test
  void aWaitThatJdkTimesOutIsSeenByItsCoroutine() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          assertThatThrownBy(() -> await(queue.get().orTimeout(0, TimeUnit.MILLISECONDS)))
              .isInstanceOf(TimeoutException.class);
          while (!text(queue).equals("[maxsize=1]")) { // until the loop has heard of it
            pause();
          }
        });
  }

  @Test
  void aCancelledCoroutineLeavesTheLine() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          var getter = spawn(() -> await(queue.get()));
          pause();
          getter.cancel(true);
          queue.putNow("a");
          var putter = spawn(() -> await(queue.put("b")));
          var joiner = spawn(() -> await(queue.join()));
          pause();
          assertThat(text(queue)).isEqualTo("[maxsize=1 queue=[a] putters[1] joiners[1] tasks=1]");
          putter.cancel(true);
          joiner.cancel(true);
          pause();
          for (Coroutine<?> coroutine : List.of(getter, putter, joiner)) {
            failedWithCancellation(coroutine);
          }
          assertThat(text(queue)).isEqualTo("[maxsize=1 queue=[a] tasks=1]");
        });
  }

  private static void failedWithCancellation(CompletableFuture<?> future) {
    assertThat(future).isCompletedExceptionally();
    assertThat(Failures.of(future)).isInstanceOf(CancellationException.class);
  }

  @Test
  void aGetterThatWasGrantedGetsItsItemThoughItsCoroutineIsCancelled() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          var got = new ArrayList<String>();
          var getter =
              spawn(
                  () -> {
                    got.add(await(queue.get()));
                    pause(); // here the cancellation takes effect
                    got.add("not here");
                  });
          pause();
          queue.putNow("a");
          getter.cancel(true);
          assertThatThrownBy(() -> await(getter)).isInstanceOf(CancellationException.class);
          assertThat(got).containsExactly("a");
        });
  }

  @Test
  void aPutterThatWasGrantedHasPutItsItemInThoughItsCoroutineIsCancelled() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          queue.putNow("a");
          var putter =
              spawn(
                  () -> {
                    await(queue.put("b"));
                    return "put";
                  });
          pause();
          var out = new ArrayList<String>();
          out.add(queue.getNow());
          putter.cancel(true);
          assertThat(await(putter)).isEqualTo("put");
          out.addAll(drain(queue));
          assertThat(out).containsExactlyInAnyOrder("a", "b");
        });
  }

  @Test
  void aGrantedWaitIsDeliveredThoughTheTimeOfItsBlockIsUp() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          loop.callLater(SECOND, () -> queue.putNow("a"));
          var getter =
              spawn(() -> withTimeout(SECOND, () -> await(queue.get()))); // at the same moment
          assertThat(await(getter)).isEqualTo("a");
          assertThatThrownBy(() -> withTimeout(SECOND, () -> await(queue.get())))
              .isInstanceOf(DeadlineExceededException.class);
          assertThat(text(queue)).isEqualTo("[maxsize=1 tasks=1]");
        });
  }

  @Test
  void anItemIsDeliveredThoughTheDepthOfCallbacksDelaysItsCompletion() {
    loop.runSync(
        () -> {
          for (int depth = 1; depth <= 130; depth++) {
            Queue<String> queue = queue();
            var last = spawn(() -> await(queue.get()));
            int ahead = depth - 1;
            for (int i = 0; i <= ahead; i++) {
              boolean isLast = i == ahead;
              queue
                  .get()
                  .thenRun(
                      () -> {
                        queue.putNow("next");
                        if (isLast) {
                          last.cancel(true); // it was granted just now
                        }
                      });
            }
            pause();
            queue.putNow("first");
            assertThat(await(last)).as("depth " + depth).isEqualTo("next");
            assertThat(queue.isEmpty()).isTrue();
          }
        });
  }

  // Callbacks that come back.

  @Test
  void aGettersCallbackMayPutAndGetAndFinishTasks() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          var got = new ArrayList<String>();
          queue
              .get()
              .thenAccept(
                  item -> {
                    got.add(item);
                    queue.taskDone();
                    queue.putNow(item + "'");
                  });
          queue.get().thenAccept(got::add);
          queue.putNow("a");
          assertThat(got).containsExactly("a", "a'");
          assertThat(text(queue)).isEqualTo("[maxsize=1 tasks=1]");
          queue.get().thenCompose(item -> queue.get()).thenAccept(got::add);
          queue.putNow("b");
          queue.putNow("c");
          assertThat(got).containsExactly("a", "a'", "c");
        });
  }

  @Test
  void aPuttersCallbackMayPutAndGet() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          queue.putNow("a");
          var out = new ArrayList<String>();
          queue
              .put("b")
              .thenRun(
                  () -> {
                    assertThat(queue.isFull()).isTrue();
                    queue.put("d");
                    out.add(queue.getNow()); // lets c in
                  });
          var third = queue.put("c");
          out.add(queue.getNow());
          assertThat(third).isCompleted();
          while (!queue.isEmpty()) {
            out.add(queue.getNow());
          }
          assertThat(out).containsExactlyInAnyOrder("a", "b", "c", "d");
          assertThat(queue.unfinishedTasks()).isEqualTo(4);
        });
  }

  @Test
  void aCallbackMayCancelASibling() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          var siblings = new ArrayList<CompletableFuture<?>>();
          var first = queue.get();
          first.thenRun(() -> siblings.forEach(sibling -> sibling.cancel(true)));
          siblings.add(queue.get());
          var third = queue.get();
          queue.putNow("a");
          queue.putNow("b");
          assertThat(siblings.getFirst()).isCancelled();
          assertThat(third).isCompletedWithValue("b");
          siblings.clear();

          queue.putNow("c");
          queue.put("d").thenRun(() -> siblings.forEach(sibling -> sibling.cancel(true)));
          siblings.add(queue.put("e"));
          var last = queue.put("f");
          var out = new ArrayList<String>();
          out.add(queue.getNow());
          assertThat(siblings.getFirst()).isCancelled();
          out.add(queue.getNow());
          assertThat(last).isCompleted();
          out.addAll(drain(queue));
          assertThat(out).containsExactlyInAnyOrder("c", "d", "f");
        });
  }

  @Test
  void aChainOfManyCallbackGettersDoesNotOverflowTheStack() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue();
          int[] served = new int[1];
          for (int i = 0; i < 100_000; i++) {
            queue
                .get()
                .thenAccept(
                    item -> {
                      served[0]++;
                      queue.putNow(item);
                    });
          }
          queue.putNow("a");
          assertThat(served[0]).isEqualTo(100_000);
          assertThat(text(queue)).isEqualTo("[maxsize=0 queue=[a] tasks=100001]");
        });
  }

  @Test
  void aChainOfManyCallbackPuttersDoesNotOverflowTheStack() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          queue.putNow("a");
          int[] served = new int[1];
          for (int i = 0; i < 100_000; i++) {
            queue
                .put("a")
                .thenRun(
                    () -> {
                      served[0]++;
                      queue.getNow();
                    });
          }
          queue.getNow();
          assertThat(served[0]).isEqualTo(100_000);
          assertThat(text(queue)).isEqualTo("[maxsize=1 tasks=100001]");
        });
  }

  // toString

  @Test
  void toStringSaysWhatIsInAndWhoWaits() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(3);
          assertThat(queue.toString()).isEqualTo(kind() + "[maxsize=3]");
          queue.get();
          queue.get();
          assertThat(queue.toString()).isEqualTo(kind() + "[maxsize=3 getters[2]]");
          queue.putNow("x");
          queue.putNow("y");
          queue.taskDone();
          for (String item : List.of("a", "b", "c", "d", "e")) {
            queue.put(item);
          }
          String items = String.join(", ", outOrder(List.of("a", "b", "c")));
          assertThat(queue.toString())
              .isEqualTo(kind() + "[maxsize=3 queue=[" + items + "] putters[2] tasks=4]");
        });
  }

  @Test
  void toStringAbbreviates() {
    loop.runSync(
        () -> {
          Queue<String> many = queue();
          IntStream.range(0, 1000).forEach(i -> many.putNow("a"));
          assertThat(many.toString())
              .isEqualTo(
                  kind() + "[maxsize=0 queue=[" + "a, ".repeat(10) + "… 990 more] tasks=1000]");
          Queue<String> ten = queue();
          IntStream.range(0, 10).forEach(i -> ten.putNow("a"));
          assertThat(ten.toString())
              .isEqualTo(kind() + "[maxsize=0 queue=[" + "a, ".repeat(9) + "a] tasks=10]");
          Queue<String> longItem = queue();
          longItem.putNow("x".repeat(1_000_000));
          assertThat(longItem.toString())
              .isEqualTo(kind() + "[maxsize=0 queue=[" + "x".repeat(59) + "…] tasks=1]");
          Queue<String> justFits = queue();
          justFits.putNow("x".repeat(60));
          assertThat(justFits.toString()).contains("[" + "x".repeat(60) + "]");
        });
  }

  // Threads and the end of the loop.

  @Test
  void elsewhereItRefuses() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(1);
          List<Consumer<Queue<String>>> uses =
              List.of(
                  q -> q.put("a"),
                  q -> q.put("a", SECOND),
                  q -> q.put("a", Deadline.never()),
                  Queue::get,
                  q -> q.get(SECOND),
                  q -> q.get(Deadline.never()),
                  Queue::join,
                  q -> q.join(SECOND),
                  q -> q.join(Deadline.never()),
                  q -> q.putNow("a"),
                  Queue::getNow,
                  Queue::taskDone,
                  Queue::size,
                  Queue::isEmpty,
                  Queue::isFull,
                  Queue::unfinishedTasks);
          for (var use : uses) {
            assertThatThrownBy(() -> TestLoop.elsewhere(() -> use.accept(queue)))
                .isExactlyInstanceOf(java.lang.WrongThreadException.class)
                .hasMessageContaining(kind());
          }
          assertThat(text(queue)).isEqualTo("[maxsize=1]");
        });
    Queue<String> queue = queueOf(loop, 1);
    assertThatThrownBy(() -> queue.put("a")).isInstanceOf(WrongThreadException.class);
  }

  @Test
  @OnItsOwnThread
  void theEndOfTheLoopEndsTheWaits() {
    var waits = new ArrayList<CompletableFuture<?>>();
    Queue<String> empty = queueOf(loop, 1);
    Queue<String> full = queueOf(loop, 1);
    loop.runSync(
        () -> {
          full.putNow("a");
          waits.add(empty.get());
          waits.add(empty.get(SECOND));
          waits.add(full.put("b"));
          waits.add(full.put("c", SECOND));
          waits.add(full.join());
          waits.add(full.join(SECOND));
        });
    loop.close();
    assertThat(waits).allSatisfy(wait -> failedWith(wait, LoopClosedException.class));
    assertThat(empty.toString()).isEqualTo(kind() + "[maxsize=1]");
    assertThat(full.toString()).isEqualTo(kind() + "[maxsize=1 queue=[a] tasks=1]");
    assertThatThrownBy(empty::get).isInstanceOf(LoopClosedException.class);
    assertThatThrownBy(() -> full.put("b")).isInstanceOf(LoopClosedException.class);
    assertThatThrownBy(full::join).isInstanceOf(LoopClosedException.class);
  }

  @Test
  void aRefusalTellsWhatIsInWithoutForeignCode() {
    loop.runSync(
        () -> {
          Queue<Object> queue = anything(5);
          assertThatThrownBy(queue::getNow)
              .isInstanceOf(QueueEmptyException.class)
              .hasMessage("the queue is empty: " + kind() + "[maxsize=5]");
          for (Object item : List.of("a", 7, TimeUnit.DAYS, 1.5, new Object())) {
            queue.putNow(item);
          }
          CompletableFuture<Void> putter = queue.put("b");
          String state = "maxsize=5 queue=" + shown("a", "7", "DAYS", "1.5", "Object");
          assertThatThrownBy(() -> queue.putNow("b"))
              .isInstanceOf(QueueFullException.class)
              .hasMessage("the queue is full: " + kind() + "[" + state + " putters[1] tasks=5]");
          CompletableFuture<Void> late = queue.put("b", Duration.ZERO);
          assertThat(Failures.of(late))
              .hasMessage(
                  "the deadline passed before this was granted: "
                      + kind()
                      + ("[" + state + " putters[1] tasks=5]"));
          queue.close();
          String closed = "the queue is closed: " + kind() + "[closed " + state + " tasks=5]";
          assertThat(Failures.of(putter)).hasMessage(closed);
          assertThatThrownBy(() -> queue.putNow("b")).hasMessage(closed);
        });
  }

  /** A queue of this kind whose order does not look at the items. */
  abstract Queue<Object> anything(int maxSize);

  /** What a message shows of these items. */
  String shown(String... texts) {
    return outOrder(List.of(texts)).toString();
  }

  @Test
  void moreTasksThanAnIntegerCountsAreCounted() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue();
          queue.unfinishedTasks = Integer.MAX_VALUE;
          queue.putNow("a");
          assertThat(queue.unfinishedTasks()).isEqualTo(Integer.MAX_VALUE);
          assertThat(queue.toString()).contains("tasks=2147483648");
          queue.taskDone();
          queue.taskDone();
          assertThat(queue.unfinishedTasks()).isEqualTo(Integer.MAX_VALUE - 1);
          queue.unfinishedTasks = 1L << 32;
          CompletableFuture<Void> joined = queue.join();
          assertThat(joined).isNotDone();
          queue.unfinishedTasks = 1;
          queue.taskDone();
          assertThat(joined).isCompleted();
          assertThatThrownBy(queue::taskDone)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("called too many times");
        });
  }

  @Test
  void itMayHoldAsManyItemsAsAnIntegerCounts() {
    loop.runSync(
        () -> {
          Queue<String> queue = queue(Integer.MAX_VALUE);
          queue.putNow("a");
          assertThat(queue.isFull()).isFalse();
          assertThat(queue.toString()).isEqualTo(kind() + "[maxsize=2147483647 queue=[a] tasks=1]");
        });
  }
}
