package toro;

import static java.util.Objects.requireNonNull;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The names that things were given. They are kept here, weakly, and not in the things: most have
 * none, and shall have no field for it.
 */
final class Names {
  private static final Map<Thing, String> NAMES = new ConcurrentHashMap<>();
  private static final ReferenceQueue<Object> GARBAGE = new ReferenceQueue<>();

  private Names() {}

  /**
   * A thing by its identity: its own {@code equals} and {@code hashCode} are foreign code, and of
   * two equal things each has its own name.
   */
  private static final class Thing extends WeakReference<Object> {
    private final int hash;

    Thing(Object thing) {
      super(thing, GARBAGE);
      this.hash = System.identityHashCode(thing);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      Object referent = get();
      return this == other
          || (referent != null && other instanceof Thing thing && thing.refersTo(referent));
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  static void put(Object thing, String name) {
    NAMES.put(new Thing(requireNonNull(thing, "primitive")), requireNonNull(name, "name"));
    for (Reference<?> garbage; (garbage = GARBAGE.poll()) != null; ) {
      NAMES.remove(garbage);
    }
  }

  static @Nullable String of(Object thing) {
    return NAMES.isEmpty() ? null : NAMES.get(new Thing(thing));
  }

  /** What {@code toString} says: {@code Lock[locked]}, with a name {@code Lock["jobs" locked]}. */
  static String text(Object thing, String state) {
    String name = quoted(of(thing));
    String space = name.isEmpty() || state.isEmpty() ? "" : " ";
    return thing.getClass().getSimpleName() + "[" + name + space + state + "]";
  }

  /** A name between quotation marks, in one line; nothing if there is none. */
  static String quoted(@Nullable String name) {
    return name == null ? "" : "\"" + Text.line(name) + "\"";
  }
}
