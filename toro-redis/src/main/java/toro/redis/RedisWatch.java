package toro.redis;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import toro.Coroutines;
import toro.Deadline;
import toro.DeadlineExceededException;

/**
 * A value across machines that changes, and that others follow: who looks sees the latest, who
 * waits is told of a change. What came and went in between is skipped.
 *
 * <p>Values are compared by the bytes that the codec makes of them.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 *
 * @param <T> the type of the value
 */
public final class RedisWatch<T> implements Iterable<T> {
  private final Remote remote;
  private final Codec<T> codec;
  private final byte[] initial;

  RedisWatch(RedisNode node, String name, Codec<T> codec, T initial) {
    this.codec = requireNonNull(codec, "codec");
    this.initial = codec.encode(initial);
    this.remote = new Remote(node, "watch", name, Script.SIGNALS, this);
  }

  /**
   * Asks the server for the value.
   *
   * @return the one that was set last, or the initial one; out of date when it comes
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<T> value() {
    return remote.command(
        "look",
        false,
        reply -> codec.decode(reply.text(2).equals("1") ? reply.parts().get(3) : initial));
  }

  /**
   * Sets the value: all who wait, on all nodes, get it. One that is equal to the one that is there
   * changes nothing, and nobody is told.
   *
   * @param value the new value
   * @return done when the server has it
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> set(T value) {
    remote.check();
    return remote.command("change", true, reply -> null, initial, codec.encode(value));
  }

  /**
   * Waits until the value is not the one that was seen.
   *
   * <p><b>Deadline and cancellation:</b> nothing is held, nothing is lost.
   *
   * @param seen the value that the caller knows
   * @return another value; the one that is there, or the next one that is set
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<T> whenNot(T seen) {
    return whenNot(seen, Deadline.never());
  }

  /**
   * Like {@link #whenNot(Object)}, for at most so long.
   *
   * @param seen the value that the caller knows
   * @param timeout how long to wait; zero or less: it is granted or fails when the server has
   *     answered, which takes a second at most
   * @return another value, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<T> whenNot(T seen, Duration timeout) {
    return whenNot(seen, Deadline.after(timeout));
  }

  /**
   * Like {@link #whenNot(Object)}, until a deadline.
   *
   * @param seen the value that the caller knows
   * @param deadline until when to wait; if it has passed: as with a timeout of zero
   * @return another value, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<T> whenNot(T seen, Deadline deadline) {
    remote.check();
    return remote.await(
        new Remote.Request<T>(
            0,
            false,
            "",
            (id, payload) -> codec.decode(Grant.value(payload)),
            value -> {},
            null,
            "when_not",
            List.of(initial, codec.encode(seen))),
        requireNonNull(deadline, "deadline"));
  }

  /**
   * Goes through the values, in a coroutine: the one that is there, and then the latest after each
   * change. It does not end by itself.
   *
   * @return an iterator for this coroutine
   */
  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      private @Nullable T seen;

      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public T next() {
        T latest = Coroutines.await(seen == null ? value() : whenNot(seen));
        seen = latest;
        return latest;
      }
    };
  }

  /** For example {@code RedisWatch["config" waiters[2]]}. */
  @Override
  public String toString() {
    return remote.text(remote.waiting(0, "waiters"));
  }
}
