package toro;

import java.util.concurrent.Callable;

/** The one place where these tests make a loop. */
final class Loops {
  private Loops() {}

  /** On virtual time. */
  static IOLoop create() {
    return create(new ManualClock());
  }

  static IOLoop create(LoopClock clock) {
    return new IOLoop(clock);
  }

  /** Runs a coroutine on a loop of virtual time, and closes it. */
  static <T> T run(Callable<T> main) {
    try (IOLoop loop = create()) {
      return loop.runSync(main);
    }
  }

  static void run(ThrowingRunnable main) {
    try (IOLoop loop = create()) {
      loop.runSync(main);
    }
  }
}
