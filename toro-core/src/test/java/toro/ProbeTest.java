package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.asCompleted;
import static toro.Coroutines.await;
import static toro.Coroutines.on;
import static toro.Coroutines.pause;
import static toro.Coroutines.select;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a loop tells to what watches it: the test kit. */
@OnItsOwnThread
class ProbeTest {
  private final List<String> heard = new ArrayList<>();
  private final List<Runnable> limits = new ArrayList<>();
  private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
  private final ManualClock clock = new ManualClock();
  private final IOLoop loop = new IOLoop(new Recorder());

  @AfterEach
  void close() {
    loop.close();
  }

  private final class Recorder extends SilentProbe {
    Recorder() {
      super(clock, ready);
    }

    @Override
    public void spawned(Coroutine<?> coroutine) {
      heard.add("spawned " + name(coroutine));
    }

    @Override
    public void runs(Coroutine<?> coroutine) {
      heard.add("runs " + name(coroutine));
    }

    @Override
    public void suspends(Coroutine<?> coroutine, CompletableFuture<?> awaited, boolean foreign) {
      heard.add(
          (awaited == null ? "pauses " : "suspends ")
              + name(coroutine)
              + (foreign ? " for another thread" : ""));
    }

    @Override
    public void waits(Object primitive, CompletableFuture<?> wait, Coroutine<?> by) {
      heard.add("waits " + name(by) + " for " + primitive + (wait.isDone() ? " done" : ""));
    }

    @Override
    public void granted(
        Object primitive, Lease lease, int permits, CompletableFuture<?> wait, Coroutine<?> by) {
      heard.add(
          "granted "
              + permits
              + " "
              + lease
              + " of "
              + primitive
              + (wait == null ? " at once, " : " after a wait, ")
              + "in the turn of "
              + name(by));
    }

    @Override
    public void released(Object primitive, Lease lease, int permits) {
      heard.add(
          "released " + permits + " " + lease + " of " + primitive.getClass().getSimpleName());
    }

    @Override
    public void holders(Object primitive, BiConsumer<Coroutine<?>, Duration> to) {
      heard.add("who holds " + primitive.getClass().getSimpleName());
      to.accept(loop.currentCoroutine(), Duration.ofSeconds(7));
      to.accept(null, Duration.ofSeconds(8));
    }

    @Override
    public void limited(long nanos, Runnable expire) {
      heard.add("limited to " + Duration.ofNanos(nanos));
      limits.add(expire);
    }

    @Override
    public void scheduled(Timeout timer) {
      heard.add("scheduled " + (timer.isPending() ? "pending" : "fired"));
    }

    private static String name(Coroutine<?> coroutine) {
      return coroutine == null ? "nobody" : coroutine.name() == null ? "main" : coroutine.name();
    }
  }

  /** Runs something, and tells what was heard from then on. */
  private List<String> heardOf(ThrowingRunnable body) {
    loop.runSync(
        () -> {
          heard.clear();
          body.run();
        });
    return heard;
  }

  @Test
  void itHearsOfEachTurnOfACoroutine() {
    heardOf(
        () -> {
          Coroutine<Void> other = loop.spawn("other", () -> pause());
          await(other);
        });

    assertThat(heard)
        .containsExactly(
            "spawned other",
            "suspends main",
            "runs other",
            "pauses other",
            "runs other",
            "runs main");
  }

  @Test
  void itHearsOfACoroutineOfAnotherThreadWhenTheLoopDoes() {
    TestLoop.elsewhere(() -> loop.spawn("other", () -> {}));
    assertThat(heard).isEmpty();

    loop.runSync(() -> {});

    assertThat(heard)
        .containsExactlyInAnyOrder("spawned main", "runs main", "spawned other", "runs other");
  }

  @Test
  void itHearsWhetherAnotherThreadIsAwaited() {
    var foreign = new CompletableFuture<Void>();
    heardOf(
        () -> {
          loop.execute(() -> foreign.complete(null));
          await(foreign);
        });

    assertThat(heard).containsExactly("suspends main for another thread", "runs main");
  }

  @Test
  void itHearsOfWaitsAndLeases() {
    var semaphore = new Semaphore(loop, 3);
    heardOf(
        () -> {
          Lease two = await(semaphore.acquire(2));
          spawn(() -> await(semaphore.acquire(2))).cancel(true);
          CompletableFuture<Lease> wait = semaphore.acquire(2);
          two.close();
          await(wait).close();
        });

    assertThat(heard)
        .containsExactly(
            "granted 2 Lease[held] of Semaphore[counter=1] at once, in the turn of main",
            "spawned main",
            "waits main for Semaphore[counter=1 waiters[1]]",
            "released 2 Lease[released] of Semaphore",
            "granted 2 Lease[held] of Semaphore[counter=1] after a wait, in the turn of main",
            "released 2 Lease[released] of Semaphore");
  }

