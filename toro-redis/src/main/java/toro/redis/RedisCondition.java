package toro.redis;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import toro.Deadline;
import toro.DeadlineExceededException;

/**
 * A condition variable across machines: who waits, on any node, goes on when it is signalled, on
 * any node. A signal for which nobody waits is not kept; use a {@link RedisEvent} where it should
 * be. Fair: the first to wait is the first to be woken.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 */
public final class RedisCondition {
  private final Remote remote;

  RedisCondition(RedisNode node, String name) {
    this.remote = new Remote(node, "condition", name, Script.SIGNALS, this);
  }

  /**
   * Waits for a signal that comes after the server has this request.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the queue without a trace; a signal that was for it goes to the next.
   *
   * @return done when it is signalled
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> whenSignalled() {
    return whenSignalled(Deadline.never());
  }

  /**
   * Like {@link #whenSignalled()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: it is granted or fails when the server has
   *     answered, which takes a second at most
   * @return done when it is signalled, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> whenSignalled(Duration timeout) {
    return whenSignalled(Deadline.after(timeout));
  }

  /**
   * Like {@link #whenSignalled()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: as with a timeout of zero
   * @return done when it is signalled, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> whenSignalled(Deadline deadline) {
    return remote.await(
        new Remote.Request<@Nullable Void>(
            0,
            false,
            "",
            (id, payload) -> null,
            nothing -> signal(),
            null,
            "when_signalled",
            List.of()),
        requireNonNull(deadline, "deadline"));
  }

  /**
   * Wakes the first who waits, if there is one.
   *
   * @return done when the server has done so
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> signal() {
    return signal(1);
  }

  /**
   * Wakes the first {@code n} who wait.
   *
   * @param n how many at most
   * @return done when the server has done so
   * @throws IllegalArgumentException if {@code n} is negative
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> signal(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("n must be >= 0, not " + n);
    }
    return remote.command("signal", true, reply -> null, n);
  }

  /**
   * Wakes all who wait.
   *
   * @return done when the server has done so
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> signalAll() {
    return signal(Integer.MAX_VALUE);
  }

  /** For example {@code RedisCondition["changed" waiters[2]]}. */
  @Override
  public String toString() {
    return remote.text(remote.waiting(0, "waiters"));
  }
}
