package toro.stress;

import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.stress.Race.race;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import toro.Coroutine;
import toro.IOLoop;
import toro.Lease;
import toro.Lock;
import toro.LoopClosedException;
import toro.stress.Race.Entry;

/** A loop on an executor, whose turns come and go by themselves while other threads use it. */
final class HostRaces {
  /** Lincheck would have to play the thread of the executor as well. */
  static final List<Entry> ALL =
      List.of(
          race(
              "on an executor, what becomes ready as a turn ends has a turn",
              ReadyAsATurnEnds::new,
              "1, 2, 3"),
          race(
              "on an executor, a timer and a task of another thread both have their turn",
              TimerAgainstTask::new,
              "1, 2"),
          race(
              "on an executor, a task handed over while two threads close it runs or is refused",
              ExecuteAgainstCloses::new,
              "ran 1, refused 0",
              "ran 0, refused 1"),
          race(
              "on an executor, who runs a coroutine while it closes has its end",
              RunAgainstClose::new,
              "value 1",
              "cancelled",
              "closed"),
          race(
              "on an executor, a lock that its own task releases and another thread gives up is free",
              GrantBetweenTurns::new,
              "granted, Lock[unlocked]",
              "cancelled, Lock[unlocked]"),
          race(
              "who runs a coroutine on an executor that shuts down has its end",
              SpawnAgainstShutDown::new,
              "value 1",
              "cancelled",
              "closed"),
          race(
              "a wait that another thread ends while the executor is shut down at once has an end",
              CompleteAgainstShutDownNow::new,
              "1, closed",
              "LoopClosedException, closed"),
          race(
              "a loop on an executor that shuts down closes",
              CloseAgainstShutDown::new,
              "cancelled",
              "LoopClosedException"));

  private HostRaces() {}

  private static ScheduledExecutorService newExecutor() {
    return Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  }

  /** A loop that has an executor for itself, which ends with it. */
  private static IOLoop loopOn(ScheduledExecutorService executor) {
    IOLoop loop = IOLoop.on(executor);
    loop.whenClosed().thenRun(executor::shutdown);
    return loop;
  }

  private abstract static class OnExecutor extends Race {
    final ScheduledExecutorService executor;

    OnExecutor() {
      this(newExecutor());
    }

    private OnExecutor(ScheduledExecutorService executor) {
      super(loopOn(executor));
      this.executor = executor;
    }
  }

  /** How a coroutine ends for one who waits for it on another thread. */
  private static String endOf(Supplier<Integer> coroutine) {
    try {
      return "value " + coroutine.get();
    } catch (CancellationException cancelled) {
      return "cancelled";
    } catch (LoopClosedException closed) {
      return "closed";
    } catch (CompletionException failed) {
      return failed.getCause() instanceof LoopClosedException ? "closed" : failed.toString();
    }
  }

  private static final class ReadyAsATurnEnds extends OnExecutor {
    private final CompletableFuture<Integer> answer = new CompletableFuture<>();
    private final Coroutine<Integer> coroutine = loop.spawn(() -> await(answer));
    private final CompletableFuture<Integer> fromOutside = new CompletableFuture<>();
    private final CompletableFuture<Integer> fromTheExecutor = new CompletableFuture<>();

    @Override
    void loop() {
      loop.execute(() -> fromOutside.complete(2));
    }

    @Override
    void outside() {
      answer.complete(1);
    }

    @Override
    void another() {
      executor.execute(() -> loop.execute(() -> fromTheExecutor.complete(3)));
    }

    @Override
    String outcome() {
      return coroutine.join() + ", " + fromOutside.join() + ", " + fromTheExecutor.join();
    }
  }

  private static final class TimerAgainstTask extends OnExecutor {
    private final CompletableFuture<Integer> timer = new CompletableFuture<>();
    private final CompletableFuture<Integer> task = new CompletableFuture<>();

    @Override
    void loop() {
      executor.execute(() -> loop.callLater(Duration.ofNanos(20_000), () -> timer.complete(1)));
    }

    @Override
    void outside() {
      loop.execute(() -> task.complete(2));
    }

    @Override
    String outcome() {
      return timer.join() + ", " + task.join();
    }
  }

  private static final class ExecuteAgainstCloses extends HandOverRaces.Closing {
    ExecuteAgainstCloses() {
      super(loopOn(newExecutor()));
    }

    @Override
    void another() {
      loop.close();
    }
  }

  private static final class RunAgainstClose extends OnExecutor {
    private String end = "";
    private int begun;
    private int cleanedUp;

    @Override
    void loop() {
      loop.close();
    }

    @Override
    void outside() {
      end = endOf(() -> loop.runSync(this::pauseTwice));
    }

    private int pauseTwice() {
      begun++;
      try {
        pause();
        pause();
        return 1;
      } finally {
        cleanedUp++;
      }
    }

    @Override
    String outcome() {
      return end + (begun == cleanedUp ? "" : ", not cleaned up");
    }
  }

  private static final class GrantBetweenTurns extends OnExecutor {
    private final Lock lock = new Lock(loop);
    private final CompletableFuture<Lease> wait = onLoop(lock::acquire, lock::acquire);

    /** What a task of the executor returns, which does something else before. */
    private <T> T onLoop(Runnable before, Supplier<T> task) {
      return CompletableFuture.runAsync(before, executor)
          .thenApplyAsync(nothing -> task.get(), executor)
          .join();
    }

    @Override
    void loop() {
      executor.execute(lock::release);
    }

    @Override
    void outside() {
      wait.cancel(true);
    }

    @Override
    String outcome() {
      loop.runSync(() -> {}); // the lock has heard of the cancellation then
      String end = wait.isCancelled() ? "cancelled" : "granted";
      return end + ", " + onLoop(() -> wait.thenRun(lock::release), lock::toString);
    }
  }

  private static final class SpawnAgainstShutDown extends OnExecutor {
    private String end = "";

    @Override
    void loop() {
      executor.shutdown();
    }

    @Override
    void outside() {
      end = endOf(() -> loop.runSync(() -> 1));
    }

    @Override
    String outcome() {
      return end;
    }
  }

  /** Nobody closes the loop: it notices by itself. */
  private static final class CompleteAgainstShutDownNow extends OnExecutor {
    private final CompletableFuture<Integer> answer = new CompletableFuture<>();
    private final Coroutine<Integer> coroutine = loop.spawn(() -> await(answer));

    CompleteAgainstShutDownNow() {
      coroutine.exceptionally(failure -> 0); // it is seen
      loop.runSync(() -> {}); // it waits
    }

    @Override
    void loop() {
      executor.shutdownNow();
    }

    @Override
    void outside() {
      answer.complete(1);
    }

    @Override
    String outcome() {
      loop.whenClosed().join();
      return text(coroutine) + ", closed";
    }
  }

  private static final class CloseAgainstShutDown extends OnExecutor {
    private final CompletableFuture<Integer> never = new CompletableFuture<>();
    private final Coroutine<Integer> coroutine = loop.spawn(() -> await(never));

    CloseAgainstShutDown() {
      coroutine.exceptionally(failure -> 0); // it is seen
    }

    @Override
    void loop() {
      loop.close();
    }

    @Override
    void outside() {
      executor.shutdown();
    }

    @Override
    String outcome() {
      return text(coroutine);
    }
  }
}
