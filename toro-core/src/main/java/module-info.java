/**
 * Locks, semaphores, conditions, events, one-time results and queues for coroutines on a
 * single-threaded event loop.
 *
 * <p>Start at the package {@link toro}.
 */
module toro {
  requires static org.jspecify;

  exports toro;
}
