package toro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;

/** A loop that runs on a thread of its own, for tests that come from other threads. */
final class RunningLoop implements AutoCloseable {
  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
  final IOLoop loop = new IOLoop();
  private final Thread thread = Thread.ofPlatform().name("the loop").start(loop::start);

  RunningLoop() {
    loop.setExceptionHandler((source, failure) -> failures.add(failure));
  }

  /** Does something there, and waits for what it returns. */
  <T> T on(Callable<T> body) {
    return loop.spawn(body).join();
  }

  /** Stops it, waits until its thread has ended, and closes it; nothing may have been reported. */
  @Override
  public void close() {
    loop.stop();
    TestLoop.elsewhere(thread::join);
    loop.close();
    assertThat(failures).isEmpty();
  }
}
