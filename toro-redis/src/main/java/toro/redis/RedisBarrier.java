package toro.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import toro.Deadline;
import toro.DeadlineExceededException;

/**
 * Lets a number of parties on any nodes wait for each other: the last one to arrive releases all,
 * and the barrier is ready for the next round.
 *
 * <p>A party that stops waiting, or whose process dies, has not arrived: the others go on waiting
 * until another comes in its place. {@link #abort()} fails them all.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 */
public final class RedisBarrier {
  private final Remote remote;
  private final int parties;

  RedisBarrier(RedisNode node, String name, int parties) {
    this.parties = parties;
    this.remote = new Remote(node, "barrier", name, Script.SIGNALS, this);
  }

  /**
   * Arrives; waits until all parties have.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * without a trace: that party has not arrived, unless all had at that moment.
   *
   * @return which of the parties this one was: 0 for the first to arrive; or the failure {@link
   *     toro.BarrierBrokenException} if the barrier is broken or reset meanwhile
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Integer> arrive() {
    return arrive(Deadline.never());
  }

  /**
   * Like {@link #arrive()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: it is granted or fails when the server has
   *     answered, which takes a second at most
   * @return which of the parties this one was: 0 for the first to arrive, or the failure {@link
   *     DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Integer> arrive(Duration timeout) {
    return arrive(Deadline.after(timeout));
  }

  /**
   * Like {@link #arrive()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: as with a timeout of zero
   * @return which of the parties this one was: 0 for the first to arrive, or the failure {@link
   *     DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Integer> arrive(Deadline deadline) {
    return remote.await(
        new Remote.Request<Integer>(
            0,
            false,
            "",
            (id, payload) -> Integer.valueOf(new String(payload, UTF_8)),
            index -> {},
            null,
            "arrive",
            List.of(parties)),
        requireNonNull(deadline, "deadline"));
  }

  /**
   * Breaks the barrier until it is {@linkplain #reset() reset}: all who wait, and all who come,
   * fail with {@link toro.BarrierBrokenException}.
   *
   * @return done when the server has done so
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> abort() {
    return remote.command("abort", true, reply -> null, "1");
  }

  /**
   * Makes the barrier like new: all who wait fail with {@link toro.BarrierBrokenException}.
   *
   * @return done when the server has done so
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<@Nullable Void> reset() {
    return remote.command("abort", true, reply -> null, "0");
  }

  /**
   * Returns how many have to arrive.
   *
   * @return the number of parties
   */
  public int parties() {
    return parties;
  }

  /**
   * Asks the server how many have arrived, on all nodes, and wait for the others.
   *
   * @return how many, out of date when it comes
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Integer> waiting() {
    return remote.command("parties", false, reply -> (int) reply.number(2));
  }

  /**
   * Asks the server whether the barrier is broken.
   *
   * @return true if {@link #arrive()} would fail; out of date when it comes
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Boolean> isBroken() {
    return remote.command("parties", false, reply -> reply.text(3).equals("1"));
  }

  /** For example {@code RedisBarrier["start" parties=3 waiters[2]]}. */
  @Override
  public String toString() {
    return remote.text(("parties=" + parties + " " + remote.waiting(0, "waiters")).strip());
  }
}
