package toro;

import java.util.ArrayList;
import java.util.List;

/** Where the tests of queues, and the stress test, get their loops from. */
final class QueueLoops {
  private QueueLoops() {}

  /** A loop in virtual time that collects what nobody else has seen fail. */
  static IOLoop newLoop(List<Throwable> failures) {
    IOLoop loop = new IOLoop(new ManualClock());
    loop.setExceptionHandler((source, failure) -> failures.add(failure));
    return loop;
  }

  /** Runs something on another thread, and waits for its end. */
  static void elsewhere(ThrowingRunnable action) throws InterruptedException {
    List<Throwable> failures = new ArrayList<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    action.run();
                  } catch (Throwable failure) {
                    failures.add(failure);
                  }
                });
    thread.join();
    if (!failures.isEmpty()) {
      throw Failures.sneaky(failures.getFirst());
    }
  }
}
