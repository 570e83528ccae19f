package toro.context;

import org.jspecify.annotations.Nullable;

/** One of the things that follow a coroutine. Null is the value of a thread that has none. */
interface Accessor {
  /** Returns what the calling thread has. */
  @Nullable Object get();

  /**
   * Gives the calling thread a value.
   *
   * @return what {@link #leave} needs in order to undo that
   */
  @Nullable Object enter(@Nullable Object value);

  /**
   * Gives the calling thread back what it had before.
   *
   * @param entered what {@link #enter} has returned
   * @return what the thread had until now
   */
  @Nullable Object leave(@Nullable Object entered);
}
