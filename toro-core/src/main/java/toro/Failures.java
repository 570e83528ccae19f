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
   * coroutine had been called.
   */
  static Throwable awaited(Throwable failure) {
    StackTraceElement[] thrown = failure.getStackTrace();
    if (thrown.length < MAX_FRAMES) {
      failure.setStackTrace(join(thrown, here()));
    }
    return failure;
  }

  /** The current stack, from the method on that the user called. */
  private static StackTraceElement[] here() {
    StackTraceElement[] stack = new Throwable().getStackTrace();
    int from = 0;
    while (from < stack.length && !isPublicFace(stack[from].getClassName())) {
      from++;
    }
    return Arrays.copyOfRange(stack, from, stack.length);
  }

  private static boolean isPublicFace(String className) {
    return className.equals(Coroutines.class.getName()) || className.equals(IOLoop.class.getName());
  }

  private static StackTraceElement[] join(StackTraceElement[] a, StackTraceElement[] b) {
    StackTraceElement[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /** Throws anything where nothing checked may be thrown: {@code throw sneaky(failure)}. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
    throw (E) failure;
  }
}
