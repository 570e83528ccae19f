package toro;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A flag that coroutines wait for: {@link #set()} wakes all, and nobody has to wait until {@link
 * #clear()}.
 *
 * {@snippet file="toro/SnippetsTest.java" region="event"}
 *
 * <p>Semantics: toro's {@code Event}, Python's {@code threading.Event}.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 */
public final class Event {
  private final IOLoop loop;
  private final WaitList<Waiter<Void>> waiters;

  // Invariant: set implies that nobody waits who came before it was set.
  private boolean set;

  /**
   * An event that is not set of the current loop.
   *
   * @throws IllegalStateException if there is no current loop
   */
  public Event() {
    this(IOLoop.current());
  }

  /**
   * An event that is not set.
   *
   * @param loop the loop on which it will be used; any thread may make it
   */
  public Event(IOLoop loop) {
    this.loop = loop;
    this.waiters = new WaitList<>(loop, this);
  }

  /**
   * Waits until the event is set.
   *
   * <p><b>Deadline and cancellation:</b> nothing is held, nothing is lost.
   *
   * @return done when the event is set; at once if it is
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<@Nullable Void> whenSet() {
    return whenSet(Deadline.never());
  }

  /**
   * Like {@link #whenSet()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: not at all
   * @return done when the event is set; at once if it is, or the failure {@link
   *     DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<@Nullable Void> whenSet(Duration timeout) {
    return whenSet(Deadline.in(timeout));
  }

  /**
   * Like {@link #whenSet()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: not at all
   * @return done when the event is set; at once if it is, or the failure {@link
   *     DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<@Nullable Void> whenSet(Deadline deadline) {
    loop.check(this);
    requireNonNull(deadline, "deadline");
    if (set) {
      return CompletableFuture.completedFuture(null);
    }
    return waiters.await(new Waiter<>(loop), deadline);
  }

  /**
   * Sets the event. All who wait are woken, in the order they came, also if one of their callbacks
   * clears it: their futures are done when this returns.
   *
   * @throws WrongThreadException on another thread
   */
  public void set() {
    loop.check(this);
    set = true;
    long mark = waiters.mark();
    for (Waiter<Void> waiter; (waiter = waiters.poll(mark)) != null; ) {
      waiter.succeed(null);
    }
  }

  /**
   * Clears the event: who comes now waits until it is set again.
   *
   * @throws WrongThreadException on another thread
   */
  public void clear() {
    loop.check(this);
    set = false;
  }

  /**
   * Is it set?
   *
   * @return true between {@link #set()} and {@link #clear()}
   * @throws WrongThreadException on another thread while the loop runs
   */
  public boolean isSet() {
    loop.checkRead(this);
    return set;
  }

  /** For example {@code Event[set]} or {@code Event[clear waiters[2]]}. */
  @Override
  public String toString() {
    return Names.text(this, (set ? "set" : "clear") + waiters.count("waiters"));
  }
}
