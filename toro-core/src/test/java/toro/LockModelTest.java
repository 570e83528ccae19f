package toro;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Random programs on a {@link Lock} and on its model. */
class LockModelTest {

  private record Real(Lock lock) implements RealWorld.Primitive {
    @Override
    public CompletableFuture<?> begin(String method, int item, RealWorld.Call call) {
      return call.with(lock::acquire, lock::acquire, lock::acquire);
    }

    @Override
    public Object act(String action, int value) {
      lock.release();
      return "done";
    }

    @Override
    public String state() {
      return lock + " " + lock.isLocked();
    }
  }

  /** It is held by nobody, or by one whose lease can give it back. */
  static final class Model extends ModelWorld.Model {
    private final List<ModelWorld.Place> acquirers = new ArrayList<>();
    private ModelWorld.Place holder;

    @Override
    Object begin(String method, int item, ModelWorld.Place wait) {
      if (holder != null) {
        return acquirers;
      }
      holder = wait;
      return "lease";
    }

    @Override
    Object act(String action, int value) {
      if (holder == null) {
        throw new IllegalStateException();
      }
      next();
      return "done";
    }

    @Override
    void close(ModelWorld.Place lease) {
      if (holder == lease) {
        next();
      }
    }

    @Override
    boolean isIdle() {
      return holder == null && first(acquirers) == null;
    }

    private void next() {
      holder = first(acquirers);
      if (holder != null) {
        world.grant(holder, "lease");
      }
    }

    @Override
    String state() {
      boolean locked = holder != null;
      return "Lock["
          + (locked ? "locked" : "unlocked")
          + count("waiters", acquirers)
          + "] "
          + locked;
    }
  }

  @Test
  void theLockDoesWhatItsModelDoes() {
    ModelCheck.of("Lock", loop -> new Real(new Lock(loop)), Model::new)
        .waits("acquire")
        .calls("release");
  }
}
