package toro.stress;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import toro.IOLoop;
import toro.LoopClock;

/**
 * Two or three threads that do something with a loop at the same moment. Each object is used once:
 * it is made, each of its roles is played by a thread of its own, and when all have ended it tells
 * what came of it.
 */
abstract class Race {
  final IOLoop loop;
  private final List<Throwable> reported = new ArrayList<>();

  Race() {
    this(new Clock());
  }

  Race(LoopClock clock) {
    this(new IOLoop(clock));
  }

  Race(IOLoop loop) {
    this.loop = loop;
    loop.setExceptionHandler((source, failure) -> reported.add(failure));
  }

  /**
   * A race, and all that may come of it.
   *
   * @param name a sentence
   */
  record Entry(String name, Supplier<Race> start, Set<String> allowed) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Entry race(String name, Supplier<Race> start, String... allowed) {
    return new Entry(name, start, Set.of(allowed));
  }

  static List<Entry> all() {
    List<Entry> all = new ArrayList<>(explored());
    all.addAll(CloseRaces.NOT_EXPLORED);
    all.addAll(PublicationRaces.ALL);
    all.addAll(HostRaces.ALL);
    return all;
  }

  /** Those that Lincheck can play; to it, what one thread has written all others see at once. */
  static List<Entry> explored() {
    List<Entry> all = new ArrayList<>();
    all.addAll(HandOverRaces.ALL);
    all.addAll(AwaitRaces.ALL);
    all.addAll(GrantRaces.ALL);
    all.addAll(CancelRaces.ALL);
    all.addAll(StopRaces.ALL);
    all.addAll(CloseRaces.ALL);
    return all;
  }

  /** Five of different kinds. */
  static List<Entry> some() {
    return List.of(
        HandOverRaces.ALL.get(2),
        AwaitRaces.ALL.get(0),
        GrantRaces.ALL.get(0),
        CancelRaces.ALL.get(0),
        StopRaces.ALL.get(2));
  }

  // The roles.

  /** The thread that drives the loop. */
  abstract void loop();

  abstract void outside();

  void another() {}

  final List<Runnable> roles() {
    return List.of(this::loop, this::outside, this::another);
  }

  /** What came of it. */
  abstract String outcome();

  final String end() {
    String outcome = outcome();
    loop.close();
    return reported.isEmpty() ? outcome : outcome + ", reported " + reported;
  }

  // What many of them need.

  /** Lets the loop do what is ready. */
  final void settle() {
    loop.execute(loop::stop);
    loop.start();
  }

  /** {@code "pending"}, the value, or the name of the failure. */
  static String text(CompletableFuture<?> future) {
    return switch (future.state()) {
      case RUNNING -> "pending";
      case SUCCESS -> String.valueOf(future.resultNow());
      case FAILED -> future.exceptionNow().getClass().getSimpleName();
      case CANCELLED -> "cancelled";
    };
  }

  /** Time that passes when there is nothing else to do. */
  private static final class Clock implements LoopClock {
    private long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(now);
    }

    @Override
    public void park(long nanos) {
      if (nanos == Long.MAX_VALUE) {
        LockSupport.park(this);
      } else {
        now += nanos;
      }
    }
  }

  /** Time that does not pass. */
  static final class StoppedClock implements LoopClock {
    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH;
    }

    @Override
    public void park(long nanos) {
      LockSupport.park(this);
    }
  }
}
