package toro;

import org.jspecify.annotations.Nullable;

/**
 * A {@link Barrier} was reset or broken while this party waited at it, or is broken since. The
 * cause is what the action of the barrier threw, if that has broken it.
 *
 * <p>It is unchecked, so that it can be caught around an {@code await}, which declares no checked
 * exception; it is the JDK's {@link java.util.concurrent.BrokenBarrierException} otherwise.
 */
public final class BarrierBrokenException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  BarrierBrokenException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
