package toro;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A key as the map knows it. While it is sought it is equal to one whose key is equal; once it is
 * live, to itself alone.
 *
 * <p>Clients may choose keys so that all hashes are equal; then the map makes a tree of them, for
 * which it needs an order. The order of a class that could change, or fail, would make it lose
 * other keys. So only those have one whose classes are known: the others the map compares one by
 * one.
 */
final class LiveKey implements Comparable<LiveKey> {
  private static final Set<Class<?>> ORDERED = Set.of(String.class, Long.class, UUID.class);

  private final Object key;
  private final int hash;
  private boolean isLive;

  LiveKey(Object key) {
    this.key = key;
    this.hash = key.hashCode();
  }

  /** From now on it is in the map. */
  void enter() {
    isLive = true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (!isLive && other instanceof LiveKey name && key.equals(name.key));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  private boolean isOrdered() {
    return ORDERED.contains(key.getClass());
  }

  /** Those that have an order come first; zero among the others. */
  @Override
  @SuppressWarnings("unchecked") // of the same class, which is one of those above
  public int compareTo(LiveKey other) {
    if (!isOrdered() || !other.isOrdered()) {
      return Boolean.compare(other.isOrdered(), isOrdered());
    }
    int classes = key.getClass().getName().compareTo(other.key.getClass().getName());
    return classes != 0 ? classes : ((Comparable<Object>) key).compareTo(other.key);
  }

  @Override
  public String toString() {
    return Text.brief(key);
  }
}
