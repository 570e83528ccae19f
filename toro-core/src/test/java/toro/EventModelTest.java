package toro;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Random programs on an {@link Event} and on its model. */
class EventModelTest {

  private record Real(Event event) implements RealWorld.Primitive {
    @Override
    public CompletableFuture<?> begin(String method, int item, RealWorld.Call call) {
      return call.with(event::whenSet, event::whenSet, event::whenSet);
    }

    @Override
    public Object act(String action, int value) {
      if (action.equals("set")) {
        event.set();
      } else {
        event.clear();
      }
      return "done";
    }

    @Override
    public String state() {
      return event + " " + event.isSet();
    }
  }

  /** A flag, and a line of those for whom it was clear. */
  private static final class Model extends ModelWorld.Model {
    private final List<ModelWorld.Place> waiters = new ArrayList<>();
    private boolean set;

    @Override
    Object begin(String method, int item, ModelWorld.Place wait) {
      return set ? "null" : waiters;
    }

    @Override
    Object act(String action, int value) {
      set = action.equals("set");
      if (set) {
        grantAll(waiters, "null");
      }
      return "done";
    }

    @Override
    String state() {
      return "Event[" + (set ? "set" : "clear") + count("waiters", waiters) + "] " + set;
    }
  }

  @Test
  void theEventDoesWhatItsModelDoes() {
    ModelCheck.of("Event", loop -> new Real(new Event(loop)), Model::new)
        .waits("whenSet")
        .calls("set", "clear", "clear");
  }
}
