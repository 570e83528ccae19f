package toro;

import static java.lang.invoke.MethodHandles.filterReturnValue;
import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * The fast engine: each fiber is a continuation of the JDK, and runs on the thread that drives the
 * loop, which so is the current thread of all of them. It needs the JDK's package {@code
 * jdk.internal.vm}, and is used where the JVM exports that to this module.
 */
final class ContinuationEngine implements Engine {
  static final String NEEDS =
      "--add-exports java.base/jdk.internal.vm=toro (=ALL-UNNAMED on the class path)";

  private static final ScopedValue<String> ANY = ScopedValue.newInstance();

  private final IOLoop loop;
  private @Nullable Object bindings; // of scoped values, of the thread that drives the loop

  ContinuationEngine(IOLoop loop) {
    this.loop = loop;
  }

  /** Does this JVM have what it needs, and lets us use it? */
  static boolean isAvailable() {
    try {
      return Jdk.isLoaded();
    } catch (LinkageError closedOrAbsent) {
      return false;
    }
  }

  @Override
  public Fiber newFiber(Coroutine<?> coroutine) {
    return new ContinuationFiber(coroutine);
  }

  @Override
  public void drive() {
    // The JDK tells "none yet" from "none any more": from here on, there are none any more.
    ScopedValue.where(ANY, "").run(() -> {});
    bindings = Jdk.bindings();
    loop.running = Thread.currentThread();
    try {
      while (loop.goesOn()) {
        // Here, and not one call further down: after a switch each return is one that the processor
        // did not foresee.
        Runnable next = loop.next();
        if (next != null) {
          loop.runNext(next);
        }
      }
    } finally {
      loop.running = null;
      bindings = null;
    }
  }

  @Override
  public String toString() {
    return CONTINUATIONS;
  }

  private final class ContinuationFiber extends Fiber {
    private final Object continuation = Jdk.newContinuation(this::live);

    ContinuationFiber(Coroutine<?> coroutine) {
      super(coroutine);
    }

    @Override
    void resume() {
      Jdk.run(continuation);
      if (!hasEnded()) {
        stopped();
      }
    }

    @Override
    void stop() {
      if (Jdk.bindings() != bindings && hasBound()) {
        throw refusal(
            "inside ScopedValue.where(…), whose bindings the others would see (those of a"
                + " CoroutineLocal they would not)",
            null);
      }
      try {
        Jdk.suspend();
      } catch (IllegalStateException pinned) {
        throw refusal("below a native method or a class initializer", pinned);
      }
    }

    /** After an overflow of the stack the JDK looks for the bindings only when asked for one. */
    private boolean hasBound() {
      return ANY.isBound() || Jdk.bindings() != bindings;
    }

    private IllegalStateException refusal(String where, @Nullable Throwable cause) {
      return new IllegalStateException(
          "this coroutine cannot wait "
              + where
              + ": wait outside of it, or use the other engine: -D"
              + PROPERTY
              + "="
              + VIRTUAL_THREADS,
          cause);
    }
  }

  /** {@code jdk.internal.vm}, which the compiler does not let us name. */
  private static final class Jdk {
    private static final MethodHandle NEW;
    private static final MethodHandle RUN;
    private static final MethodHandle YIELD;
    private static final MethodHandle BINDINGS;

    static {
      try {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        Class<?> scope = Class.forName("jdk.internal.vm.ContinuationScope");
        Class<?> continuation = Class.forName("jdk.internal.vm.Continuation");
        Class<?> container = Class.forName("jdk.internal.vm.ScopedValueContainer");
        Class<?> snapshot = Class.forName("jdk.internal.vm.ScopedValueContainer$BindingsSnapshot");
        Object ours =
            lookup.findConstructor(scope, methodType(void.class, String.class)).invoke("toro");
        NEW =
            lookup
                .findConstructor(continuation, methodType(void.class, scope, Runnable.class))
                .bindTo(ours)
                .asType(methodType(Object.class, Runnable.class));
        RUN =
            lookup
                .findVirtual(continuation, "run", methodType(void.class))
                .asType(methodType(void.class, Object.class));
        YIELD =
            lookup
                .findStatic(continuation, "yield", methodType(boolean.class, scope))
                .bindTo(ours)
                .asType(methodType(void.class));
        BINDINGS =
            filterReturnValue(
                lookup.findStatic(container, "captureBindings", methodType(snapshot)),
                lookup.findVirtual(snapshot, "scopedValueBindings", methodType(Object.class)));
      } catch (Throwable missing) {
        throw new ExceptionInInitializerError(missing);
      }
    }

    private Jdk() {}

    static boolean isLoaded() {
      return true;
    }

    static Object newContinuation(Runnable body) {
      try {
        return (Object) NEW.invokeExact(body);
      } catch (Throwable failure) {
        throw Failures.sneaky(failure);
      }
    }

    static void run(Object continuation) {
      try {
        RUN.invokeExact(continuation);
      } catch (Throwable failure) {
        throw Failures.sneaky(failure);
      }
    }

    static void suspend() {
      try {
        YIELD.invokeExact();
      } catch (Throwable failure) {
        throw Failures.sneaky(failure);
      }
    }

    /** What tells one set of bindings of scoped values from another. */
    static @Nullable Object bindings() {
      try {
        return (Object) BINDINGS.invokeExact();
      } catch (Throwable failure) {
        throw Failures.sneaky(failure);
      }
    }
  }
}
