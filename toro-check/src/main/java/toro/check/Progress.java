package toro.check;

/** Is told how far the work is. */
interface Progress extends AutoCloseable {
  Progress NONE = (done, known) -> {};

  /** So many URLs are done with, of those that are known so far. */
  void update(int done, int known);

  @Override
  default void close() {}
}
