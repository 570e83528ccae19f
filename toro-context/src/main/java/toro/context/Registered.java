package toro.context;

import io.micrometer.context.ThreadLocalAccessor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Micrometer's library has an accessor for. */
record Registered<V>(ThreadLocalAccessor<V> accessor) implements Accessor {
  /**
   * What the thread has had.
   *
   * @param before the value; null: none
   * @param changed was another one set?
   */
  private record Entered(@Nullable Object before, boolean changed) {
    static final Entered NONE = new Entered(null, false);
  }

  @Override
  public @Nullable V get() {
    V value = accessor.getValue();
    // The MDC of some libraries is an empty map where there is none.
    return value instanceof Map<?, ?> map && map.isEmpty() ? null : value;
  }

  @Override
  @SuppressWarnings("unchecked") // the value comes from get()
  public Object enter(@Nullable Object value) {
    V before = get();
    if (value == null && before == null) {
      return Entered.NONE;
    }
    if (value == null) {
      accessor.setValue();
    } else if (value != before) {
      accessor.setValue((V) value);
    }
    return new Entered(before, value != before);
  }

  @Override
  @SuppressWarnings("unchecked") // as above
  public @Nullable V leave(@Nullable Object entered) {
    V now = get();
    V before = entered instanceof Entered had ? (V) had.before : null;
    boolean changed = entered instanceof Entered had && had.changed;
    if (changed || now != before) {
      if (before == null) {
        accessor.restore();
      } else {
        accessor.restore(before);
      }
    }
    return now;
  }
}
