package toro;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Random programs on a {@link Watch} and on its model. */
class WatchModelTest {

  private record Real(Watch<Integer> watch) implements RealWorld.Primitive {
    @Override
    public CompletableFuture<?> begin(String method, int item, RealWorld.Call call) {
      int seen = method.equals("whenNotNow") ? watch.value() : item % 4;
      return call.with(
          () -> watch.whenNot(seen),
          timeout -> watch.whenNot(seen, timeout),
          deadline -> watch.whenNot(seen, deadline));
    }

    @Override
    public Object act(String action, int value) {
      watch.set(value);
      return "done";
    }

    @Override
    public String state() {
      return watch + " " + watch.value();
    }
  }

  /** A value, and those who wait until it is another one. */
  private static final class Model extends ModelWorld.Model {
    private List<ModelWorld.Place> waiters = new ArrayList<>();
    private int value;

    @Override
    Object begin(String method, int item, ModelWorld.Place wait) {
      return method.equals("whenNotNow") || item % 4 == value ? waiters : String.valueOf(value);
    }

    @Override
    Object act(String action, int value) {
      if (value != this.value) {
        this.value = value;
        List<ModelWorld.Place> told = waiters;
        waiters = new ArrayList<>();
        grantAll(told, String.valueOf(value));
      }
      return "done";
    }

    @Override
    String state() {
      return "Watch[value=" + value + count("waiters", waiters) + "] " + value;
    }
  }

  @Test
  void theWatchDoesWhatItsModelDoes() {
    ModelCheck.of("Watch", loop -> new Real(new Watch<>(loop, 0)), Model::new)
        .waits("whenNot", "whenNotNow")
        .calls("set");
  }
}
