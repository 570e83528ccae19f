package toro.stress;

import static toro.Coroutines.await;
import static toro.stress.Race.race;

import java.util.List;
import java.util.concurrent.CancellationException;
import toro.Coroutine;
import toro.Event;
import toro.IOLoop;
import toro.LoopClosedException;
import toro.stress.Race.Entry;

/** Tasks and coroutines that other threads hand over. */
final class HandOverRaces {
  static final List<Entry> ALL =
      List.of(
          race(
              "tasks of two threads run once each, in the order of their thread",
              TwoThreads::new,
              "1234",
              "1324",
              "1342",
              "3124",
              "3142",
              "3412"),
          race("a task handed over to a loop that stops runs now or later", Stopping::new, "ran 1"),
          race(
              "a task handed over to a loop that closes runs or is refused",
              Closing::new,
              "ran 1, refused 0",
              "ran 0, refused 1"),
          race(
              "a task handed over to a loop that ends its coroutines runs or is refused",
              ClosingWithCoroutines::new,
              "ran 1, refused 0",
              "ran 0, refused 1"),
          race(
              "a coroutine spawned on a loop that closes ends or is refused",
              SpawnAgainstClose::new,
              "value 1",
              "cancelled",
              "closed",
              "refused"),
          race("who joins a coroutine from outside has its value", SpawnAndJoin::new, "joined 1"));

  private HandOverRaces() {}

  private static final class TwoThreads extends Race {
    private final StringBuilder order = new StringBuilder();

    private void hand(String number) {
      loop.execute(
          () -> {
            order.append(number);
            if (order.length() == 4) {
              loop.stop();
            }
          });
    }

    @Override
    void loop() {
      loop.start();
    }

    @Override
    void outside() {
      hand("1");
      hand("2");
    }

    @Override
    void another() {
      hand("3");
      hand("4");
    }

    @Override
    String outcome() {
      return order.toString();
    }
  }

  private static final class Stopping extends Race {
    private int ran;

    @Override
    void loop() {
      loop.start();
    }

    @Override
    void outside() {
      loop.execute(() -> ran++);
    }

    @Override
    void another() {
      loop.stop();
    }

    @Override
    String outcome() {
      settle();
      return "ran " + ran;
    }
  }

  static class Closing extends Race {
    private int ran;
    private int refused;

    Closing() {}

    Closing(IOLoop loop) {
      super(loop);
    }

    @Override
    void loop() {
      loop.close();
    }

    @Override
    void outside() {
      try {
        loop.execute(() -> ran++);
      } catch (LoopClosedException closed) {
        refused++;
      }
    }

    @Override
    String outcome() {
      return "ran " + ran + ", refused " + refused;
    }
  }

  private static final class ClosingWithCoroutines extends Closing {
    ClosingWithCoroutines() {
      Event never = new Event(loop);
      loop.spawn(() -> await(never.whenSet()));
      settle();
    }
  }

  private static final class SpawnAgainstClose extends Race {
    private String end = "";

    @Override
    void loop() {
      loop.close();
    }

    @Override
    void outside() {
      Coroutine<Integer> coroutine;
      try {
        coroutine = loop.spawn(() -> 1);
      } catch (LoopClosedException closed) {
        end = "refused";
        return;
      }
      try {
        end = "value " + coroutine.join();
      } catch (CancellationException cancelled) {
        end = "cancelled";
      } catch (java.util.concurrent.CompletionException failed) {
        end = failed.getCause() instanceof LoopClosedException ? "closed" : failed.toString();
      }
    }

    @Override
    String outcome() {
      return end;
    }
  }

  private static final class SpawnAndJoin extends Race {
    private int joined;

    @Override
    void loop() {
      loop.start();
    }

    @Override
    void outside() {
      Event event = new Event(loop);
      Coroutine<Integer> coroutine =
          loop.spawn(
              () -> {
                loop.execute(event::set);
                await(event.whenSet());
                return 1;
              });
      joined = coroutine.join();
      loop.stop();
    }

    @Override
    String outcome() {
      return "joined " + joined;
    }
  }
}
