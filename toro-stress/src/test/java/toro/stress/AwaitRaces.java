package toro.stress;

import static toro.Coroutines.await;
import static toro.stress.Race.race;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import toro.Coroutine;
import toro.Event;
import toro.IOLoop;
import toro.LoopClosedException;
import toro.stress.Race.Entry;

/** Coroutines that await what other threads complete. */
final class AwaitRaces {
  static final List<Entry> ALL =
      List.of(
          race(
              "a future of another thread wakes all who await it, once",
              Completed::new,
              "first 1, second 1"),
          race(
              "a future of another thread that fails wakes who awaits it, once",
              Failed::new,
              "TimeoutException"),
          race(
              "a future completed while who awaits it is cancelled is there for the next await",
              CompletedAgainstCancel::new,
              "got 1",
              "cancelled, then got 1",
              "got 1, cancelled later"),
          race("a wait of another loop wakes who awaits it there, once", OfAnotherLoop::new, "1"),
          race(
              "a coroutine of a loop that closes wakes who awaits it on another loop",
              OfALoopThatCloses::new,
              "1",
              "CancellationException"));

  private AwaitRaces() {}

  /** Has to wait once more: it would find out if it were woken twice. */
  private static void waitOnce(IOLoop loop) {
    Event event = new Event(loop);
    loop.execute(event::set);
    await(event.whenSet());
  }

  private static final class Completed extends Race {
    private final CompletableFuture<Integer> future = new CompletableFuture<>();
    private int first;
    private int second;

    @Override
    void loop() {
      loop.runSync(
          () -> {
            Coroutine<?> other =
                loop.spawn(
                    () -> {
                      second += await(future);
                      waitOnce(loop);
                    });
            first += await(future);
            waitOnce(loop);
            await(other);
          });
    }

    @Override
    void outside() {
      future.complete(1);
    }

    @Override
    String outcome() {
      return "first " + first + ", second " + second;
    }
  }

  private static final class Failed extends Race {
    private final CompletableFuture<Integer> future = new CompletableFuture<>();
    private String end = "";

    @Override
    void loop() {
      loop.runSync(
          () -> {
            try {
              await(future);
            } catch (Exception failure) {
              end += failure.getClass().getSimpleName();
            }
            waitOnce(loop);
          });
    }

    @Override
    void outside() {
      future.completeExceptionally(new TimeoutException());
    }

    @Override
    String outcome() {
      return end;
    }
  }

  private static final class CompletedAgainstCancel extends Race {
    private final CompletableFuture<Integer> future = new CompletableFuture<>();
    private String end = "";
    private final Coroutine<?> waiting = loop.spawn(this::body);

    CompletedAgainstCancel() {
      settle();
    }

    private void body() {
      try {
        end = "got " + await(future);
      } catch (CancellationException cancelled) {
        end = "cancelled, then got " + await(future);
      }
      try {
        waitOnce(loop);
      } catch (CancellationException cancelled) {
        end += ", cancelled later";
      }
    }

    @Override
    void loop() {
      loop.start();
    }

    @Override
    void outside() {
      future.complete(1);
      waiting.handle((value, failure) -> value).join();
      loop.stop();
    }

    @Override
    void another() {
      waiting.cancel(true);
    }

    @Override
    String outcome() {
      return end;
    }
  }

  private static final class OfAnotherLoop extends Race {
    private final Event event = new Event(loop);
    private final CompletableFuture<Integer> wait;
    private int got;

    OfAnotherLoop() {
      CompletableFuture<CompletableFuture<Integer>> begun = new CompletableFuture<>();
      loop.execute(() -> begun.complete(event.whenSet().thenApply(nothing -> 1)));
      settle();
      wait = begun.join();
    }

    @Override
    void loop() {
      loop.execute(event::set);
      settle();
    }

    @Override
    void outside() {
      try (IOLoop other = new IOLoop()) {
        got =
            other.runSync(
                () -> {
                  int value = await(wait);
                  waitOnce(other);
                  return value;
                });
      }
    }

    @Override
    String outcome() {
      return String.valueOf(got);
    }
  }

  private static final class OfALoopThatCloses extends Race {
    private final Event event = new Event(loop);
    private final Coroutine<Integer> awaited =
        loop.spawn(
            () -> {
              await(event.whenSet());
              return 1;
            });
    private String end = "";

    OfALoopThatCloses() {
      settle();
    }

    @Override
    void loop() {
      loop.close();
    }

    @Override
    void outside() {
      try (IOLoop other = new IOLoop()) {
        other.runSync(
            () -> {
              try {
                end += await(awaited);
              } catch (CancellationException cancelled) {
                end += "CancellationException";
              }
              waitOnce(other);
            });
      }
    }

    @Override
    void another() {
      try {
        loop.execute(event::set);
      } catch (LoopClosedException closed) {
        // too late
      }
    }

    @Override
    String outcome() {
      return end;
    }
  }
}
