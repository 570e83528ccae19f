package toro.testing;

import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Assertions;

/**
 * AssertJ's entry points, with one for waits: {@code import static toro.testing.ToroAssertions.*;}
 * instead of that of {@link Assertions}.
 *
 * {@snippet file="toro/testing/SnippetsTest.java" region="assertions"}
 */
public final class ToroAssertions extends Assertions {
  private ToroAssertions() {}

  /**
   * Assertions about a wait.
   *
   * @param wait what a wait-method has returned, or another future
   * @param <T> the type of what is granted
   * @return the assertions
   */
  public static <T> WaitAssert<T> assertThat(CompletableFuture<T> wait) {
    return new WaitAssert<>(wait);
  }
}
