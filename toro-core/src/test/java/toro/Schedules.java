package toro;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/**
 * Runs a few coroutines again and again: in each order in which the loop could run what is ready,
 * and with an event at each point: one of them is cancelled, all deadlines pass, the loop is
 * stopped and started again, or closed.
 */
final class Schedules {
  /** How many events there are in a run, at most. */
  private static final int EVENTS = Integer.getInteger("toro.schedule.events", 1);

  /** How long a wait lasts at most: until the deadlines pass. */
  static final Duration SOON = Duration.ofNanos(1);

  private static final Duration LATER = Duration.ofSeconds(1);

  /** The coroutines, and what must hold. */
  static final class Scene {
    final List<ThrowingRunnable> coroutines = new ArrayList<>();
    private final List<Runnable> invariants = new ArrayList<>();
    private Runnable rule = () -> {};

    /** One that may be cancelled, and whose waits may expire: it ends then. */
    Scene coroutine(ThrowingRunnable body) {
      coroutines.add(
          () -> {
            try {
              body.run();
            } catch (CancellationException | DeadlineExceededException ended) {
              // that is how some end
            }
          });
      return this;
    }

    /** What always holds while no coroutine runs. */
    Scene rule(Runnable check) {
      rule = check;
      return this;
    }

    /** What holds when nothing can go on, and in the end. */
    Scene invariant(Runnable check) {
      invariants.add(check);
      return this;
    }
  }

  private final Function<IOLoop, Scene> scenes;
  private final List<Integer> choices = new ArrayList<>(); // of this run
  private final List<Integer> widths = new ArrayList<>(); // of how many
  private final List<String> story = new ArrayList<>();
  private int made;

  private Schedules(Function<IOLoop, Scene> scenes) {
    this.scenes = scenes;
  }

  /**
   * Runs all schedules of a scene.
   *
   * @return how many there were
   */
  static int explore(Function<IOLoop, Scene> scenes) {
    Schedules schedules = new Schedules(scenes);
    int runs = 0;
    do {
      schedules.run();
      runs++;
    } while (schedules.advance());
    return runs;
  }

  /** Goes on to the next schedule. */
  private boolean advance() {
    for (int last = choices.size() - 1; last >= 0; last--) {
      int next = choices.get(last) + 1;
      choices.subList(last, choices.size()).clear();
      if (next < widths.get(last)) {
        choices.add(next);
        return true;
      }
    }
    return false;
  }

  private int choose(int width) {
    if (made == choices.size()) {
      choices.add(0);
    }
    widths.subList(made, widths.size()).clear();
    widths.add(width);
    return choices.get(made++);
  }

  private void run() {
    made = 0;
    story.clear();
    List<Throwable> failures = new ArrayList<>();
    ManualClock clock = new ManualClock();
    Order order = new Order(failures);
    try (IOLoop loop = TestLoop.create(new SilentProbe(clock, order))) {
      loop.setExceptionHandler((source, failure) -> failures.add(failure));
      Scene scene = scenes.apply(loop);
      order.rule = scene.rule;
      List<Coroutine<?>> coroutines = order.coroutines;
      for (ThrowingRunnable body : scene.coroutines) {
        coroutines.add(loop.spawn(body));
      }
      for (Coroutine<?> coroutine : coroutines) {
        coroutine.whenComplete(
            (value, failure) -> {
              if (coroutines.stream().allMatch(Coroutine::isDone)) {
                loop.stop();
              }
            });
      }
      loop.timers.add(
          LATER.toNanos(),
          () -> { // nothing can go on
            try {
              scene.invariants.forEach(Runnable::run);
            } finally {
              coroutines.forEach(each -> each.cancel(true));
            }
          });
      loop.timers.add(2 * LATER.toNanos(), loop::stop); // and they did not end
      order.events.add(
          new Event(
              "the deadlines pass",
              () -> {
                clock.advance(SOON);
                loop.timers.takeDue(due -> due.fire());
              }));
      for (int i = 0; i < coroutines.size(); i++) {
        Coroutine<?> coroutine = coroutines.get(i);
        order.events.add(new Event("cancel " + (i + 1), () -> coroutine.cancel(true)));
      }
      boolean[] stopped = {false};
      order.events.add(
          new Event(
              "stop and start",
              () -> {
                stopped[0] = true;
                loop.stop();
              }));
      boolean[] closed = {false};
      order.events.add(
          new Event(
              "stop and close",
              () -> {
                closed[0] = true;
                loop.stop();
              }));
      loop.start();
      if (stopped[0] && !closed[0] && !coroutines.stream().allMatch(Coroutine::isDone)) {
        loop.start();
      }
      order.events.clear();
      if (closed[0]) {
        order.rule = () -> {};
        loop.close();
      }
      assertThat(coroutines).allMatch(Coroutine::isDone);
      for (Coroutine<?> coroutine : coroutines) {
        if (coroutine.isCompletedExceptionally()) {
          failures.add(Failures.of(coroutine));
        }
      }
      if (!closed[0]) {
        loop.runSync(() -> scene.invariants.forEach(Runnable::run));
      }
      failures.removeIf(CancellationException.class::isInstance);
      assertThat(failures).isEmpty();
    } catch (Throwable failure) {
      throw new AssertionError(
          "in this schedule: " + String.join(", ", story) + ": " + failure, failure);
    }
  }

  private record Event(String name, Runnable happening) {}

  /** A ready queue that asks who is next. */
  private final class Order extends ArrayDeque<Runnable> {
    private static final Runnable NOTHING = () -> {};

    final transient List<Event> events = new ArrayList<>(); // that can still happen
    private int happened;
    private transient Runnable next; // was chosen and put back
    private final transient List<Throwable> failures;
    final transient List<Coroutine<?>> coroutines = new ArrayList<>();
    private transient Runnable rule = () -> {};
    private boolean waits; // nothing is ready, and nothing shall happen before it is

    Order(List<Throwable> failures) {
      this.failures = failures;
    }

    @Override
    public void addFirst(Runnable putBack) {
      next = putBack;
    }

    @Override
    public boolean add(Runnable task) {
      waits = false;
      return super.add(task);
    }

    @Override
    public boolean isEmpty() {
      return super.isEmpty() && next == null && (waits || events.isEmpty());
    }

    @Override
    public Runnable poll() {
      if (next != null) {
        Runnable chosen = next;
        next = null;
        return chosen;
      }
      if (isEmpty()) {
        return null;
      }
      try {
        rule.run();
      } catch (Throwable failure) {
        failures.add(failure);
        story.add("the rule is broken");
        rule = () -> {};
      }
      int tasks = Math.max(1, size());
      int chosen = choose(tasks + events.size());
      if (chosen >= tasks) {
        Event event = events.remove(chosen - tasks);
        if (++happened == EVENTS) {
          events.clear();
        }
        story.add(event.name);
        return event.happening;
      }
      if (size() == 0) {
        waits = true;
        return NOTHING;
      }
      Iterator<Runnable> all = iterator();
      Runnable task = all.next();
      for (int i = 0; i < chosen; i++) {
        task = all.next();
      }
      all.remove();
      story.add(
          task instanceof Fiber fiber
              ? String.valueOf(1 + coroutines.indexOf(fiber.coroutine))
              : "a callback");
      return task;
    }
  }
}
