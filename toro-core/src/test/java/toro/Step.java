package toro;

import java.util.ArrayList;
import java.util.List;

/**
 * A step of a random program. Whom it is about it says by a number, which each {@link World} finds
 * among those it knows by then; so a program from which steps are taken out is still a program.
 *
 * @param name the wait-method or the action that is called; else empty
 * @param target whom it is about
 * @param value the item, the argument, or how many nanoseconds
 * @param limit how long to wait
 * @param watched is a callback attached to the wait at once?
 * @param begin what a coroutine does first; null: it awaits the target
 * @param then what a callback or a coroutine does afterwards; null: nothing
 */
record Step(
    Kind kind,
    String name,
    int target,
    int value,
    Limit limit,
    boolean watched,
    Step begin,
    Step then) {

  enum Kind {
    /** Calls a wait-method. */
    BEGIN,
    /** Calls another method. */
    ACT,
    /** Closes a lease, perhaps once more. */
    CLOSE,
    CANCEL,
    COMPLETE,
    FAIL,
    /** Cancels a wait on another thread; the loop hears of it in the next turn. */
    CANCEL_ELSEWHERE,
    /** Attaches a stage to a wait. */
    DERIVE,
    /** Cancels a stage that is attached to a wait. */
    GIVE_UP,
    /** Lets a callback do something when a wait is done. */
    REACT,
    /** Starts a coroutine that awaits. */
    SPAWN,
    CANCEL_COROUTINE,
    /** Lets the others run once. */
    TURN,
    /** Lets the others run until some time has passed. */
    SLEEP,
    /** Moves the clock while nothing runs. */
    JUMP
  }

  static Step of(Kind kind, int target, int value) {
    return new Step(kind, "", target, value, Limit.NONE, false, null, null);
  }

  static Step begin(String method, int item, Limit limit, boolean watched) {
    return new Step(Kind.BEGIN, method, 0, item, limit, watched, null, null);
  }

  static Step act(String action, int value) {
    return new Step(Kind.ACT, action, 0, value, Limit.NONE, false, null, null);
  }

  Step with(Step begin, Step then) {
    return new Step(kind, name, target, value, limit, watched, begin, then);
  }

  private Step with(int target, int value, Limit limit, boolean watched) {
    return new Step(kind, name, target, value, limit, watched, begin, then);
  }

  /** Steps that are a little simpler than this one. */
  List<Step> simpler() {
    List<Step> simpler = new ArrayList<>();
    if (then != null) {
      simpler.add(with(begin, null));
      then.simpler().forEach(step -> simpler.add(with(begin, step)));
    }
    if (begin != null) {
      simpler.add(with(null, then));
      begin.simpler().forEach(step -> simpler.add(with(step, then)));
    }
    if (!limit.equals(Limit.NONE)) {
      simpler.add(with(target, value, Limit.NONE, watched));
      limit.simpler().forEach(less -> simpler.add(with(target, value, less, watched)));
    }
    for (int less = 0; less < target; less++) {
      simpler.add(with(less, value, limit, watched));
    }
    for (int less : new int[] {1, value / 2, value - 1}) {
      if (less > 0 && less < value) {
        simpler.add(with(target, less, limit, watched));
      }
    }
    return simpler;
  }

  @Override
  public String toString() {
    return kind
        + (name.isEmpty()
            ? " " + target + " " + value
            : " " + name + "(" + value + " " + limit + ")")
        + (then == null ? "" : " then " + then);
  }
}
