package toro;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random programs on a {@link Barrier} and on its model. */
class BarrierModelTest {

  /** What the action of a barrier does: it counts the rounds, and fails if it is told to. */
  private static final class Action implements Runnable {
    private int rounds;
    private boolean fails;

    @Override
    public void run() {
      rounds++;
      if (fails) {
        fails = false;
        throw new IllegalArgumentException("the action");
      }
    }
  }

  private static final class Real implements RealWorld.Primitive {
    private final Action action = new Action();
    private final Barrier barrier;

    Real(IOLoop loop, int parties) {
      barrier = new Barrier(loop, parties, action);
    }

    @Override
    public CompletableFuture<?> begin(String method, int item, RealWorld.Call call) {
      return call.with(barrier::arrive, barrier::arrive, barrier::arrive);
    }

    @Override
    public Object act(String action, int value) {
      switch (action) {
        case "reset" -> barrier.reset();
        case "abort" -> barrier.abort();
        default -> this.action.fails = true;
      }
      return "done";
    }

    @Override
    public String state() {
      return barrier + " " + barrier.waiting() + " " + barrier.isBroken() + " " + action.rounds;
    }
  }

  /** A line of those who have arrived in this round, and whether it is broken. */
  private static final class Model extends ModelWorld.Model {
    private static final String FAILURE = BarrierBrokenException.class.getSimpleName();

    private final int parties;
    private final Action action = new Action();
    private List<ModelWorld.Place> arrived = new ArrayList<>();
    private boolean broken;

    Model(int parties) {
      this.parties = parties;
    }

    @Override
    Object begin(String method, int item, ModelWorld.Place wait) {
      if (broken) {
        return FAILURE;
      }
      if (arrived.stream().filter(ModelWorld.Place::isLive).count() < parties - 1) {
        return arrived;
      }
      List<ModelWorld.Place> round = arrived;
      arrived = new ArrayList<>();
      try {
        action.run();
      } catch (IllegalArgumentException failure) {
        broken = true;
        fail(round);
        return "IllegalArgumentException";
      }
      int index = 0;
      for (ModelWorld.Place party; (party = first(round)) != null; ) {
        world.grant(party, String.valueOf(index++));
      }
      return String.valueOf(parties - 1);
    }

    private void fail(List<ModelWorld.Place> line) {
      world.takeAll(line).forEach(party -> world.complete(party, FAILURE));
    }

    @Override
    Object act(String action, int value) {
      switch (action) {
        case "reset" -> {
          broken = false;
          fail(arrived);
        }
        case "abort" -> {
          broken = true;
          fail(arrived);
        }
        default -> this.action.fails = true;
      }
      return "done";
    }

    @Override
    String state() {
      return "Barrier[parties="
          + parties
          + (broken ? " broken" : "")
          + count("waiters", arrived)
          + "] "
          + arrived.size()
          + " "
          + broken
          + " "
          + action.rounds;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void theBarrierDoesWhatItsModelDoes(int parties) {
    ModelCheck.of(
            "Barrier(" + parties + ")", loop -> new Real(loop, parties), () -> new Model(parties))
        .waits("arrive")
        .calls("reset", "reset", "reset", "abort", "fail");
  }
}
