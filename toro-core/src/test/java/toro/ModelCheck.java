package toro;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs random programs on a primitive and on its model, which must agree after each step. A program
 * on which they do not is made as small as it gets, and told as a story.
 *
 * <p>{@code -Dtoro.seed=…} begins with the program of a failure; {@code -Dtoro.model.steps=…} says
 * how many steps there are for each primitive.
 */
final class ModelCheck {
  private static final int STEPS = Integer.getInteger("toro.model.steps", 50_000);
  private static final int LENGTH = 60;
  private static final int SHRINKS = 10_000;

  /** From how few steps on pairs of them are tried. */
  private static final int PAIRS = 30;

  private final String primitive;
  private final Function<IOLoop, RealWorld.Primitive> real;
  private final Supplier<ModelWorld.Model> model;
  private List<String> methods;
  private List<String> actions;

  private ModelCheck(
      String primitive,
      Function<IOLoop, RealWorld.Primitive> real,
      Supplier<ModelWorld.Model> model) {
    this.primitive = primitive;
    this.real = real;
    this.model = model;
  }

  static ModelCheck of(
      String primitive,
      Function<IOLoop, RealWorld.Primitive> real,
      Supplier<ModelWorld.Model> model) {
    return new ModelCheck(primitive, real, model);
  }

  /** The wait-methods; one that is named twice is called twice as often. */
  ModelCheck waits(String... names) {
    methods = List.of(names);
    return this;
  }

  /** What else can be called. */
  void calls(String... names) {
    actions = List.of(names);
    run();
  }

  private void run() {
    long seed = Long.getLong("toro.seed", System.nanoTime());
    int[] steps = {0};
    for (; steps[0] < STEPS; seed++) {
      List<Step> program = program(new Random(seed));
      String failure = failure(program, steps, null);
      if (failure != null) {
        throw new AssertionError(story(seed, program, failure));
      }
    }
  }

  // Programs.

  private List<Step> program(Random random) {
    List<Step> program = new ArrayList<>();
    for (int length = 1 + random.nextInt(LENGTH); length > 0; length--) {
      program.add(step(random));
    }
    return program;
  }

  private Step step(Random random) {
    int choice = random.nextInt(100);
    int target = random.nextInt(8);
    int time = 1 + random.nextInt(40);
    if (choice < 10) {
      return Step.of(Step.Kind.TURN, 0, 0);
    } else if (choice < 15) {
      return Step.of(Step.Kind.SLEEP, 0, time);
    } else if (choice < 18) {
      return Step.of(Step.Kind.JUMP, 0, time);
    } else if (choice < 19) {
      return Step.of(Step.Kind.CANCEL_ELSEWHERE, target, 1);
    } else if (choice < 25) {
      return Step.of(Step.Kind.REACT, target, 1).with(null, quick(random));
    } else if (choice < 33) {
      return Step.of(Step.Kind.SPAWN, target, pendingMostly(random))
          .with(
              random.nextBoolean() ? begin(random) : null,
              random.nextBoolean() ? quick(random) : null);
    }
    return quick(random);
  }

  /** What takes no time, so a callback may do it. */
  private Step quick(Random random) {
    int choice = random.nextInt(100);
    int target = random.nextInt(8);
    if (choice < 42) {
      return begin(random);
    } else if (choice < 72) {
      return Step.act(actions.get(random.nextInt(actions.size())), random.nextInt(4));
    } else if (choice < 82) {
      return Step.of(Step.Kind.CLOSE, target, random.nextInt(5) / 4);
    } else if (choice < 88) {
      return Step.of(Step.Kind.CANCEL, target, pendingMostly(random));
    } else if (choice < 90) {
      return Step.of(Step.Kind.COMPLETE, target, pendingMostly(random));
    } else if (choice < 92) {
      return Step.of(Step.Kind.FAIL, target, pendingMostly(random));
    } else if (choice < 94) {
      return Step.of(Step.Kind.DERIVE, target, pendingMostly(random));
    } else if (choice < 96) {
      return Step.of(Step.Kind.GIVE_UP, target, 0);
    }
    return Step.of(Step.Kind.CANCEL_COROUTINE, target, 0);
  }

  private Step begin(Random random) {
    String method = methods.get(random.nextInt(methods.size()));
    Limit.Form form = Limit.Form.values()[random.nextInt(Limit.Form.values().length)];
    int nanos = random.nextInt(8) == 0 ? random.nextInt(3) - 2 : 1 + random.nextInt(60);
    Limit limit =
        form == Limit.Form.NONE || random.nextInt(4) == 0 ? Limit.NONE : new Limit(form, nanos);
    return Step.begin(method, random.nextInt(10), limit, random.nextInt(3) > 0);
  }

  private static int pendingMostly(Random random) {
    return random.nextInt(5) == 0 ? 0 : 1;
  }

  // Whether the two agree.

