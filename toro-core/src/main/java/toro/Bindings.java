package toro;

import org.jspecify.annotations.Nullable;

/**
 * The values that {@link CoroutineLocal}s have in one place: an immutable list, which a coroutine
 * that is spawned therefore shares with its parent until one of the two changes a value. Null is
 * the empty list.
 *
 * <p>A coroutine keeps its bindings in its fiber. Everything else, a callback say, has them in a
 * thread-local while it runs, and only within a {@linkplain #exchange region}.
 */
final class Bindings {
  /** The empty list where there is a region: there values can be set. */
  private static final Bindings NONE = new Bindings(null, null, null);

  private static final ThreadLocal<@Nullable Bindings> OF_THREAD = new ThreadLocal<>();

  // Until the first CoroutineLocal is made nothing of this needs to be looked for.
  private static volatile boolean inUse;

  private final @Nullable CoroutineLocal<?> local;
  private final @Nullable Object value;
  private final @Nullable Bindings next;

  private Bindings(
      @Nullable CoroutineLocal<?> local, @Nullable Object value, @Nullable Bindings next) {
    this.local = local;
    this.value = value;
    this.next = next;
  }

  static void use() {
    inUse = true;
  }

  static boolean areInUse() {
    return inUse;
  }

  // Where they are.

  /** The bindings of the code that runs. */
  static @Nullable Bindings current() {
    if (!inUse) {
      return null;
    }
    Fiber fiber = Coroutines.fiberOrNull();
    return fiber != null ? fiber.locals : OF_THREAD.get();
  }

  /** Replaces the bindings of the code that runs; false where there is no place for them. */
  static boolean replace(@Nullable Bindings bindings) {
    Fiber fiber = Coroutines.fiberOrNull();
    if (fiber != null) {
      fiber.locals = bindings;
    } else if (OF_THREAD.get() != null) {
      OF_THREAD.set(bindings == null ? NONE : bindings);
    } else {
      return false;
    }
    return true;
  }

  /**
   * Begins a region, in which these are the bindings, or ends one.
   *
   * @return those before, which end the region; null if there was no place for them
   */
  static @Nullable Bindings exchange(@Nullable Bindings bindings) {
    Fiber fiber = Coroutines.fiberOrNull();
    Bindings before;
    if (fiber != null) {
      before = fiber.locals;
      fiber.locals = bindings;
    } else {
      before = OF_THREAD.get();
      OF_THREAD.set(bindings);
    }
    return before;
  }

  /** The bindings with which a region begins. */
  static Bindings orNone(@Nullable Bindings bindings) {
    return bindings == null ? NONE : bindings;
  }

  /**
   * The bindings after a block in which a local had another value.
   *
   * @param before those before the block
   * @param inside those at its beginning
   */
  static @Nullable Bindings after(
      CoroutineLocal<?> local, @Nullable Bindings before, Bindings inside) {
    Bindings last = current();
    if (last == inside || (before == null && Coroutines.fiberOrNull() == null)) {
      return before;
    }
    Bindings binding = find(before, local);
    return binding == null ? without(last, local) : with(last, local, binding.value);
  }

  // What is in them.

  /** The binding of a local; null if it has none. */
  static @Nullable Bindings find(@Nullable Bindings in, CoroutineLocal<?> local) {
    Bindings binding = in;
    while (binding != null && binding.local != local) {
      binding = binding.next;
    }
    return binding;
  }

  @Nullable Object value() {
    return value;
  }

  /** The bindings with another value for a local. */
  static Bindings with(@Nullable Bindings in, CoroutineLocal<?> local, @Nullable Object value) {
    return new Bindings(local, value, without(in, local));
  }

  /** The bindings without that of a local. */
  static @Nullable Bindings without(@Nullable Bindings in, CoroutineLocal<?> local) {
    Bindings binding = find(in, local);
    if (in == null || binding == null) {
      return in;
    }
    return in == binding ? in.next : new Bindings(in.local, in.value, without(in.next, local));
  }
}
