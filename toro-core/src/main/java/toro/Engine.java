package toro;

/** How coroutines run: what makes fibers, and lets a thread drive the loop. */
interface Engine {
  /** The system property that forces one; by default the fastest that the JVM allows is taken. */
  String PROPERTY = "toro.engine";

  String VIRTUAL_THREADS = "virtual-threads";
  String CONTINUATIONS = "continuations";

  /**
   * The engine of a new loop.
   *
   * @throws IllegalStateException if the property names none, or one that this JVM does not allow
   */
  static Engine of(IOLoop loop) {
    boolean fast = ContinuationEngine.isAvailable();
    String name = System.getProperty(PROPERTY, fast ? CONTINUATIONS : VIRTUAL_THREADS);
    if (name.equals(VIRTUAL_THREADS)) {
      return new VirtualThreadEngine(loop);
    }
    if (!name.equals(CONTINUATIONS)) {
      throw new IllegalStateException(
          "-D%s=%s: choose %s or %s".formatted(PROPERTY, name, VIRTUAL_THREADS, CONTINUATIONS));
    }
    if (!fast) {
      throw new IllegalStateException(
          "-D%s=%s needs %s".formatted(PROPERTY, name, ContinuationEngine.NEEDS));
    }
    return new ContinuationEngine(loop);
  }

  /** The fiber of a coroutine; it has not started. */
  Fiber newFiber(Coroutine<?> coroutine);

  /**
   * Drives the loop on the calling thread while it {@link IOLoop#goesOn}: {@linkplain
   * IOLoop#runNext runs} what is {@link IOLoop#next}, again and again.
   */
  void drive();
}
