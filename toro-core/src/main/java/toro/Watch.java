package toro;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A value that changes, and that others follow: who looks sees the latest, and who waits is told of
 * a change. What came and went in between is skipped.
 *
 * {@snippet file="toro/MeetingSnippetsTest.java" region="watch"}
 *
 * <p>Who waits says which value it has seen: {@link #whenNot(Object) whenNot(seen)} is done at once
 * if the value is another one already. So no change can be missed between a look and the wait, and
 * there is nothing to subscribe to or to close. A value that is equal to the one before is no
 * change; so use values that do not change themselves, like records. Semantics: Kotlin's {@code
 * StateFlow}.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 *
 * @param <T> the type of the value
 */
public final class Watch<T extends @Nullable Object> implements Iterable<T> {
  private static final WaitList.Grantor GRANTOR =
      new WaitList.Grantor() {
        @Override
        public void departed() {}

        @Override
        public String text(Object owner) {
          return ((Watch<?>) owner).summary();
        }
      };

  private final IOLoop loop;
  private T value;

  // Those who wait for another value than this one; each value has a list of its own.
  private WaitList<Waiter<T>> waiters;

  /**
   * A watch of the current loop.
   *
   * @param initial its first value
   * @throws IllegalStateException if there is no current loop
   */
  public Watch(T initial) {
    this(IOLoop.current(), initial);
  }

  /**
   * A watch.
   *
   * @param loop the loop on which it will be used; any thread may make it
   * @param initial its first value
   */
  public Watch(IOLoop loop, T initial) {
    this.loop = requireNonNull(loop, "loop");
    this.value = initial;
    this.waiters = newWaiters();
  }

  private WaitList<Waiter<T>> newWaiters() {
    return new WaitList<>(loop, this, GRANTOR);
  }

  /**
   * The value.
   *
   * @return the one that was set last
   * @throws WrongThreadException on another thread while the loop runs
   */
  public T value() {
    loop.checkRead(this);
    return value;
  }

  /**
   * Sets the value. All who wait are told before this returns. One that is equal to the value that
   * is there changes nothing: that one stays, and nobody is told.
   *
   * @param value the new value
   * @throws WrongThreadException on another thread
   */
  public void set(T value) {
    loop.check(this);
    if (areEqual(value, this.value)) {
      return;
    }
    WaitList<Waiter<T>> told = waiters;
    this.value = value;
    this.waiters = newWaiters();
    for (Waiter<T> waiter; (waiter = told.poll()) != null; ) {
      waiter.succeed(value);
    }
  }

  /**
   * Waits until the value is not the one that was seen.
   *
   * <p><b>Deadline and cancellation:</b> nothing is held, nothing is lost.
   *
   * @param seen the value that the caller knows
   * @return another value: the one that is there, or the next one that is set. When a coroutine
   *     goes on it may be out of date; {@link #value()} is not
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<T> whenNot(T seen) {
    return whenNot(seen, Deadline.never());
  }

  /**
   * Like {@link #whenNot(Object)}, for at most so long.
   *
   * @param seen the value that the caller knows
   * @param timeout how long to wait; zero or less: not at all
   * @return another value, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<T> whenNot(T seen, Duration timeout) {
    return whenNot(seen, Deadline.in(timeout));
  }

  /**
   * Like {@link #whenNot(Object)}, until a deadline.
   *
   * @param seen the value that the caller knows
   * @param deadline until when to wait; if it has passed: not at all
   * @return another value, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<T> whenNot(T seen, Deadline deadline) {
    loop.check(this);
    requireNonNull(deadline, "deadline");
    if (!areEqual(seen, value)) {
      return CompletableFuture.completedFuture(value);
    }
    return waiters.await(new Waiter<>(loop), deadline);
  }

  /**
   * The values: first the one that is there, then, without end, at each step the latest one, as
   * soon as it is another one than at the step before. For a {@code for} loop in a coroutine.
   *
   * @return an iterator whose {@code next} must be called in a coroutine
   */
  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      private boolean begun;
      private @Nullable T seen;

      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public T next() {
        while (begun && areEqual(value, seen)) { // it may change back before this goes on
          Coroutines.checkCoroutine("next");
          Coroutines.await(whenNot(value));
        }
        begun = true;
        T latest = value();
        seen = latest;
        return latest;
      }
    };
  }

  private boolean areEqual(@Nullable T a, @Nullable T b) {
    return loop.asCallback(() -> Objects.equals(a, b));
  }

  /** For example {@code Watch[value=7 waiters[2]]}. */
  @Override
  public String toString() {
    return text(Text.brief(value));
  }

  /** For messages: like {@link #toString()}, without foreign code. */
  private String summary() {
    return text(Text.known(value));
  }

  private String text(String content) {
    return Names.text(this, "value=" + content + waiters.count("waiters"));
  }
}
