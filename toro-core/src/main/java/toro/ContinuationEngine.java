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
  static final String PACKAGE = "jdk.internal.vm";
  static final String NEEDS =
      "--add-exports java.base/jdk.internal.vm=toro (=ALL-UNNAMED on the class path)";

  private static final ScopedValue<String> ANY = ScopedValue.newInstance();

  /** How many fibers may stand on the stack below the one that runs. */
  private static final int MAX_STANDING = 4;

  private final IOLoop loop;
  private final Monitors monitors = new Monitors();
  private @Nullable Object bindings; // of scoped values, of the thread that drives the loop

  // Invariant: so many fibers wait on the stack below the one that runs; each has begun the next.
  private int standing;
  private int maxStanding;

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
    Thread thread = Thread.currentThread();
    // A virtual thread may be taken off its carrier itself, with all that stands on its stack.
    maxStanding = thread.isVirtual() || !MonitorsStay.HERE ? 0 : MAX_STANDING;
    if (loop.host.hasCaller()) {
      monitors.inflateAll();
    }
    loop.running = thread;
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

  /**
   * A fiber that has to wait while the next coroutines have not begun yet stays on the stack for
   * now, and begins them there, above itself. Many end at once; then it goes on without having been
   * suspended. When one of them has to wait, it is suspended, and so is the fiber below it.
   *
   * <p>Coroutines that have begun are not run there. Each would be suspended above a stack that may
   * hold monitors, and to keep those costs as much as the switch that is saved.
   */
  private final class ContinuationFiber extends Fiber {
    private static final short MIN_PATIENCE = 8;
    private static final short MAX_PATIENCE = 1024;
    private static final short LOOK_AFTER = 1024;

    private final Object continuation = Jdk.newContinuation(this::live);
    private boolean stands; // it waits on the stack
    private boolean resumed; // where it stands
    private boolean stopIsKnown; // it is being suspended, and stopped() was called before
    private boolean waited; // for a future, and did not pause, when it was

    // Whether it begins others is learned: it lets a number of chances pass first, and more of them
    // each time that one of the others had to wait.
    private short chances = MIN_PATIENCE;
    private short patience = MIN_PATIENCE;
    private short unlooked; // how many more times without a look for room on the stack

    ContinuationFiber(Coroutine<?> coroutine) {
      super(coroutine);
    }

    @Override
    void resume() {
      if (stands) {
        resumed = true;
        return;
      }
      Jdk.run(continuation);
      if (stopIsKnown) {
        stopIsKnown = false;
      } else if (!hasEnded()) {
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
      if (loop.fibers.haveNotAllBegun() && loop.mayBeginInPlace() && takesChance() && stand()) {
        return;
      }
      if (standing > 0) {
        monitors.inflateAll();
      }
      // Here, and not one call further down: the return from each call below a switch is one that
      // the processor did not foresee.
      try {
        Jdk.suspend();
      } catch (IllegalStateException pinned) {
        refuse(refusal("below a native method or a class initializer", pinned));
      } catch (StackOverflowError tooDeep) {
        refuse(tooDeep);
      }
    }

    /** It cannot be suspended: throws that, unless its wait is over by now. */
    private void refuse(Throwable reason) {
      if (stopIsKnown) {
        stopIsKnown = false;
        unstop();
        if (waited && !isWaiting()) {
          return;
        }
      }
      throw Failures.sneaky(reason);
    }

    private boolean takesChance() {
      if (standing == maxStanding) {
        return false;
      }
      if (chances > 0) {
        chances--;
        return false;
      }
      if (--unlooked < 0) {
        if (!Headroom.isAmple()) {
          chances = MAX_PATIENCE;
          unlooked = 0;
          return false;
        }
        unlooked = LOOK_AFTER;
      }
      return true;
    }

    /** Begins others. Returns true if its turn came before anybody had to be suspended. */
    private boolean stand() {
      Headroom.check();
      waited = isWaiting();
      stands = true;
      resumed = false;
      stopped();
      standing++;
      boolean begins = true;
      for (Fiber next; !resumed && (next = loop.nextInPlace(this, begins)) != null; ) {
        loop.runNext(next);
        begins &= next == this || next.hasEnded();
      }
      standing--;
      stands = false;
      stopIsKnown = !resumed;
      if (!begins) {
        patience = (short) Math.min(2 * patience, MAX_PATIENCE);
        chances = patience;
      }
      return resumed;
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

  /** Does this JVM do with monitors what {@link Monitors} relies on? */
  private static final class MonitorsStay {
    static final boolean HERE = tryIt();

    private static boolean tryIt() {
      var monitors = new Monitors();
      var monitor = new Object();
      boolean[] isHeld = {false};
      Object above =
          Jdk.newContinuation(
              () -> {
                monitors.inflateAll();
                Jdk.suspend();
              });
      Object below =
          Jdk.newContinuation(
              () -> {
                synchronized (monitor) {
                  Jdk.run(above);
                  isHeld[0] = Thread.holdsLock(monitor);
                }
              });
      Jdk.run(below);
      return isHeld[0];
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
