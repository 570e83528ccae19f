package toro.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What several processes say they observed, and what of it cannot be. Each line begins with the
 * time at which it happened, in nanoseconds of the machine, which all of them read from the same
 * clock.
 */
final class History {
  private final List<String> violations = new ArrayList<>();
  private final Map<Long, Hold> holds = new HashMap<>();
  private final Set<String> put = new HashSet<>();
  private final Map<String, Integer> done = new HashMap<>();
  private int lines;

  /** From when to when a lease was held, as its holder believed. */
  private static final class Hold {
    final String process;
    final long from;
    long until = Long.MIN_VALUE; // unknown: the process was killed

    Hold(String process, long from) {
      this.process = process;
      this.from = from;
    }
  }

  /** Takes a line of a process. */
  void add(String process, String line) {
    lines++;
    String[] words = line.split(" ");
    long time = Long.parseLong(words[0]);
    switch (words[1]) {
      case "granted" -> {
        long token = Long.parseLong(words[2]);
        if (holds.put(token, new Hold(process, time)) != null) {
          violations.add("token " + token + " was granted twice");
        }
      }
      // The last moment at which the holder looked, and the lease was not lost.
      case "held" -> {
        Hold hold = holds.get(Long.parseLong(words[2]));
        hold.until = Math.max(hold.until, time);
      }
      case "put" -> put.add(words[2]);
      case "done" -> done.merge(words[2], 1, Integer::sum);
      default -> throw new IllegalArgumentException(line);
    }
  }

  int lines() {
    return lines;
  }

  int grants() {
    return holds.size();
  }

  int items() {
    return done.size();
  }

  /** What cannot be: two holds at one time, tokens that do not grow, items that are nowhere. */
  List<String> violations(Set<String> left) {
    List<Map.Entry<Long, Hold>> inOrder =
        holds.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
    for (int i = 1; i < inOrder.size(); i++) {
      Hold before = inOrder.get(i - 1).getValue();
      Hold after = inOrder.get(i).getValue();
      if (before.until > after.from) {
        violations.add(
            "token %d of %s was held until %d, and %d of %s from %d on"
                .formatted(
                    inOrder.get(i - 1).getKey(),
                    before.process,
                    before.until,
                    inOrder.get(i).getKey(),
                    after.process,
                    after.from));
      }
    }
    for (String item : put) {
      if (!done.containsKey(item) && !left.contains(item)) {
        violations.add("item " + item + " has vanished");
      }
    }
    return violations;
  }
}
