package toro.check;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import toro.Blocking;
import toro.Semaphore;

/** Reads pages away from the loop, on as many threads as there are processors. */
final class Parser implements AutoCloseable {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          PROCESSORS, Thread.ofPlatform().daemon().name("parser-", 0).factory());
  private final Blocking onThreads =
      new Blocking().withLimiter(new Semaphore(PROCESSORS)).withExecutor(threads);

  /** Runs {@code reader} on another thread; whatever it fails with is a reason for the report. */
  Page parse(Callable<Page> reader) throws FetchException {
    return onThreads.call(() -> attempt(reader));
  }

  private static Page attempt(Callable<Page> reader) throws FetchException {
    try {
      return reader.call();
    } catch (FetchException e) {
      throw e;
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      throw new FetchException("unreadable: " + e.getClass().getSimpleName());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
