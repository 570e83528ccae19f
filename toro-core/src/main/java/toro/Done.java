package toro;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A future of something that was granted at once, which has it in a field as well. A plain future
 * asks for the class of its value, through which the JIT does not see; through this one it does: of
 * {@code await(lock.acquire())} it removes future and lease.
 */
final class Done<T extends @Nullable Object> extends CompletableFuture<T> {
  private final T value;
  private boolean obtruded;

  Done(T value) {
    this.value = value;
    super.obtrudeValue(value);
  }

  /** Is the value still what this was made with? */
  boolean isIntact() {
    return !obtruded;
  }

  T value() {
    return value;
  }

  /** {@inheritDoc} */
  @Override
  public void obtrudeValue(T other) {
    obtruded = true;
    super.obtrudeValue(other);
  }

  /** {@inheritDoc} */
  @Override
  public void obtrudeException(Throwable failure) {
    super.obtrudeException(failure); // refuses null
    obtruded = true;
  }
}
