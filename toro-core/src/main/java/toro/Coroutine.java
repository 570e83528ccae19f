package toro;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A running coroutine, and the future of what it returns. Made by {@link IOLoop#spawn(Callable)}
 * and {@link Coroutines#spawn(Callable)}.
 *
 * <p>It is a {@link CompletableFuture}: another coroutine awaits it, a callback is attached with
 * {@code thenAccept}, another thread may {@code join} it. It fails with what its body throws. If
 * nothing awaits it and nothing is attached by the time all has run that was ready when it failed,
 * the failure goes to the loop's exception handler. A {@link CancellationException} is a failure
 * too, unless the coroutine was asked to end.
 *
 * <p>Any thread may call its methods. The semantics of cancellation are those of asyncio's {@code
 * Task}.
 *
 * @param <T> the type of what the body returns
 */
public final class Coroutine<T> extends Awaitable<T> {
  private final Callable<T> body;
  private final Fiber fiber;
  private final @Nullable TaskGroup group; // that it belongs to
  private final @Nullable String name;
  private volatile boolean observed; // something looks at how it ends, or has looked
  private boolean owned; // by who awaits it

  /** All that it awaits, where that is more than one. */
  @Nullable List<? extends CompletableFuture<?>> awaitsAll;

  Coroutine(IOLoop loop, @Nullable String name, Callable<T> body, @Nullable TaskGroup group) {
    super(loop);
    this.name = name;
    this.body = body;
    this.group = group;
    this.fiber = loop.engine.newFiber(this);
  }

  /**
   * Asks the coroutine to end: the {@code await} in which it is, or the next one that has to wait,
   * throws {@link CancellationException}. The body may catch it and clean up, with further awaits,
   * and this future is done only when the body has ended; a body that returns a value all the same
   * has that value. One that has not started yet never does.
   *
   * <p>What it waited for leaves its line without a trace. What it was granted before is delivered
   * first. Each call asks once more; those before it has learned of the first one count as one.
   *
   * @param mayInterruptIfRunning makes no difference
   * @return true if the coroutine was asked; false if it has ended
   */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (isDone()) {
      return false;
    }
    return loop.runOrOffer(this, fiber::cancel);
  }

  /**
   * Somebody has completed this future from outside, so nobody will learn what the body returns:
   * the body is cancelled.
   */
  @Override
  void abandoned() {
    fiber.cancel();
  }

  @Override
  void observed() {
    observed = true;
  }

  /** It ends with the interest in it. */
  void own() {
    owned = true;
  }

  @Override
  boolean endsWithInterest() {
    return owned;
  }

  @Override
  boolean dismiss() {
    return owned && !isWanted();
  }

  @Override
  void dismissed() {
    fiber.cancel();
  }

  /** The group that it belongs to, if there is one. */
  @Nullable TaskGroup group() {
    return group;
  }

  Fiber fiber() {
    return fiber;
  }

  /** Which it is, in the order in which they were spawned; from 1 on. */
  long number() {
    return fiber.number;
  }

  /**
   * The name it was given.
   *
   * @return the name; null if it has none
   */
  public @Nullable String name() {
    return name;
  }

  /** The whole of it; throws nothing. */
  void run() {
    T value;
    try {
      value = body.call();
    } catch (Throwable failure) {
      ended(failure);
      return;
    }
    if (claim()) {
      succeed(value);
    } else if (claimEnd()) { // it ends with the interest in it, and nothing takes the value
      Lease.giveBack(value);
      fail(new Cancelled("the wait was cancelled"));
    }
    if (group != null) {
      group.left(this, null);
    }
  }

  /** The body has thrown, or will not run. */
  void ended(Throwable failure) {
    observed |= isWanted();
    boolean claimed = claimEnd();
    if (claimed) {
      fail(failure);
    }
    boolean asked = failure instanceof CancellationException && fiber.wasCancelled();
    Throwable fault = asked ? null : failure;
    boolean taken = group != null && group.left(this, fault);
    if (fault != null && !taken) {
      if (claimed) {
        loop.ready(Captured.task(loop, Task.of(this, () -> reportUnlessObserved(fault))));
      } else {
        loop.report(this, fault);
      }
    }
  }

  /** What was ready when it failed has run: now something awaits it, or nothing will. */
  private void reportUnlessObserved(Throwable fault) {
    if (!observed) {
      loop.report(this, fault);
    }
  }

  /**
   * For example {@code Coroutine[7 waiting for Lock[locked waiters[1]]]}, {@code Coroutine[7 done]}
   * or {@code Coroutine[7 "reader" ready]}.
   */
  @Override
  public String toString() {
    return "Coroutine[" + fiber + "]";
  }
}
