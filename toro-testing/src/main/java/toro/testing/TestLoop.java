package toro.testing;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import toro.Coroutine;
import toro.Coroutines;
import toro.IOLoop;
import toro.LoopClock;
import toro.LoopClosedException;
import toro.Snapshot;
import toro.ThrowingRunnable;

/**
 * A loop for tests. Its time is virtual: it stands still while anything is ready, then moves to the
 * next timer, so a day of sleeping takes no time. Where nothing is ready, no timer is pending and
 * the body has not ended, nothing could ever happen: that fails at once, and says who waits for
 * what. And {@link #close()} fails if something is left that should not be: see {@link Leak}.
 *
 * {@snippet file="toro/testing/SnippetsTest.java" region="loop"}
 *
 * <p>With JUnit, {@link ToroTest} makes one for each test, runs the test on it, and closes it. It
 * is for one test and the thread of that.
 */
public final class TestLoop implements AutoCloseable {
  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  private final VirtualTime time;
  private final IOLoop loop;
  private final Scenario scenario;
  private final Set<Leak> allowed = EnumSet.noneOf(Leak.class);
  private boolean gotStuck;
  private boolean closed;

  /** A loop that runs what is ready first in, first out. */
  public TestLoop() {
    this(Scenario.FIFO);
  }

  TestLoop(Scenario scenario) {
    this.scenario = scenario;
    time = new VirtualTime(scenario);
    loop = time.loop;
    loop.setExceptionHandler(this::failed);
  }

  private void failed(Object source, Throwable failure) {
    // Who is left is reported as such, and made to end by closing the loop.
    if (!closed || !(failure instanceof LoopClosedException)) {
      time.failed(source, failure);
    }
  }

  Scenario scenario() {
    return scenario;
  }

  Interrupter interrupter() {
    return time.interrupter;
  }

  /**
   * The loop itself.
   *
   * @return to be handed to what is tested
   */
  public IOLoop loop() {
    return loop;
  }

  /**
   * The clock of the loop, which is an {@link java.time.InstantSource} too.
   *
   * @return to be handed to what is tested
   */
  public LoopClock clock() {
    return time;
  }

  /**
   * The virtual time that has passed.
   *
   * @return how long since this was made
   */
  public Duration elapsed() {
    return time.elapsed();
  }

  // Running it.

  /**
   * Runs a coroutine to its end, as {@link IOLoop#runSync(Callable)} does. May be called again.
   *
   * @param body what it does
   * @param <T> the type of what it returns
   * @return what it returns
   * @throws AssertionError if it waits for what cannot come
   */
  // What the body throws is thrown as it is, also if it is checked.
  public <T extends @Nullable Object> T run(Callable<T> body) {
    try {
      return loop.runSync(body);
    } catch (IllegalStateException maybeStopped) {
      failIfStuck();
      throw maybeStopped;
    }
  }

  /**
   * Runs a coroutine that returns nothing to its end: {@link #run(Callable)}.
   *
   * @param body what it does
   * @throws AssertionError if it waits for what cannot come
   */
  public void run(ThrowingRunnable body) {
    run(
        () -> {
          body.run();
          return null;
        });
  }

  /**
   * Moves the time forward. What becomes due meanwhile runs, each thing at its time; when this
   * returns, nothing is ready any more. In a coroutine of the loop it suspends; while the loop does
   * not run it drives it.
   *
   * @param duration how far; zero: like {@link #untilIdle()}
   * @throws IllegalArgumentException if it is negative
   */
  public void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("time does not go back: " + duration);
    }
    Duration end = elapsed().plus(duration);
    inCoroutine(
        () -> {
          do { // one sleep is 146 years at most
            Coroutines.sleep(end.minus(elapsed()));
          } while (elapsed().compareTo(end) < 0);
          time.awaitIdle();
        });
  }

  /**
   * Lets everything that is ready run, and what that makes ready, until nothing is. The time stands
   * still. In a coroutine of the loop it suspends; while the loop does not run it drives it.
   */
  public void untilIdle() {
    inCoroutine(time::awaitIdle);
  }

  private void inCoroutine(Runnable body) {
    if (isOnLoop()) {
      body.run();
    } else {
      run(body::run);
    }
  }

  private boolean isOnLoop() {
    try {
      return IOLoop.current() == loop;
    } catch (IllegalStateException onNone) {
      return false;
    }
  }

  /**
   * Waits for other threads from now on, in real time: while a coroutine awaits a future that
   * another thread completes, the virtual time stands still; and where nothing is ready and no
   * timer is pending, somebody may still hand the loop a task. Without this such a wait is a
   * deadlock, or the virtual time goes on over it.
   *
   * @param patience how long, each time that nothing is ready; then it goes on as without this
   * @throws IllegalArgumentException if it is not positive
   */
  public void waitForThreads(Duration patience) {
    if (patience.isNegative() || patience.isZero()) {
      throw new IllegalArgumentException("the patience must be positive, not " + patience);
    }
    time.waitForThreads((patience.compareTo(FOREVER) < 0 ? patience : FOREVER).toNanos());
  }

  /**
   * Chooses a coroutine that the runs of {@link Exploration#interruptions()} cancel, in each of its
   * awaits in turn. In other runs this does nothing.
   *
   * @param coroutine which; spawned on this loop
   * @param <T> the type of what it returns
   * @return the same
   */
  public <T> Coroutine<T> target(Coroutine<T> coroutine) {
    time.interrupter.target(coroutine);
    return coroutine;
  }

  // The end.

  /**
   * Lets the test leave something behind.
   *
   * @param leaks what
   */
  public void allow(Leak... leaks) {
    allowed.addAll(List.of(leaks));
  }

  /**
   * Ends the test: what is ready runs, what still waits then is cancelled and may clean up, and the
   * loop closes.
   *
   * @throws AssertionError if something is left that was not {@linkplain #allow allowed}, or if the
   *     loop was stopped because it could not go on
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    StringBuilder left = new StringBuilder();
    try {
      failIfStuck();
      if (!gotStuck) {
        untilIdle();
        left.append(left(Leak.COROUTINES)).append(left(Leak.TIMERS));
      }
    } finally {
      loop.close();
    }
    if (!gotStuck) { // else it was said already who waits for what, and the rest follows from that
      left.append(left(Leak.LEASES)).append(left(Leak.FAILURES)).append(left(Leak.MONITORS));
    }
    if (!left.isEmpty()) {
      throw error("left at the end:" + left);
    }
  }

  private String left(Leak leak) {
    List<String> left = allowed.contains(leak) ? List.of() : time.left(leak);
    return left.isEmpty()
        ? ""
        : "\n%s (allow with Leak.%s):%s".formatted(leak.text, leak, indented(left));
  }

  private static String indented(List<String> lines) {
    return lines.stream().map(line -> "\n  " + line).collect(joining());
  }

  private void failIfStuck() {
    String why = time.takeStuck();
    if (why != null) {
      gotStuck = true;
      throw error(why + ", and these wait:" + indented(time.left(Leak.COROUTINES)) + cycles());
    }
  }

  /** The lines of a snapshot that come first: one for each of its cycles. */
  private String cycles() {
    Snapshot snapshot = loop.snapshot();
    return indented(snapshot.toString().lines().skip(1).limit(snapshot.cycles().size()).toList());
  }

  private AssertionError error(String message) {
    AssertionError error = new AssertionError(message);
    time.failures().forEach(error::addSuppressed);
    return error;
  }

  /** For example {@code TestLoop[seed 7, PT24H]}. */
  @Override
  public String toString() {
    return "TestLoop[" + scenario + ", " + elapsed() + "]";
  }
}
