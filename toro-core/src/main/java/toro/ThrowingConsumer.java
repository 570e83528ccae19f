package toro;

import org.jspecify.annotations.Nullable;

/**
 * A {@link java.util.function.Consumer} that may throw anything, and that may await where a
 * coroutine calls it.
 *
 * @param <T> the type of the argument
 */
@FunctionalInterface
public interface ThrowingConsumer<T extends @Nullable Object> {

  /**
   * Handles a value.
   *
   * @param value the value
   * @throws Exception what the caller of this is then thrown
   */
  void accept(T value) throws Exception;
}
