package toro.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import toro.Coroutine;

/** Counts the steps of a run, and does to it, at one of them, what is to be done. */
final class Interrupter {
  private final @Nullable Interruption interruption;
  private final BiConsumer<Runnable, Boolean> soon;
  private final Map<Coroutine<?>, Integer> awaits = new LinkedHashMap<>(); // of each target
  private int deadlines;
  private boolean reached;

  /**
   * @param soon does something on the loop: before all that is ready, or if true after it
   */
  Interrupter(@Nullable Interruption interruption, BiConsumer<Runnable, Boolean> soon) {
    this.interruption = interruption;
    this.soon = soon;
  }

  void target(Coroutine<?> coroutine) {
    awaits.putIfAbsent(coroutine, 0);
  }

  void suspends(Coroutine<?> coroutine) {
    if (awaits.containsKey(coroutine)) {
      int step = awaits.merge(coroutine, 1, Integer::sum);
      int target = List.copyOf(awaits.keySet()).indexOf(coroutine) + 1;
      reach(target, step, () -> coroutine.cancel(true));
    }
  }

  void limited(Runnable expire) {
    reach(Interruption.DEADLINES, ++deadlines, expire);
  }

  private void reach(int target, int step, Runnable action) {
    if (interruption != null
        && !reached
        && interruption.target() == target
        && interruption.step() == step) {
      reached = true;
      soon.accept(action, interruption.late());
    }
  }

  boolean hasMissed() {
    return interruption != null && !reached;
  }

  /** All that can be done to a run like this one. */
  List<Interruption> all() {
    List<Interruption> all = new ArrayList<>();
    int target = 1;
    for (int steps : awaits.values()) {
      add(target++, steps, all);
    }
    add(Interruption.DEADLINES, deadlines, all);
    return all;
  }

  private static void add(int target, int steps, List<Interruption> all) {
    for (int step = 1; step <= steps; step++) {
      all.add(new Interruption(target, step, false));
      all.add(new Interruption(target, step, true));
    }
  }
}
