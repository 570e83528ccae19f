package toro;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The keys that somebody holds or waits for, each with permits of its own: the mechanism under
 * {@link KeyedLock} and {@link KeyedRWLock}. Of all other keys there is nothing.
 *
 * <p>A key's own {@code hashCode} and {@code equals} are only called to look it up, before anything
 * is changed. It leaves by identity, so a key that throws, or that was changed meanwhile, leaves
 * like any other.
 *
 * @param <K> the type of the keys
 */
final class Keys<K> {
  private final IOLoop loop;
  private final Object lock;
  private final int permitsOfKey;
  private final Function<Permits, String> state;

  // Invariant: between two calls a key is in here iff somebody holds it or waits for it.
  private final Map<Object, Key> live = new HashMap<>();

  /**
   * @param lock the primitive, for messages
   * @param permitsOfKey how many permits each key has
   * @param state says what is so with a key
   */
  Keys(IOLoop loop, Object lock, int permitsOfKey, Function<Permits, String> state) {
    this.loop = requireNonNull(loop, "loop");
    this.lock = lock;
    this.permitsOfKey = permitsOfKey;
    this.state = state;
  }

  /** A live key: equal to itself alone. */
  private static final class Key {
    final Keys<?> keys;
    final int hash;
    final Permits permits;
    @Nullable Object key; // null when it is live no more: who still knows this keeps nothing
    int entering; // calls of acquire that are under way

    Key(Keys<?> keys, Object key, int hash) {
      this.keys = keys;
      this.key = key;
      this.hash = hash;
      this.permits =
          new Permits(keys.loop, this, keys.permitsOfKey, true) {
            @Override
            void check() {
              keys.loop.check(keys.lock);
            }

            @Override
            void idle() {
              dropIfUnused();
            }
          };
    }

    void dropIfUnused() {
      if (entering == 0 && permits.isIdle()) {
        keys.live.remove(this);
        key = null;
      }
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public String toString() {
      return Names.text(keys.lock, "key=" + Text.brief(key) + " " + keys.state.apply(permits));
    }
  }

  /** What finds a live key: equal to the one whose key is equal. */
  private record Sought(Object key, int hash) {
    Sought(Object key) {
      this(key, key.hashCode());
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key live && key.equals(live.key);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** Acquires so many permits of a key. */
  CompletableFuture<Lease> acquire(K key, int count, boolean alone, Deadline deadline) {
    loop.check(lock);
    requireNonNull(deadline, "deadline");
    Key entered = enter(key);
    entered.entering++;
    try {
      return entered.permits.acquire(count, alone, deadline);
    } finally {
      entered.entering--;
      entered.dropIfUnused();
    }
  }

  private Key enter(K key) {
    Sought sought = new Sought(requireNonNull(key, "key"));
    Key known = live.get(sought);
    if (known != null) {
      return known;
    }
    Key added = new Key(this, key, sought.hash);
    live.put(added, added);
    return added;
  }

  /** The permits of a key, if it is live. */
  @Nullable Permits find(K key) {
    Key known = live.get(new Sought(requireNonNull(key, "key")));
    return known == null ? null : known.permits;
  }

  /** How many are live. */
  int size() {
    return live.size();
  }

  @Override
  public String toString() {
    int waiting = 0;
    try {
      for (Key key : live.values()) {
        waiting += key.permits.waiting();
      }
    } catch (RuntimeException changedMeanwhile) {
      // read by another thread than the loop's: some are not counted
    }
    String text =
        (live.isEmpty() ? "" : "keys=" + live.size())
            + (waiting == 0 ? "" : " waiters[" + waiting + "]");
    return Names.text(lock, text);
  }
}
