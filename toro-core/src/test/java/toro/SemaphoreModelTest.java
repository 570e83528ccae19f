package toro;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Random programs on a {@link Semaphore} and a {@link BoundedSemaphore}, and on their model. */
class SemaphoreModelTest {

  private record Real(Semaphore semaphore) implements RealWorld.Primitive {
    @Override
    public CompletableFuture<?> begin(String method, int item, RealWorld.Call call) {
      return method.equals("acquire")
          ? call.with(semaphore::acquire, semaphore::acquire, semaphore::acquire)
          : call.with(semaphore::whenUnlocked, semaphore::whenUnlocked, semaphore::whenUnlocked);
    }

    @Override
    public Object act(String action, int value) {
      semaphore.release();
      return "done";
    }

    @Override
    public String state() {
      return semaphore + " " + semaphore.availablePermits() + " " + semaphore.isLocked();
    }
  }

  /** A counter between zero and a bound. */
  private static final class Model extends ModelWorld.Model {
    private final List<ModelWorld.Place> acquirers = new ArrayList<>();
    private final List<ModelWorld.Place> unlockWaiters = new ArrayList<>();
    private final int bound;
    private int counter;

    Model(int counter, int bound) {
      this.counter = counter;
      this.bound = bound;
    }

    @Override
    Object begin(String method, int item, ModelWorld.Place wait) {
      if (method.equals("whenUnlocked")) {
        return counter > 0 ? "null" : unlockWaiters;
      }
      if (counter == 0) {
        return acquirers;
      }
      counter--;
      return "lease";
    }

    @Override
    Object act(String action, int value) {
      if (counter == bound) {
        throw new IllegalStateException();
      }
      add();
      return "done";
    }

    @Override
    void close(ModelWorld.Place lease) {
      if (!lease.gaveBack && counter < bound) {
        lease.gaveBack = true;
        add();
      }
      lease.gaveBack = true;
    }

    private void add() {
      ModelWorld.Place next = first(acquirers);
      if (next == null) {
        counter++;
        grantAll(unlockWaiters, "null");
      } else {
        world.grant(next, "lease");
      }
    }

    @Override
    String state() {
      int waiters = acquirers.size() + unlockWaiters.size();
      return (bound == Integer.MAX_VALUE ? "Semaphore" : "BoundedSemaphore")
          + "[counter="
          + counter
          + (waiters == 0 ? "" : " waiters[" + waiters + "]")
          + "] "
          + counter
          + " "
          + (counter == 0);
    }
  }

  @Test
  void theSemaphoreDoesWhatItsModelDoes() {
    ModelCheck.of(
            "Semaphore(1)",
            loop -> new Real(new Semaphore(loop, 1)),
            () -> new Model(1, Integer.MAX_VALUE))
        .waits("acquire", "acquire", "acquire", "whenUnlocked")
        .calls("release");
  }

  @Test
  void theBoundedSemaphoreDoesWhatItsModelDoes() {
    ModelCheck.of(
            "BoundedSemaphore(2)",
            loop -> new Real(new BoundedSemaphore(loop, 2)),
            () -> new Model(2, 2))
        .waits("acquire", "acquire", "acquire", "whenUnlocked")
        .calls("release");
  }
}
