package toro;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A call that blocks a thread of its own: the future of its result. When the coroutine that awaits
 * it is interrupted, the call is asked to end; it is done when it really has.
 */
final class BlockingCall<T extends @Nullable Object> extends Waiter<T> {
  private final Callable<T> body;
  private final @Nullable ThrowingRunnable abort;

  // Guarded by this. Invariant: the last of those that are running completes the future.
  private int running; // the thread of the body, and that of the abort
  private boolean hasBegun;
  private boolean isGivenUp;
  private boolean isInterrupted; // was the thread?
  private @Nullable Thread thread; // in the body
  private @Nullable T value;
  private @Nullable Throwable failure;

  BlockingCall(IOLoop loop, Callable<T> body, @Nullable ThrowingRunnable abort) {
    super(loop);
    this.body = body;
    this.abort = abort;
  }

  /** Begins it, with the context of the coroutine that calls this. */
  void start(Executor executor) {
    executor.execute(Captured.runnable(loop, this::runBody));
  }

  private void runBody() {
    if (!enterBody()) {
      return;
    }
    T value = null;
    Throwable failure = null;
    try {
      value = body.call();
    } catch (Throwable thrown) {
      failure = thrown;
    }
    leaveBody(value, failure);
    oneHasEnded();
  }

  private synchronized boolean enterBody() {
    if (isGivenUp) {
      return false;
    }
    hasBegun = true;
    running++;
    thread = Thread.currentThread();
    return true;
  }

  private synchronized void leaveBody(@Nullable T value, @Nullable Throwable failure) {
    this.value = value;
    this.failure = failure;
    thread = null; // from now on nothing interrupts it
    if (isInterrupted) {
      Thread.interrupted(); // a thread of an executor has other things to do
    }
  }

  private void oneHasEnded() {
    synchronized (this) {
      if (--running > 0) {
        return;
      }
    }
    if (failure == null) {
      complete(value);
    } else {
      completeExceptionally(failure);
    }
  }

  /** The coroutine does not want the result any more: asks the call to end. */
  @Override
  void giveUpUnlessWanted() {
    synchronized (this) {
      isGivenUp = true;
      if (hasBegun) {
        askToEnd();
        return;
      }
    }
    super.giveUpUnlessWanted(); // it never begins
  }

  private void askToEnd() {
    if (abort == null) {
      interrupt();
    } else if (thread != null) {
      running++;
      Thread.ofVirtual().name("toro-abort").start(this::runAbort); // it may block, too
    }
  }

  private synchronized void interrupt() {
    if (thread != null) {
      isInterrupted = true;
      thread.interrupt();
    }
  }

  private void runAbort() {
    ThrowingRunnable abort = requireNonNull(this.abort);
    try {
      abort.run();
    } catch (Throwable thrown) {
      loop.offer(Task.of(abort, () -> loop.report(abort, thrown)));
      interrupt();
    } finally {
      oneHasEnded();
    }
  }

  /** Is no thread in it any more, or none yet? */
  synchronized boolean hasEnded() {
    return running == 0;
  }

  synchronized boolean isGivenUp() {
    return isGivenUp;
  }

  @Override
  String waitedFor() {
    Thread blocked = thread;
    return "a blocking call" + (blocked == null ? "" : " on " + blocked.getName());
  }

  @Override
  boolean isForeign() {
    return true;
  }
}
