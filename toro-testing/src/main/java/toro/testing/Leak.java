package toro.testing;

/** What a test may leave behind only if it says so: {@link TestLoop#allow}. */
public enum Leak {
  /** A coroutine that has not ended when the body has and nothing is ready any more. */
  COROUTINES("coroutines that have not ended"),

  /** A lease that nobody has closed, also not the coroutines that were cancelled at the end. */
  LEASES("leases that were never closed"),

  /** A callback of {@code callLater} or {@code callAt} that has neither run nor been cancelled. */
  TIMERS("timers that are still pending"),

  /** A failure of a coroutine that nobody awaits, or of a callback. */
  FAILURES("failures that nobody saw"),

  /**
   * An await inside {@code synchronized}: another coroutine that wants the monitor would block the
   * loop. Found on the engine {@code continuations} only: of virtual threads the JVM does not tell.
   */
  MONITORS("monitors that were held across an await");

  final String text;

  Leak(String text) {
    this.text = text;
  }
}
