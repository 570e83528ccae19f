package toro;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A variable of which each coroutine has its own value: the id of a request, the user, a
 * transaction.
 *
 * {@snippet file="toro/CoroutineLocalSnippetsTest.java" region="local"}
 *
 * <p><b>Inheritance.</b> A coroutine begins with the values that its parent has when it spawns the
 * coroutine: with {@code spawn}, {@code submit}, {@link TaskGroup} or {@code race}, also on another
 * loop. So does a callback that is handed over with {@link IOLoop#execute}, {@link
 * IOLoop#callLater} or {@link IOLoop#callAt}, or attached to a wait or coroutine of this library.
 * From then on changes are not shared: a value that is set in a coroutine or callback is seen there
 * and in what it spawns later.
 *
 * <p><b>Elsewhere.</b> A thread that runs no coroutine or callback has the initial value, except
 * within {@link #where(Object, Callable) where}. {@link #set} is refused there, because nothing
 * would end what it sets.
 *
 * <p>The values do not move with the thread, so they are the same on both engines, and other tasks
 * of the loop's thread never see them. A coroutine that uses none pays nothing. Usually a static
 * final field holds the variable. Any thread may call its methods. Semantics: Python's {@code
 * contextvars}.
 *
 * @param <T> the type of the value
 */
public final class CoroutineLocal<T extends @Nullable Object> {
  private final @Nullable Supplier<? extends T> initial; // null: the initial value is null

  private CoroutineLocal(@Nullable Supplier<? extends T> initial) {
    this.initial = initial;
    Bindings.use();
  }

  /**
   * Creates a variable whose value is null until it is set.
   *
   * @param <T> the type of the value
   * @return the variable
   */
  public static <T> CoroutineLocal<@Nullable T> newInstance() {
    return new CoroutineLocal<>(null);
  }

  /**
   * Creates a variable that has an initial value.
   *
   * @param initial makes the initial value, when a coroutine or callback asks for the value and
   *     neither it nor the one that it inherits from has any; it keeps what was made. Elsewhere
   *     nothing can keep it, and each {@link #get()} makes another one
   * @param <T> the type of the value
   * @return the variable
   */
  public static <T extends @Nullable Object> CoroutineLocal<T> withInitial(
      Supplier<? extends T> initial) {
    return new CoroutineLocal<>(requireNonNull(initial, "initial"));
  }

  /**
   * Returns the value that the running coroutine or callback has.
   *
   * @return the value that was set or inherited, else the initial one
   */
  // A variable without a supplier is one of a type that has null, and only this class binds values.
  @SuppressWarnings({"unchecked", "NullAway"})
  public T get() {
    Bindings binding = Bindings.find(Bindings.current(), this);
    if (binding != null) {
      return (T) binding.value();
    }
    if (initial == null) {
      return null;
    }
    T value = initial.get();
    Bindings.replace(Bindings.with(Bindings.current(), this, value));
    return value;
  }

  /**
   * Sets the value of the running coroutine or callback. What it has spawned before is not
   * affected. Within {@link #where(Object, Callable) where} it holds until the end of that block.
   *
   * @param value the value
   * @throws IllegalStateException if neither a coroutine nor a callback runs on the calling thread,
   *     nor a {@link #where(Object, Callable) where} block
   */
  public void set(T value) {
    if (!Bindings.replace(Bindings.with(Bindings.current(), this, value))) {
      throw new IllegalStateException(
          "no coroutine or callback of a loop runs on "
              + Thread.currentThread()
              + ", so nothing would end this value: use where(value, () -> …)");
    }
  }

  /**
   * Runs a block in which this variable has another value; after it the variable has the value from
   * before, whatever the block has set. The block may await. Outside of coroutines and callbacks
   * too, what it spawns or hands over inherits the value.
   *
   * {@snippet file="toro/CoroutineLocalSnippetsTest.java" region="where"}
   *
   * @param value the value
   * @param body the block
   * @param <R> the type of what it returns
   * @return what it returns
   */
  // A checked exception of the block is thrown as it is.
  public <R extends @Nullable Object> R where(T value, Callable<R> body) {
    requireNonNull(body, "body");
    Bindings before = Bindings.current();
    Bindings inside = Bindings.with(before, this, value);
    Bindings.exchange(inside);
    try {
      return body.call();
    } catch (Exception failure) {
      throw Failures.sneaky(failure);
    } finally {
      Bindings.exchange(Bindings.after(this, before, inside));
    }
  }

  /**
   * Runs a block that returns nothing and in which this variable has another value: {@link
   * #where(Object, Callable)}.
   *
   * @param value the value
   * @param body the block
   */
  public void where(T value, ThrowingRunnable body) {
    where(value, Coroutines.callable(body));
  }

  /** For example {@code CoroutineLocal["user" alice]}, with what the caller would get. */
  @Override
  public String toString() {
    Bindings binding = Bindings.find(Bindings.current(), this);
    return Names.text(this, binding == null ? "" : Text.brief(binding.value()));
  }
}
