package toro.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.displayName;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.suppressed;
import static toro.Coroutines.*;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import toro.*;

/** What JUnit makes of {@link ToroTest}. */
class ToroTestTest {

  private static Events run(Class<?> tests) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(tests))
        .execute()
        .testEvents();
  }

  static class Good {
    private final TestLoop mine;
    private boolean prepared;
    private int runs;

    Good(TestLoop mine) {
      this.mine = mine;
    }

    @BeforeEach
    void prepare(IOLoop loop) {
      prepared = loop == mine.loop();
    }

    @ToroTest(schedules = 5)
    void itIsACoroutineWithALoopAndAnInstanceOfItsOwn(TestLoop test, IOLoop loop) {
      assertThat(test).isSameAs(mine);
      assertThat(IOLoop.current()).isSameAs(loop);
      assertThat(prepared).isTrue();
      assertThat(++runs).isEqualTo(1);
      sleep(Duration.ofDays(1));
    }

    @AfterEach
    void theLoopIsClosed(IOLoop loop) {
      assertThat(loop.toString()).startsWith("IOLoop[closed");
    }
  }

  @Test
  void eachScheduleIsATest() {
    run(Good.class).assertStatistics(tests -> tests.started(5).succeeded(5));
  }

  static class Bad {
    static int runs;

    @ToroTest(schedules = 200)
    void itFailsInSomeOrder() {
      runs++;
      var order = new StringBuilder();
      awaitAll(spawn(() -> order.append("a")), spawn(() -> order.append("b")));
      assertThat(order.toString()).isEqualTo("ab");
    }

    @ToroTest
    void itLeavesSomethingBehind() {
      await(new Lock().acquire());
    }

    @ToroTest(allow = Leak.LEASES)
    void itMayLeaveThatBehind() {
      await(new Lock().acquire());
    }
  }

  @Test
  void theFirstFailureIsTheLastRunAndSaysHowToReplayIt() {
    Bad.runs = 0;
    Events events = run(Bad.class);
    String seed = "seed " + (Bad.runs - 1);
    assertThat(Bad.runs).isLessThan(200);
    events
        .assertThatEvents()
        .haveExactly(
            1,
            event(
                test(),
                displayName(seed),
                finishedWithFailure(
                    suppressed(0, message(text -> text.contains("\"" + seed + "\""))))))
        .haveExactly(1, event(finishedWithFailure(message(text -> text.contains("never closed")))));
    events.assertStatistics(tests -> tests.failed(2).succeeded(Bad.runs));
  }

  static class Replayed {
    @ToroTest(replay = "seed 7", schedules = 100, interruptions = true)
    void aReplayTakesThePlaceOfAllOthers() {
      sleep(Duration.ofSeconds(1));
    }

    @ToroTest(interruptions = true)
    void interruptionsAreTestsOfTheirOwn(TestLoop test) {
      test.target(spawn(() -> pause())).handle((nothing, failure) -> failure);
      test.untilIdle();
    }

    @ToroTest
    void anAssumptionThatDoesNotHoldAbortsIt() {
      Assumptions.abort("not here");
    }
  }

  @Test
  void eachRunHasTheNameThatReplaysIt() {
    Events events = run(Replayed.class);
    events.assertStatistics(tests -> tests.succeeded(4).failed(0).aborted(1));
    events
        .finished()
        .assertThatEvents()
        .haveExactly(1, event(displayName("seed 7")))
        .haveExactly(1, event(displayName("fifo, cancel target 1 in await 1 a turn later")));
  }
}
