package toro;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Random programs on an {@link AsyncResult} and on its model. */
class AsyncResultModelTest {

  private static final class Failure extends RuntimeException {
    @Override
    public String toString() {
      return "Failure";
    }
  }

  private record Real(AsyncResult<Integer> result) implements RealWorld.Primitive {
    @Override
    public CompletableFuture<?> begin(String method, int item, RealWorld.Call call) {
      return call.with(result::get, result::get, result::get);
    }

    @Override
    public Object act(String action, int value) {
      switch (action) {
        case "set" -> result.set(value);
        case "setException" -> result.setException(new Failure());
        default -> {
          return result.getNow();
        }
      }
      return "done";
    }

    @Override
    public String state() {
      return result + " " + result.isReady();
    }
  }

  /** What it was set to, and a line of those who came before. */
  private static final class Model extends ModelWorld.Model {
    private final List<ModelWorld.Place> waiters = new ArrayList<>();
    private String outcome;

    @Override
    Object begin(String method, int item, ModelWorld.Place wait) {
      return outcome == null ? waiters : outcome;
    }

    @Override
    Object act(String action, int value) {
      if (action.equals("getNow")) {
        if (outcome == null) {
          throw new NotReadyException("");
        }
        return outcome;
      }
      if (outcome != null) {
        throw new AlreadySetException("");
      }
      outcome = action.equals("set") ? String.valueOf(value) : "Failure";
      grantAll(waiters, outcome);
      return "done";
    }

    @Override
    String state() {
      return "AsyncResult["
          + (outcome == null
              ? "unset" + count("waiters", waiters)
              : (outcome.equals("Failure") ? "exception=" : "value=") + outcome)
          + "] "
          + (outcome != null);
    }
  }

  @Test
  void theAsyncResultDoesWhatItsModelDoes() {
    ModelCheck.of("AsyncResult", loop -> new Real(new AsyncResult<>(loop)), Model::new)
        .waits("get")
        .calls("set", "setException", "getNow", "getNow", "getNow", "getNow");
  }
}