  /**
   * Runs a program.
   *
   * @param steps where the steps are counted; null: not
   * @param story where it is told; null: not
   * @return how the two disagree; null: they agree
   */
  private String failure(List<Step> program, int[] steps, List<String> story) {
    ManualClock clock = new ManualClock(Long.MAX_VALUE - 100); // it wraps around on the way
    List<Throwable> reported = new ArrayList<>();
    try (IOLoop loop = TestLoop.create(clock)) {
      loop.setExceptionHandler((source, failure) -> reported.add(failure));
      return loop.runSync(
          () -> {
            ModelWorld expected = new ModelWorld(model.get());
            RealWorld actual = new RealWorld(loop, clock, real.apply(loop));
            actual.story = story;
            String failure = disagreement(expected, actual);
            for (int i = 0; i < program.size() && failure == null; i++) {
              failure = disagreementAfter(program.get(i), expected, actual);
              if (steps != null) {
                steps[0]++;
              }
            }
            Step cancel = Step.of(Step.Kind.CANCEL, 0, 1);
            while (failure == null && expected.anyPending()) {
              failure = disagreementAfter(cancel, expected, actual); // also in those that react
            }
            if (failure == null) {
              failure = disagreementAfter(Step.of(Step.Kind.SLEEP, 0, 1), expected, actual);
            }
            if (failure == null && !reported.isEmpty()) {
              failure = "reported to the loop: " + reported;
            }
            actual.story = null; // what the end of the loop does to them does not belong to it
            return failure;
          });
    } catch (Throwable failure) {
      return failure + " at " + List.of(failure.getStackTrace()).getFirst();
    }
  }

  private static String disagreementAfter(Step step, ModelWorld expected, RealWorld actual) {
    expected.perform(step, null);
    actual.perform(step, null);
    return disagreement(expected, actual);
  }

  private static String disagreement(ModelWorld expected, RealWorld actual) {
    if (!expected.log.equals(actual.log)) {
      return differ("what happened", expected.log, actual.log);
    }
    expected.log.clear();
    actual.log.clear();
    boolean settled = !expected.unheard; // else it may still be counted who is gone
    if (settled && !expected.state().equals(actual.state())) {
      return differ("the state", expected.state(), actual.state());
    }
    for (int i = 0; i < expected.waits.size(); i++) {
      String outcome = expected.waits.get(i).outcome();
      if (!java.util.Objects.equals(outcome, actual.waits.get(i).outcome())) {
        return differ("w" + i, outcome, actual.waits.get(i).outcome());
      }
    }
    if (settled && expected.timers() != actual.timers()) {
      return differ("the number of timers", expected.timers(), actual.timers());
    }
    return expected.unfinished() == actual.unfinished()
        ? null
        : differ("the number of coroutines", expected.unfinished(), actual.unfinished());
  }

  private static String differ(String what, Object expected, Object actual) {
    return what + " should be\n  " + expected + "\nbut is\n  " + actual;
  }

  // A small program for a failure.

  private String story(long seed, List<Step> program, String firstFailure) {
    List<Step> small = shrink(program);
    List<String> story = new ArrayList<>();
    String failure = failure(small, null, story);
    return primitive
        + " and its model disagree; replay with -Dtoro.seed="
        + seed
        + "\n"
        + String.join("\n", story)
        + "\n"
        + (failure == null ? "not always: at first " + firstFailure : failure);
  }

  /** Takes out what it can, and makes simpler what is left, until nothing more can be. */
  private List<Step> shrink(List<Step> program) {
    List<Step> best = program;
    int[] runs = {0};
    for (List<Step> smaller = best; smaller != null; ) {
      best = smaller;
      smaller = firstFailing(withoutSome(best), runs);
      if (smaller == null) {
        smaller = firstFailing(simpler(best), runs);
      }
    }
    return best;
  }

  private List<Step> firstFailing(List<Supplier<List<Step>>> programs, int[] runs) {
    for (Supplier<List<Step>> program : programs) {
      if (++runs[0] > SHRINKS) {
        return null;
      }
      List<Step> candidate = program.get();
      if (failure(candidate, null, null) != null) {
        return candidate;
      }
    }
    return null;
  }

  private static List<Supplier<List<Step>>> withoutSome(List<Step> program) {
    List<Supplier<List<Step>>> all = new ArrayList<>();
    for (int chunk = program.size() / 2; chunk > 0; chunk /= 2) {
      for (int i = 0; i + chunk <= program.size(); i++) {
        int from = i;
        int to = i + chunk;
        all.add(
            () -> {
              List<Step> rest = new ArrayList<>(program);
              rest.subList(from, to).clear();
              return rest;
            });
      }
    }
    for (int i = 0; i < program.size() && program.size() <= PAIRS; i++) {
      for (int j = i + 2; j < program.size(); j++) {
        int first = i;
        int second = j;
        all.add(
            () -> {
              List<Step> rest = new ArrayList<>(program);
              rest.remove(second);
              rest.remove(first);
              return rest;
            });
      }
    }
    return all;
  }

  private static List<Supplier<List<Step>>> simpler(List<Step> program) {
    List<Supplier<List<Step>>> all = new ArrayList<>();
    for (int i = 0; i < program.size(); i++) {
      int at = i;
      for (Step simpler : program.get(i).simpler()) {
        all.add(
            () -> {
              List<Step> changed = new ArrayList<>(program);
              changed.set(at, simpler);
              return changed;
            });
      }
    }
    return all;
  }
}
