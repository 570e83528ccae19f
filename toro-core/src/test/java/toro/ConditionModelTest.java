package toro;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Random programs on a {@link Condition} and on its model. */
class ConditionModelTest {

  private record Real(Condition condition) implements RealWorld.Primitive {
    @Override
    public CompletableFuture<?> begin(String method, int item, RealWorld.Call call) {
      return call.with(
          condition::whenSignalled, condition::whenSignalled, condition::whenSignalled);
    }

    @Override
    public Object act(String action, int value) {
      switch (action) {
        case "signal" -> condition.signal();
        case "signal n" -> condition.signal(value);
        default -> condition.signalAll();
      }
      return "done";
    }

    @Override
    public String state() {
      return condition.toString();
    }
  }

  /** Nothing but a line. */
  private static final class Model extends ModelWorld.Model {
    private final List<ModelWorld.Place> waiters = new ArrayList<>();

    @Override
    Object begin(String method, int item, ModelWorld.Place wait) {
      return waiters;
    }

    @Override
    Object act(String action, int value) {
      switch (action) {
        case "signal" -> grant(waiters, 1, "null");
        case "signal n" -> grant(waiters, value, "null");
        default -> grantAll(waiters, "null");
      }
      return "done";
    }

    @Override
    String state() {
      return "Condition[" + count("waiters", waiters).strip() + "]";
    }
  }

  @Test
  void theConditionDoesWhatItsModelDoes() {
    ModelCheck.of("Condition", loop -> new Real(new Condition(loop)), Model::new)
        .waits("whenSignalled")
        .calls("signal", "signal", "signal n", "signalAll");
  }
}
