package toro.stress;

import static toro.Coroutines.pause;
import static toro.stress.Race.race;

import java.util.List;
import toro.LoopClosedException;
import toro.stress.Race.Entry;

/** Threads that start, stop and close the same loop. */
final class StopRaces {
  static final List<Entry> ALL =
      List.of(
          race(
              "two stops end a start, and at most the next",
              TwoStops::new,
              "started, ran, ran",
              "started, stopped, ran"),
          race(
              "a stop ends a coroutine that is run to its end, or the next start",
              StopAgainstRunSync::new,
              "ran, then ran",
              "ran, then stopped",
              "stopped, then ran"),
          race(
              "two threads drive a loop one after the other, or one is refused",
              TwoDrivers::new,
              "ran 2, counted 2",
              "ran 1, counted 1"),
          race(
              "a loop that is driven is not closed, and one that is closed is not driven",
              DriveAgainstClose::new,
              "ran, close refused",
              "ran, closed",
              "drive refused, closed"),
          race(
              "two threads close a loop, and one of them may be refused meanwhile",
              TwoClosers::new,
              "closed, closed, cleaned up 1",
              "closed, refused, cleaned up 1",
              "refused, closed, cleaned up 1"));

  private StopRaces() {}

  private abstract static class Stops extends Race {
    final String runs() {
      try {
        loop.runSync(() -> pause());
        return "ran";
      } catch (IllegalStateException stopped) {
        return "stopped";
      }
    }
  }

  private static final class TwoStops extends Stops {
    @Override
    void loop() {
      loop.start();
    }

    @Override
    void outside() {
      loop.stop();
    }

    @Override
    void another() {
      loop.stop();
    }

    @Override
    String outcome() {
      return "started, " + runs() + ", " + runs();
    }
  }

  private static final class StopAgainstRunSync extends Stops {
    private String first = "";

    @Override
    void loop() {
      first = runs();
    }

    @Override
    void outside() {
      loop.stop();
    }

    @Override
    String outcome() {
      return first + ", then " + runs();
    }
  }

  private static final class TwoDrivers extends Race {
    private int counted; // on the loop
    private int first;
    private int second;

    private int drive() {
      try {
        loop.runSync(
            () -> {
              counted++;
              pause();
            });
        return 1;
      } catch (IllegalStateException runsAlready) {
        return 0;
      }
    }

    @Override
    void loop() {
      first = drive();
    }

    @Override
    void outside() {
      second = drive();
    }

    @Override
    String outcome() {
      return "ran " + (first + second) + ", counted " + counted;
    }
  }

  private static final class DriveAgainstClose extends Race {
    private String driven = "";
    private String closed = "";

    @Override
    void loop() {
      try {
        loop.runSync(() -> pause());
        driven = "ran";
      } catch (LoopClosedException | IllegalStateException refused) {
        driven = "drive refused";
      }
    }

    @Override
    void outside() {
      try {
        loop.close();
        closed = "closed";
      } catch (IllegalStateException runs) {
        closed = "close refused";
      }
    }

    @Override
    String outcome() {
      return driven + ", " + closed;
    }
  }

  private static final class TwoClosers extends Race {
    private int cleanedUp; // on the loop
    private String first = "";
    private String second = "";

    TwoClosers() {
      loop.spawn(
          () -> {
            try {
              while (true) {
                pause();
              }
            } finally {
              cleanedUp++;
            }
          });
      settle();
    }

    private String close() {
      try {
        loop.close();
        return "closed";
      } catch (IllegalStateException closing) {
        return "refused";
      }
    }

    @Override
    void loop() {
      first = close();
    }

    @Override
    void outside() {
      second = close();
    }

    @Override
    String outcome() {
      return first + ", " + second + ", cleaned up " + cleanedUp;
    }
  }
}
