package toro;

import static java.util.Objects.requireNonNull;

import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import toro.spi.ThreadContext;

/**
 * What a callback has from the code that hands it over: the values of {@link CoroutineLocal}s, and
 * the thread context. It is installed while the callback runs, on whichever thread that is.
 *
 * <p>Each is for one call. Where there is nothing to capture, no object is made.
 */
final class Captured {
  private @Nullable Bindings bindings; // of the callback; while it runs, those of the code around
  private final @Nullable ThreadContext context;
  private @Nullable Object onThread; // likewise; null iff there is no thread context

  private Captured(
      @Nullable Bindings bindings, @Nullable ThreadContext context, @Nullable Object onThread) {
    this.bindings = bindings;
    this.context = context;
    this.onThread = onThread;
  }

  /** What the code has that runs here; null: nothing needs to be installed. */
  private static @Nullable Captured here(IOLoop loop) {
    ThreadContext context = loop.threadContext;
    if (context == null && !Bindings.areInUse()) {
      return null;
    }
    return new Captured(
        Bindings.orNone(Bindings.current()), context, context == null ? null : context.capture());
  }

  /**
   * Begins to complete a future: what is attached to it, and has captured nothing, is to find
   * nothing of the code that completes it.
   *
   * @return for {@link #end}
   */
  static @Nullable Captured beginCallbacks(Awaitable<?> future) {
    ThreadContext context = future.loop.threadContext;
    if ((context == null && !Bindings.areInUse()) || future.getNumberOfDependents() == 0) {
      return null;
    }
    var nothing = new Captured(null, context, context == null ? null : context.none());
    nothing.begin();
    return nothing;
  }

  static void end(@Nullable Captured callbacks) {
    if (callbacks != null) {
      callbacks.end();
    }
  }

  private void begin() {
    bindings = Bindings.exchange(bindings);
    if (context != null) {
      onThread = context.enter(requireNonNull(onThread));
    }
  }

  private void end() {
    if (context != null) {
      onThread = context.leave(requireNonNull(onThread));
    }
    bindings = Bindings.exchange(bindings);
  }

  // What runs with it.

  /** A callback of a loop; what it throws is reported with its context installed. */
  static Runnable task(IOLoop loop, Runnable task) {
    Captured here = here(loop);
    return here == null ? task : new Run(loop, task, here);
  }

  private record Run(IOLoop loop, Runnable task, Captured with) implements Task {
    @Override
    public Object source() {
      return Task.sourceOf(task);
    }

    @Override
    public void run() {
      with.begin();
      try {
        task.run();
      } catch (Throwable failure) {
        if (loop.isClosed() && failure instanceof LoopClosedException) {
          throw failure; // it wanted to go on
        }
        loop.report(source(), failure);
      } finally {
        with.end();
      }
    }
  }

  static Runnable runnable(IOLoop loop, Runnable callback) {
    requireNonNull(callback);
    Captured here = here(loop);
    return here == null
        ? callback
        : () -> {
          here.begin();
          try {
            callback.run();
          } finally {
            here.end();
          }
        };
  }

  static <A> Consumer<A> consumer(IOLoop loop, Consumer<A> callback) {
    requireNonNull(callback);
    Captured here = here(loop);
    return here == null
        ? callback
        : value -> {
          here.begin();
          try {
            callback.accept(value);
          } finally {
            here.end();
          }
        };
  }

  static <A, B> BiConsumer<A, B> biConsumer(IOLoop loop, BiConsumer<A, B> callback) {
    requireNonNull(callback);
    Captured here = here(loop);
    return here == null
        ? callback
        : (value, another) -> {
          here.begin();
          try {
            callback.accept(value, another);
          } finally {
            here.end();
          }
        };
  }

  static <A, R> Function<A, R> function(IOLoop loop, Function<A, R> callback) {
    requireNonNull(callback);
    Captured here = here(loop);
    return here == null
        ? callback
        : value -> {
          here.begin();
          try {
            return callback.apply(value);
          } finally {
            here.end();
          }
        };
  }

  static <A, B, R> BiFunction<A, B, R> biFunction(IOLoop loop, BiFunction<A, B, R> callback) {
    requireNonNull(callback);
    Captured here = here(loop);
    return here == null
        ? callback
        : (value, another) -> {
          here.begin();
          try {
            return callback.apply(value, another);
          } finally {
            here.end();
          }
        };
  }
}
