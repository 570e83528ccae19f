package toro;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lets a number of parties wait for each other: the last one to arrive releases all, and the
 * barrier is ready for the next round.
 *
 * {@snippet file="toro/MeetingSnippetsTest.java" region="barrier"}
 *
 * <p>A party that stops waiting, because it is cancelled or its deadline passes, has not arrived:
 * the others go on waiting until somebody comes in its place. Who knows that nobody will calls
 * {@link #abort()}, which fails them all. Semantics: {@code asyncio.Barrier}, with the action of
 * {@link java.util.concurrent.CyclicBarrier}.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 */
public final class Barrier {
  private final IOLoop loop;
  private final int parties;
  private final Runnable action;

  // Those who wait for the same round; each round has a list of its own.
  // Invariant: there are fewer than parties, and none if it is broken.
  private WaitList<Waiter<Integer>> arrived;
  private boolean broken;
  private @Nullable Throwable breach; // what the action threw that broke it

  /**
   * A barrier of the current loop.
   *
   * @param parties how many have to arrive
   * @throws IllegalArgumentException if {@code parties} is less than one
   * @throws IllegalStateException if there is no current loop
   */
  public Barrier(int parties) {
    this(IOLoop.current(), parties);
  }

  /**
   * A barrier of the current loop, with an action.
   *
   * @param parties how many have to arrive
   * @param action what the last one to arrive does, before anybody is released
   * @throws IllegalArgumentException if {@code parties} is less than one
   * @throws IllegalStateException if there is no current loop
   */
  public Barrier(int parties, Runnable action) {
    this(IOLoop.current(), parties, action);
  }

  /**
   * A barrier.
   *
   * @param loop the loop on which it will be used; any thread may make it
   * @param parties how many have to arrive
   * @throws IllegalArgumentException if {@code parties} is less than one
   */
  public Barrier(IOLoop loop, int parties) {
    this(loop, parties, () -> {});
  }

  /**
   * A barrier with an action.
   *
   * @param loop the loop on which it will be used; any thread may make it
   * @param parties how many have to arrive
   * @param action what the last one to arrive does, before anybody is released
   * @throws IllegalArgumentException if {@code parties} is less than one
   */
  public Barrier(IOLoop loop, int parties, Runnable action) {
    if (parties < 1) {
      throw new IllegalArgumentException("parties must be >= 1, not " + parties);
    }
    this.loop = requireNonNull(loop, "loop");
    this.parties = parties;
    this.action = requireNonNull(action, "action");
    this.arrived = new WaitList<>(loop, this);
  }

  /**
   * Arrives; waits until all parties have.
   *
   * <p>The last one to arrive does not wait: it runs the action, then releases the others in the
   * order they came, all before this returns. The action runs once for each round, on the loop, and
   * like every callback it must not suspend. If it throws, the last arrival fails with what it
   * threw, the others with {@link BarrierBrokenException}, and the barrier is broken. If the action
   * itself uses the barrier, that is about the next round.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the line without a trace: that party has not arrived, and the others go on waiting.
   *
   * @return which of the parties that are released together this one was: 0 for the first to
   *     arrive, {@code parties() - 1} for the last; or the failure {@link BarrierBrokenException}
   *     if the barrier is broken, or is broken or reset meanwhile
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<Integer> arrive() {
    return arrive(Deadline.never());
  }

  /**
   * Like {@link #arrive()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: not at all
   * @return which of the parties this one was, or a failure: {@link BarrierBrokenException} or
   *     {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<Integer> arrive(Duration timeout) {
    return arrive(Deadline.in(timeout));
  }

  /**
   * Like {@link #arrive()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: not at all
   * @return which of the parties this one was, or a failure: {@link BarrierBrokenException} or
   *     {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<Integer> arrive(Deadline deadline) {
    loop.check(this);
    requireNonNull(deadline, "deadline");
    if (broken) {
      return CompletableFuture.failedFuture(
          new BarrierBrokenException("the barrier is broken until it is reset: " + this, breach));
    }
    int others = parties - 1;
    if (arrived.size() < others || arrived.live() < others) {
      return arrived.await(new Waiter<>(loop), deadline);
    }
    return trip();
  }

  private CompletableFuture<Integer> trip() {
    WaitList<Waiter<Integer>> round = arrived;
    arrived = new WaitList<>(loop, this); // who comes from now on belongs to the next round
    try {
      loop.asCallback(action);
    } catch (Throwable failure) {
      broken = true;
      breach = failure;
      List<Waiter<Integer>> failed = round.pollAll();
      failed.addAll(arrived.pollAll()); // the action may have let some arrive
      fail(failed, "the action of the barrier failed", failure);
      return CompletableFuture.failedFuture(failure);
    }
    int index = 0;
    for (Waiter<Integer> party; (party = round.poll()) != null; ) {
      party.succeed(index++);
    }
    return CompletableFuture.completedFuture(parties - 1);
  }

  private void fail(List<Waiter<Integer>> parties, String why, @Nullable Throwable cause) {
    parties.forEach(party -> party.fail(new BarrierBrokenException(why + ": " + this, cause)));
  }

  /**
   * Breaks the barrier until it is {@linkplain #reset() reset}: all who wait, and all who come,
   * fail with {@link BarrierBrokenException}. For a party that will never arrive again. Does
   * nothing if it is broken.
   *
   * @throws WrongThreadException on another thread
   */
  public void abort() {
    loop.check(this);
    broken = true;
    fail(arrived.pollAll(), "the barrier was aborted", null);
  }

  /**
   * Makes it like new: all who wait fail with {@link BarrierBrokenException}, and who comes
   * afterwards waits for a round in which none of them counts.
   *
   * @throws WrongThreadException on another thread
   */
  public void reset() {
    loop.check(this);
    broken = false;
    breach = null;
    fail(arrived.pollAll(), "the barrier was reset", null);
  }

  /**
   * How many have to arrive; any thread may ask.
   *
   * @return the number of parties
   */
  public int parties() {
    return parties;
  }

  /**
   * How many have arrived and wait for the others.
   *
   * @return a number less than {@link #parties()}
   * @throws WrongThreadException on another thread while the loop runs
   */
  public int waiting() {
    loop.checkRead(this);
    return arrived.size();
  }

  /**
   * Was it {@linkplain #abort() aborted}, or did its action fail, and was it not reset since?
   *
   * @return true if {@link #arrive()} would fail
   * @throws WrongThreadException on another thread while the loop runs
   */
  public boolean isBroken() {
    loop.checkRead(this);
    return broken;
  }

  /** For example {@code Barrier[parties=3 waiters[2]]} or {@code Barrier[parties=3 broken]}. */
  @Override
  public String toString() {
    return Names.text(
        this, "parties=" + parties + (broken ? " broken" : "") + arrived.count("waiters"));
  }
}
