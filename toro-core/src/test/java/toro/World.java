package toro;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Where a program of {@link Step}s runs. There are two: one of the real primitive and loop, and one
 * of the model. What happens is logged in both, and must be the same.
 *
 * @param <W> a wait
 * @param <C> a coroutine
 */
abstract class World<W extends World.Wait, C extends World.Routine> {

  /** What both worlds know of a wait. */
  abstract static class Wait {
    int number;
    boolean begun; // has its wait-method returned?
    boolean watched;
    int derived; // stages attached and not given up
    boolean closed; // its lease, at least once
    final List<Step> reactions = new ArrayList<>();

    /** How it ended; null: it has not. */
    abstract String outcome();

    abstract boolean hasLease();

    @Override
    public final String toString() {
      return "w" + number;
    }
  }

  /** What both worlds know of a coroutine. */
  abstract static class Routine {
    int number;
    boolean acts; // it does more than to await

    abstract boolean hasEnded();

    @Override
    public final String toString() {
      return "c" + number;
    }
  }

  static final String EXPIRED = "DeadlineExceededException";
  static final String CANCELLED = "CancellationException";

  /** What a wait is completed with from outside. */
  static final class Outside extends RuntimeException {}

  final List<W> waits = new ArrayList<>();
  final List<C> coroutines = new ArrayList<>();

  /** What happened, to be compared after each step. */
  final List<String> log = new ArrayList<>();

  /** What was done and happened, to be read by people; null: not wanted. */
  List<String> story;

  boolean unheard; // was a wait cancelled elsewhere, and the loop has not looked yet?
  private int depth;

  // What a world can do.

  abstract W newWait();

  abstract void begin(W wait, Step step);

  abstract String act(String action, int value);

  abstract void close(W wait);

  abstract boolean cancel(W wait);

  abstract boolean complete(W wait);

  abstract boolean fail(W wait);

  abstract void cancelElsewhere(W wait);

  abstract void derive(W wait);

  abstract void giveUp(W wait);

  /** Starts a coroutine that begins a wait unless it is given one, awaits it, and does the rest. */
  abstract C spawn(W wait, Step begin, Step then);

  abstract void cancel(C coroutine);

  abstract void turn();

  abstract void sleep(int nanos);

  abstract void jump(int nanos);

  /** Has the clock jumped over a deadline, and the loop has not looked yet? */
  abstract boolean isOverdue();

  /** What the primitive says of itself. */
  abstract String state();

  /** How many timers there are. */
  abstract int timers();

  // What is the same in both.

  /**
   * Does a step; what it is about and is not there, it leaves.
   *
   * @param mine the wait whose callback or coroutine does it; null: nobody's
   */
  final void perform(Step step, W mine) {
    depth++;
    switch (step.kind()) {
      case BEGIN -> beginNew(step);
      case ACT -> {
        tell(step.name() + "(" + step.value() + ")");
        happens(act(step.name(), step.value()));
      }
      case CLOSE -> {
        W wait = mine != null && mine.hasLease() ? mine : lease(step.target(), step.value());
        if (wait != null) {
          tell("close the lease of " + wait);
          wait.closed = true;
          close(wait);
        }
      }
      case CANCEL -> {
        W wait = wait(step);
        if (wait != null) {
          tell("cancel " + wait);
          happens(cancel(wait));
        }
      }
      case COMPLETE -> {
        W wait = wait(step);
        if (wait != null) {
          tell("complete " + wait + " from outside");
          happens(complete(wait));
        }
      }
      case FAIL -> {
        W wait = wait(step);
        if (wait != null) {
          tell("fail " + wait + " from outside");
          happens(fail(wait));
        }
      }
      case CANCEL_ELSEWHERE -> {
        W wait = pending(step.target());
        if (wait != null && wait.reactions.isEmpty() && !anyActs()) {
          tell("cancel " + wait + " on another thread");
          unheard = true;
          cancelElsewhere(wait);
        }
      }
      case DERIVE -> {
        W wait = wait(step);
        if (wait != null) {
          tell("attach a stage to " + wait);
          wait.derived++;
          derive(wait);
        }
      }
      case GIVE_UP -> {
        W wait = pick(waits, each -> each.derived > 0, step.target());
        if (wait != null) {
          tell("cancel a stage attached to " + wait);
          wait.derived--;
          giveUp(wait);
        }
      }
      case REACT -> {
        W wait = pending(step.target());
        if (wait != null && wait.watched && step.then() != null) {
          tell("when " + wait + " is done: " + step.then());
          wait.reactions.add(step.then());
        }
      }
      case SPAWN -> spawn(step);
      case CANCEL_COROUTINE -> {
        C coroutine = pick(coroutines, each -> !each.hasEnded(), step.target());
        if (coroutine != null) {
          tell("cancel " + coroutine);
          cancel(coroutine);
        }
      }
      case TURN -> {
        tell("let the others run");
        if (isUnsettled()) {
          settle(1);
        }
        turn();
      }
      case SLEEP -> {
        tell("sleep " + step.value() + " ns");
        settle(step.value());
      }
      case JUMP -> {
        // At which point of the next turn the loop notices is open: none may be there who would
        // see.
        if (!anyActs()) {
          tell("the clock jumps " + step.value() + " ns");
          jump(step.value());
        }
      }
    }
    depth--;
  }

