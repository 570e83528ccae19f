package toro.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import toro.Coroutine;
import toro.Lease;
import toro.Timeout;
import toro.spi.Probe;

/** Who waits where, who holds what: what a loop has told, and what of it is still so. */
abstract class Ledger implements Probe {
  private final Pending<Coroutine<?>, Where> coroutines = new Pending<>(Coroutine::isDone);
  private final Map<Coroutine<?>, Suspension> suspended = new LinkedHashMap<>();
  private final Pending<CompletableFuture<?>, Wait> waits =
      new Pending<>(CompletableFuture::isDone);
  private final Map<Lease, Hold> leases = new LinkedHashMap<>();
  private final Map<Object, Integer> releasedAhead = new HashMap<>(); // and acquired by nobody yet
  private final Pending<Timeout, Where> timers = new Pending<>(timer -> !timer.isPending());
  private final Map<Throwable, Object> failures = new LinkedHashMap<>();

  private final Monitors monitors = new Monitors();

  private record Suspension(@Nullable CompletableFuture<?> on, boolean foreign, Where where) {}

  private record Wait(Object primitive, @Nullable Coroutine<?> by, Where where) {}

  private record Hold(
      Object primitive, int permits, @Nullable Coroutine<?> by, Where where, long since) {
    /** What is left when so many were released without the lease. */
    Hold less(int released) {
      return new Hold(primitive, permits - released, by, where, since);
    }

    @Override
    public String toString() {
      return (by == null ? "a callback" : by) + ", acquired at " + where;
    }
  }

  // What happens.

  @Override
  public void spawned(Coroutine<?> coroutine) {
    coroutines.put(coroutine, Where.here());
  }

  @Override
  public void suspends(Coroutine<?> coroutine, @Nullable CompletableFuture<?> on, boolean foreign) {
    suspended.put(coroutine, new Suspension(on, foreign, Where.here()));
    monitors.check();
  }

  @Override
  public void runs(Coroutine<?> coroutine) {
    suspended.remove(coroutine);
  }

  @Override
  public void waits(Object primitive, CompletableFuture<?> wait, @Nullable Coroutine<?> by) {
    waits.put(wait, new Wait(primitive, by, Where.here()));
  }

  @Override
  public void granted(
      Object primitive,
      Lease lease,
      int permits,
      @Nullable CompletableFuture<?> future,
      @Nullable Coroutine<?> by) {
    int ahead = Math.min(permits, releasedAhead.getOrDefault(primitive, 0));
    releasedAhead.computeIfPresent(primitive, (key, n) -> n == ahead ? null : n - ahead);
    if (ahead < permits) {
      Wait wait = waits.get(future);
      leases.put(
          lease,
          new Hold(
              primitive,
              permits - ahead,
              wait == null ? by : wait.by,
              wait == null ? Where.here() : wait.where,
              nanoTime()));
    }
  }

  @Override
  public void holders(Object primitive, BiConsumer<@Nullable Coroutine<?>, Duration> to) {
    for (Hold hold : holds(primitive)) {
      to.accept(hold.by, Duration.ofNanos(nanoTime() - hold.since));
    }
  }

  // A release without a lease ends the oldest ones: permits belong to nobody.
  @Override
  public void released(Object primitive, @Nullable Lease lease, int permits) {
    if (lease != null) {
      leases.remove(lease);
      return;
    }
    int left = permits;
    for (var holds = leases.entrySet().iterator(); left > 0 && holds.hasNext(); ) {
      var next = holds.next();
      Hold hold = next.getValue();
      if (hold.primitive == primitive && hold.permits <= left) {
        left -= hold.permits;
        holds.remove();
      } else if (hold.primitive == primitive) {
        next.setValue(hold.less(left));
        left = 0;
      }
    }
    if (left > 0) {
      releasedAhead.merge(primitive, left, Integer::sum);
    }
  }

  private List<Hold> holds(Object primitive) {
    return leases.values().stream().filter(hold -> hold.primitive == primitive).toList();
  }

  @Override
  public void scheduled(Timeout timer) {
    timers.put(timer, Where.here());
  }

  void failed(Object source, Throwable failure) {
    failures.put(failure, source);
  }

  // What is so.

  boolean awaitsOtherThreads() {
    return suspended.values().stream().anyMatch(Suspension::foreign);
  }

  Iterable<Throwable> failures() {
    return failures.keySet();
  }

  /** What there is of a kind, an entry each, to be shown to people. */
  List<String> left(Leak leak) {
    List<String> left = new ArrayList<>();
    switch (leak) {
      case COROUTINES ->
          coroutines.pending().forEach((coroutine, spawned) -> left.add(text(coroutine, spawned)));
      case LEASES ->
          leases.values().forEach(hold -> left.add("of " + hold.primitive + ", held by " + hold));
      case TIMERS ->
          timers.pending().forEach((timer, where) -> left.add(timer + " set at " + where));
      case MONITORS -> left.addAll(monitors.held());
      case FAILURES ->
          failures.forEach((failure, source) -> left.add(text(failure) + ", of " + text(source)));
    }
    return left;
  }

  /** The text of something foreign, or its class if its {@code toString} fails. */
  private static String text(Object foreign) {
    try {
      return String.valueOf(foreign);
    } catch (Throwable failure) {
      return foreign.getClass().getSimpleName() + " (its toString() failed)";
    }
  }

  /** A coroutine, where it is, and what would have to happen for it to go on. */
  private String text(Coroutine<?> coroutine, Where spawned) {
    StringBuilder text = new StringBuilder().append(coroutine);
    Suspension suspension = suspended.get(coroutine);
    if (suspension != null) {
      text.append(" at ").append(suspension.where);
    }
    text.append(", spawned at ").append(spawned);
    CompletableFuture<?> on = suspension == null ? null : suspension.on;
    Wait wait = waits.get(on);
    if (wait != null) {
      for (Hold hold : holds(wait.primitive)) {
        text.append("\n    ").append(wait.primitive).append(" is held by ").append(hold);
      }
    } else if (on instanceof Coroutine<?>) {
      text.append("\n    it awaits ").append(on);
    }
    return text.toString();
  }
}
