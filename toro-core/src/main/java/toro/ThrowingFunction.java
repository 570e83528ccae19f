package toro;

import org.jspecify.annotations.Nullable;

/**
 * A {@link java.util.function.Function} that may throw anything, and that may await where a
 * coroutine calls it.
 *
 * @param <T> the type of the argument
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface ThrowingFunction<T extends @Nullable Object, R extends @Nullable Object>
    extends ThrowingConsumer<T> { // so the compiler prefers this for a lambda that could be both

  /**
   * Computes a result.
   *
   * @param value the argument
   * @return the result
   * @throws Exception what the caller of this is then thrown
   */
  R apply(T value) throws Exception;

  @Override
  default void accept(T value) throws Exception {
    apply(value);
  }
}
