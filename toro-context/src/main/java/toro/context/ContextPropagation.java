package toro.context;

import io.micrometer.context.ContextRegistry;
import toro.IOLoop;
import toro.spi.ThreadContext;

/**
 * Lets what logging and tracing libraries keep in thread-locals follow a coroutine: the MDC of
 * SLF4J, the context of OpenTelemetry, the observation of Micrometer, the security context of
 * Spring, and everything else for which a {@link io.micrometer.context.ThreadLocalAccessor} is
 * registered with {@link ContextRegistry#getInstance()}.
 *
 * {@snippet file="toro/context/ContextPropagationSnippetsTest.java" region="install"}
 *
 * {@snippet file="toro/context/ContextPropagationSnippetsTest.java" region="handle"}
 *
 * <p><b>What follows.</b> A coroutine begins with what the code has that spawns it, a callback with
 * what the code has that hands it over or attaches it, also when that is on another thread. What
 * the coroutine changes is its own: it finds that again after each {@code await}, and other
 * coroutines, callbacks, and the other tasks of the loop's thread (Netty, Vert.x, Swing) never see
 * it. This is the same on both engines.
 *
 * <p><b>Which.</b> The MDC and OpenTelemetry are there without being registered, if they are on the
 * class path or module path. For others their accessors are needed: Micrometer Observation and
 * Spring Security bring theirs, and they are found when the registry is first used; one that is
 * registered later counts from then on. An accessor that throws is logged, and has no effect on the
 * coroutine.
 *
 * <p><b>Scopes</b> may stay open across an {@code await}: {@code try (Scope scope =
 * span.makeCurrent()) { await(…); }}, {@code observation.observe(() -> await(…))}. The tracers that
 * Micrometer Tracing puts under an observation have thread-locals of their own: OpenTelemetry's
 * follows; for Brave register an accessor.
 *
 * <p>A value of one's own that need not be in a thread-local is better kept in a {@link
 * toro.CoroutineLocal}, which costs nothing at a switch.
 */
public final class ContextPropagation {
  private static final ThreadContext CONTEXT = new Accessors(ContextRegistry.getInstance());

  private ContextPropagation() {}

  /**
   * Turns it on for a loop. Coroutines and callbacks that the loop has accepted before are not
   * affected, except for the coroutine that calls this; so call it first. Calling it again does
   * nothing. Any thread may call this.
   *
   * @param loop the loop
   */
  public static void install(IOLoop loop) {
    ThreadContext.install(loop, CONTEXT);
  }

  /**
   * Turns it on for every loop that is made from now on: to be called at the beginning of a
   * program. Calling it again does nothing. Any thread may call this.
   */
  public static void installOnNewLoops() {
    ThreadContext.installOnNewLoops(CONTEXT);
  }
}
