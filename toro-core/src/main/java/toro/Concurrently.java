package toro;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A few workers that apply a function to many items: {@link Coroutines#mapConcurrently}.
 *
 * <p>Each worker takes the next item when it is done with the one before. A worker that takes an
 * item starts the next worker, up to the limit, so there are never more workers than items.
 */
final class Concurrently<T extends @Nullable Object, R extends @Nullable Object> {
  private final Iterator<? extends T> items;
  private final int limit;
  private final ThrowingFunction<? super T, ? extends R> function;
  private final TaskGroup group;
  private final Lock turn = new Lock(); // to take an item: the iterator of a queue suspends
  private final @Nullable List<@Nullable R> results; // null: nobody wants them
  private int workers;

  private Concurrently(
      Iterable<? extends T> items,
      int limit,
      ThrowingFunction<? super T, ? extends R> function,
      @Nullable List<@Nullable R> results) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be >= 1, not " + limit);
    }
    this.items = items.iterator();
    this.limit = limit;
    this.function = requireNonNull(function, "function");
    this.results = results;
    this.group = new TaskGroup(); // last: it is a block that must be left
  }

  static <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
      Iterable<? extends T> items, int limit, ThrowingFunction<? super T, ? extends R> function) {
    List<@Nullable R> results = new ArrayList<>();
    try {
      new Concurrently<T, @Nullable R>(items, limit, function, results).run();
    } catch (Throwable failure) {
      results.forEach(Lease::giveBack);
      throw failure;
    }
    return results;
  }

  static <T extends @Nullable Object> void forEach(
      Iterable<? extends T> items, int limit, ThrowingConsumer<? super T> action) {
    new Concurrently<T, @Nullable Void>(items, limit, Coroutines.function(action), null).run();
  }

  private void run() {
    try (group) {
      startWorker();
    }
  }

  private void startWorker() {
    workers++;
    group.spawn(this::work);
  }

  private void work() throws Exception {
    while (applyToNext()) {}
  }

  private boolean applyToNext() throws Exception {
    T item;
    try (Lease lease = Coroutines.await(turn.acquire())) {
      if (!items.hasNext()) {
        return false;
      }
      item = items.next();
    }
    int index = results == null ? 0 : results.size();
    if (results != null) {
      results.add(null);
    }
    if (workers < limit) {
      startWorker();
    }
    R result = function.apply(item);
    if (results != null) {
      results.set(index, result);
    }
    return true;
  }
}
