package toro.check;

import static java.util.Objects.requireNonNull;
import static toro.Coroutines.await;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import toro.Semaphore;

/**
 * Reads pages away from the loop, on as many threads as there are processors. A coroutine that has
 * to wait for one does so in the semaphore, not in the executor's queue, so that a cancelled wait
 * leaves no work behind.
 */
final class Parser implements AutoCloseable {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private final Semaphore processors = new Semaphore(PROCESSORS);
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          PROCESSORS, Thread.ofPlatform().daemon().name("parser-", 0).factory());

  /** Runs {@code read} on another thread; whatever it fails with is a reason for the report. */
  Page parse(Callable<Page> read) throws FetchException {
    try (var lease = await(processors.acquire())) {
      return await(CompletableFuture.supplyAsync(() -> attempt(read), threads)).get();
    }
  }

  /** What came of reading a page. */
  private record Attempt(@Nullable Page page, @Nullable FetchException failure) {
    Page get() throws FetchException {
      if (failure != null) {
        throw failure;
      }
      return requireNonNull(page);
    }
  }

  private static Attempt attempt(Callable<Page> read) {
    try {
      return new Attempt(read.call(), null);
    } catch (FetchException e) {
      return new Attempt(null, e);
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      return new Attempt(null, new FetchException("unreadable: " + e.getClass().getSimpleName()));
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
