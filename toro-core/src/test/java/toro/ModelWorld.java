package toro;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** A {@link World} of lists and counters: what the loop, its waits and coroutines should do. */
final class ModelWorld extends World<ModelWorld.Place, ModelWorld.Body> {
  static final int SHARED = 4;

  /** When the shared deadlines are. */
  static int shared(int which) {
    return 40 * (Math.floorMod(which, SHARED) + 1);
  }

  /** What a primitive should do. Who waits, waits in a list: the first comes first. */
  abstract static class Model {
    ModelWorld world;

    /**
     * What a wait-method does.
     *
     * @return how the wait ends at once, a {@code String}; or the {@code List<Place>} in which it
     *     waits
     */
    abstract Object begin(String method, int item, Place wait);

    /** What another method does: returns what there is to compare, or throws. */
    abstract Object act(String action, int value);

    abstract String state();

    /** Closes a lease that may have been closed before. */
    void close(Place lease) {
      throw new UnsupportedOperationException();
    }

    /** Somebody has left a line without having been granted. */
    void departed(Place wait) {
      departed();
    }

    void departed() {}

    /** Is it as it was at first, and does nobody live wait? */
    boolean isIdle() {
      throw new UnsupportedOperationException();
    }

    /** Somebody stands in line now. */
    void waits() {}

    /** The time of a wait is up, but it is still in line. */
    void expires() {}

    /** Who is first in a line and not gone; null: nobody. */
    static Place first(List<Place> line) {
      return line.stream().filter(wait -> !wait.claimed).findFirst().orElse(null);
    }

    /** Grants all of a line who wait now. */
    final void grantAll(List<Place> line, String outcome) {
      grant(line, Integer.MAX_VALUE, outcome);
    }

    /** Grants the first n of a line who wait now. */
    final void grant(List<Place> line, int n, String outcome) {
      int left = n;
      for (Place wait : List.copyOf(line)) {
        if (left > 0 && line.contains(wait) && !wait.claimed) {
          left--;
          world.grant(wait, outcome);
        }
      }
    }

    static String count(String name, List<Place> line) {
      return line.isEmpty() ? "" : " " + name + "[" + line.size() + "]";
    }
  }

  /** A wait, and its place in line. */
  static final class Place extends Wait {
    Object item; // that it puts in, or what it acquires a part of
    int count = 1; // how many it acquires
    boolean alone; // may nobody else have it at the same time?
    boolean gaveBack; // its lease
    private List<Place> line;
    private boolean claimed; // it is settled how this ends
    private String outcome;
    private Timer timer;
    private final List<Body> awaiters = new ArrayList<>();

    @Override
    String outcome() {
      return outcome;
    }

    @Override
    boolean hasLease() {
      return "lease".equals(outcome);
    }

    boolean isLive() {
      return !claimed;
    }

    private boolean isWanted() {
      return watched || derived > 0 || !awaiters.isEmpty();
    }
  }

  /** A coroutine. */
  static final class Body extends Routine {
    private Place wait;
    private Step begin;
    private Step then;
    private boolean started;
    private boolean ended;
    private boolean cancelRequested; // while it began its wait
    private String interruption;

    @Override
    boolean hasEnded() {
      return ended;
    }
  }

  record Timer(long when, Runnable due) {}

  private static final Runnable DRIVER = () -> {};

  private final Model model;
  private long now;
  private final List<Timer> timers = new ArrayList<>(); // in the order they were made
  private final Deque<Runnable> ready = new ArrayDeque<>();
  private final List<Runnable> heard = new ArrayList<>(); // from other threads

  ModelWorld(Model model) {
    this.model = model;
    model.world = this;
  }

  // Waits.

  @Override
  Place newWait() {
    return new Place();
  }

  @Override
  @SuppressWarnings("unchecked")
  void begin(Place wait, Step step) {
    Object result = model.begin(step.name(), step.value(), wait);
    wait.begun = true;
    if (result instanceof String outcome) {
      wait.claimed = true;
      complete(wait, outcome);
      return;
    }
    int nanos = step.limit().nanos();
    long left =
        switch (step.limit().form()) {
          case NONE -> Long.MAX_VALUE;
          case DURATION, AFTER, AT -> nanos;
          case SHARED -> shared(nanos) - now;
        };
    if (left <= 0) {
      wait.claimed = true;
      complete(wait, EXPIRED);
      return;
    }
    wait.line = (List<Place>) result;
    wait.line.add(wait);
    if (left < Long.MAX_VALUE) {
      wait.timer = setTimer(now + left, () -> expire(wait));
    }
    model.waits();
  }

  private void expire(Place wait) {
    if (wait.timer != null) {
      model.expires();
      leave(wait, EXPIRED);
    }
  }

  void grant(Place wait, String outcome) {
    takeOut(wait);
    complete(wait, outcome);
  }

  /** Takes all of a line out; they do not learn of it before they are {@link #complete}d. */
  List<Place> takeAll(List<Place> line) {
    return List.copyOf(line).stream().filter(this::takeOut).toList();
  }

