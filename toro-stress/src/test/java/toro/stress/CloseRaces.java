package toro.stress;

import static toro.Coroutines.await;
import static toro.stress.Race.race;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import toro.AsyncResult;
import toro.Coroutine;
import toro.Event;
import toro.stress.Race.Entry;

/** A loop that closes while other threads complete and cancel what is on it. */
final class CloseRaces {
  static final List<Entry> ALL =
      List.of(
          race(
              "a wait completed outside while the loop closes ends once",
              CompleteAgainstClose::new,
              "outside won: 1",
              "outside lost: LoopClosedException"),
          race(
              "a coroutine cancelled outside while the loop closes ends, with its clean-up done",
              CancelAgainstClose::new,
              "cancelled, cleaned up 1"),
          race(
              "a coroutine cancelled outside before it has started, while the loop closes, ends",
              CancelUnstartedAgainstClose::new,
              "cancelled"));

  /** Lincheck loses the thread here: it parks, and nobody is next. */
  static final List<Entry> NOT_EXPLORED =
      List.of(
          race(
              "a clean-up that waits for another thread is waited for",
              CleanUpThatWaits::new,
              "cleaned up 1"));

  private CloseRaces() {}

  private static final class CompleteAgainstClose extends Race {
    private final AsyncResult<Integer> result = new AsyncResult<>(loop);
    private final CompletableFuture<CompletableFuture<Integer>> begun = new CompletableFuture<>();

    CompleteAgainstClose() {
      loop.execute(() -> begun.complete(result.get()));
      settle();
    }

    private boolean won;

    @Override
    void loop() {
      loop.close();
    }

    @Override
    void outside() {
      won = begun.join().complete(1);
    }

    @Override
    String outcome() {
      return (won ? "outside won: " : "outside lost: ") + text(begun.join());
    }
  }

  private static final class CancelAgainstClose extends Race {
    private final Event never = new Event(loop);
    private int cleanedUp;
    private final Coroutine<?> coroutine =
        loop.spawn(
            () -> {
              try {
                await(never.whenSet());
              } finally {
                cleanedUp++;
              }
            });

    CancelAgainstClose() {
      settle();
    }

    @Override
    void loop() {
      loop.close();
    }

    @Override
    void outside() {
      coroutine.cancel(true);
      coroutine.handle((value, failure) -> value).join();
    }

    @Override
    String outcome() {
      return text(coroutine) + ", cleaned up " + cleanedUp;
    }
  }

  private static final class CancelUnstartedAgainstClose extends Race {
    private final Coroutine<Integer> coroutine = loop.spawn(() -> 1);

    @Override
    void loop() {
      loop.close();
    }

    @Override
    void outside() {
      coroutine.cancel(true);
      coroutine.handle((value, failure) -> value).join();
    }

    @Override
    String outcome() {
      return text(coroutine);
    }
  }

  private static final class CleanUpThatWaits extends Race {
    private final CompletableFuture<Integer> answer = new CompletableFuture<>();
    private final Event never = new Event(loop);
    private int cleanedUp;

    CleanUpThatWaits() {
      super(new StoppedClock()); // there is time
      loop.spawn(
          () -> {
            try {
              await(never.whenSet());
            } catch (CancellationException cancelled) {
              cleanedUp += await(answer);
            }
          });
      settle();
    }

    @Override
    void loop() {
      loop.close();
    }

    @Override
    void outside() {
      answer.complete(1);
    }

    @Override
    String outcome() {
      return "cleaned up " + cleanedUp;
    }
  }
}
