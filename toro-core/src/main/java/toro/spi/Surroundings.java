package toro.spi;

/**
 * An executor whose thread has something about it that a loop's coroutines and callbacks need, such
 * as the context of a framework in a thread-local: for the engine that runs them on threads of its
 * own.
 */
public interface Surroundings {
  /**
   * Gives that to the calling thread, which runs nothing but a loop on this executor, and ends with
   * it. Must return soon, and throw nothing.
   */
  void enter();
}
