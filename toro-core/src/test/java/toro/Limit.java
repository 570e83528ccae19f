package toro;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** How long a wait may last, in one of the forms that each wait-method has. */
record Limit(Form form, int nanos) {
  static final Limit NONE = new Limit(Form.NONE, 0);

  enum Form {
    NONE,
    /** A duration; may be zero or less. */
    DURATION,
    /** A deadline so long from now. */
    AFTER,
    /** A deadline at an instant. */
    AT,
    /** A deadline that was made when the program began, shared by all that name the same time. */
    SHARED
  }

  /** Calls a wait-method in this form. */
  CompletableFuture<?> on(
      Supplier<CompletableFuture<?>> plain,
      Function<Duration, CompletableFuture<?>> timed,
      Function<Deadline, CompletableFuture<?>> until,
      Function<Limit, Deadline> deadline) {
    return switch (form) {
      case NONE -> plain.get();
      case DURATION -> timed.apply(Duration.ofNanos(nanos));
      case AFTER, AT, SHARED -> until.apply(deadline.apply(this));
    };
  }

  List<Limit> simpler() {
    return List.of(new Limit(Form.DURATION, nanos), new Limit(form, 0), new Limit(form, nanos / 2))
        .stream()
        .filter(less -> !less.equals(this))
        .toList();
  }

  @Override
  public String toString() {
    return switch (form) {
      case NONE -> "";
      case DURATION -> nanos + " ns";
      case AFTER -> "Deadline.after " + nanos + " ns";
      case AT -> "Deadline.at in " + nanos + " ns";
      case SHARED -> "the deadline at " + nanos + " ns";
    };
  }
}
