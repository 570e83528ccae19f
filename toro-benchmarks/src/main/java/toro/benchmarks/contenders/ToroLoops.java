package toro.benchmarks.contenders;

import toro.IOLoop;

/** Makes loops on a certain engine. */
final class ToroLoops {
  private static final String PROPERTY = "toro.engine";

  private final String engine;

  ToroLoops(String engine) {
    this.engine = engine;
  }

  /** Does this JVM allow the engine? */
  boolean areAvailable() {
    try (IOLoop loop = make()) {
      return true;
    } catch (IllegalStateException otherEngine) {
      return false;
    }
  }

  /** A loop on this engine, and on no other. */
  IOLoop make() {
    System.setProperty(PROPERTY, engine);
    IOLoop loop = new IOLoop();
    if (!loop.toString().contains("engine=" + engine)) {
      loop.close();
      throw new IllegalStateException("not on the engine " + engine + ": " + loop);
    }
    return loop;
  }
}
