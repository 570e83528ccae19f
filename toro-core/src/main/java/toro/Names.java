package toro;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The names that things were given. They are kept here, weakly, and not in the things: most have
 * none, and shall have no field for it.
 */
final class Names {
  private static final Map<Object, String> NAMES = Collections.synchronizedMap(new WeakHashMap<>());

  private Names() {}

  static void put(Object thing, String name) {
    NAMES.put(requireNonNull(thing, "primitive"), requireNonNull(name, "name"));
  }

  static @Nullable String of(Object thing) {
    return NAMES.get(thing);
  }

  /** What {@code toString} says: {@code Lock[locked]}, with a name {@code Lock["jobs" locked]}. */
  static String text(Object thing, String state) {
    String name = quoted(of(thing));
    String space = name.isEmpty() || state.isEmpty() ? "" : " ";
    return thing.getClass().getSimpleName() + "[" + name + space + state + "]";
  }

  /** A name between quotation marks; nothing if there is none. */
  static String quoted(@Nullable String name) {
    return name == null ? "" : "\"" + name + "\"";
  }
}
