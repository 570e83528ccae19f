package toro.benchmarks.contenders;

import toro.IOLoop;

/**
 * Makes loops on a certain engine.
 *
 * @param engine a value of the system property {@code toro.engine}
 * @param host what gives them their thread
 */
record ToroLoops(String engine, ToroHost host) {
  private static final String PROPERTY = "toro.engine";

  /** Does this JVM allow the engine? */
  boolean areAvailable() {
    try (IOLoop loop = make(new OwnThread())) {
      return true;
    } catch (IllegalStateException otherEngine) {
      return false;
    }
  }

  /** A loop on this engine, and on no other. */
  IOLoop make() {
    return make(host);
  }

  private IOLoop make(ToroHost thread) {
    System.setProperty(PROPERTY, engine);
    IOLoop loop = thread.newLoop();
    if (!loop.toString().contains("engine=" + engine)) {
      loop.close();
      throw new IllegalStateException("not on the engine " + engine + ": " + loop);
    }
    return loop;
  }
}
