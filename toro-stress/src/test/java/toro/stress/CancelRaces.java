package toro.stress;

import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.stress.Race.race;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import toro.Coroutine;
import toro.Lease;
import toro.Lock;
import toro.stress.Race.Entry;

/** Coroutines that other threads cancel or complete. */
final class CancelRaces {
  static final List<Entry> ALL =
      List.of(
          race(
              "a coroutine cancelled from outside ends with its value or its cancellation",
              CancelAgainstEnd::new,
              "asked, 1",
              "asked, cancelled",
              "not asked, 1"),
          race(
              "a coroutine cancelled from outside while it is granted a lock keeps nothing",
              CancelAgainstGrant::new,
              "granted, Lock[unlocked]",
              "cancelled, Lock[unlocked]",
              "granted, cancelled later, Lock[unlocked]"),
          race(
              "a coroutine completed from outside has that value or its own",
              CompleteAgainstEnd::new,
              "outside won: 2",
              "outside lost: 1"));

  private CancelRaces() {}

  private static final class CancelAgainstEnd extends Race {
    private final Coroutine<Integer> coroutine =
        loop.spawn(
            () -> {
              pause();
              pause();
              return 1;
            });
    private String end = "";

    @Override
    void loop() {
      loop.start();
    }

    @Override
    void outside() {
      end = coroutine.cancel(true) ? "asked, " : "not asked, ";
    }

    @Override
    void another() {
      coroutine.handle((value, failure) -> value).join(); // it always ends
      loop.stop();
    }

    @Override
    String outcome() {
      return end + text(coroutine);
    }
  }

  private static final class CancelAgainstGrant extends Race {
    private final Lock lock = new Lock(loop);
    private String end = "";
    private final Coroutine<?> holder =
        loop.spawn(
            () -> {
              try (Lease lease = await(lock.acquire())) {
                sleep(Duration.ofNanos(1));
              }
            });
    private final Coroutine<?> coroutine =
        loop.spawn(
            () -> {
              try (Lease lease = await(lock.acquire())) {
                end += "granted";
              } catch (CancellationException cancelled) {
                end += "cancelled";
                return;
              }
              try {
                sleep(Duration.ofNanos(1));
              } catch (CancellationException cancelled) {
                end += ", cancelled later";
              }
            });

    CancelAgainstGrant() {
      settle();
    }

    @Override
    void loop() {
      loop.runSync(
          () -> {
            await(holder);
            await(coroutine);
          });
    }

    @Override
    void outside() {
      coroutine.cancel(true);
    }

    @Override
    String outcome() {
      return end + ", " + lock;
    }
  }

  private static final class CompleteAgainstEnd extends Race {
    private final Coroutine<Integer> coroutine =
        loop.spawn(
            () -> {
              pause();
              return 1;
            });
    private boolean won;

    @Override
    void loop() {
      settle();
      settle();
    }

    @Override
    void outside() {
      won = coroutine.complete(2);
    }

    @Override
    String outcome() {
      settle();
      return (won ? "outside won: " : "outside lost: ") + text(coroutine);
    }
  }
}
