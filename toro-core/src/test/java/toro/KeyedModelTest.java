package toro;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Random programs on a {@link KeyedLock} and a {@link KeyedRWLock}: each key should do what a lock
 * does that is made when somebody comes, and thrown away when nobody is there.
 */
class KeyedModelTest {
  private static final int KEYS = 3;

  private record RealLock(KeyedLock<Integer> lock) implements RealWorld.Primitive {
    @Override
    public CompletableFuture<?> begin(String method, int item, RealWorld.Call call) {
      int key = item % KEYS;
      return call.with(
          () -> lock.acquire(key),
          timeout -> lock.acquire(key, timeout),
          deadline -> lock.acquire(key, deadline));
    }

    @Override
    public Object act(String action, int value) {
      lock.release(value % KEYS);
      return "done";
    }

    @Override
    public String state() {
      String locked = "";
      for (int key = 0; key < KEYS; key++) {
        locked += " " + lock.isLocked(key);
      }
      return lock + " " + lock.size() + locked;
    }
  }

  private record RealRWLock(KeyedRWLock<Integer> lock) implements RealWorld.Primitive {
    @Override
    public CompletableFuture<?> begin(String method, int item, RealWorld.Call call) {
      int key = item % KEYS;
      return method.equals("acquireRead")
          ? call.with(
              () -> lock.acquireRead(key),
              timeout -> lock.acquireRead(key, timeout),
              deadline -> lock.acquireRead(key, deadline))
          : call.with(
              () -> lock.acquireWrite(key),
              timeout -> lock.acquireWrite(key, timeout),
              deadline -> lock.acquireWrite(key, deadline));
    }

    @Override
    public Object act(String action, int value) {
      if (action.equals("releaseRead")) {
        lock.releaseRead(value % KEYS);
      } else {
        lock.releaseWrite(value % KEYS);
      }
      return "done";
    }

    @Override
    public String state() {
      String locked = "";
      for (int key = 0; key < KEYS; key++) {
        locked += " " + lock.isLocked(key);
      }
      return lock + " " + lock.size() + locked;
    }
  }

  /** The models of the keys that are in use. */
  private static final class Model extends ModelWorld.Model {
    private static final Pattern WAITERS = Pattern.compile("waiters\\[(\\d+)]");

    private final String name;
    private final Supplier<ModelWorld.Model> ofKey;
    private final Map<Integer, ModelWorld.Model> used = new HashMap<>();
    private final Map<ModelWorld.Model, Integer> entering = new HashMap<>();

    Model(String name, Supplier<ModelWorld.Model> ofKey) {
      this.name = name;
      this.ofKey = ofKey;
    }

    @Override
    Object begin(String method, int item, ModelWorld.Place wait) {
      ModelWorld.Model lock = used.computeIfAbsent(item % KEYS, key -> ofKey.get());
      lock.world = world;
      wait.item = lock;
      entering.merge(lock, 1, Integer::sum);
      Object result = lock.begin(method, item, wait);
      entering.merge(lock, -1, Integer::sum);
      if (result instanceof String) {
        throwUnusedAway(); // if not, it is about to wait
      }
      return result;
    }

    @Override
    Object act(String action, int value) {
      ModelWorld.Model lock = used.get(value % KEYS);
      if (lock == null) {
        throw new IllegalStateException();
      }
      Object result = lock.act(action, value);
      throwUnusedAway();
      return result;
    }

    @Override
    void close(ModelWorld.Place lease) {
      ((ModelWorld.Model) lease.item).close(lease);
      throwUnusedAway();
    }

    @Override
    void departed(ModelWorld.Place wait) {
      ((ModelWorld.Model) wait.item).departed(wait);
      throwUnusedAway();
    }

    private void throwUnusedAway() {
      used.values().removeIf(lock -> lock.isIdle() && entering.getOrDefault(lock, 0) == 0);
    }

    @Override
    String state() {
      int waiting = 0;
      String locked = "";
      for (int key = 0; key < KEYS; key++) {
        ModelWorld.Model lock = used.get(key);
        String state = lock == null ? "false" : lock.state();
        Matcher waiters = WAITERS.matcher(state);
        waiting += waiters.find() ? Integer.parseInt(waiters.group(1)) : 0;
        locked += " " + state.endsWith("true");
      }
      return name
          + "["
          + (used.isEmpty() ? "" : "keys=" + used.size())
          + (waiting == 0 ? "" : " waiters[" + waiting + "]")
          + "] "
          + used.size()
          + locked;
    }
  }

  @Test
  void aKeyedLockDoesWhatALockOfEachKeyDoes() {
    ModelCheck.of(
            "KeyedLock",
            loop -> new RealLock(new KeyedLock<>(loop)),
            () -> new Model("KeyedLock", LockModelTest.Model::new))
        .waits("acquire")
        .calls("release");
  }

  @Test
  void aKeyedRWLockDoesWhatAnRWLockOfEachKeyDoes() {
    ModelCheck.of(
            "KeyedRWLock",
            loop -> new RealRWLock(new KeyedRWLock<>(loop)),
            () -> new Model("KeyedRWLock", () -> new RWLockModelTest.Model(Integer.MAX_VALUE)))
        .waits("acquireRead", "acquireRead", "acquireWrite")
        .calls("releaseRead", "releaseWrite");
  }
}
