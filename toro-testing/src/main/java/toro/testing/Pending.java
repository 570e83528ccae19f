package toro.testing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is known of things that are pending. Those that are over it forgets, at the latest when they
 * are many.
 */
final class Pending<K, V> {
  private final Map<K, V> known = new LinkedHashMap<>();
  private final Predicate<? super K> isOver;
  private int limit = 1024;

  Pending(Predicate<? super K> isOver) {
    this.isOver = isOver;
  }

  void put(K thing, V what) {
    if (known.size() == limit) {
      limit = 2 * Math.max(512, pending().size());
    }
    known.put(thing, what);
  }

  @Nullable V get(@Nullable Object thing) {
    return known.get(thing);
  }

  Map<K, V> pending() {
    known.keySet().removeIf(isOver);
    return known;
  }
}
