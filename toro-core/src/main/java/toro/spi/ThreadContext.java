package toro.spi;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import toro.IOLoop;

/**
 * What belongs to a coroutine or callback and is kept in thread-locals by others: the context of a
 * logging or tracing library. A loop that has one captures it where a coroutine is spawned or a
 * callback is handed over, gives it to the thread when the coroutine or callback begins or resumes,
 * and takes it back when that suspends or ends.
 *
 * <p>What is captured is an object of the implementation's. All methods may be called on any
 * thread, must return soon, and must throw nothing.
 */
public interface ThreadContext {
  /**
   * Captures what the calling thread has.
   *
   * @return what it has, for {@link #enter} on any thread, and as often as wanted
   */
  Object capture();

  /**
   * Returns what a thread has that has nothing.
   *
   * @return always the same
   */
  Object none();

  /**
   * Gives the calling thread what a coroutine or callback is to have.
   *
   * @param captured what that is
   * @return what the thread had, for {@link #leave}
   */
  Object enter(Object captured);

  /**
   * Gives the calling thread back what it had before {@link #enter}.
   *
   * @param outer what {@link #enter} has returned
   * @return what the thread had until now, with all that was changed meanwhile
   */
  Object leave(Object outer);

  /**
   * Lets a loop use a thread context from now on. Coroutines and callbacks that it has accepted
   * before are not managed, except for the coroutine that calls this. Any thread may call this.
   *
   * @param loop which
   * @param context the thread context
   * @throws IllegalStateException if the loop uses another one
   */
  static void install(IOLoop loop, ThreadContext context) {
    requireNonNull(Installer.INSTALLED.get(), "installer").install(loop, context);
  }

  /**
   * Lets all loops that are made from now on use a thread context. Any thread may call this.
   *
   * @param context the thread context; null: none
   */
  static void installOnNewLoops(@Nullable ThreadContext context) {
    Installer.OF_NEW_LOOPS.set(context);
  }

  /** Gives a loop its thread context: a method of the core, which is not public there. */
  @FunctionalInterface
  interface Installer {
    /** The one of the core, since there has been a loop. */
    AtomicReference<@Nullable Installer> INSTALLED = new AtomicReference<>();

    /** What a loop uses that is made now. */
    AtomicReference<@Nullable ThreadContext> OF_NEW_LOOPS = new AtomicReference<>();

    /**
     * Lets a loop use a thread context from now on.
     *
     * @param loop which
     * @param context the thread context
     */
    void install(IOLoop loop, ThreadContext context);
  }
}
