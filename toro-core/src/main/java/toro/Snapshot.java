package toro;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who waits on what, and since when: a picture of a loop at one moment, made by {@link
 * IOLoop#snapshot()}. {@link #toString()} is for people, {@link #toJson()} for programs, {@link
 * #toMermaid()} and {@link #toDot()} draw it.
 *
 * <p>It is made of values only: it may be kept, compared and given to any thread, and keeps nothing
 * of the loop alive. Its members refer to each other by ids: {@code c7} is the coroutine whose
 * {@code toString} says 7, {@code p2} the second primitive of this picture; in another picture the
 * same primitive may have another id.
 *
 * <p><b>Ages</b> are in microseconds, and as exact as the loop's own idea of the time: no clock is
 * read where a coroutine waits or a lock is granted. The loop looks at its clock when it has waited
 * for something to do, and while it is busy each time it has run 32 things, or 512 if no timer is
 * pending. So an age may be too long by what those took; and what other tasks of an executor do
 * between the turns of a loop {@linkplain IOLoop#on on} it counts as done in the turn before. The
 * time that is left is exact.
 *
 * <p>The order of everything is that of coroutines: as they were spawned, and of primitives: since
 * when somebody waits there.
 *
 * @param taken when the picture was made, on the wall clock of the loop
 * @param coroutines those that have not ended, in the order in which they were spawned
 * @param primitives those that somebody waits for
 * @param cycles those who wait for each other, so that none of them can go on
 */
public record Snapshot(
    Instant taken,
    List<CoroutineState> coroutines,
    List<PrimitiveState> primitives,
    List<Cycle> cycles) {

  /**
   * A snapshot of those parts.
   *
   * @throws NullPointerException if a part is null
   */
  public Snapshot {
    requireNonNull(taken, "taken");
    coroutines = List.copyOf(coroutines);
    primitives = List.copyOf(primitives);
    cycles = List.copyOf(cycles);
  }

  /** What a coroutine is doing. */
  public enum State {
    /** It was spawned, and its first turn has not come yet. */
    NOT_STARTED("not started"),

    /** It has nothing to wait for any more: its turn comes. */
    READY("ready"),

    /** It is its turn. */
    RUNNING("running"),

    /** It waits. */
    WAITING("waiting");

    final String text;

    State(String text) {
      this.text = text;
    }
  }

  /**
   * A coroutine that has not ended.
   *
   * @param number which it is, as its {@code toString} says
   * @param name the name it was given; null if it has none
   * @param state what it is doing
   * @param age how long ago it last ran, or if it has not started was spawned; zero if it runs
   * @param waits what it waits for: several if it awaits all of them, none if it does not wait
   */
  public record CoroutineState(
      long number, @Nullable String name, State state, Duration age, List<Wait> waits) {
    /**
     * A coroutine.
     *
     * @throws NullPointerException if a part other than the name is null
     */
    public CoroutineState {
      requireNonNull(state, "state");
      requireNonNull(age, "age");
      waits = List.copyOf(waits);
    }

    /**
     * By what others refer to it.
     *
     * @return {@code c} and its number
     */
    public String id() {
      return coroutineId(number);
    }

    /** For example {@code Coroutine[7 "reader"]}. */
    @Override
    public String toString() {
      return "Coroutine[" + number + (name == null ? "" : " " + Names.quoted(name)) + "]";
    }
  }

  /**
   * A wait, of a coroutine or of a callback.
   *
   * @param target the id of the primitive or coroutine that is waited for; null if it is something
   *     else: the time, or what another thread is to complete
   * @param what the same, as a text for people
   * @param position the place in line, from 1 on; 0 where there is no line
   * @param age how long it has lasted
   * @param timeLeft how long until it ends by itself, because its deadline or that of a {@code
   *     withTimeout} around it passes, or because that is what it waits for; null: never
   */
  public record Wait(
      @Nullable String target,
      String what,
      int position,
      Duration age,
      @Nullable Duration timeLeft) {
    /**
     * A wait.
     *
     * @throws NullPointerException if the text or the age is null
     */
    public Wait {
      requireNonNull(what, "what");
      requireNonNull(age, "age");
    }
  }

  /**
   * A primitive that somebody waits for.
   *
   * @param id by what others refer to it
   * @param type the simple name of its class
   * @param name the name it was given; null if it has none
   * @param state what its {@code toString} says
   * @param holders who holds it, as far as that is known: always who has a {@code Lock} or writes
   *     under an {@code RWLock}; who has permits of a semaphore or reads, only in the loops of
   *     {@code toro-testing}
   * @param callbacks the waits for it that no coroutine awaits, in the order of their lines
   */
  public record PrimitiveState(
      String id,
      String type,
      @Nullable String name,
      String state,
      List<Holder> holders,
      List<Wait> callbacks) {
    /**
     * A primitive.
     *
     * @throws NullPointerException if a part other than the name is null
     */
    public PrimitiveState {
      requireNonNull(id, "id");
      requireNonNull(type, "type");
      requireNonNull(state, "state");
      holders = List.copyOf(holders);
      callbacks = List.copyOf(callbacks);
    }

    /** For example {@code p1 Lock["jobs" locked waiters[2]]}. */
    @Override
    public String toString() {
      return id + " " + state;
    }
  }

  /**
   * Who holds a primitive.
   *
   * @param coroutine the id of the coroutine to which it was granted; one that is not in the
   *     picture has ended, and left it to somebody else or forgot it; null: it was granted to a
   *     callback
   * @param age for how long
   */
  public record Holder(@Nullable String coroutine, Duration age) {
    /**
     * A holder.
     *
     * @throws NullPointerException if the age is null
     */
    public Holder {
      requireNonNull(age, "age");
    }
  }

  /**
   * Coroutines that wait for each other, directly or for what the other holds. None of them can go
   * on, nor can whoever waits for one of them; unless somebody else cancels one, or releases what
   * it does not hold. A coroutine that awaits itself in this way is a cycle too: one that acquires
   * a lock twice, say.
   *
   * @param members ids: each waits for the next one, or is held by it, and the last by the first;
   *     the first is a coroutine
   * @param timeLeft how long until one of the waits ends by itself and breaks the cycle; null: it
   *     is a deadlock
   */
  public record Cycle(List<String> members, @Nullable Duration timeLeft) {
    /**
     * A cycle.
     *
     * @throws NullPointerException if a member is null
     */
    public Cycle {
      members = List.copyOf(members);
    }

    /**
     * Will none of its waits end by itself?
     *
     * @return true if nothing in it has a deadline
     */
    public boolean isDeadlock() {
      return timeLeft == null;
    }
  }

  static String coroutineId(long number) {
    return "c" + number;
  }

  /**
   * All of it as a JSON object, in one line. Its members are those of the records, times are in
   * milliseconds: {@code ageMillis}, {@code timeLeftMillis}.
   *
   * @return the JSON text
   */
  public String toJson() {
    return new SnapshotJson().text(this);
  }

  /**
   * A flowchart for <a href="https://mermaid.js.org">Mermaid</a>: an arrow from who waits to what
   * it waits for, and from there to who holds it; cycles in red.
   *
   * @return the text of the chart
   */
  public String toMermaid() {
    return new SnapshotGraph(this, SnapshotGraph.Language.MERMAID).text();
  }

  /**
   * A graph for <a href="https://graphviz.org">Graphviz</a>: an arrow from who waits to what it
   * waits for, and from there to who holds it; cycles in red.
   *
   * @return the text of the graph, in the language DOT
   */
  public String toDot() {
    return new SnapshotGraph(this, SnapshotGraph.Language.DOT).text();
  }

  /** A line for each coroutine, each primitive, and each of their waits; cycles come first. */
  @Override
  public String toString() {
    return new SnapshotText(this).text();
  }
}
