package toro;

import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import toro.Snapshot.CoroutineState;
import toro.Snapshot.Holder;
import toro.Snapshot.PrimitiveState;
import toro.Snapshot.State;
import toro.Snapshot.Wait;

/**
 * Takes a snapshot of a loop: walks its fibers and its lists of waiters once. Of a primitive it
 * knows only what its list does: whose it is, and who holds it.
 */
final class Camera {
  private final IOLoop loop;
  private final long elapsed;
  private final IdentityHashMap<Object, Primitive> primitives = new IdentityHashMap<>();
  private final List<Primitive> inOrder = new ArrayList<>();
  private final IdentityHashMap<Waiter<?>, Place> places = new IdentityHashMap<>();

  Camera(IOLoop loop) {
    this.loop = loop;
    this.elapsed = loop.elapsed();
  }

  /** A primitive, while its lists are looked at. */
  private static final class Primitive {
    final Object object;
    final String id;
    String state = "";
    final List<Holder> holders = new ArrayList<>();
    final List<Place> line = new ArrayList<>();

    Primitive(Object object, int number) {
      this.object = object;
      this.id = "p" + number;
    }

    @Override
    public String toString() {
      return id + " " + state;
    }
  }

  /** The place of a waiter in line. */
  private static final class Place {
    final Waiter<?> waiter;
    final Primitive primitive;
    final int position;
    boolean isAwaited; // by a coroutine

    Place(Waiter<?> waiter, Primitive primitive, int position) {
      this.waiter = waiter;
      this.primitive = primitive;
      this.position = position;
    }
  }

  Snapshot take() {
    loop.waitLists.forEach(this::look);
    // After the lists: to show content runs foreign code, which may change them.
    inOrder.forEach(primitive -> primitive.state = Text.of(primitive.object));
    List<CoroutineState> coroutines = new ArrayList<>(loop.fibers.size());
    loop.fibers.all().reversed().forEach(fiber -> coroutines.add(state(fiber)));
    List<PrimitiveState> states = new ArrayList<>(inOrder.size());
    inOrder.forEach(primitive -> states.add(state(primitive)));
    return new Snapshot(
        loop.instant(), coroutines, states, new Cycles(coroutines, states).inOrder());
  }

  // The lists.

  private void look(WaitList<?> list) {
    int[] position = {0};
    list.forEach(
        waiter -> {
          Primitive primitive = primitive(list.owner());
          Place place = new Place(waiter, primitive, ++position[0]);
          primitive.line.add(place);
          places.put(waiter, place);
        });
    if (position[0] > 0 && loop.probe == null) {
      addHolder(primitive(list.owner()).holders, list.grantor());
    }
  }

  private Primitive primitive(Object object) {
    Primitive known = primitives.get(object);
    if (known != null) {
      return known;
    }
    Primitive primitive = new Primitive(object, inOrder.size() + 1);
    primitives.put(object, primitive);
    inOrder.add(primitive);
    if (loop.probe != null) { // which knows all of them
      loop.probe.holders(
          object,
          (coroutine, since) ->
              primitive.holders.add(
                  holder(
                      coroutine == null ? WaitList.Grantor.CALLBACK : coroutine.number(), since)));
    }
    return primitive;
  }

  private void addHolder(List<Holder> holders, WaitList.Grantor grantor) {
    if (grantor.holder() != WaitList.Grantor.NOBODY) {
      holders.add(holder(grantor.holder(), age(grantor.heldSince())));
    }
  }

  private static Holder holder(long number, Duration age) {
    return new Holder(
        number == WaitList.Grantor.CALLBACK ? null : Snapshot.coroutineId(number), age);
  }

  private PrimitiveState state(Primitive primitive) {
    List<Wait> callbacks = new ArrayList<>();
    for (Place place : primitive.line) {
      if (!place.isAwaited) {
        callbacks.add(wait(place, timeLeft(place.waiter, null)));
      }
    }
    return new PrimitiveState(
        primitive.id,
        primitive.object.getClass().getSimpleName(),
        Names.of(primitive.object),
        primitive.state,
        primitive.holders,
        callbacks);
  }

  private Wait wait(Place place, @Nullable Duration timeLeft) {
    return new Wait(
        place.primitive.id,
        place.primitive.toString(),
        place.position,
        age(place.waiter.ticket),
        timeLeft);
  }

  // The coroutines.

  private CoroutineState state(Fiber fiber) {
    List<Wait> waits = new ArrayList<>(1);
    for (CompletableFuture<?> future : fiber.awaits()) {
      waits.add(wait(fiber, future));
    }
    State state =
        fiber == loop.current
            ? State.RUNNING
            : !fiber.hasStarted()
                ? State.NOT_STARTED
                : waits.isEmpty() ? State.READY : State.WAITING;
    return new CoroutineState(
        fiber.number,
        fiber.coroutine.name(),
        state,
        state == State.RUNNING ? Duration.ZERO : age(fiber.since),
        waits);
  }

  private Wait wait(Fiber fiber, CompletableFuture<?> future) {
    CompletableFuture<?> source = future instanceof Derived<?> derived ? derived.root() : future;
    Duration timeLeft = timeLeft(source, fiber.scope);
    Place place = source instanceof Waiter<?> waiter ? places.get(waiter) : null;
    if (place != null) {
      place.isAwaited = true;
      return wait(place, timeLeft);
    }
    Duration age = age(fiber.since);
    if (source instanceof Coroutine<?> coroutine && coroutine.loop == loop) {
      return new Wait(Snapshot.coroutineId(coroutine.number()), label(coroutine), 0, age, timeLeft);
    }
    return new Wait(null, text(source), 0, age, timeLeft);
  }

  private static String label(Coroutine<?> coroutine) {
    return new CoroutineState(
            coroutine.number(), coroutine.name(), State.WAITING, Duration.ZERO, List.of())
        .toString();
  }

  private String text(CompletableFuture<?> future) {
    String name = Names.of(future);
    if (future instanceof Sleep) {
      return "its sleep to end";
    }
    if (future instanceof Waiter<?> waiter) {
      return waiter.waitedFor();
    }
    return "a future of another thread"
        + (name == null ? ": " + future.getClass().getSimpleName() : " " + Names.quoted(name));
  }

  // The times.

  /** To the microsecond: those who come at the same moment are counted in nanoseconds. */
  private Duration age(long since) {
    return Duration.ofNanos((Math.max(0, elapsed - since) + 500) / 1000 * 1000);
  }

  private static @Nullable Duration timeLeft(CompletableFuture<?> future, @Nullable Scope scope) {
    Duration left = future instanceof Waiter<?> waiter ? left(waiter.timer, null) : null;
    for (Scope block = scope; block != null; block = block.outer()) {
      left = left(block.timer, left);
    }
    return left;
  }

  /** The shorter of the two. */
  private static @Nullable Duration left(@Nullable Timeout timer, @Nullable Duration other) {
    Duration left = timer == null ? null : timer.left();
    return left == null || (other != null && other.compareTo(left) < 0) ? other : left;
  }
}
