package toro.testing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import toro.ThrowingRunnable;

/**
 * Runs a test again and again, each time in another way, until it fails in one. The failure then
 * says how to repeat that run alone. Each way is the same every time: nothing is random but what a
 * seed decides.
 *
 * {@snippet file="toro/testing/SnippetsTest.java" region="exploration"}
 */
public final class Exploration {
  private final Deque<Scenario> ahead = new ArrayDeque<>();
  private boolean interruptions;
  private boolean interrupted; // was there anything to interrupt in any schedule?

  private Exploration(Iterator<Scenario> scenarios) {
    scenarios.forEachRemaining(ahead::add);
  }

  /** A test that is run with a loop of its own. */
  @FunctionalInterface
  public interface Body {
    /**
     * Runs it, as a coroutine.
     *
     * @param loop its loop
     * @throws Exception if it fails
     */
    void run(TestLoop loop) throws Exception;
  }

  /**
   * Runs in so many orders: first in, first out the first time, then drawn from the seeds 1, 2, 3 …
   * What is ready at the same time then runs in any order; only who pauses comes after the others.
   *
   * @param n how many
   * @return to be run
   * @throws IllegalArgumentException if {@code n} is less than one
   */
  public static Exploration schedules(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("schedules must be >= 1, not " + n);
    }
    return new Exploration(Scenario.schedules(n).iterator());
  }

  /**
   * Repeats one run.
   *
   * @param run the text that its failure has printed, such as {@code "seed 7"}
   * @return to be run
   * @throws IllegalArgumentException if it is not such a text
   */
  public static Exploration replay(String run) {
    return new Exploration(List.of(Scenario.parse(run)).iterator());
  }

  /**
   * Besides, interrupts at every step: after each run that goes well come one for each await of
   * each {@linkplain TestLoop#target target} in which that is cancelled, and one for each deadline
   * that expires as soon as it is set; each of them twice, at once and after all that is ready at
   * that moment. What had been granted then is delivered, as always.
   *
   * @return this
   */
  public Exploration interruptions() {
    interruptions = true;
    return this;
  }

  /**
   * Runs it all.
   *
   * @param test what to run, with a new loop each time; it must do the same each time
   */
  // What the test throws is thrown as it is, also if it is checked.
  public void run(Body test) {
    while (hasNext()) {
      TestLoop loop = next();
      play(loop, () -> test.run(loop));
    }
  }

  boolean hasNext() {
    return !ahead.isEmpty();
  }

  TestLoop next() {
    if (ahead.isEmpty()) {
      throw new NoSuchElementException();
    }
    return new TestLoop(ahead.poll());
  }

  void play(TestLoop loop, ThrowingRunnable body) {
    Scenario scenario = loop.scenario();
    try (loop) {
      loop.run(body);
      if (loop.interrupter().hasMissed()) {
        throw new IllegalStateException(
            "there was no such step: "
                + scenario
                + ": the test is another one each time it is run");
      }
    } catch (Throwable failure) {
      ahead.clear();
      if (!scenario.equals(Scenario.FIFO)) {
        failure.addSuppressed(new Replay(scenario));
      }
      throw failure;
    }
    if (interruptions && scenario.interruption() == null) {
      interrupt(scenario, loop.interrupter().all());
    }
  }

  private void interrupt(Scenario scenario, List<Interruption> all) {
    interrupted |= !all.isEmpty();
    if (!interrupted && ahead.isEmpty()) {
      throw new IllegalStateException(
          "there is nothing to interrupt: choose a coroutine with loop.target(coroutine), or set a deadline");
    }
    all.reversed().forEach(interruption -> ahead.addFirst(scenario.with(interruption)));
  }
}
