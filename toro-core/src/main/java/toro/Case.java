package toro;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One of the waits of a {@link Coroutines#select select}, and what is done when it is the one. Made
 * by {@link Coroutines#on(Supplier, Handler) on} and {@link Coroutines#after(java.time.Duration,
 * java.util.concurrent.Callable) after}. Immutable; it can be used again and again.
 *
 * @param <R> the type of what its handler returns
 */
public final class Case<R extends @Nullable Object> {
  final Supplier<? extends CompletionStage<?>> wait;
  final Handler<@Nullable Object, R> handler;
  final boolean isTimeout;

  private Case(
      Supplier<? extends CompletionStage<?>> wait,
      Handler<@Nullable Object, R> handler,
      boolean isTimeout) {
    this.wait = requireNonNull(wait, "wait");
    this.handler = handler;
    this.isTimeout = isTimeout;
  }

  /**
   * @param handler takes what {@code wait} gives
   */
  @SuppressWarnings("unchecked") // so it says
  static <R extends @Nullable Object> Case<R> on(
      Supplier<? extends CompletionStage<?>> wait, Handler<?, ? extends R> handler) {
    return new Case<>(
        wait, (Handler<@Nullable Object, R>) requireNonNull(handler, "handler"), false);
  }

  static <R extends @Nullable Object> Case<R> after(
      Deadline deadline, Handler<@Nullable Object, R> handler) {
    requireNonNull(deadline, "deadline");
    return new Case<>(() -> Sleep.until(deadline), handler, true);
  }

  /**
   * What is done with the value of a wait, and gives nothing.
   *
   * @param <T> the type of the value
   */
  @FunctionalInterface
  public interface Action<T extends @Nullable Object> {

    /**
     * Runs in the coroutine that has called {@code select}, which may await in it.
     *
     * @param value the value
     * @throws Exception what {@code select} then throws
     */
    void accept(T value) throws Exception;
  }

  /**
   * What is done with the value of a wait, and gives what {@code select} returns.
   *
   * @param <T> the type of the value
   * @param <R> the type of what it returns
   */
  // It is an Action so that the compiler takes this one of the two for a lambda that could be both.
  @FunctionalInterface
  public interface Handler<T extends @Nullable Object, R extends @Nullable Object>
      extends Action<T> {

    /**
     * Runs in the coroutine that has called {@code select}, which may await in it.
     *
     * @param value the value
     * @return what {@code select} is to return
     * @throws Exception what {@code select} then throws
     */
    R apply(T value) throws Exception;

    @Override
    default void accept(T value) throws Exception {
      apply(value);
    }
  }
}
