package toro.context;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import toro.spi.ThreadContext;

/**
 * All that follows a coroutine: what is registered, and what needs no registration if it is there.
 */
final class Accessors implements ThreadContext {
  private static final System.Logger LOGGER = System.getLogger(ContextPropagation.class.getName());

  private final ContextRegistry registry;
  private volatile All all;
  private final Set<Class<?>> failed = ConcurrentHashMap.newKeySet(); // and logged

  /**
   * The accessors as of some moment.
   *
   * @param registered those of the registry
   * @param accessors all, those that are not registered last
   * @param keys of the accessors
   */
  private record All(
      List<ThreadLocalAccessor<?>> registered, List<Accessor> accessors, List<Object> keys) {
    Values noValues() {
      return new Values(this, new Object[accessors.size()]);
    }
  }

  /** What a thread has, or has had. */
  private static final class Values {
    final All of;
    final @Nullable Object[] values; // one for each accessor: what the accessor has returned

    Values(All of, @Nullable Object[] values) {
      this.of = of;
      this.values = values;
    }

    /** The value for an accessor: also where others were there when it was captured. */
    @Nullable Object value(All now, int index) {
      if (of == now) {
        return values[index];
      }
      int then = of.keys.indexOf(now.keys.get(index));
      return then < 0 ? null : values[then];
    }
  }

  Accessors(ContextRegistry registry) {
    this.registry = registry;
    this.all = gather();
  }

  private All gather() {
    List<ThreadLocalAccessor<?>> registered = List.copyOf(registry.getThreadLocalAccessors());
    List<Accessor> accessors = new ArrayList<>();
    List<Object> keys = new ArrayList<>();
    for (ThreadLocalAccessor<?> each : registered) {
      keys.add(each.key());
      accessors.add(isOfObservations(each) ? new ObservationAccessor() : new Registered<>(each));
    }
    addIfThere(
        keys,
        accessors,
        Slf4jThreadLocalAccessor.KEY,
        () -> new Registered<>(new Slf4jThreadLocalAccessor()));
    // Last: what handlers of an observation do to it is undone.
    addIfThere(keys, accessors, "io.opentelemetry", OpenTelemetryAccessor::new);
    return new All(registered, List.copyOf(accessors), List.copyOf(keys));
  }

  private static boolean isOfObservations(ThreadLocalAccessor<?> accessor) {
    return accessor
        .getClass()
        .getName()
        .equals("io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor");
  }

  private static void addIfThere(
      List<Object> keys, List<Accessor> accessors, Object key, Supplier<Accessor> maker) {
    if (!keys.contains(key)) {
      try {
        Accessor accessor = maker.get();
        accessor.get();
        keys.add(key);
        accessors.add(accessor);
      } catch (LinkageError absent) {
        // the library is not there
      }
    }
  }

  private All all() {
    All known = all;
    if (!known.registered.equals(registry.getThreadLocalAccessors())) {
      known = gather();
      all = known;
    }
    return known;
  }

  @Override
  public Object capture() {
    Values captured = all().noValues();
    for (int i = 0; i < captured.values.length; i++) {
      Accessor accessor = captured.of.accessors.get(i);
      try {
        captured.values[i] = accessor.get();
      } catch (Throwable failure) {
        failed(accessor, failure);
      }
    }
    return captured;
  }

  @Override
  public Object none() {
    return all().noValues();
  }

  @Override
  public Object enter(Object captured) {
    Values given = (Values) captured;
    Values entered = all().noValues();
    for (int i = 0; i < entered.values.length; i++) {
      Accessor accessor = entered.of.accessors.get(i);
      try {
        entered.values[i] = accessor.enter(given.value(entered.of, i));
      } catch (Throwable failure) {
        failed(accessor, failure);
      }
    }
    return entered;
  }

  /** Undoes what was entered, the last one first. */
  @Override
  public Object leave(Object outer) {
    Values entered = (Values) outer;
    Values left = entered.of.noValues();
    for (int i = left.values.length - 1; i >= 0; i--) {
      Accessor accessor = entered.of.accessors.get(i);
      try {
        left.values[i] = accessor.leave(entered.values[i]);
      } catch (Throwable failure) {
        failed(accessor, failure);
      }
    }
    return left;
  }

  private void failed(Accessor accessor, Throwable failure) {
    Object culprit = accessor instanceof Registered<?> one ? one.accessor() : accessor;
    if (failed.add(culprit.getClass())) {
      LOGGER.log(
          System.Logger.Level.WARNING, "failed, and is not logged again: " + culprit, failure);
    }
  }

  /** For example {@code Accessors[micrometer.observation, cp.slf4j, io.opentelemetry]}. */
  @Override
  public String toString() {
    return "Accessors" + all().keys;
  }
}
