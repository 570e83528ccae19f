package toro.testing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.CompletableFutureAssert;
import org.assertj.core.api.ThrowableAssert;

/**
 * Assertions about a wait, in the words of this library, besides those that AssertJ has for every
 * {@link CompletableFuture}. None of them waits.
 *
 * @param <T> the type of what is granted
 */
public final class WaitAssert<T> extends CompletableFutureAssert<T> {
  private final CompletableFuture<T> wait;

  WaitAssert(CompletableFuture<T> wait) {
    super(wait);
    this.wait = wait;
  }

  /**
   * It still waits: it was neither granted, nor has it failed.
   *
   * @return this
   */
  public WaitAssert<T> isPending() {
    isNotDone();
    return this;
  }

  /**
   * It was granted.
   *
   * @return this
   */
  public WaitAssert<T> isGranted() {
    isCompleted();
    return this;
  }

  /**
   * It was granted this.
   *
   * @param value what it was granted
   * @return this
   */
  public WaitAssert<T> isGranted(T value) {
    isCompletedWithValue(value);
    return this;
  }

  /**
   * It failed like this: its deadline passed, it was cancelled, the loop was closed …
   *
   * @param failure the type of the failure, as {@code await} throws it
   * @return assertions about the failure
   */
  public ThrowableAssert<Throwable> hasFailedWith(Class<? extends Throwable> failure) {
    isCompletedExceptionally();
    Throwable thrown = wait.handle((value, reason) -> reason).join();
    while (thrown instanceof CompletionException && thrown.getCause() != null) {
      thrown = thrown.getCause();
    }
    return new ThrowableAssert<>(thrown).isInstanceOf(failure);
  }
}
