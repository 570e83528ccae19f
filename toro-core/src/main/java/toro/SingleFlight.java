package toro;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call for all that ask for the same at the same time: the first one begins it, the others wait
 * for its result. It keeps a cache from being filled by a hundred requests at once.
 *
 * {@snippet file="toro/ServiceSnippetsTest.java" region="flight"}
 *
 * <p>Each caller has a deadline of its own, and may give up. The call goes on for the others; when
 * the last caller has given up it is cancelled. A later caller then begins another call, also while
 * the cancelled one still cleans up. When the call has ended, its key is forgotten: it is no cache.
 * Keys are told apart by {@code equals}; an unused key leaves no trace.
 *
 * <p>Semantics: Go's {@code singleflight}, with cancellation.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the results
 */
public final class SingleFlight<K, V extends @Nullable Object> {
  private final IOLoop loop;

  // Invariant: a flight is in here from its first caller until it has ended or its last caller has
  // given up; so it always has callers.
  private final Map<LiveKey, Flight> flights = new HashMap<>();

  /**
   * Creates one on the current loop.
   *
   * @throws IllegalStateException if there is no current loop
   */
  public SingleFlight() {
    this(IOLoop.current());
  }

  /**
   * Creates one.
   *
   * @param loop the loop on which it will be used; any thread may make it
   */
  public SingleFlight(IOLoop loop) {
    this.loop = requireNonNull(loop, "loop");
  }

  /**
   * Returns the result of the call for a key that is under way, or begins one, in a coroutine of
   * its own. All callers are given the same result, or the same failure.
   *
   * <p><b>Deadline and cancellation:</b> the caller leaves without a trace. The call is cancelled
   * with its last caller.
   *
   * @param key what is asked for
   * @param call finds the result; it may await. Not used if a call for the key is under way
   * @return the result of the call, or its failure
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<V> get(K key, Callable<? extends V> call) {
    return get(key, call, Deadline.never());
  }

  /**
   * Like {@link #get(Object, Callable)}, for at most so long.
   *
   * @param key what is asked for
   * @param call finds the result; it may await. Not used if a call for the key is under way
   * @param timeout how long this caller waits; zero or less: not at all, and no call is begun
   * @return the result of the call, its failure, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<V> get(K key, Callable<? extends V> call, Duration timeout) {
    return get(key, call, Deadline.in(timeout));
  }

  /**
   * Like {@link #get(Object, Callable)}, until a deadline.
   *
   * @param key what is asked for
   * @param call finds the result; it may await. Not used if a call for the key is under way
   * @param deadline until when this caller waits; if it has passed: not at all, and no call is
   *     begun
   * @return the result of the call, its failure, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public CompletableFuture<V> get(K key, Callable<? extends V> call, Deadline deadline) {
    loop.check(this);
    requireNonNull(call, "call");
    requireNonNull(deadline, "deadline");
    requireNonNull(key, "key");
    LiveKey name = loop.asCallback(() -> new LiveKey(key));
    Flight underWay = loop.asCallback(() -> flights.get(name));
    Flight flight = underWay == null ? new Flight(name) : underWay;
    CompletableFuture<V> result = flight.callers.await(new Waiter<>(loop), deadline);
    if (underWay == null && !result.isDone()) {
      flight.begin(call);
    }
    return result;
  }

  /** A call, and its callers. */
  private final class Flight implements WaitList.Grantor {
    private final LiveKey key;
    final WaitList<Waiter<V>> callers = new WaitList<>(loop, this, this);
    private @Nullable Coroutine<?> coroutine;
    private boolean hasEnded; // for its callers: nobody joins it any more

    Flight(LiveKey key) {
      this.key = key;
    }

    void begin(Callable<? extends V> call) {
      coroutine = loop.spawn(() -> run(call));
      key.enter();
      flights.put(key, this);
    }

    private void run(Callable<? extends V> call) throws Exception {
      V value;
      try {
        value = call.call();
      } catch (Throwable failure) {
        if (!end(caller -> caller.fail(failure))) {
          throw failure; // it is reported, unless it is the cancellation
        }
        return;
      }
      if (!succeed(value)) {
        Lease.giveBack(value);
      }
    }

    boolean succeed(V value) {
      return end(caller -> caller.succeed(value));
    }

    /** Forgets the key, and tells all that wait; false if nobody does. */
    private boolean end(Consumer<Waiter<V>> tell) {
      if (!hasEnded) {
        hasEnded = true;
        flights.remove(key, this);
      }
      boolean told = false;
      for (Waiter<V> caller; (caller = callers.poll()) != null; told = true) {
        tell.accept(caller);
      }
      return told;
    }

    @Override
    public void departed() {
      if (!hasEnded && callers.isEmpty() && coroutine != null) {
        hasEnded = true;
        flights.remove(key, this);
        coroutine.cancel(false);
      }
    }

    @Override
    public long holder() {
      return coroutine == null ? NOBODY : coroutine.number();
    }

    @Override
    public String toString() {
      return Names.text(SingleFlight.this, "key=" + key + callers.count("waiters"));
    }
  }

  /** Ends the call for a key with a result, for tests. */
  void succeed(K key, V value) {
    loop.check(this);
    Flight flight = flights.get(new LiveKey(key));
    if (flight != null) {
      flight.succeed(value);
    }
  }

  /**
   * Returns how many calls are under way for somebody.
   *
   * @return the number of keys
   * @throws WrongThreadException on another thread while the loop runs
   */
  public int size() {
    loop.checkRead(this);
    return flights.size();
  }

  /**
   * For example {@code SingleFlight[keys=2 waiters[3]]} or {@code SingleFlight[]}. A wait for a key
   * is told as {@code SingleFlight[key=a waiters[1]]}.
   */
  @Override
  public String toString() {
    int waiting = 0;
    try {
      for (Flight flight : flights.values()) {
        waiting += flight.callers.size();
      }
    } catch (RuntimeException changedMeanwhile) {
      // read by another thread than the loop's: some are not counted
    }
    String text =
        (flights.isEmpty() ? "" : "keys=" + flights.size())
            + (waiting == 0 ? "" : " waiters[" + waiting + "]");
    return Names.text(this, text);
  }
}
