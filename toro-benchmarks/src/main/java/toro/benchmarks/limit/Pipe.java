package toro.benchmarks.limit;

/** A queue. */
public interface Pipe<T> {
  /** Puts an item in; waits for room. */
  void put(T item);

  /** Takes an item out; waits for one. */
  T get();
}
