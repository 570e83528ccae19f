package toro.redis;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import toro.Deadline;
import toro.DeadlineExceededException;

/**
 * A result across machines that is set once: who waits for it, on any node, gets it. It stays.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 *
 * @param <T> the type of the value
 */
public final class RedisAsyncResult<T> {
  private final Remote remote;
  private final Codec<T> codec;

  RedisAsyncResult(RedisNode node, String name, Codec<T> codec) {
    this.codec = requireNonNull(codec, "codec");
    this.remote = new Remote(node, "result", name, Script.SIGNALS, this);
  }

  /**
   * Waits until the result is set.
   *
   * <p><b>Deadline and cancellation:</b> nothing is held, nothing is lost.
   *
   * @return the value; or the failure {@link RedisResultException} if a failure was set
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<T> get() {
    return get(Deadline.never());
  }

  /**
   * Like {@link #get()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: it is granted or fails when the server has
   *     answered, which takes a second at most
   * @return the value, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<T> get(Duration timeout) {
    return get(Deadline.after(timeout));
  }

  /**
   * Like {@link #get()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: as with a timeout of zero
   * @return the value, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<T> get(Deadline deadline) {
    return remote.await(
        new Remote.Request<T>(
            0,
            false,
            "",
            (id, payload) -> codec.decode(Grant.value(payload)),
            value -> {},
            null,
            "get",
            List.of()),
        requireNonNull(deadline, "deadline"));
  }

  /**
   * Sets the value: all who wait, on all nodes, get it.
   *
   * @param value the value
   * @return done when the server has it, or the failure {@link toro.AlreadySetException} if a value
   *     or a failure was set before; that one stays
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> set(T value) {
    remote.check();
    return remote.command("set", true, reply -> null, codec.encode(value), "once", "0");
  }

  /**
   * Sets a failure: all who wait, on all nodes, fail with {@link RedisResultException}.
   *
   * @param message what went wrong
   * @return as with {@link #set}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> setException(String message) {
    return remote.command(
        "set", true, reply -> null, requireNonNull(message, "message"), "once", "1");
  }

  /**
   * Asks the server whether a value or a failure is set.
   *
   * @return true if so
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Boolean> isReady() {
    return remote.command("look", false, reply -> reply.text(2).equals("1"));
  }

  /** For example {@code RedisAsyncResult["total" waiters[2]]}. */
  @Override
  public String toString() {
    return remote.text(remote.waiting(0, "waiters"));
  }
}
