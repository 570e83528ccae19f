package toro;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Stages in the order in which they are done. Something is attached to those that are left only
 * while {@link #next()} waits: nobody tells an iterator that it is not needed any more.
 */
final class AsCompleted<S extends CompletionStage<?>> implements Iterator<S> {
  private final Map<S, CompletableFuture<?>> left = new LinkedHashMap<>();
  private final Queue<S> arrived = new ConcurrentLinkedQueue<>(); // some of those, in order

  AsCompleted(Collection<? extends S> stages) {
    for (S stage : stages) {
      CompletionStage<?> any = stage;
      left.put(stage, Coroutines.future(any));
    }
  }

  @Override
  public boolean hasNext() {
    return !left.isEmpty();
  }

  @Override
  public S next() {
    while (hasNext()) {
      S stage = arrived.poll();
      if (stage == null) {
        awaitOne();
      } else if (left.remove(stage) != null) {
        return stage;
      }
    }
    throw new NoSuchElementException();
  }

  private void awaitOne() {
    Fiber fiber = Coroutines.fiber("asCompleted(…).next");
    boolean own = left.values().stream().allMatch(future -> isOf(fiber.loop, future));
    Waiter<Void> one = fiber.relay(!own);
    CompletableFuture<Void> over = new CompletableFuture<>();
    left.forEach(
        (stage, future) ->
            CompletableFuture.anyOf(future, over)
                .whenComplete(
                    (value, failure) -> {
                      if (!over.isDone()) {
                        arrived.add(stage);
                        one.complete(null);
                      }
                    }));
    try {
      if (!one.isDone()) {
        fiber.await(one);
      }
    } finally {
      over.complete(null); // which detaches from all
    }
  }

  private static boolean isOf(IOLoop loop, CompletableFuture<?> future) {
    return future instanceof Awaitable<?> own && own.loop == loop;
  }
}
