package toro;

import static toro.Coroutines.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** A {@link World} of a loop, a primitive and futures. To be used in a coroutine. */
final class RealWorld extends World<RealWorld.Real, RealWorld.Running> {

  /** A primitive as programs see it. */
  interface Primitive {
    CompletableFuture<?> begin(String method, int item, Call call);

    /** Returns what there is to compare, or throws. */
    Object act(String action, int value);

    /** Its text, and what else it tells. */
    String state();
  }

  /** Calls a wait-method in the form that the program says. */
  interface Call {
    CompletableFuture<?> with(
        java.util.function.Supplier<CompletableFuture<?>> plain,
        java.util.function.Function<Duration, CompletableFuture<?>> timed,
        java.util.function.Function<Deadline, CompletableFuture<?>> until);
  }

  static final class Real extends Wait {
    private CompletableFuture<?> future;
    private final Deque<CompletableFuture<?>> stages = new ArrayDeque<>();

    @Override
    String outcome() {
      if (!begun || !future.isDone()) {
        return null;
      }
      return switch (future.state()) {
        case SUCCESS -> text(future.resultNow());
        case FAILED -> text(future.exceptionNow());
        default -> CANCELLED;
      };
    }

    @Override
    boolean hasLease() {
      return begun
          && future.isDone()
          && !future.isCompletedExceptionally()
          && future.resultNow() instanceof Lease;
    }
  }

  static final class Running extends Routine {
    private Coroutine<?> coroutine;

    @Override
    boolean hasEnded() {
      return coroutine.isDone();
    }
  }

  private final IOLoop loop;
  private final ManualClock clock;
  private final Primitive primitive;
  private final List<Deadline> shared = new ArrayList<>();

  RealWorld(IOLoop loop, ManualClock clock, Primitive primitive) {
    this.loop = loop;
    this.clock = clock;
    this.primitive = primitive;
    for (int i = 0; i < ModelWorld.SHARED; i++) {
      shared.add(Deadline.after(Duration.ofNanos(ModelWorld.shared(i))));
    }
  }

  private static String text(Object value) {
    return value instanceof Lease
        ? "lease"
        : value instanceof CancellationException
            ? CANCELLED
            : value instanceof Throwable failure
                ? failure.getClass().getSimpleName()
                : String.valueOf(value);
  }

  @Override
  Real newWait() {
    return new Real();
  }

  @Override
  void begin(Real wait, Step step) {
    wait.future =
        primitive.begin(
            step.name(),
            step.value(),
            (plain, timed, until) -> step.limit().on(plain, timed, until, this::deadline));
    wait.begun = true;
    if (wait.watched) {
      wait.future.whenComplete(
          (value, failure) -> {
            try {
              callback(wait);
            } catch (Throwable unexpected) {
              happens(unexpected);
            }
          });
    }
  }

  private Deadline deadline(Limit limit) {
    return switch (limit.form()) {
      case AT -> Deadline.at(clock.instant().plusNanos(limit.nanos()));
      case SHARED -> shared.get(Math.floorMod(limit.nanos(), ModelWorld.SHARED));
      default -> Deadline.after(Duration.ofNanos(limit.nanos()));
    };
  }

  @Override
  String act(String action, int value) {
    try {
      return text(primitive.act(action, value));
    } catch (RuntimeException failure) {
      return text(failure);
    }
  }

  @Override
  void close(Real wait) {
    ((Lease) wait.future.resultNow()).close();
  }

  @Override
  boolean cancel(Real wait) {
    return wait.future.cancel(true);
  }

  @Override
  boolean complete(Real wait) {
    return wait.future.complete(null);
  }

  @Override
  boolean fail(Real wait) {
    return wait.future.completeExceptionally(new Outside());
  }

  @Override
  void cancelElsewhere(Real wait) {
    TestLoop.elsewhere(() -> wait.future.cancel(true));
  }

  @Override
  void derive(Real wait) {
    wait.stages.add(wait.future.thenApply(value -> value));
  }

  @Override
  void giveUp(Real wait) {
    wait.stages.remove().cancel(true);
  }

  @Override
  Running spawn(Real given, Step begin, Step then) {
    Running running = new Running();
    running.coroutine =
        loop.spawn(
            () -> {
              Real wait = given == null ? beginNew(begin) : given;
              String outcome;
              try {
                outcome = text(await(wait.future));
              } catch (RuntimeException failure) {
                outcome = text(failure);
              }
              happens(running + " got " + outcome);
              if (then != null) {
                perform(then, wait);
              }
            });
    return running;
  }

  @Override
  void cancel(Running running) {
    running.coroutine.cancel(true);
  }

  @Override
  void turn() {
    Coroutines.pause();
  }

  @Override
  void sleep(int nanos) {
    Coroutines.sleep(Duration.ofNanos(nanos));
  }

  @Override
  void jump(int nanos) {
    clock.advance(Duration.ofNanos(nanos));
  }

  @Override
  boolean isOverdue() {
    return loop.timers.untilNext() == 0;
  }

  @Override
  String state() {
    return primitive.state();
  }

  @Override
  int timers() {
    return loop.timers.size();
  }
}
