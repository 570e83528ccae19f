package toro.context;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * The observation of Micrometer, as the scope that is open. Micrometer's own accessor opens and
 * closes a scope each time, in pairs; a coroutine that suspends within a scope of its own, while
 * others open theirs, would break the pairs.
 */
final class ObservationAccessor implements Accessor {
  /** The key of Micrometer's own accessor. */
  static final Object KEY = ObservationThreadLocalAccessor.KEY;

  // All registries keep the scope in one thread-local.
  private final ObservationRegistry registry = ObservationRegistry.create();

  @Override
  public @Nullable Object get() {
    return registry.getCurrentObservationScope();
  }

  @Override
  public @Nullable Object enter(@Nullable Object value) {
    Object before = get();
    if (before != value) {
      registry.setCurrentObservationScope((Observation.Scope) value);
    }
    return before;
  }

  @Override
  public @Nullable Object leave(@Nullable Object entered) {
    return enter(entered);
  }
}
