package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.EnabledIf;

/** Which engine a loop has. */
class EngineTest {

  @AfterEach
  void forceNone() {
    System.clearProperty(Engine.PROPERTY);
  }

  @Test
  void theVirtualThreadsCanBeForced() {
    System.setProperty("toro.engine", "virtual-threads");
    assertThat(new IOLoop()).hasToString("IOLoop[idle engine=virtual-threads]");
  }

  @Test
  @EnabledIf("toro.TestLoop#isFast")
  void theContinuationsCanBeForced() {
    System.setProperty("toro.engine", "continuations");
    assertThat(new IOLoop()).hasToString("IOLoop[idle engine=continuations]");
  }

  @Test
  @DisabledIf("toro.TestLoop#isFast")
  void continuationsThatTheJvmDoesNotAllowAreRefused() {
    System.setProperty("toro.engine", "continuations");
    assertThatThrownBy(IOLoop::new)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "-Dtoro.engine=continuations needs --add-exports java.base/jdk.internal.vm=toro"
                + " (=ALL-UNNAMED on the class path)");
  }

  @Test
  void anUnknownEngineIsRefused() {
    System.setProperty("toro.engine", "steam");
    assertThatThrownBy(IOLoop::new)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("-Dtoro.engine=steam: choose virtual-threads or continuations");
  }

  @Test
  void theFirstLoopSaysHowToGetTheOtherEngine() {
    IOLoop loop = new IOLoop();
    assertThat(Engine.FirstUse.message(new VirtualThreadEngine(loop)))
        .isEqualTo(
            "coroutines run on virtual-threads; for continuations, which switch several times as"
                + " fast: java "
                + (TestLoop.isFast()
                    ? "-Dtoro.engine=continuations"
                    : "--add-exports java.base/jdk.internal.vm=toro (=ALL-UNNAMED on the class path)"));
    assertThat(Engine.FirstUse.message(new ContinuationEngine(loop)))
        .isEqualTo(
            "coroutines run on continuations; for virtual-threads: java -Dtoro.engine=virtual-threads");
  }
}
