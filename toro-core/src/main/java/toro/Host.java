package toro;

import org.jspecify.annotations.Nullable;

/** What gives a loop the thread on which it runs, and says when. */
interface Host {
  /** Another thread has handed something over. False if it will never run. */
  boolean wake();

  /** A timer was added that is due before all others. */
  void earliestTimerHasChanged();

  /** Nothing is ready: called by who drives the loop, which looks again when this returns. */
  void park();

  /**
   * The engine is about to run coroutines or callbacks on the calling thread, one of its own: the
   * thread may be given what they would find on the host's.
   */
  void adopt();

  /**
   * Does the thread that drives the loop stand in a call of it, with whatever monitors its callers
   * hold?
   */
  boolean hasCaller();

  /** Has the calling thread the loop to itself, although it does not drive it now? */
  boolean isHere();

  /**
   * The calling thread drives the loop. Does it run something of this loop, and not of another one
   * to which the host lends the thread in between?
   */
  boolean runsHere();

  /** Would this loop and another stand still at once if a thread of one of them were blocked? */
  boolean sharesThread(Host other);

  /** Why the host runs the loop no more; null if it does, or if the loop was simply closed. */
  @Nullable Throwable failure();

  /**
   * Ends the loop if the host has failed and the calling thread may do that. Any thread may call.
   */
  void endIfFailed();

  /**
   * Begins a coroutine, and returns when it has ended, however; or when the time is up, and then it
   * was cancelled and had time to clean up.
   *
   * @return false if the time was up
   * @throws IllegalStateException if the calling thread is on a loop, or the loop runs already on
   *     another thread
   * @throws LoopClosedException if the loop is closed
   */
  boolean runToEnd(Coroutine<?> coroutine, Deadline deadline);

  /** {@link IOLoop#start()}. */
  void start();

  /** {@link IOLoop#stop()}. */
  void stop();

  /** {@link IOLoop#close()}. */
  void close();
}
