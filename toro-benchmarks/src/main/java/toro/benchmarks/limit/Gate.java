package toro.benchmarks.limit;

/** A semaphore; of one permit, a lock; a read-write lock if a writer takes all. */
public interface Gate {
  /** Takes so many permits; waits for them. */
  void acquire(int count);

  /** Gives them back, and hands them to the first who wait. */
  void release(int count);
}
