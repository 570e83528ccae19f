package toro.check;

/** Is told how far the work is. */
interface Progress extends AutoCloseable {
  Progress NONE = (resource, done, known) -> {};

  /** So many URLs are done with, this one the last, of those that are known so far. */
  void visited(Resource resource, int done, int known);

  @Override
  default void close() {}
}
