/**
 * Locks, semaphores, conditions, events, one-time results and queues for coroutines on a
 * single-threaded event loop.
 *
 * <p>Start at the package {@link toro}.
 */
@SuppressWarnings("module") // which is not there when this is compiled
module toro {
  requires static java.instrument; // for the agent alone
  requires static org.jspecify;

  exports toro;
  exports toro.spi to
      toro.context,
      toro.redis,
      toro.testing,
      toro.vertx;
}