  @Test
  void itHearsOfWhatIsReleasedWithoutALease() {
    var lock = new Lock(loop);
    var semaphore = new Semaphore(loop, 1);
    heardOf(
        () -> {
          lock.acquire();
          lock.release();
          semaphore.release();
        });

    assertThat(heard)
        .containsExactly(
            "granted 1 Lease[held] of Lock[locked] at once, in the turn of main",
            "released 1 null of Lock",
            "released 1 null of Semaphore");
  }

  @Test
  void nobodyIsNamedForACallback() {
    var lock = new Lock(loop);
    heardOf(
        () ->
            TestLoop.callback(
                () -> {
                  lock.acquire();
                  lock.acquire();
                }));

    assertThat(heard)
        .contains(
            "granted 1 Lease[held] of Lock[locked] at once, in the turn of nobody",
            "waits nobody for Lock[locked waiters[1]]");
  }

  @Test
  void itHearsOfEachDeadlineAndMayLetItPass() {
    var lock = new Lock(loop);
    heardOf(
        () -> {
          lock.acquire();
          CompletableFuture<Lease> wait = lock.acquire(Duration.ofMinutes(1));
          limits.getFirst().run();
          assertThat(wait).isCompletedExceptionally();
          assertThat(lock).hasToString("Lock[locked]");
        });

    assertThat(heard)
        .contains("limited to PT1M")
        .contains("waits main for Lock[locked waiters[1]]");
    assertThat(clock.elapsed()).isZero();
  }

  @Test
  void itHearsOfTimersButNotOfSleeps() {
    heardOf(
        () -> {
          loop.callLater(Duration.ofSeconds(1), () -> {});
          sleep(Duration.ofSeconds(2));
        });

    assertThat(heard).containsExactly("scheduled pending", "suspends main", "runs main");
  }

  @Test
  void itIsAskedWhoHoldsWhat() {
    var semaphore = new Semaphore(loop, 0);
    loop.runSync(
        () -> {
          semaphore.acquire();
          heard.clear();

          Snapshot snapshot = loop.snapshot();

          assertThat(heard).containsExactly("who holds Semaphore");
          assertThat(snapshot.primitives().getFirst().holders())
              .extracting(holder -> holder.age().toSeconds())
              .containsExactly(7L, 8L);
          assertThat(snapshot.primitives().getFirst().holders().getFirst().coroutine())
              .isEqualTo(snapshot.coroutines().getFirst().id());
          assertThat(snapshot.primitives().getFirst().holders().getLast().coroutine()).isNull();
        });
  }

  @Test
  void aPauseIsAStepEvenIfNobodyElseIsReady() {
    assertThat(heardOf(() -> pause())).containsExactly("pauses main", "runs main");
  }

  @Test
  void theLoopTakesWhatIsReadyFromIt() {
    loop.runSync(() -> {});
    loop.execute(() -> heard.add("callback"));
    heard.clear();
    loop.runSync(
        () -> {
          loop.execute(() -> heard.add("last"));
          loop.execute(() -> heard.add("first"));
          ready.addFirst(ready.removeLast());
          pause();
        });

    assertThat(heard).containsSubsequence("first", "last");
  }

  @Test
  void itHearsThatOneOfSeveralIsOfAnotherThread() {
    var foreign = new CompletableFuture<String>();
    var own = new AsyncResult<String>(loop);
    heardOf(
        () -> {
          loop.execute(() -> foreign.complete("foreign"));
          select(on(own::get), on(() -> foreign));
          loop.execute(() -> own.set("own"));
          select(on(own::get));
        });
    assertThat(heard)
        .filteredOn(what -> what.startsWith("suspends"))
        .containsExactly("suspends main for another thread", "suspends main");
  }

  @Test
  void itHearsWhetherTheNextOfSeveralMayComeFromAnotherThread() {
    var foreign = new CompletableFuture<String>();
    heardOf(
        () -> {
          var own = spawn(() -> "own");
          List<CompletableFuture<String>> all = new ArrayList<>(List.of(own, foreign));
          for (CompletableFuture<String> each : asCompleted(all)) {
            foreign.complete("foreign");
          }
          for (Coroutine<String> each : asCompleted(List.of(spawn(() -> "own")))) {
            assertThat(each).isCompleted();
          }
        });
    assertThat(heard)
        .filteredOn(what -> what.startsWith("suspends"))
        .containsExactly("suspends main for another thread", "suspends main");
  }
}
