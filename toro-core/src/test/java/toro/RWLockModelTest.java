package toro;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random programs on an {@link RWLock} and on its model. */
class RWLockModelTest {

  private record Real(RWLock lock) implements RealWorld.Primitive {
    @Override
    public CompletableFuture<?> begin(String method, int item, RealWorld.Call call) {
      return method.equals("acquireRead")
          ? call.with(lock::acquireRead, lock::acquireRead, lock::acquireRead)
          : call.with(lock::acquireWrite, lock::acquireWrite, lock::acquireWrite);
    }

    @Override
    public Object act(String action, int value) {
      if (action.equals("releaseRead")) {
        lock.releaseRead();
      } else {
        lock.releaseWrite();
      }
      return "done";
    }

    @Override
    public String state() {
      return lock + " " + lock.isLocked();
    }
  }

  /** Some readers or one writer, and one line of both. */
  static final class Model extends ModelWorld.Model {
    private final List<ModelWorld.Place> acquirers = new ArrayList<>();
    private final int maxReaders;
    private int readers;
    private ModelWorld.Place writer;

    Model(int maxReaders) {
      this.maxReaders = maxReaders;
    }

    @Override
    Object begin(String method, int item, ModelWorld.Place wait) {
      wait.alone = method.equals("acquireWrite");
      admit(); // who comes in the middle of a release comes after those whom it lets in
      if (first(acquirers) != null || !fits(wait)) {
        return acquirers;
      }
      enter(wait);
      return "lease";
    }

    private boolean fits(ModelWorld.Place wait) {
      return writer == null && (wait.alone ? readers == 0 : readers < maxReaders);
    }

    private void enter(ModelWorld.Place wait) {
      if (wait.alone) {
        writer = wait;
      } else {
        readers++;
      }
    }

    @Override
    Object act(String action, int value) {
      if (action.equals("releaseRead") ? readers == 0 : writer == null) {
        throw new IllegalStateException();
      }
      readers = Math.max(0, readers - 1);
      writer = null;
      admit();
      return "done";
    }

    @Override
    void close(ModelWorld.Place lease) {
      boolean held = lease.alone ? writer == lease : writer == null && !lease.gaveBack;
      lease.gaveBack = true; // whom it lets in may close it again
      if (held) {
        readers = Math.max(0, readers - 1);
        writer = null;
        admit();
      }
    }

    @Override
    void departed() {
      admit();
    }

    @Override
    boolean isIdle() {
      return writer == null && readers == 0 && first(acquirers) == null;
    }

    private void admit() {
      for (ModelWorld.Place next; (next = first(acquirers)) != null && fits(next); ) {
        enter(next);
        world.grant(next, "lease");
      }
    }

    @Override
    String state() {
      return "RWLock["
          + (writer != null ? "writer" : readers > 0 ? "readers=" + readers : "unlocked")
          + count("waiters", acquirers)
          + "] "
          + (writer != null || readers == maxReaders);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theRWLockDoesWhatItsModelDoes(int maxReaders) {
    ModelCheck.of(
            "RWLock(" + maxReaders + ")",
            loop -> new Real(new RWLock(loop, maxReaders)),
            () -> new Model(maxReaders))
        .waits("acquireRead", "acquireRead", "acquireWrite")
        .calls("releaseRead", "releaseWrite");
  }
}
