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
  private final Map<LiveKey, Key> live = new HashMap<>();

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

  /** A live key. */
  private static final class Key {
    final Keys<?> keys;
    final Permits permits;
    @Nullable LiveKey name; // null when it is live no more: who still knows this keeps nothing
    int entering; // calls of acquire that are under way

    Key(Keys<?> keys, LiveKey name) {
      this.keys = keys;
      this.name = name;
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
        keys.live.remove(name);
        name = null;
      }
    }

    @Override
    public String toString() {
      return Names.text(keys.lock, "key=" + name + " " + keys.state.apply(permits));
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
    requireNonNull(key, "key");
    LiveKey name = loop.asCallback(() -> new LiveKey(key));
    Key known = find(name);
    if (known != null) {
      return known;
    }
    name.enter();
    Key added = new Key(this, name);
    live.put(name, added);
    return added;
  }

  private @Nullable Key find(LiveKey name) {
    return loop.asCallback(() -> live.get(name));
  }

  /** The permits of a key, if it is live. */
  @Nullable Permits find(K key) {
    requireNonNull(key, "key");
    Key known = find(loop.asCallback(() -> new LiveKey(key)));
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