  /** Takes a wait out of its line; false if it is settled otherwise how it ends. */
  boolean takeOut(Place wait) {
    if (wait.claimed) {
      return false;
    }
    wait.claimed = true;
    wait.line.remove(wait);
    removeTimer(wait);
    return true;
  }

  /** Ends a wait that was not granted: first it makes room for the others, then it learns of it. */
  private boolean leave(Place wait, String outcome) {
    if (!takeOut(wait)) {
      return false;
    }
    model.departed(wait);
    complete(wait, outcome);
    return true;
  }

  void complete(Place wait, String outcome) {
    wait.outcome = outcome;
    if (wait.watched) {
      callback(wait);
    }
    wake(wait);
  }

  private void wake(Place wait) {
    wait.awaiters.forEach(body -> ready.add(() -> resume(body)));
    wait.awaiters.clear();
  }

  @Override
  String act(String action, int value) {
    try {
      return String.valueOf(model.act(action, value));
    } catch (RuntimeException failure) {
      return failure.getClass().getSimpleName();
    }
  }

  @Override
  void close(Place wait) {
    model.close(wait);
  }

  @Override
  boolean cancel(Place wait) {
    return leave(wait, CANCELLED) || CANCELLED.equals(wait.outcome);
  }

  @Override
  boolean complete(Place wait) {
    return leave(wait, "null");
  }

  @Override
  boolean fail(Place wait) {
    return leave(wait, "Outside");
  }

  @Override
  void cancelElsewhere(Place wait) {
    wait.claimed = true;
    wait.outcome = CANCELLED;
    if (wait.watched) {
      callback(wait);
    }
    heard.add(
        () -> {
          wait.line.remove(wait);
          removeTimer(wait);
          model.departed(wait);
          wake(wait);
        });
  }

  @Override
  void derive(Place wait) {}

  @Override
  void giveUp(Place wait) {
    cancelUnlessWanted(wait);
  }

  private void cancelUnlessWanted(Place wait) {
    if (!wait.isWanted()) {
      leave(wait, CANCELLED);
    }
  }

  // Coroutines.

  @Override
  Body spawn(Place wait, Step begin, Step then) {
    Body body = new Body();
    body.wait = wait;
    body.begin = begin;
    body.then = then;
    ready.add(() -> start(body));
    return body;
  }

  private void start(Body body) {
    if (body.ended) {
      return;
    }
    body.started = true;
    if (body.wait == null) {
      body.wait = beginNew(body.begin);
    }
    if (body.wait.outcome != null) {
      resume(body);
    } else if (body.cancelRequested) {
      cancelUnlessWanted(body.wait);
      body.interruption = CANCELLED;
      resume(body);
    } else {
      body.wait.awaiters.add(body);
    }
  }

  private void resume(Body body) {
    String outcome = body.interruption != null ? body.interruption : body.wait.outcome;
    happens(body + " got " + outcome);
    if (body.then != null) {
      perform(body.then, body.wait);
    }
    body.ended = true;
  }

  @Override
  void cancel(Body body) {
    if (!body.started) {
      body.ended = true;
    } else if (body.wait == null) {
      body.cancelRequested = true;
    } else if (!body.wait.claimed && body.wait.awaiters.remove(body)) {
      cancelUnlessWanted(body.wait);
      body.interruption = CANCELLED;
      ready.add(() -> resume(body));
    } // else what was granted is delivered
  }

  // Time.

  long now() {
    return now;
  }

  Timer setTimer(long when, Runnable due) {
    Timer timer = new Timer(when, due);
    timers.add(timer);
    return timer;
  }

  /** False if it was due or removed before. */
  boolean removeTimer(Timer timer) {
    return timers.removeIf(each -> each == timer);
  }

  private void removeTimer(Place wait) {
    removeTimer(wait.timer);
    wait.timer = null;
  }

  @Override
  void turn() {
    ready.add(DRIVER);
    runToDriver();
  }

  @Override
  void sleep(int nanos) {
    setTimer(now + nanos, () -> ready.add(DRIVER));
    runToDriver();
  }

  private void runToDriver() {
    for (Runnable next; (next = next()) != DRIVER; ) {
      next.run();
    }
  }

  private Runnable next() {
    if (ready.isEmpty()) {
      ready.addAll(heard);
      heard.clear();
      if (ready.isEmpty()) {
        now = Math.max(now, timers.stream().mapToLong(Timer::when).min().getAsLong());
      }
      timers.stream()
          .filter(timer -> timer.when <= now)
          .sorted(Comparator.comparing(Timer::when)) // stable
          .forEach(timer -> ready.add(timer.due));
      timers.removeIf(timer -> timer.when <= now);
    }
    return ready.remove();
  }

  @Override
  void jump(int nanos) {
    now += nanos;
  }

  @Override
  boolean isOverdue() {
    return timers.stream().anyMatch(timer -> timer.when <= now);
  }

  @Override
  String state() {
    return model.state();
  }

  @Override
  int timers() {
    return timers.size();
  }
}
