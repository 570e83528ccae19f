package toro;

import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens the JDK to the fast engine when the JVM starts: {@code java -javaagent:toro.jar …}, with
 * the jar of this library.
 *
 * <p>It exports the package {@code jdk.internal.vm} to this library, as the option {@code
 * --add-exports} does, and changes nothing else. It is for programs whose start takes an agent more
 * easily than that option; programs do not call it.
 */
public final class Agent {
  private Agent() {}

  /**
   * Exports the package. The JVM calls this before it runs the program.
   *
   * @param arguments makes no difference
   * @param instrumentation what the JVM lets an agent do
   */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of(ContinuationEngine.PACKAGE, Set.of(Agent.class.getModule())),
        Map.of(),
        Set.of(),
        Map.of());
  }
}