  final W beginNew(Step step) {
    W wait = newWait();
    wait.number = waits.size();
    wait.watched = step.watched();
    waits.add(wait);
    tell(
        wait
            + " = "
            + step.name()
            + "("
            + step.value()
            + " "
            + step.limit()
            + ")"
            + (step.watched() ? ", watched" : ""));
    begin(wait, step);
    return wait;
  }

  private void spawn(Step step) {
    W wait = step.begin() == null ? wait(step) : null;
    boolean acts = step.begin() != null || step.then() != null;
    if ((wait == null && step.begin() == null) || (acts && isUnsettled())) {
      return;
    }
    tell(
        "spawn c"
            + coroutines.size()
            + ": await "
            + (wait == null ? step.begin() : wait)
            + (step.then() == null ? "" : ", then " + step.then()));
    C coroutine = spawn(wait, step.begin(), step.then());
    coroutine.number = coroutines.size();
    coroutine.acts = acts;
    coroutines.add(coroutine);
  }

  private void settle(int nanos) {
    sleep(nanos);
    unheard = false;
  }

  /** Is there something that the loop will notice at some point of the next turn? */
  final boolean isUnsettled() {
    return unheard || isOverdue();
  }

  private boolean anyActs() {
    return coroutines.stream().anyMatch(each -> each.acts && !each.hasEnded());
  }

  /** A wait is done and watched: its callback. */
  final void callback(W wait) {
    happens(wait + ": " + wait.outcome());
    for (Step reaction : wait.reactions) {
      perform(reaction, wait);
    }
  }

  final void happens(Object event) {
    log.add(String.valueOf(event));
    tell("  -> " + event);
  }

  final void tell(String line) {
    if (story != null) {
      story.add("  ".repeat(depth) + line);
    }
  }

  // Whom a step is about.

  private W wait(Step step) {
    return step.value() == 0
        ? pick(waits, each -> each.begun, step.target())
        : pending(step.target());
  }

  private W pending(int target) {
    return pick(waits, each -> each.begun && each.outcome() == null, target);
  }

  private W lease(int target, int again) {
    return pick(
        waits, each -> each.begun && each.hasLease() && (again == 0 || !each.closed), target);
  }

  private static <T> T pick(List<T> all, Predicate<T> condition, int target) {
    List<T> found = new ArrayList<>();
    for (T each : all) {
      if (condition.test(each)) {
        found.add(each);
      }
    }
    return found.isEmpty() ? null : found.get(target % found.size());
  }

  final boolean anyPending() {
    return pending(0) != null;
  }

  final int unfinished() {
    int unfinished = 0;
    for (C coroutine : coroutines) {
      unfinished += coroutine.hasEnded() ? 0 : 1;
    }
    return unfinished;
  }
}
