package toro.testing;

import static java.lang.Integer.parseInt;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is done to a run at one of its steps: a target is cancelled in an await of it, or a deadline
 * expires.
 *
 * @param target the number of the target; {@link #DEADLINES}: a deadline expires
 * @param step in its which await, or which deadline; from 1 on
 * @param late not at once, but after everything that is ready then
 */
record Interruption(int target, int step, boolean late) {
  static final int DEADLINES = 0;

  private static final Pattern TEXT =
      Pattern.compile(
          "(?:cancel target (\\d+) in await|expire deadline) (\\d+) (at once|a turn later)");

  /** Null if it is none. */
  static @Nullable Interruption parse(String text) {
    Matcher match = TEXT.matcher(text);
    if (!match.matches()) {
      return null;
    }
    int target = match.group(1) == null ? DEADLINES : parseInt(match.group(1));
    return new Interruption(
        target, parseInt(match.group(2)), match.group(3).equals("a turn later"));
  }

  @Override
  public String toString() {
    return (target == DEADLINES ? "expire deadline " : "cancel target " + target + " in await ")
        + step
        + (late ? " a turn later" : " at once");
  }
}
