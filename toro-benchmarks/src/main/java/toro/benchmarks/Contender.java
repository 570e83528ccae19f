package toro.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * A way to do the workloads. Each method makes one of them, and none where the contender does not
 * have what it takes: that shows as a dash.
 *
 * <p>To <em>pause</em> is to let the others run once. Unless said otherwise a run returns the
 * number of its operations, counted under the protection of the primitive in question.
 */
public interface Contender {
  /** Can it run in this JVM? */
  default boolean isAvailable() {
    return true;
  }

  /**
   * Pairs of a producer and a consumer on one queue. A run returns the sum of the items 0, 1, ….
   *
   * @param capacity of the queue; 0: unbounded
   */
  default @Nullable Work queue(int pairs, int capacity, int items) {
    return null;
  }

  /** One coroutine acquires a free lock and releases it. */
  default @Nullable Work freeLock(int operations) {
    return null;
  }

  /** Coroutines that pause while they hold the one lock. */
  default @Nullable Work contendedLock(int coroutines, int operations) {
    return null;
  }

  /** Coroutines that pause while they hold a permit. */
  default @Nullable Work semaphore(int permits, int coroutines, int operations) {
    return null;
  }

  /** Coroutines that pause while they hold the lock, nine times as a reader, once as a writer. */
  default @Nullable Work readWriteLock(int coroutines, int operations) {
    return null;
  }

  /** Two coroutines wake each other in turn, with a condition each; an operation is one turn. */
  default @Nullable Work condition(int operations) {
    return null;
  }

  /** Two coroutines wake each other in turn, with events; an operation is one turn. */
  default @Nullable Work event(int operations) {
    return null;
  }

  /** Two coroutines hand each other values, each in a result of its own. */
  default @Nullable Work handOver(int operations) {
    return null;
  }

  /** Starts a coroutine that returns at once, and waits for it. */
  default @Nullable Work spawnAndJoin(int operations) {
    return null;
  }

  /** Two coroutines pause in turn. */
  default @Nullable Work pause(int operations) {
    return null;
  }

  /**
   * One coroutine acquires a free lock with a deadline and releases it.
   *
   * @param pending how many other deadlines there are, all of them later
   */
  default @Nullable Work freeLockWithDeadline(int pending, int operations) {
    return null;
  }

  /** {@link #contendedLock} where each waits with a deadline, so that it has to be armed. */
  default @Nullable Work contendedLockWithDeadline(int pending, int coroutines, int operations) {
    return null;
  }

  /** Cancels coroutines, in random order, that wait for one lock; until all have ended. */
  default @Nullable Work cancel(int waiters) {
    return null;
  }

  /** Leaves coroutines behind that wait for one lock (or whatever there is to wait for). */
  default @Nullable Work parkedCoroutines(int count) {
    return null;
  }

  /** Leaves futures behind that wait for one lock, without a coroutine. */
  default @Nullable Work waitingFutures(int count) {
    return null;
  }

  /** Other threads give the loop tasks to run. */
  default @Nullable Work execute(int threads, int operations) {
    return null;
  }

  /** One coroutine awaits what a task of the event loop returns. */
  default @Nullable Work ask(int operations) {
    return null;
  }
}
