package toro;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * How a failure gets from a future to who awaits it: as it is, with a trace that tells both ends.
 */
final class Failures {
  /** A failure that is awaited again and again does not grow beyond this many frames. */
  private static final int MAX_FRAMES = 1024;

  private Failures() {}

  /** The value of a future that is done, or its failure, thrown as it is. */
  static <T> T valueOf(CompletableFuture<T> future) {
    if (future.isCompletedExceptionally()) {
      throw sneaky(awaited(of(future)));
    }
    return future.join();
  }

  /** Adds one to the suppressed ones of another, unless it is the same or there already. */
  static void suppress(Throwable failure, Throwable another) {
    new SuppressedFailures(failure).add(another);
  }

  /** The failure of a future that has failed, out of its wrapper. */
  static Throwable of(CompletableFuture<?> future) {
    Throwable failure = future.handle((value, thrown) -> thrown).join();
    while (failure instanceof CompletionException && failure.getCause() != null) {
      failure = failure.getCause();
    }
    return failure;
  }

  /**
   * Adds the frames of the current call to the trace of a failure, so that it tells where it was
   * thrown and, below that, where it was awaited: what one stack would show if the awaited
   * coroutine had been called. A failure that has no trace yet is given one: that of this call.
   */
  static Throwable awaited(Throwable failure) {
    if (beginsTrace(failure)) {
      return failure; // to look at each frame, as below, costs ten times as much
    }
    StackTraceElement[] thrown = failure.getStackTrace();
    if (thrown.length < MAX_FRAMES) {
      failure.setStackTrace(join(thrown, here()));
    }
    return failure;
  }

  /** A failure that ends the wait of the current coroutine, whatever it waited for. */
  static Throwable interrupting(Throwable failure) {
    return failure instanceof Cancelled ? failure : awaited(failure);
  }

  private static boolean beginsTrace(Throwable failure) {
    return (failure instanceof Cancelled cancelled && cancelled.beginTrace())
        || (failure instanceof DeadlineExceededException exceeded && exceeded.beginTrace());
  }

  /**
   * The current stack, from the method on that the user called, to where the coroutine begins. Not
   * by a StackWalker: it asks which thread this is, and in a coroutine that has moved to another
   * thread compiled code may remember the one from before.
   */
  private static StackTraceElement[] here() {
    return Arrays.stream(new Throwable().getStackTrace())
        .dropWhile(frame -> !isPublicFace(frame.getClassName()))
        .takeWhile(frame -> !isBottom(frame.getClassName(), frame.getMethodName()))
        .toArray(StackTraceElement[]::new);
  }

  private static boolean isPublicFace(String className) {
    return className.equals(Coroutines.class.getName())
        || className.equals(IOLoop.class.getName())
        || className.equals(TaskGroup.class.getName());
  }

  /** Is it the frame of {@link Fiber#live}? */
  private static boolean isBottom(String className, String method) {
    return method.equals("live") && className.equals(Fiber.class.getName());
  }

  private static StackTraceElement[] join(StackTraceElement[] thrown, StackTraceElement[] here) {
    int length = 0;
    while (length < thrown.length
        && !isBottom(thrown[length].getClassName(), thrown[length].getMethodName())) {
      length++;
    }
    StackTraceElement[] both = Arrays.copyOf(thrown, length + here.length);
    System.arraycopy(here, 0, both, length, here.length);
    return both;
  }

  /** Throws anything where nothing checked may be thrown: {@code throw sneaky(failure)}. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
    throw (E) failure;
  }
}
