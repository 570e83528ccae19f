package toro.redis;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import toro.Deadline;
import toro.DeadlineExceededException;

/**
 * An event across machines: once it is set, on any node, all who wait on all nodes go on. It stays
 * set until it is cleared.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 */
public final class RedisEvent {
  private final Remote remote;

  RedisEvent(RedisNode node, String name) {
    this.remote = new Remote(node, "event", name, Script.SIGNALS, this);
  }

  /**
   * Waits until the event is set.
   *
   * <p><b>Deadline and cancellation:</b> nothing is held, nothing is lost.
   *
   * @return done when it is set; at once if it is; it may have been cleared since
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> whenSet() {
    return whenSet(Deadline.never());
  }

  /**
   * Like {@link #whenSet()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: it is granted or fails when the server has
   *     answered, which takes a second at most
   * @return done when it is set, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> whenSet(Duration timeout) {
    return whenSet(Deadline.after(timeout));
  }

  /**
   * Like {@link #whenSet()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: as with a timeout of zero
   * @return done when it is set, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> whenSet(Deadline deadline) {
    return remote.await(
        new Remote.Request<@Nullable Void>(
            0, false, "", (id, payload) -> null, nothing -> {}, null, "get", List.of()),
        requireNonNull(deadline, "deadline"));
  }

  /**
   * Sets the event: all who wait, on all nodes, go on, also if it is cleared right afterwards.
   *
   * @return done when the server has set it
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> set() {
    return remote.command("set", true, reply -> null, "1", "", "0");
  }

  /**
   * Clears the event.
   *
   * @return done when the server has cleared it
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> clear() {
    return remote.command("clear", true, reply -> null);
  }

  /**
   * Asks the server whether the event is set.
   *
   * @return true if it is; out of date when it comes
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Boolean> isSet() {
    return remote.command("look", false, reply -> reply.text(2).equals("1"));
  }

  /** For example {@code RedisEvent["ready" waiters[2]]}. */
  @Override
  public String toString() {
    return remote.text(remote.waiting(0, "waiters"));
  }
}
