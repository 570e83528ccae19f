package toro;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Random programs on a {@link Semaphore} and a {@link BoundedSemaphore}, and on their model. */
class SemaphoreModelTest {

  private record Real(Semaphore semaphore) implements RealWorld.Primitive {
    @Override
    public CompletableFuture<?> begin(String method, int item, RealWorld.Call call) {
      int count = 2 + item % 3;
      return switch (method) {
        case "acquire" -> call.with(semaphore::acquire, semaphore::acquire, semaphore::acquire);
        case "acquireSome" ->
            orRefused(
                () ->
                    call.with(
                        () -> semaphore.acquire(count),
                        timeout -> semaphore.acquire(count, timeout),
                        deadline -> semaphore.acquire(count, deadline)));
        default ->
            call.with(semaphore::whenUnlocked, semaphore::whenUnlocked, semaphore::whenUnlocked);
      };
    }

    /** What is refused at once is to the program a wait that fails at once. */
    private static CompletableFuture<?> orRefused(Supplier<CompletableFuture<?>> call) {
      try {
        return call.get();
      } catch (IllegalArgumentException refused) {
        return CompletableFuture.failedFuture(refused);
      }
    }

    @Override
    public Object act(String action, int value) {
      switch (action) {
        case "release" -> semaphore.release();
        case "releaseSome" -> semaphore.release(value);
        default -> semaphore.resize(value);
      }
      return "done";
    }

    @Override
    public String state() {
      return semaphore
          + " "
          + semaphore.availablePermits()
          + " of "
          + semaphore.totalPermits()
          + " "
          + semaphore.isLocked();
    }
  }

  /** A counter of those that are free, and the line of those who want some. */
  private static final class Model extends ModelWorld.Model {
    private static final String REFUSED = "IllegalArgumentException";

    private final List<ModelWorld.Place> acquirers = new ArrayList<>();
    private final List<ModelWorld.Place> unlockWaiters = new ArrayList<>();
    private final boolean bounded;
    private int total;
    private int counter;

    Model(int total, boolean bounded) {
      this.total = total;
      this.counter = total;
      this.bounded = bounded;
    }

    @Override
    Object begin(String method, int item, ModelWorld.Place wait) {
      wait.count =
          switch (method) {
            case "acquire" -> 1;
            case "acquireSome" -> 2 + item % 3;
            default -> 0;
          };
      admit(); // who comes in the middle of a release comes after those whom it serves
      if (method.equals("whenUnlocked")) {
        return isLocked() ? unlockWaiters : "null";
      }
      if (first(acquirers) != null || wait.count > counter) {
        return isRefused(wait) ? REFUSED : acquirers;
      }
      counter -= wait.count;
      return "lease";
    }

    private boolean isRefused(ModelWorld.Place wait) {
      return bounded && total > 0 && wait.count > total;
    }

    private boolean isLocked() {
      return counter <= 0 || first(acquirers) != null;
    }

    @Override
    Object act(String action, int value) {
      switch (action) {
        case "release" -> release(1);
        case "releaseSome" -> release(value);
        default -> resize(value);
      }
      return "done";
    }

    private void release(int count) {
      if (count == 0) {
        throw new IllegalArgumentException();
      }
      if (bounded && counter + count > total) {
        throw new IllegalStateException();
      }
      add(count);
    }

    private void resize(int newTotal) {
      int change = newTotal - total;
      total = newTotal;
      counter += change;
      List<ModelWorld.Place> refused =
          List.copyOf(acquirers).stream().filter(this::isRefused).filter(world::takeOut).toList();
      settle();
      refused.forEach(wait -> world.complete(wait, REFUSED));
    }

    @Override
    void close(ModelWorld.Place lease) {
      if (!lease.gaveBack) {
        lease.gaveBack = true;
        add(bounded ? Math.min(lease.count, total - counter) : lease.count);
      }
    }

    @Override
    void departed(ModelWorld.Place wait) {
      if (wait.count > 0) {
        settle();
      }
    }

    private void add(int count) {
      counter += count;
      settle();
    }

    private void settle() {
      admit();
      if (!isLocked()) {
        grantAll(unlockWaiters, "null");
      }
    }

    private void admit() {
      for (ModelWorld.Place next; (next = first(acquirers)) != null && next.count <= counter; ) {
        counter -= next.count;
        world.grant(next, "lease");
      }
    }

    @Override
    String state() {
      int waiters = acquirers.size() + unlockWaiters.size();
      return (bounded ? "BoundedSemaphore" : "Semaphore")
          + "[counter="
          + counter
          + (waiters == 0 ? "" : " waiters[" + waiters + "]")
          + "] "
          + counter
          + " of "
          + total
          + " "
          + isLocked();
    }
  }

  private static void check(String name, Function<IOLoop, Semaphore> real, Supplier<Model> model) {
    ModelCheck.of(name, loop -> new Real(real.apply(loop)), model::get)
        .waits("acquire", "acquire", "acquire", "whenUnlocked")
        .calls("release");
    ModelCheck.of(name + " of several", loop -> new Real(real.apply(loop)), model::get)
        .waits("acquire", "acquire", "acquireSome", "acquireSome", "whenUnlocked")
        .calls("release", "releaseSome");
    ModelCheck.of(name + " resized", loop -> new Real(real.apply(loop)), model::get)
        .waits("acquire", "acquire", "acquireSome", "acquireSome", "whenUnlocked")
        .calls("release", "releaseSome", "resize");
  }

  @Test
  void theSemaphoreDoesWhatItsModelDoes() {
    check("Semaphore(1)", loop -> new Semaphore(loop, 1), () -> new Model(1, false));
  }

  @Test
  void theBoundedSemaphoreDoesWhatItsModelDoes() {
    check("BoundedSemaphore(2)", loop -> new BoundedSemaphore(loop, 2), () -> new Model(2, true));
    check("BoundedSemaphore(4)", loop -> new BoundedSemaphore(loop, 4), () -> new Model(4, true));
  }
}
