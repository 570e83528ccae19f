package toro;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A point in time until which somebody is ready to wait. Unlike a timeout it can be handed from
 * call to call: what is left is what the calls before have left.
 *
 * <p>Each wait-method takes one. When the deadline passes before the wait is granted, the future
 * fails with {@link DeadlineExceededException}. A deadline that has already passed makes the call
 * an immediate attempt: it is granted if it can be granted now, else it fails at once.
 *
 * <p>A deadline is on the clock of the loop that is current where it is made, or on the system's
 * clock where there is none. Immutable; any thread may use it. The semantics are those of toro's
 * absolute deadlines.
 */
public final class Deadline {
  /** As far away as a difference of two readings of the clock can tell: 146 years. */
  static final long FOREVER = Long.MAX_VALUE / 2;

  private static final Deadline NEVER = new Deadline(SystemClock.INSTANCE, null, 0);

  private final LoopClock clock;
  // Exactly one way to say when: a duration that begins when the wait does, or a reading of the
  // clock. NEVER has neither.
  private final @Nullable Duration fromStart;
  private final long nanoTime;

  private Deadline(LoopClock clock, @Nullable Duration fromStart, long nanoTime) {
    this.clock = clock;
    this.fromStart = fromStart;
    this.nanoTime = nanoTime;
  }

  /**
   * The deadline that is {@code timeout} from now.
   *
   * @param timeout how long from now; zero or a negative one: a deadline that has already passed;
   *     more than 146 years count as 146
   * @return the deadline
   */
  public static Deadline after(Duration timeout) {
    return after(IOLoop.currentClock(), timeout);
  }

  /**
   * The deadline at an instant of the wall clock. The instant is converted once, now: a wall clock
   * that is set later does not move it.
   *
   * @param instant when
   * @return the deadline; one that has already passed if {@code instant} lies in the past
   */
  public static Deadline at(Instant instant) {
    LoopClock clock = IOLoop.currentClock();
    return after(clock, Duration.between(clock.instant(), requireNonNull(instant, "instant")));
  }

  /**
   * Returns the deadline that ends what the current coroutine does: that of the {@link
   * Coroutines#withTimeout withTimeout} around it, or of the {@link TaskGroup}. Where blocks are
   * nested it is the earliest of theirs; a coroutine of a group also has the deadlines of the block
   * in which the group was made. Hand it to a call that has a timeout of its own, such as that of a
   * driver.
   *
   * @return the deadline; {@link #never()} if there is none, in a {@linkplain Coroutines#shielded
   *     shielded} block and where there is no coroutine
   */
  public static Deadline current() {
    IOLoop loop = IOLoop.currentOrNull();
    Fiber fiber = loop == null ? null : loop.currentFiber();
    long left = fiber == null ? FOREVER : fiber.nanosLeft();
    return left == FOREVER ? NEVER : after(IOLoop.currentClock(), Duration.ofNanos(left));
  }

  /**
   * The deadline that never passes: {@code lock.acquire(Deadline.never())} is {@code
   * lock.acquire()}.
   *
   * @return the deadline that never passes
   */
  public static Deadline never() {
    return NEVER;
  }

  /**
   * The deadline that a wait-method makes of a timeout: its time begins when the wait has to wait,
   * so no clock is read before.
   */
  static Deadline in(Duration timeout) {
    return new Deadline(SystemClock.INSTANCE, requireNonNull(timeout, "timeout"), 0);
  }

  static Deadline after(LoopClock clock, Duration timeout) {
    return new Deadline(clock, null, clock.nanoTime() + nanos(requireNonNull(timeout, "timeout")));
  }

  /**
   * Has it passed?
   *
   * @return true from the moment of the deadline on
   */
  public boolean hasPassed() {
    return nanosLeft() <= 0;
  }

  /**
   * How much time is left.
   *
   * @return the time until the deadline; zero if it has passed; 146 years if it never passes
   */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, nanosLeft()));
  }

  boolean isNever() {
    return this == NEVER;
  }

  /** Nanoseconds until the deadline; zero or less when it has passed. */
  long nanosLeft() {
    if (isNever()) {
      return FOREVER;
    }
    return fromStart != null ? nanos(fromStart) : nanoTime - clock.nanoTime();
  }

  private static long nanos(Duration duration) {
    if (duration.isNegative()) {
      return 0;
    }
    return duration.toSeconds() >= FOREVER / 1_000_000_000 ? FOREVER : duration.toNanos();
  }

  @Override
  public String toString() {
    return isNever()
        ? "Deadline[never]"
        : hasPassed() ? "Deadline[passed]" : "Deadline[in " + remaining() + "]";
  }
}
