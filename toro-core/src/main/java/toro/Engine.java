package toro;

import java.util.concurrent.atomic.AtomicBoolean;

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
    Engine engine = choose(loop);
    FirstUse.log(engine);
    return engine;
  }

  private static Engine choose(IOLoop loop) {
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

  /** The first loop of a JVM says which engine it has, and how to get the other one. */
  final class FirstUse {
    private static final System.Logger LOGGER = System.getLogger(IOLoop.class.getName());
    private static final AtomicBoolean LOGGED = new AtomicBoolean();

    private FirstUse() {}

    private static void log(Engine engine) {
      if (!LOGGED.getAndSet(true)) {
        LOGGER.log(System.Logger.Level.DEBUG, () -> message(engine));
      }
    }

    static String message(Engine engine) {
      String text = "coroutines run on " + engine + "; ";
      if (engine instanceof ContinuationEngine) {
        return text + "for " + VIRTUAL_THREADS + ": java -D" + PROPERTY + "=" + VIRTUAL_THREADS;
      }
      return text
          + "for "
          + CONTINUATIONS
          + ", which switch several times as fast: java "
          + (ContinuationEngine.isAvailable()
              ? "-D" + PROPERTY + "=" + CONTINUATIONS
              : ContinuationEngine.NEEDS);
    }
  }
}
