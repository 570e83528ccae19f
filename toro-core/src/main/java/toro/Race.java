package toro;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Several coroutines for one result: the first that has one cancels the others. */
final class Race<T extends @Nullable Object> {
  private final TaskGroup group = new TaskGroup();
  private @Nullable SuppressedFailures failures;
  private final List<T> result = new ArrayList<>(1);

  T run(Collection<? extends Callable<? extends T>> bodies) {
    for (Callable<? extends T> body : bodies) {
      group.spawn(() -> enter(body));
    }
    group.join();
    if (result.isEmpty()) {
      group.throwOwed();
      if (failures == null) {
        throw new Cancelled("all were cancelled before they started"); // the loop is being closed
      }
      throw Failures.sneaky(Failures.awaited(failures.first()));
    }
    return result.getFirst(); // what interrupts the winner now is for its next wait
  }

  /** Runs a body, and once more beside that if it has no result in time. */
  T hedge(IOLoop loop, Duration delay, Callable<? extends T> body) {
    Timeout second = loop.callLater(delay, () -> group.spawn(() -> enter(body)));
    try {
      return run(List.of(body));
    } finally {
      second.cancel();
    }
  }

  private void enter(Callable<? extends T> body) {
    T value;
    try {
      value = body.call();
    } catch (Throwable failure) {
      failures = SuppressedFailures.with(failures, failure);
      return;
    }
    if (result.isEmpty()) {
      result.add(value);
      group.end(new Cancelled("another one has won the race"));
    } else {
      Lease.giveBack(value);
    }
  }
}
