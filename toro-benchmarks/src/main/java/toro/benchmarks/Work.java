package toro.benchmarks;

/**
 * One workload of one contender. Opened once, then prepared and run any number of times, then
 * closed; only {@link #run} is measured. All of it happens on one thread.
 */
@FunctionalInterface
public interface Work extends AutoCloseable {
  /** Sets up what all runs share. */
  default void open() throws Exception {}

  /** Sets up what the next run uses up. */
  default void prepare() throws Exception {}

  /**
   * Does the operations.
   *
   * @return a sum that is right only if all of them were done
   */
  long run() throws Exception;

  /** Has to be closed for the JVM to end. */
  default boolean keepsJvmAlive() {
    return false;
  }

  /** Gives back what it holds. */
  @Override
  default void close() throws Exception {}
}
