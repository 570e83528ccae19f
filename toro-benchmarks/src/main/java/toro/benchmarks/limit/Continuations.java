package toro.benchmarks.limit;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;

/**
 * {@code jdk.internal.vm.Continuation}, which the compiler does not see: {@code --release} hides
 * it. Through constant method handles it costs what a call does.
 */
final class Continuations {
  private static final MethodHandle NEW;
  private static final MethodHandle RUN;
  private static final MethodHandle YIELD;

  static {
    try {
      Lookup lookup = MethodHandles.lookup();
      Class<?> scopeClass = Class.forName("jdk.internal.vm.ContinuationScope");
      Class<?> continuation = Class.forName("jdk.internal.vm.Continuation");
      Object scope =
          lookup.findConstructor(scopeClass, methodType(void.class, String.class)).invoke("limit");
      NEW =
          MethodHandles.insertArguments(
                  lookup.findConstructor(
                      continuation, methodType(void.class, scopeClass, Runnable.class)),
                  0,
                  scope)
              .asType(methodType(Object.class, Runnable.class));
      RUN =
          lookup
              .findVirtual(continuation, "run", methodType(void.class))
              .asType(methodType(void.class, Object.class));
      YIELD =
          MethodHandles.insertArguments(
                  lookup.findStatic(continuation, "yield", methodType(boolean.class, scopeClass)),
                  0,
                  scope)
              .asType(methodType(void.class));
    } catch (Throwable failure) {
      throw new LinkageError(
          "needs the JVM option --add-exports java.base/jdk.internal.vm=ALL-UNNAMED", failure);
    }
  }

  private Continuations() {}

  /** A continuation that has not begun. */
  static Object of(Runnable body) {
    try {
      return (Object) NEW.invokeExact(body);
    } catch (Throwable failure) {
      throw new AssertionError(failure);
    }
  }

  /** Runs it until it suspends or ends. */
  static void run(Object continuation) {
    try {
      RUN.invokeExact(continuation);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new AssertionError(failure);
    }
  }

  /** Suspends the one that runs. */
  static void suspend() {
    try {
      YIELD.invokeExact();
    } catch (Throwable failure) {
      throw new AssertionError(failure);
    }
  }
}
