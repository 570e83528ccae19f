package toro.benchmarks.contenders;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import toro.IOLoop;
import toro.ThrowingRunnable;
import toro.benchmarks.Work;

/** Work on a loop that has something on it already. */
abstract class ToroWork implements Work {
  private final ToroLoops loops;
  private @Nullable IOLoop loop;

  ToroWork(ToroLoops loops) {
    this.loops = loops;
  }

  /** Makes a new loop, and has a coroutine put something on it. */
  final void renew(ThrowingRunnable preparation) {
    close();
    loop = loops.make();
    loop.runSync(preparation);
  }

  /** What is measured, as a coroutine. */
  abstract long main() throws Exception;

  @Override
  public final long run() {
    return requireNonNull(loop).runSync(this::main);
  }

  @Override
  public final void close() {
    if (loop != null) {
      loop.close();
      loops.host().end();
      loop = null;
    }
  }
}
