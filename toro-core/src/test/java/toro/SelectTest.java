package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.after;
import static toro.Coroutines.await;
import static toro.Coroutines.on;
import static toro.Coroutines.pause;
import static toro.Coroutines.select;
import static toro.Coroutines.selectFair;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SelectTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<Object> log = new ArrayList<>();

  /** A select of texts: {@code assertThat} would take anything. */
  @SafeVarargs
  private static String taken(Case<? extends String>... cases) {
    return select(cases);
  }

  private static int timers() {
    return IOLoop.current().timers.size();
  }

  // Which one.

  @Test
  void theFirstListedThatIsDoneAtOnceIsTakenAndThoseAfterItAreNotBegun() {
    TestLoop.run(
        () -> {
          var empty = new Queue<String>();
          var first = new Queue<String>();
          var second = new Queue<String>();
          first.putNow("first");
          second.putNow("second");
          String taken =
              select(
                  on(empty::get),
                  on(first::get),
                  on(
                      () -> {
                        log.add("begun");
                        return second.get();
                      }));
          assertThat(taken).isEqualTo("first");
          assertThat(second.size()).isEqualTo(1);
          assertThat(empty).hasToString("Queue[maxsize=0]");
          assertThat(log).isEmpty();
        });
  }

  @Test
  void ifAllWaitTheFirstThatIsGrantedIsTakenAndTheOthersLeaveTheirLinesAtOnce() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var full = new Queue<String>(1);
          full.putNow("old");
          var lock = new Lock();
          Lease held = await(lock.acquire());
          var event = new Event();
          var condition = new Condition();
          var result = new AsyncResult<String>();
          Coroutine<String> selecting =
              spawn(
                  () ->
                      select(
                          on(queue::get),
                          on(() -> full.put("new"), () -> "put"),
                          on(lock::acquire, () -> "locked"),
                          on(event::whenSet, () -> "set"),
                          on(condition::whenSignalled, () -> "signalled"),
                          on(result::get),
                          after(SECOND, () -> "late")));
          pause();
          assertThat(selecting.toString())
              .contains("waiting for one of Queue[maxsize=0 getters[1]], Queue[")
              .contains("Condition[waiters[1]], AsyncResult[unset waiters[1]], Sleep");
          condition.signal();
          assertThat(queue).hasToString("Queue[maxsize=0]");
          assertThat(full).hasToString("Queue[maxsize=1 queue=[old] tasks=1]");
          assertThat(lock).hasToString("Lock[locked]");
          assertThat(event).hasToString("Event[clear]");
          assertThat(condition).hasToString("Condition[]");
          assertThat(result).hasToString("AsyncResult[unset]");
          assertThat(timers()).isZero();
          queue.putNow("kept");
          held.close();
          event.set();
          assertThat(await(selecting)).isEqualTo("signalled");
          assertThat(queue.getNow()).isEqualTo("kept");
          assertThat(lock.isLocked()).isFalse();
        });
  }

  @Test
  void whatBecomesReadyInTheSameTurnStaysWhereItIs() {
    TestLoop.run(
        () -> {
          var queues = List.of(new Queue<Integer>(), new Queue<Integer>(), new Queue<Integer>());
          for (int first = 0; first < 3; first++) {
            Coroutine<Integer> selecting =
                spawn(
                    () ->
                        select(
                            on(queues.get(0)::get),
                            on(queues.get(1)::get),
                            on(queues.get(2)::get)));
            pause();
            for (int i = 0; i < 3; i++) {
              queues.get((first + i) % 3).putNow((first + i) % 3);
            }
            assertThat(await(selecting)).isEqualTo(first);
            assertThat(queues.get(first).isEmpty()).isTrue();
            assertThat(queues.get((first + 1) % 3).getNow()).isEqualTo((first + 1) % 3);
            assertThat(queues.get((first + 2) % 3).getNow()).isEqualTo((first + 2) % 3);
          }
        });
  }

  @Test
  void aSelectOverTheSamePrimitiveTwiceTakesOneGrantOfABatch() {
    TestLoop.run(
        () -> {
          var condition = new Condition();
          var event = new Event();
          var queue = new Queue<String>();
          Coroutine<String> signalled =
              spawn(
                  () ->
                      select(
                          on(condition::whenSignalled, () -> "first"),
                          on(condition::whenSignalled, () -> "second")));
          pause();
          var behind = condition.whenSignalled();
          var last = condition.whenSignalled();
          condition.signal(2);
          assertThat(behind).isDone();
          assertThat(last).isNotDone();
          condition.signal();
          assertThat(await(signalled)).isEqualTo("first");

          Coroutine<String> twice = spawn(() -> select(on(queue::get), on(queue::get)));
          Coroutine<String> set =
              spawn(
                  () ->
                      select(
                          on(event::whenSet, () -> "first"), on(event::whenSet, () -> "second")));
          pause();
          queue.putNow("one");
          queue.putNow("two");
          event.set();
          assertThat(await(twice)).isEqualTo("one");
          assertThat(await(set)).isEqualTo("first");
          assertThat(queue.getNow()).isEqualTo("two");
        });
  }

  @Test
  void twoPermitsAreNotBothGivenToOneSelect() {
    TestLoop.run(
        () -> {
          var semaphore = new Semaphore(0);
          Coroutine<Lease> selecting =
              spawn(() -> select(on(semaphore::acquire), on(semaphore::acquire)));
          pause();
          var behind = semaphore.acquire();
          semaphore.release();
          semaphore.release();
          assertThat(behind).isDone();
          await(selecting).close();
          assertThat(semaphore).hasToString("Semaphore[counter=1]");
        });
  }

  @Test
  void theNextInLineIsGrantedWhatALoserIsNot() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var event = new Event();
          Coroutine<String> selecting =
              spawn(() -> select(on(queue::get), on(event::whenSet, () -> "set")));
          pause();
          Coroutine<String> behind = spawn(() -> await(queue.get()));
          pause();
          event.set();
          queue.putNow("item");
          assertThat(await(selecting)).isEqualTo("set");
          assertThat(await(behind)).isEqualTo("item");
        });
  }

  @Test
  void thoseWhomALoserHeldUpMoveUpInTheCallThatGrantsTheWinner() {
    TestLoop.run(
        () -> {
          var lock = new RWLock(3);
          Lease reader = await(lock.acquireRead());
          var event = new Event();
          Coroutine<String> selecting =
              spawn(
                  () ->
                      select(
                          on(lock::acquireWrite, () -> "written"),
                          on(event::whenSet, () -> "set")));
          pause();
          var behind = lock.acquireRead();
          var next = lock.acquireRead();
          assertThat(behind).isNotDone();
          event.set();
          assertThat(behind).isCompleted();
          assertThat(next).isCompleted();
          assertThat(await(selecting)).isEqualTo("set");
          reader.close();
        });
  }

  @Test
  void aLoserOnTheSamePrimitiveLetsThoseBehindMoveUpAfterTheWinnerHasItsPermits() {
    TestLoop.run(
        () -> {
          var lock = new RWLock(2);
          Lease writer = await(lock.acquireWrite());
          Coroutine<Lease> selecting =
              spawn(() -> select(on(lock::acquireRead), on(lock::acquireWrite)));
          pause();
          var behind = lock.acquireRead();
          var last = lock.acquireRead();
          writer.close();
          assertThat(behind).isCompleted();
          assertThat(last).isNotDone();
          assertThat(lock).hasToString("RWLock[readers=2 waiters[1]]");
          await(selecting).close();
          assertThat(last).isCompleted();
        });
  }

  @Test
  void aGrantWhoseCallbacksArePostponedIsTheOnlyOne() {
    TestLoop.run(
        () -> {
          var deep = new Queue<Integer>();
          var first = new Queue<String>();
          var second = new Queue<String>();
          Coroutine<String> selecting = spawn(() -> select(on(first::get), on(second::get)));
          pause();
          chain(
              deep,
              100,
              () -> {
                first.putNow("first");
                second.putNow("second");
              });
          deep.putNow(0);
          assertThat(first.isEmpty()).isTrue();
          assertThat(second.getNow()).isEqualTo("second");
          assertThat(await(selecting)).isEqualTo("first");
        });
  }

  /** Runs something in a callback that many others are around. */
  private static void chain(Queue<Integer> queue, int depth, Runnable action) {
    queue
        .get()
        .thenAccept(
            item -> {
              if (item == depth) {
                action.run();
              } else {
                chain(queue, depth, action);
                queue.putNow(item + 1);
              }
            });
  }

  @Test
  void coroutinesGoOnInTheOrderOfTheGrants() {
    TestLoop.run(
        () -> {
          var queue = new Queue<Integer>();
          for (int i = 0; i < 3; i++) {
            int which = i;
            spawn(() -> log.add(which + "=" + await(queue.get())));
            spawn(() -> log.add("select " + which + "=" + select(on(queue::get))));
          }
          pause();
          for (int i = 0; i < 6; i++) {
            queue.putNow(i);
          }
          pause();
          assertThat(log)
              .containsExactly("0=0", "select 0=1", "1=2", "select 1=3", "2=4", "select 2=5");
        });
  }

  // Handlers and failures.

  @Test
  void theHandlerRunsInTheCoroutineAndMayAwait() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          var queue = new Queue<String>();
          queue.putNow("item");
          String result =
              select(
                  on(
                      lock::acquire,
                      lease -> {
                        try (lease) {
                          sleep(SECOND);
                          return await(queue.get());
                        }
                      }));
          assertThat(result).isEqualTo("item");
          assertThat(lock.isLocked()).isFalse();
        });
  }

  @Test
  void anActionGivesNothing() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          queue.putNow("item");
          Void nothing =
              select(
                  on(
                      queue::get,
                      item -> {
                        log.add(item);
                      }));
          Void none =
              select(on(queue::join, () -> log.add("no")), after(SECOND, () -> {})) == null
                  ? null
                  : null;
          assertThat(nothing).isNull();
          assertThat(none).isNull();
          assertThat(log).containsExactly("item");
        });
  }

  @Test
  void whatTheHandlerThrowsIsThrownAsItIs() {
    TestLoop.run(
        () -> {
          var thrown = new IOException("checked");
          assertThatThrownBy(
                  () ->
                      select(
                          after(
                              Duration.ZERO,
                              () -> {
                                throw thrown;
                              })))
              .isSameAs(thrown);
        });
  }

  @Test
  void whatTheWinnerFailsWithIsThrownAndTheOthersAreTakenBack() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var result = new AsyncResult<String>();
          var thrown = new IOException("no route to host");
          spawn(() -> result.setException(thrown));
          assertThatThrownBy(() -> select(on(queue::get), on(result::get))).isSameAs(thrown);
          assertThat(queue).hasToString("Queue[maxsize=0]");
          assertThatThrownBy(() -> select(on(queue::get), on(result::get))).isSameAs(thrown);
          assertThat(queue).hasToString("Queue[maxsize=0]");
          assertThatThrownBy(
                  () -> select(on(() -> queue.get(SECOND)), after(Duration.ofDays(1), () -> "")))
              .isInstanceOf(DeadlineExceededException.class)
              .hasMessageContaining("Queue[");
          assertThat(timers()).isZero();
        });
  }

  // Deadlines.

  @Test
  void afterSomeTimeWithoutAGrantItsHandlerIsCalled() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          long before = IOLoop.current().nanoTime();
          String result = select(on(queue::get), after(SECOND, () -> "late"));
          assertThat(result).isEqualTo("late");
          assertThat(IOLoop.current().nanoTime() - before).isEqualTo(SECOND.toNanos());
          assertThat(queue).hasToString("Queue[maxsize=0]");
          assertThat(taken(on(queue::get), after(Deadline.after(SECOND), () -> "late")))
              .isEqualTo("late");
        });
  }

  @Test
  void afterNoTimeAtAllIsWhatIsDoneIfNothingIsGrantedAtOnce() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          assertThat(taken(on(queue::get), after(Duration.ZERO, () -> "nothing")))
              .isEqualTo("nothing");
          queue.putNow("item");
          assertThat(
                  Coroutines.<String>selectFair(
                      after(Duration.ZERO, () -> "nothing"), on(queue::get)))
              .isEqualTo("item");
        });
  }

  @Test
  void whenTheTimeOfASelectIsUpAllLeaveTheirLines() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var lock = new Lock();
          await(lock.acquire());
          for (Runnable wait :
              List.<Runnable>of(
                  () -> select(SECOND, on(queue::get), on(lock::acquire, () -> "")),
                  () -> select(Duration.ZERO, on(queue::get), on(lock::acquire, () -> "")),
                  () -> select(Deadline.after(SECOND), on(queue::get), on(lock::acquire, () -> "")),
                  () -> selectFair(SECOND, on(queue::get), on(lock::acquire, () -> "")),
                  () -> selectFair(Deadline.after(SECOND), on(queue::get)))) {
            assertThatThrownBy(wait::run)
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessageContaining("one of ");
            assertThat(queue).hasToString("Queue[maxsize=0]");
            assertThat(lock).hasToString("Lock[locked]");
            assertThat(timers()).isZero();
          }
        });
  }

  @Test
  void whatCanBeGrantedAtOnceIsEvenWithNoTime() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          queue.putNow("item");
          assertThat(
                  Coroutines.<String>select(
                      Duration.ZERO, on(queue::join, () -> "no"), on(queue::get)))
              .isEqualTo("item");
          assertThat(queue).hasToString("Queue[maxsize=0 tasks=1]");
        });
  }

  @Test
  void theTimeOfASelectDoesNotLimitItsHandler() {
    TestLoop.run(
        () -> {
          var event = new Event();
          spawn(event::set);
          String result =
              select(
                  SECOND,
                  on(
                      event::whenSet,
                      () -> {
                        sleep(Duration.ofDays(1));
                        return "at last";
                      }));
          assertThat(result).isEqualTo("at last");
        });
  }

  @Test
  void withTimeoutEndsASelect() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          assertThatThrownBy(() -> withTimeout(SECOND, () -> select(on(queue::get))))
              .isInstanceOf(DeadlineExceededException.class);
          assertThat(queue).hasToString("Queue[maxsize=0]");
        });
  }

  // Cancellation.

  @Test
  void cancellingTheCoroutineTakesAllBack() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var lock = new RWLock(2);
          await(lock.acquireRead());
          Coroutine<String> selecting =
              spawn(
                  () ->
                      select(
                          on(queue::get),
                          on(lock::acquireWrite, () -> ""),
                          after(SECOND, () -> "")));
          pause();
          var behind = lock.acquireRead();
          selecting.cancel(true);
          assertThat(queue).hasToString("Queue[maxsize=0]");
          assertThat(behind).isCompleted();
          assertThat(timers()).isZero();
          assertThatThrownBy(() -> await(selecting)).isInstanceOf(CancellationException.class);
        });
  }

  @Test
  void whatWasGrantedBeforeTheCancellationIsHandled() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var event = new Event();
          Coroutine<Void> selecting =
              spawn(
                  () -> {
                    log.add(select(on(event::whenSet, () -> "set"), on(queue::get)));
                    pause();
                    log.add("no");
                  });
          pause();
          queue.putNow("item");
          selecting.cancel(true);
          event.set();
          assertThatThrownBy(() -> await(selecting)).isInstanceOf(CancellationException.class);
          assertThat(log).containsExactly("item");
        });
  }

  @Test
  void aCoroutineThatWasCancelledBeforeTakesWhatNeedsNoWaitingAndElseNothing() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          queue.putNow("item");
          List<Coroutine<?>> self = new ArrayList<>();
          self.add(
              spawn(
                  () -> {
                    self.getFirst().cancel(true);
                    log.add(select(on(queue::get)));
                    select(on(queue::get), on(queue::get));
                    log.add("no");
                  }));
          assertThatThrownBy(() -> await(self.getFirst()))
              .isInstanceOf(CancellationException.class);
          assertThat(log).containsExactly("item");
          assertThat(queue).hasToString("Queue[maxsize=0 tasks=1]");
        });
  }

  @Test
  void aLoopThatClosesEndsASelect() {
    IOLoop loop = TestLoop.create();
    loop.setExceptionHandler((source, failure) -> log.add(failure.getMessage()));
    var queue = new Queue<String>(loop);
    var semaphore = new Semaphore(loop, 0);
    loop.runSync(
        () -> {
          spawn(
              () -> {
                for (int i = 0; i < 2; i++) {
                  try {
                    select(on(queue::get), on(semaphore::acquire, () -> ""));
                  } catch (CancellationException end) {
                    log.add(end.getMessage());
                  } catch (LoopClosedException end) {
                    log.add("closed");
                  }
                }
                select(on(() -> log.add("begun") ? queue.get() : queue.get()));
              });
          pause();
        });
    loop.close();
    assertThat(log)
        .containsExactly(
            "the coroutine was cancelled while it waited: Select",
            "closed",
            "the loop is closed"); // and nothing was begun
    assertThat(queue).hasToString("Queue[maxsize=0]");
    assertThat(semaphore).hasToString("Semaphore[counter=0]");
  }

  @Test
  void aClosingLoopWaitsForASelectThatTheTimeCanEnd() {
    IOLoop loop = TestLoop.create();
    loop.runSync(
        () -> {
          spawn(
              () -> {
                try {
                  select(on(new Event()::whenSet, () -> ""));
                } finally {
                  log.add(select(on(new Event()::whenSet, () -> ""), after(SECOND, () -> "late")));
                  try {
                    select(SECOND, on(new Event()::whenSet, () -> ""));
                  } catch (DeadlineExceededException late) {
                    log.add("too late");
                  }
                }
              });
          pause();
        });
    loop.close();
    assertThat(log).containsExactly("late", "too late");
  }

  // Futures of others.

  @Test
  void aFutureThatIsNotTheOneIsLeftAsItIs() {
    TestLoop.run(
        () -> {
          var reply = new CompletableFuture<String>();
          Coroutine<String> coroutine =
              spawn(
                  () -> {
                    sleep(SECOND);
                    return "done";
                  });
          for (int i = 0; i < 1000; i++) {
            assertThat(
                    taken(
                        on(() -> reply), on(() -> coroutine), after(Duration.ofNanos(1), () -> "")))
                .isEmpty();
          }
          assertThat(reply).isNotDone();
          assertThat(reply.getNumberOfDependents()).isLessThan(10);
          assertThat(coroutine).isNotDone();
          assertThat(coroutine.isWanted()).isFalse();
          assertThat(taken(on(() -> reply), on(() -> coroutine))).isEqualTo("done");
        });
  }

  @Test
  void aFutureOfAnotherThreadCanBeTheOne() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var reply = new CompletableFuture<String>();
          var thread = Thread.ofPlatform().unstarted(() -> reply.complete("reply"));
          spawn(thread::start);
          assertThat(taken(on(queue::get), on(() -> reply))).isEqualTo("reply");
          assertThat(queue).hasToString("Queue[maxsize=0]");
          assertThat(taken(on(queue::get), on(() -> reply.minimalCompletionStage())))
              .isEqualTo("reply");
          var failed = CompletableFuture.<String>failedFuture(new IOException("failed"));
          assertThatThrownBy(() -> select(on(queue::get), on(() -> failed)))
              .isInstanceOf(IOException.class);
        });
  }

  @Test
  void theFailureOfACoroutineThatIsSelectedIsSeen() {
    TestLoop.run(
        () -> {
          Coroutine<String> failing =
              spawn(
                  () -> {
                    throw new IOException("seen");
                  });
          assertThatThrownBy(() -> select(on(() -> failing), after(SECOND, () -> "")))
              .hasMessage("seen");
        });
  }

  @Test
  void aWaitThatIsCompletedOrCancelledFromOutsideIsTheOne() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var other = new Queue<String>();
          for (boolean elsewhere : new boolean[] {false, true}) {
            List<CompletableFuture<String>> wait = new ArrayList<>();
            Supplier<CompletableFuture<String>> get =
                () -> {
                  wait.add(queue.get());
                  return wait.getLast();
                };
            Coroutine<String> completed = spawn(() -> select(on(other::get), on(get)));
            Coroutine<String> cancelled = spawn(() -> select(on(other::get), on(get)));
            pause();
            ThrowingRunnable outside =
                () -> {
                  wait.get(0).complete("from outside");
                  wait.get(1).cancel(true);
                };
            if (elsewhere) {
              TestLoop.elsewhere(outside);
              other.putNow("from inside"); // before the loop has heard of it
              assertThat(await(completed)).isEqualTo("from inside");
            } else {
              outside.run();
              assertThat(await(completed)).isEqualTo("from outside");
            }
            assertThatThrownBy(() -> await(cancelled)).isInstanceOf(CancellationException.class);
            assertThat(queue.toString() + other).doesNotContain("getters");
          }
        });
  }

  @Test
  void theSameFutureTwiceIsHandledByTheFirstListed() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var wait = queue.get();
          Coroutine<String> selecting =
              spawn(
                  () ->
                      select(
                          on(() -> wait, i -> "first " + i), on(() -> wait, i -> "second " + i)));
          pause();
          queue.putNow("item");
          assertThat(await(selecting)).isEqualTo("first item");
          var lost = queue.get();
          assertThat(taken(on(() -> lost), on(() -> lost), after(SECOND, () -> "late")))
              .isEqualTo("late");
          assertThat(queue).hasToString("Queue[maxsize=0 tasks=1]");
          assertThat(lost).isCancelled();
        });
  }

  @Test
  void aWaitThatSomebodyElseIsInterestedInStaysInLineAndIsGranted() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var wait = queue.get();
          Coroutine<String> awaiting = spawn(() -> await(wait));
          Coroutine<String> alsoSelecting = spawn(() -> select(on(() -> wait)));
          pause();
          assertThat(taken(on(() -> wait), after(SECOND, () -> "late"))).isEqualTo("late");
          assertThat(queue).hasToString("Queue[maxsize=0 getters[1]]");
          awaiting.cancel(true);
          assertThat(queue).hasToString("Queue[maxsize=0 getters[1]]");
          queue.putNow("item");
          assertThat(await(alsoSelecting)).isEqualTo("item");

          var watched = queue.get();
          watched.thenAccept(log::add);
          assertThat(taken(on(() -> watched), after(SECOND, () -> "late"))).isEqualTo("late");
          queue.putNow("another");
          assertThat(log).containsExactly("another");
        });
  }

  @Test
  void aFutureThatIsMadeOfAWaitIsRefusedUnlessItIsDone() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          Case<String> derived = on(() -> queue.get().thenApply(String::trim));
          assertThatThrownBy(() -> select(on(queue::get), derived))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("into the handler");
          assertThat(queue).hasToString("Queue[maxsize=0]");
          queue.putNow(" item ");
          assertThat(taken(derived)).isEqualTo("item");
        });
  }

  // What begins the waits.

  @Test
  void whatBeginsAWaitAndFailsTakesTheOthersBack() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var thrown = new IllegalArgumentException("refused");
          assertThatThrownBy(
                  () ->
                      select(
                          on(queue::get),
                          on(
                              (Supplier<CompletionStage<String>>)
                                  () -> {
                                    throw thrown;
                                  })))
              .isSameAs(thrown);
          assertThat(queue).hasToString("Queue[maxsize=0]");
          assertThatThrownBy(
                  () -> select(on(queue::get), on((Supplier<CompletionStage<String>>) () -> null)))
              .isInstanceOf(NullPointerException.class)
              .hasMessageContaining("returned null");
          assertThat(queue).hasToString("Queue[maxsize=0]");
        });
  }

  @Test
  void whatBeginsAWaitMustNotSuspend() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var event = new Event();
          assertThatThrownBy(
                  () ->
                      select(
                          on(queue::get),
                          on(
                              () -> {
                                withTimeout(SECOND, () -> await(event.whenSet()));
                                return queue.get();
                              })))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("must not suspend");
          assertThat(queue).hasToString("Queue[maxsize=0]");
          assertThat(event).hasToString("Event[clear]");
          pause(); // here it may
        });
  }

  @Test
  void puttingAndGettingOnOneQueueDoNotMeet() {
    TestLoop.run(
        () -> {
          for (int maxSize = 0; maxSize < 3; maxSize++) {
            var queue = new Queue<Integer>(maxSize);
            String first = select(on(queue::get, i -> "got"), on(() -> queue.put(1), () -> "put"));
            assertThat(first).isEqualTo("put");
            assertThat(queue.getNow()).isEqualTo(1);
            for (int i = 0; i < maxSize; i++) {
              queue.putNow(i);
            }
            if (maxSize > 0) {
              String second =
                  select(on(() -> queue.put(9), () -> "put"), on(queue::get, i -> "got " + i));
              assertThat(second).isEqualTo("got 0");
              assertThat(queue.size()).isEqualTo(maxSize - 1);
              assertThat(queue.toString()).doesNotContain("putters").doesNotContain("9");
            }
          }
        });
  }

  @Test
  void whatBeginsAWaitAndWouldGrantAnEarlierOneIsRefusedAndNothingIsLost() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var event = new Event();
          Case<String> grants =
              on(
                  () -> {
                    queue.putNow("item");
                    return event.whenSet();
                  },
                  () -> "set");
          assertThatThrownBy(() -> select(on(queue::get), grants))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("would have granted an earlier one");
          assertThat(queue).hasToString("Queue[maxsize=0 queue=[item] tasks=1]");
          assertThat(event).hasToString("Event[clear]");
          queue.getNow();
          event.set();
          assertThat(taken(on(queue::get), grants)).isEqualTo("set");
          assertThat(queue.getNow()).isEqualTo("item");
        });
  }

  @Test
  void whatBeginsAWaitMayGrantAnEarlierOneToSomebodyElse() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var event = new Event();
          var shared = queue.get();
          shared.thenAccept(log::add);
          String result =
              select(
                  on(() -> shared),
                  on(
                      () -> {
                        queue.putNow("item");
                        return event.whenSet();
                      },
                      () -> "set"));
          assertThat(result).isEqualTo("item");
          assertThat(log).containsExactly("item");
          assertThat(event).hasToString("Event[clear]");
        });
  }

  @Test
  void whatBeginsAWaitMayEndAnEarlierOne() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var event = new Event();
          List<CompletableFuture<String>> wait = new ArrayList<>();
          assertThatThrownBy(
                  () ->
                      select(
                          on(
                              () -> {
                                wait.add(queue.get());
                                return wait.getFirst();
                              }),
                          on(
                              () -> {
                                wait.getFirst().cancel(true);
                                return event.whenSet();
                              },
                              () -> "set")))
              .isInstanceOf(CancellationException.class);
          assertThat(queue.toString() + event).isEqualTo("Queue[maxsize=0]Event[clear]");
        });
  }

  @Test
  void itMustBeACoroutineAndThereMustBeACase() {
    TestLoop.run(
        () -> {
          assertThatThrownBy(() -> select()).isInstanceOf(IllegalArgumentException.class);
          assertThatThrownBy(() -> selectFair()).isInstanceOf(IllegalArgumentException.class);
          assertThatThrownBy(() -> select((Case<String>) null))
              .isInstanceOf(NullPointerException.class);
          assertThatThrownBy(() -> select((Deadline) null, after(SECOND, () -> "")))
              .isInstanceOf(NullPointerException.class);
          TestLoop.callback(
              () ->
                  assertThatThrownBy(() -> select(after(SECOND, () -> "")))
                      .isInstanceOf(IllegalStateException.class)
                      .hasMessageContaining("select()"));
          TestLoop.callback(
              () ->
                  assertThatThrownBy(() -> selectFair(after(SECOND, () -> "")))
                      .isInstanceOf(IllegalStateException.class)
                      .hasMessageContaining("selectFair()"));
        });
  }

  // Fairness.

  @Test
  void theFirstListedGoBefore() {
    TestLoop.run(
        () -> {
          var hot = new Queue<String>();
          var other = new Queue<String>();
          other.putNow("other");
          for (int i = 0; i < 100; i++) {
            hot.putNow("hot");
            assertThat(taken(on(hot::get), on(other::get))).isEqualTo("hot");
          }
        });
  }

  @Test
  void aHotQueueDoesNotStarveTheOthersOfAFairSelect() {
    TestLoop.run(
        () -> {
          var queues = new ArrayList<Queue<Integer>>();
          List<Case<? extends Integer>> cases = new ArrayList<>();
          for (int i = 0; i < 4; i++) {
            var queue = new Queue<Integer>();
            queues.add(queue);
            cases.add(on(queue::get));
            queue.putNow(i);
          }
          Map<Integer, Integer> taken = new HashMap<>();
          for (int round = 0; round < 4000; round++) {
            @SuppressWarnings({"unchecked", "rawtypes"})
            int which = (Integer) selectFair((Case<Integer>[]) cases.toArray(new Case[0]));
            taken.merge(which, 1, Integer::sum);
            queues.get(which).putNow(which);
          }
          assertThat(taken).hasSize(4);
          assertThat(taken.values()).allMatch(times -> 900 < times && times < 1100);
        });
  }

  @Test
  void chanceIsTheSameInEachRun() {
    List<List<Integer>> runs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      runs.add(
          TestLoop.run(
              () -> {
                var one = new Event();
                one.set();
                List<Integer> taken = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                  taken.add(selectFair(on(one::whenSet, () -> 1), on(one::whenSet, () -> 2)));
                }
                return taken;
              }));
    }
    assertThat(runs.get(0)).isEqualTo(runs.get(1)).contains(1, 2);
  }

  // Many.

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void manyWhoSelectOnOnePrimitiveLeaveItAsFastAsOne() {
    TestLoop.run(
        () -> {
          var queue = new Queue<String>();
          var events = new ArrayList<Event>();
          for (int i = 0; i < 20_000; i++) {
            var event = new Event();
            events.add(event);
            spawn(() -> select(on(queue::get), on(event::whenSet, () -> "set")));
          }
          pause();
          for (int i = 0; i < events.size(); i += 2) {
            events.get(i).set();
          }
          assertThat(queue).hasToString("Queue[maxsize=0 getters[10000]]");
          for (int i = 0; i < 10_000; i++) {
            queue.putNow("item");
          }
          assertThat(queue.isEmpty()).isTrue();
          assertThat(events).allMatch(event -> !event.toString().contains("waiters"));
        });
  }

  @Test
  void theLosersAreCancelledHoweverItEnds() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          await(lock.acquire());
          List<CompletableFuture<Lease>> losers = new ArrayList<>();
          Supplier<CompletableFuture<Lease>> loser =
              () -> {
                losers.add(lock.acquire());
                return losers.getLast();
              };
          select(on(loser), on(() -> CompletableFuture.completedFuture("at once")));
          assertThatThrownBy(() -> select(SECOND, on(loser)))
              .isInstanceOf(DeadlineExceededException.class);
          var result = new AsyncResult<String>();
          IOLoop.current().execute(() -> result.set("later"));
          select(on(loser), on(result::get));
          var cancelled = spawn(() -> select(on(loser)));
          pause();
          cancelled.cancel(true);
          assertThat(losers).hasSize(4).allMatch(CompletableFuture::isCancelled);
        });
  }

  @Test
  void noTimerIsLeftHoweverItEnds() {
    TestLoop.run(
        () -> {
          var result = new AsyncResult<String>();
          var won = spawn(() -> select(SECOND, on(result::get)));
          var cancelled = spawn(() -> select(SECOND, on(new Event()::whenSet)));
          pause();
          assertThat(timers()).isEqualTo(2);
          result.set("won");
          assertThat(timers()).isOne();
          cancelled.cancel(true);
          assertThat(timers()).isZero();
          assertThat(await(won)).isEqualTo("won");
        });
  }

  @Test
  void withADeadlineThatHasPassedNobodyElseRunsMeanwhile() {
    TestLoop.run(
        () -> {
          spawn(() -> log.add("another"));
          assertThatThrownBy(() -> select(Duration.ZERO, on(new Event()::whenSet)))
              .isInstanceOf(DeadlineExceededException.class);
          assertThat(log).isEmpty();
        });
  }

  @Test
  void aHandlerMayReturnNothing() {
    TestLoop.run(
        () -> {
          var event = new Event();
          for (int i = 0; i < 2; i++) {
            select(
                on(
                    event::whenSet,
                    () -> {
                      log.add("set");
                    }),
                after(
                    Deadline.in(SECOND),
                    () -> {
                      log.add("after a second");
                    }));
            event.set();
          }
          assertThat(log).containsExactly("after a second", "set");
          String fair = selectFair(SECOND, on(event::whenSet, nothing -> "fair"));
          assertThat(fair).isEqualTo("fair");
        });
  }

  // What was submitted belongs to the select that waits for it.

  private static void assertSubmittedWorkEnds(Consumer<Supplier<CompletionStage<Lease>>> scene) {
    try (LoopGroup group = IOLoop.group(1)) {
      IOLoop home = group.next();
      var lock = new Lock(home);
      Lease held = home.submit(() -> await(lock.acquire())).join();
      TestLoop.run(
          () -> {
            scene.accept(() -> home.submit(() -> await(lock.acquire())));
            assertThat(await(home.submit(lock::toString))).isEqualTo("Lock[locked]");
          });
      home.submit(held::close).join();
      assertThat(home.submit(lock::toString).join()).isEqualTo("Lock[unlocked]");
    }
  }

  @Test
  void aTimeoutAroundASelectCancelsWhatWasSubmittedForIt() {
    assertSubmittedWorkEnds(
        submit ->
            assertThatThrownBy(() -> withTimeout(Duration.ofMillis(1), () -> select(on(submit))))
                .isInstanceOf(DeadlineExceededException.class));
  }

  @Test
  void theTimeoutOfASelectCancelsWhatWasSubmittedForIt() {
    assertSubmittedWorkEnds(
        submit ->
            assertThatThrownBy(() -> select(Duration.ofMillis(1), on(submit)))
                .isInstanceOf(DeadlineExceededException.class));
  }

  @Test
  void cancellingASelectCancelsWhatWasSubmittedForIt() {
    assertSubmittedWorkEnds(
        submit -> {
          Coroutine<Lease> selecting = spawn(() -> select(on(submit)));
          pause();
          selecting.cancel(true);
          assertThatThrownBy(() -> await(selecting)).isInstanceOf(CancellationException.class);
        });
  }

  @Test
  void whatWasSubmittedAndIsNotTheOneIsCancelled() {
    assertSubmittedWorkEnds(
        submit ->
            assertThat(
                    Coroutines.<Object>select(
                        on(submit), on(() -> CompletableFuture.completedFuture("done"))))
                .isEqualTo("done"));
  }

  @Test
  void whatWasSubmittedToTheSameLoopIsCancelledToo() {
    TestLoop.run(
        () -> {
          IOLoop loop = IOLoop.current();
          var lock = new Lock();
          Lease held = await(lock.acquire());
          assertThatThrownBy(
                  () ->
                      select(
                          Duration.ofSeconds(1),
                          on(() -> loop.submit(() -> await(lock.acquire())))))
              .isInstanceOf(DeadlineExceededException.class);
          pause();
          assertThat(lock).hasToString("Lock[locked]");
          held.close();
        });
  }

  @Test
  void aSpawnedCoroutineGoesOnWhenASelectThatWaitsForItIsOver() {
    TestLoop.run(
        () -> {
          Coroutine<String> spawned =
              spawn(
                  () -> {
                    sleep(Duration.ofSeconds(2));
                    return "done";
                  });
          assertThatThrownBy(() -> select(Duration.ofSeconds(1), on(() -> spawned)))
              .isInstanceOf(DeadlineExceededException.class);
          assertThat(await(spawned)).isEqualTo("done");
        });
  }
}
