package toro.check;

import static toro.Coroutines.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import toro.Semaphore;

/**
 * Reads pages away from the loop, on as many threads as there are processors. Whoever waits for one
 * does so in the semaphore, and not in the executor's queue, so that a cancelled wait leaves no
 * work behind.
 */
final class Parser {
  private final Semaphore processors = new Semaphore(Runtime.getRuntime().availableProcessors());

  Page parse(Reply reply) {
    try (var lease = await(processors.acquire())) {
      return await(CompletableFuture.supplyAsync(() -> parseNow(reply)));
    }
  }

  private static Page parseNow(Reply reply) {
    try {
      return Page.parse(reply);
    } catch (FetchException e) {
      throw new CompletionException(e);
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      throw new CompletionException(new FetchException("unreadable: " + Reasons.of(e)));
    }
  }
}
