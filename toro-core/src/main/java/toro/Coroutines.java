package toro;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a coroutine can do: {@code import static toro.Coroutines.*;}.
 *
 * <p>The functions that suspend ({@code await}, {@code awaitAll}, {@code select}, {@code
 * selectFair}, {@code sleep}, {@code pause}, {@code withTimeout}, {@code race}, a step of {@code
 * asCompleted}) can be called by a coroutine, and by any method that a coroutine calls; elsewhere,
 * also in a callback on the loop, they throw {@link IllegalStateException} at once. While one
 * coroutine is suspended the others run; between two suspensions nothing else does.
 *
 * <p><b>Cancellation.</b> When the coroutine is cancelled, the function that suspends it throws
 * {@link java.util.concurrent.CancellationException}. What has been granted by then is delivered,
 * and the next function that has to wait throws.
 */
public final class Coroutines {
  private Coroutines() {}

  /**
   * Suspends the coroutine until a stage is done.
   *
   * <p><b>Deadline and cancellation:</b> if this ends before the stage is done, because the
   * coroutine is cancelled or the time of a {@link #withTimeout} is up, a wait of a primitive is
   * cancelled with it, unless another coroutine awaits it too or something is attached to it. Any
   * other stage, a {@link Coroutine} or a client's future say, goes on: others may need it. To end
   * it as well, catch the exception and cancel it.
   *
   * @param stage what to wait for: any; if it belongs to another thread, that thread completes it
   *     and this one goes on here
   * @param <T> the type of the value
   * @return its value
   * @throws IllegalStateException if the caller is not a coroutine; a wait of a primitive has left
   *     its line then, and a lease that was granted is closed
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled, or the stage
   *     was
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up, or the stage
   *     failed with it
   * @throws LoopClosedException if the loop is closed
   */
  // What the stage failed with is thrown as it is, out of its CompletionException; also if it is
  // checked. Its stack trace then goes on with that
  // of this call.
  public static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    CompletableFuture<T> future = future(requireNonNull(stage, "stage"));
    Fiber fiber = fiberOrNull();
    if (fiber == null) {
      All.drop(future);
      throw noCoroutine("await");
    }
    if (future instanceof Done<T> done && done.isIntact() && !fiber.loop.isClosed()) {
      return done.value();
    }
    if (!future.isDone() || fiber.loop.isClosed()) {
      fiber.await(future);
    }
    if (future.isCompletedExceptionally()) {
      throw Failures.sneaky(Failures.awaited(fiber.failureOf(future)));
    }
    return future.resultNow();
  }

  /**
   * Suspends the coroutine until all stages are done.
   *
   * <p>If one fails, the others are waited for all the same, as in Tornado; then the first failure
   * of the list is thrown, with the others as its suppressed ones.
   *
   * <p><b>Deadline and cancellation:</b> as with {@link #await}, for each of them. The leases among
   * the values are closed when this throws, for nobody will get them.
   *
   * @param stages what to wait for
   * @param <T> the type of the values
   * @return their values, in the order of the stages
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled, or a stage
   *     was
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up, or a stage
   *     failed with it
   * @throws LoopClosedException if the loop is closed
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public static <T extends @Nullable Object> List<T> awaitAll(
      CompletionStage<? extends T>... stages) {
    return awaitAll(List.of(stages));
  }

  /**
   * Suspends the coroutine until all stages are done: {@link #awaitAll(CompletionStage...)} of a
   * collection.
   *
   * @param stages what to wait for
   * @param <T> the type of the values
   * @return their values, in the order of the stages
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled, or a stage
   *     was
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up, or a stage
   *     failed with it
   * @throws LoopClosedException if the loop is closed
   */
  public static <T extends @Nullable Object> List<T> awaitAll(
      Collection<? extends CompletionStage<? extends T>> stages) {
    List<CompletableFuture<? extends T>> futures = new ArrayList<>(stages.size());
    for (CompletionStage<? extends T> stage : stages) {
      futures.add(future(requireNonNull(stage, "stage")));
    }
    return All.await(fiber("awaitAll"), futures);
  }

  /**
   * Suspends the coroutine for some time.
   *
   * @param duration how long, on the loop's clock; zero or less: like {@link #pause()}
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up
   * @throws LoopClosedException if the loop is closed
   */
  public static void sleep(Duration duration) {
    Fiber fiber = fiber("sleep");
    long nanos = Deadline.in(duration).nanosLeft();
    if (nanos <= 0) {
      fiber.pause();
    } else {
      fiber.await(new Sleep(fiber.loop, nanos));
    }
  }

  /**
   * Lets everything else that is ready run once. It is Tornado's {@code gen.moment}, asyncio's
   * {@code sleep(0)}.
   *
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up
   * @throws LoopClosedException if the loop is closed
   */
  public static void pause() {
    fiber("pause").pause();
  }

  /**
   * Starts a coroutine on the current loop: {@link IOLoop#spawn(Callable)}. It begins to run when
   * the caller suspends or ends.
   *
   * @param body what it does
   * @param <T> the type of what it returns
   * @return the coroutine
   * @throws IllegalStateException if there is no current loop
   */
  public static <T extends @Nullable Object> Coroutine<T> spawn(Callable<T> body) {
    return IOLoop.current().spawn(body);
  }

  /**
   * Starts a coroutine that returns nothing on the current loop.
   *
   * @param body what it does
   * @return the coroutine
   * @throws IllegalStateException if there is no current loop
   */
  public static Coroutine<@Nullable Void> spawn(ThrowingRunnable body) {
    return IOLoop.current().spawn(body);
  }

  /**
   * Starts a coroutine that has a name on the current loop: {@link IOLoop#spawn(String, Callable)}.
   *
   * @param name what it is called; several may have the same name
   * @param body what it does
   * @param <T> the type of what it returns
   * @return the coroutine
   * @throws IllegalStateException if there is no current loop
   */
  public static <T extends @Nullable Object> Coroutine<T> spawn(String name, Callable<T> body) {
    return IOLoop.current().spawn(name, body);
  }

  /**
   * Starts a coroutine that has a name and returns nothing on the current loop.
   *
   * @param name what it is called; several may have the same name
   * @param body what it does
   * @return the coroutine
   * @throws IllegalStateException if there is no current loop
   */
  public static Coroutine<@Nullable Void> spawn(String name, ThrowingRunnable body) {
    return IOLoop.current().spawn(name, body);
  }

  /**
   * Gives a primitive a name: {@code var accounts = named("accounts", new Lock())}. Its {@code
   * toString} shows it, and so do the messages in which that is, and {@link IOLoop#snapshot()}. A
   * future of another thread may have one too, for the snapshot. Any thread may call this.
   *
   * @param name what it is called; several may have the same name
   * @param primitive a lock, a queue … It has the name until it is garbage
   * @param <P> its type
   * @return the primitive
   */
  public static <P> P named(String name, P primitive) {
    Names.put(primitive, name);
    return primitive;
  }

  /**
   * Runs a block that has so much time: when it is up, the {@code await} in the block that waits
   * then, and each that has to wait after it, fails with {@link DeadlineExceededException}. Blocks
   * may be nested; the earliest deadline counts. The coroutines that the block spawns are not
   * affected. It is Tornado's {@code gen.with_timeout} for a block.
   *
   * @param timeout how long, on the loop's clock; zero or less: the block may do what needs no
   *     waiting
   * @param body the block, run by this coroutine
   * @param <T> the type of what it returns
   * @return what it returns
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws DeadlineExceededException if the time was up and the block did not catch it
   */
  // A checked exception of the block is thrown as it is.
  public static <T extends @Nullable Object> T withTimeout(Duration timeout, Callable<T> body) {
    return withTimeout(Deadline.in(timeout), body);
  }

  /**
   * Runs a block that has so much time and returns nothing: {@link #withTimeout(Duration,
   * Callable)}.
   *
   * @param timeout how long, on the loop's clock; zero or less: the block may do what needs no
   *     waiting
   * @param body the block, run by this coroutine
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws DeadlineExceededException if the time was up and the block did not catch it
   */
  public static void withTimeout(Duration timeout, ThrowingRunnable body) {
    withTimeout(Deadline.in(timeout), body);
  }

  /**
   * Runs a block that has time until a deadline: {@link #withTimeout(Duration, Callable)}.
   *
   * @param deadline until when; if it has passed, the block may do what needs no waiting
   * @param body the block, run by this coroutine
   * @param <T> the type of what it returns
   * @return what it returns
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws DeadlineExceededException if the time was up and the block did not catch it
   */
  public static <T extends @Nullable Object> T withTimeout(Deadline deadline, Callable<T> body) {
    try {
      return TimeScope.call(fiber("withTimeout"), deadline, body);
    } catch (Exception failure) {
      throw Failures.sneaky(failure);
    }
  }

  /**
   * Runs a block that has time until a deadline and returns nothing: {@link #withTimeout(Duration,
   * Callable)}.
   *
   * @param deadline until when; if it has passed, the block may do what needs no waiting
   * @param body the block, run by this coroutine
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws DeadlineExceededException if the time was up and the block did not catch it
   */
  public static void withTimeout(Deadline deadline, ThrowingRunnable body) {
    withTimeout(deadline, callable(body));
  }

  /**
   * Runs several bodies, each in a coroutine of its own, until one of them has a result. The others
   * are cancelled, and waited for until they have cleaned up.
   *
   * <p>A body that fails is out, and the others go on; if all fail, the first failure is thrown,
   * with the others as its suppressed ones. A {@link Lease} that another body returns after the
   * first result is closed, for nobody will get it; another value is dropped, and so is what one
   * fails with then.
   *
   * <p><b>Deadline and cancellation:</b> all bodies are cancelled and waited for, then this throws.
   * If one had a result before, that is returned, and the next function that has to wait throws.
   *
   * {@snippet file="toro/TaskGroupSnippetsTest.java" region="race"}
   *
   * @param bodies what to run, at least one
   * @param <T> the type of the result
   * @return the first result
   * @throws IllegalArgumentException if there are no bodies
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up
   * @throws LoopClosedException if the loop is closed
   */
  // What a body fails with is thrown as it is, also if it is checked.
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public static <T extends @Nullable Object> T race(Callable<? extends T>... bodies) {
    return race(List.of(bodies));
  }

  /**
   * Runs several bodies until one of them has a result: {@link #race(Callable...)} of a collection.
   *
   * @param bodies what to run, at least one
   * @param <T> the type of the result
   * @return the first result
   * @throws IllegalArgumentException if there are no bodies
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up
   * @throws LoopClosedException if the loop is closed
   */
  public static <T extends @Nullable Object> T race(
      Collection<? extends Callable<? extends T>> bodies) {
    fiber("race");
    List<Callable<? extends T>> all = List.copyOf(bodies);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("a race of nobody would have no result");
    }
    return new Race<T>().run(all);
  }

  /**
   * Stages in the order in which they are done, for a {@code for} loop in a coroutine: each step
   * suspends it until one more is done, however that has ended; {@link #await} it then. Each comes
   * once. It is Tornado's {@code WaitIterator}, asyncio's {@code as_completed}.
   *
   * {@snippet file="toro/TaskGroupSnippetsTest.java" region="completed"}
   *
   * <p>Of those that are done between two steps the order is that of the stages. A step that waits
   * costs time in proportion to the number that is left. The stages go on when the loop is left,
   * and nothing stays attached to them; what coroutines among them fail with is not reported.
   *
   * <p><b>Deadline and cancellation:</b> a step throws, and the stages go on. It can be called
   * again.
   *
   * @param stages what to wait for
   * @param <S> the type of the stages
   * @return the stages; each iterator begins anew, and its {@code next} must be called in a
   *     coroutine
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public static <S extends CompletionStage<?>> Iterable<S> asCompleted(S... stages) {
    return asCompleted(List.of(stages));
  }

  /**
   * Stages in the order in which they are done: {@link #asCompleted(CompletionStage...)} of a
   * collection.
   *
   * @param stages what to wait for; may be changed afterwards
   * @param <S> the type of the stages
   * @return the stages; each iterator begins anew, and its {@code next} must be called in a
   *     coroutine
   */
  public static <S extends CompletionStage<?>> Iterable<S> asCompleted(
      Collection<? extends S> stages) {
    List<S> all = List.copyOf(stages);
    for (S stage : all) {
      if (stage instanceof Coroutine<?> coroutine) {
        coroutine.observe();
      }
    }
    return () -> new AsCompleted<>(all);
  }

  /**
   * Suspends the coroutine until one of several waits is granted, takes that one, and handles it.
   * The others leave their lines without a trace: nothing is granted to them, not even if they
   * could be in the same moment.
   *
   * {@snippet file="toro/SelectSnippetsTest.java" region="select"}
   *
   * <p>The waits are begun in the order in which they are listed. The first one that is done at
   * once is taken, and those after it are not begun; so the first listed go before. If all have to
   * wait, it is the first that is granted or fails. What it fails with is thrown. The handler runs
   * in this coroutine when all that has happened; it may await, and what it throws is thrown.
   *
   * <p>A future that is no wait of a primitive, that of a client or a {@link Coroutine} say, is
   * only listened to: if it is not the one, it is left as it is.
   *
   * <p><b>Deadline and cancellation:</b> if this ends before one is granted, because the coroutine
   * is cancelled or the time of a {@link #withTimeout} is up, all leave their lines. What has been
   * granted by then is handled. As with {@link #await}, a wait that another coroutine awaits too,
   * or that something is attached to, stays.
   *
   * <p>It is Go's {@code select}, for all that can be waited for.
   *
   * @param cases made by {@link #on(Supplier, Case.Handler) on} and {@link #after(Duration,
   *     Callable) after}
   * @param <R> the type of what the handlers return
   * @return what the handler of the one returns
   * @throws IllegalArgumentException if there is no case, or if what begins one returns a future
   *     that is made of a wait ({@code lock.acquire().thenApply(…)}), unless it is done at once
   * @throws IllegalStateException if the caller is not a coroutine; if what begins a wait suspends,
   *     or would grant an earlier one of the waits
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled, or the wait
   *     was
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up, or the wait
   *     failed with it
   * @throws LoopClosedException if the loop is closed
   */
  // What the wait fails with and what the handler throws is thrown as it is, also if it is checked.
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public static <R extends @Nullable Object> R select(Case<? extends R>... cases) {
    return select(Deadline.never(), cases);
  }

  /**
   * Like {@link #select(Case...)}, for at most so long.
   *
   * @param timeout how long to wait, on the loop's clock; zero or less: not at all
   * @param cases made by {@link #on(Supplier, Case.Handler) on} and {@link #after(Duration,
   *     Callable) after}
   * @param <R> the type of what the handlers return
   * @return what the handler of the one returns
   * @throws IllegalArgumentException if there is no case, or if what begins one returns a future
   *     that is made of a wait ({@code lock.acquire().thenApply(…)}), unless it is done at once
   * @throws IllegalStateException if the caller is not a coroutine; if what begins a wait suspends,
   *     or would grant an earlier one of the waits
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled, or the wait
   *     was
   * @throws DeadlineExceededException if none was granted in that time, the time of a {@link
   *     #withTimeout} is up, or the wait failed with it
   * @throws LoopClosedException if the loop is closed
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public static <R extends @Nullable Object> R select(
      Duration timeout, Case<? extends R>... cases) {
    return select(Deadline.in(timeout), cases);
  }

  /**
   * Like {@link #select(Case...)}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: not at all
   * @param cases made by {@link #on(Supplier, Case.Handler) on} and {@link #after(Duration,
   *     Callable) after}
   * @param <R> the type of what the handlers return
   * @return what the handler of the one returns
   * @throws IllegalArgumentException if there is no case, or if what begins one returns a future
   *     that is made of a wait ({@code lock.acquire().thenApply(…)}), unless it is done at once
   * @throws IllegalStateException if the caller is not a coroutine; if what begins a wait suspends,
   *     or would grant an earlier one of the waits
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled, or the wait
   *     was
   * @throws DeadlineExceededException if none was granted by then, the time of a {@link
   *     #withTimeout} is up, or the wait failed with it
   * @throws LoopClosedException if the loop is closed
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public static <R extends @Nullable Object> R select(
      Deadline deadline, Case<? extends R>... cases) {
    return select("select", deadline, List.of(cases));
  }

  /**
   * Like {@link #select(Case...)}, but the waits are begun in an order of chance, so that one which
   * can always be granted at once does not starve the others. Those of {@link #after(Duration,
   * Callable) after} are begun last. The chance is the same in each run of the program.
   *
   * @param cases made by {@link #on(Supplier, Case.Handler) on} and {@link #after(Duration,
   *     Callable) after}
   * @param <R> the type of what the handlers return
   * @return what the handler of the one returns
   * @throws IllegalArgumentException if there is no case, or if what begins one returns a future
   *     that is made of a wait ({@code lock.acquire().thenApply(…)}), unless it is done at once
   * @throws IllegalStateException if the caller is not a coroutine; if what begins a wait suspends,
   *     or would grant an earlier one of the waits
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled, or the wait
   *     was
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up, or the wait
   *     failed with it
   * @throws LoopClosedException if the loop is closed
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public static <R extends @Nullable Object> R selectFair(Case<? extends R>... cases) {
    return selectFair(Deadline.never(), cases);
  }

  /**
   * Like {@link #selectFair(Case...)}, for at most so long.
   *
   * @param timeout how long to wait, on the loop's clock; zero or less: not at all
   * @param cases made by {@link #on(Supplier, Case.Handler) on} and {@link #after(Duration,
   *     Callable) after}
   * @param <R> the type of what the handlers return
   * @return what the handler of the one returns
   * @throws IllegalArgumentException if there is no case, or if what begins one returns a future
   *     that is made of a wait ({@code lock.acquire().thenApply(…)}), unless it is done at once
   * @throws IllegalStateException if the caller is not a coroutine; if what begins a wait suspends,
   *     or would grant an earlier one of the waits
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled, or the wait
   *     was
   * @throws DeadlineExceededException if none was granted in that time, the time of a {@link
   *     #withTimeout} is up, or the wait failed with it
   * @throws LoopClosedException if the loop is closed
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public static <R extends @Nullable Object> R selectFair(
      Duration timeout, Case<? extends R>... cases) {
    return selectFair(Deadline.in(timeout), cases);
  }

  /**
   * Like {@link #selectFair(Case...)}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: not at all
   * @param cases made by {@link #on(Supplier, Case.Handler) on} and {@link #after(Duration,
   *     Callable) after}
   * @param <R> the type of what the handlers return
   * @return what the handler of the one returns
   * @throws IllegalArgumentException if there is no case, or if what begins one returns a future
   *     that is made of a wait ({@code lock.acquire().thenApply(…)}), unless it is done at once
   * @throws IllegalStateException if the caller is not a coroutine; if what begins a wait suspends,
   *     or would grant an earlier one of the waits
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled, or the wait
   *     was
   * @throws DeadlineExceededException if none was granted by then, the time of a {@link
   *     #withTimeout} is up, or the wait failed with it
   * @throws LoopClosedException if the loop is closed
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public static <R extends @Nullable Object> R selectFair(
      Deadline deadline, Case<? extends R>... cases) {
    List<Case<? extends R>> shuffled = new ArrayList<>(List.of(cases));
    Select.shuffle(fiber("selectFair").loop, shuffled);
    return select("selectFair", deadline, shuffled);
  }

  private static <R extends @Nullable Object> R select(
      String function, Deadline deadline, List<Case<? extends R>> cases) {
    try {
      return Select.call(fiber(function), deadline, cases);
    } catch (Exception failure) {
      throw Failures.sneaky(failure);
    }
  }

  /**
   * A wait for {@link #select(Case...) select}, and what is done with its value.
   *
   * @param wait begins the wait, {@code queue::get} say. It is called by {@code select}, unless an
   *     earlier case is done at once; it must not suspend. If it returns a future that exists
   *     already, mind that a wait of a primitive is taken back when it is not the one
   * @param handler is given the value if the wait is the one
   * @param <T> the type of the value
   * @param <R> the type of what the handler returns
   * @return the case
   */
  public static <T extends @Nullable Object, R extends @Nullable Object> Case<R> on(
      Supplier<? extends CompletionStage<T>> wait, Case.Handler<? super T, ? extends R> handler) {
    return Case.on(wait, handler);
  }

  /**
   * A wait for {@link #select(Case...) select}, and what is done with its value. The lambda needs
   * braces: {@code item -> { process(item); }}.
   *
   * @param wait begins the wait: {@link #on(Supplier, Case.Handler)}
   * @param action is given the value if the wait is the one
   * @param <T> the type of the value
   * @return the case
   */
  @SuppressWarnings("NullAway") // Void has no other value
  public static <T extends @Nullable Object> Case<@Nullable Void> on(
      Supplier<? extends CompletionStage<T>> wait, Case.Action<? super T> action) {
    requireNonNull(action, "action");
    Case.Handler<T, @Nullable Void> handler =
        value -> {
          action.accept(value);
          return null;
        };
    return Case.on(wait, handler);
  }

  /**
   * A wait for {@link #select(Case...) select} whose value does not matter, and what is done then.
   *
   * @param wait begins the wait: {@link #on(Supplier, Case.Handler)}
   * @param handler is called if the wait is the one
   * @param <R> the type of what the handler returns
   * @return the case
   */
  public static <R extends @Nullable Object> Case<R> on(
      Supplier<? extends CompletionStage<?>> wait, Callable<? extends R> handler) {
    return Case.on(wait, ignoringValue(handler));
  }

  /**
   * A wait for {@link #select(Case...) select} whose value does not matter, and what is done then.
   *
   * @param wait begins the wait: {@link #on(Supplier, Case.Handler)}
   * @param handler is called if the wait is the one
   * @return the case
   */
  public static Case<@Nullable Void> on(
      Supplier<? extends CompletionStage<?>> wait, ThrowingRunnable handler) {
    return on(wait, callable(handler));
  }

  /**
   * A wait for {@link #select(Case...) select} whose value {@code select} returns.
   *
   * @param wait begins the wait: {@link #on(Supplier, Case.Handler)}
   * @param <T> the type of the value
   * @return the case
   */
  public static <T extends @Nullable Object> Case<T> on(
      Supplier<? extends CompletionStage<T>> wait) {
    Case.Handler<T, T> handler = value -> value;
    return Case.on(wait, handler);
  }

  /**
   * What {@link #select(Case...) select} does if nothing else is granted for some time. With none,
   * listed last: if nothing else can be granted at once.
   *
   * @param delay how long from the moment on in which {@code select} begins it, on the loop's clock
   * @param handler is called then
   * @param <R> the type of what the handler returns
   * @return the case
   */
  public static <R extends @Nullable Object> Case<R> after(
      Duration delay, Callable<? extends R> handler) {
    return after(Deadline.in(delay), handler);
  }

  /**
   * What {@link #select(Case...) select} does if nothing else is granted for some time: {@link
   * #after(Duration, Callable)}.
   *
   * @param delay how long from the moment on in which {@code select} begins it, on the loop's clock
   * @param handler is called then
   * @return the case
   */
  public static Case<@Nullable Void> after(Duration delay, ThrowingRunnable handler) {
    return after(Deadline.in(delay), callable(handler));
  }

  /**
   * What {@link #select(Case...) select} does if nothing else is granted until a deadline. In a
   * loop it is the same deadline each time.
   *
   * @param deadline until when
   * @param handler is called then
   * @param <R> the type of what the handler returns
   * @return the case
   */
  public static <R extends @Nullable Object> Case<R> after(
      Deadline deadline, Callable<? extends R> handler) {
    return Case.after(deadline, ignoringValue(handler));
  }

  /**
   * What {@link #select(Case...) select} does if nothing else is granted until a deadline: {@link
   * #after(Deadline, Callable)}.
   *
   * @param deadline until when
   * @param handler is called then
   * @return the case
   */
  public static Case<@Nullable Void> after(Deadline deadline, ThrowingRunnable handler) {
    return after(deadline, callable(handler));
  }

  private static <R extends @Nullable Object> Case.Handler<@Nullable Object, R> ignoringValue(
      Callable<? extends R> handler) {
    requireNonNull(handler, "handler");
    return value -> handler.call();
  }

  static Callable<@Nullable Void> callable(ThrowingRunnable body) {
    requireNonNull(body, "body");
    return () -> {
      body.run();
      return null;
    };
  }

  static <T extends @Nullable Object> CompletableFuture<T> future(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture();
    } catch (UnsupportedOperationException notOffered) {
      CompletableFuture<T> future = new CompletableFuture<>();
      stage.whenComplete(
          (value, failure) -> {
            if (failure == null) {
              future.complete(value);
            } else {
              future.completeExceptionally(failure);
            }
          });
      return future;
    }
  }

  /** Refuses what would have to suspend where nothing can. */
  static void checkCoroutine(String function) {
    fiber(function);
  }

  /** The fiber that calls. */
  static Fiber fiber(String function) {
    Fiber fiber = fiberOrNull();
    if (fiber == null) {
      throw noCoroutine(function);
    }
    return fiber;
  }

  /** The fiber that calls; null where there is no coroutine. */
  static @Nullable Fiber fiberOrNull() {
    IOLoop loop = IOLoop.currentOrNull();
    return loop == null ? null : loop.currentFiber();
  }

  private static IllegalStateException noCoroutine(String function) {
    return new IllegalStateException(
        function
            + "() was called where there is no coroutine to suspend: "
            + (IOLoop.currentOrNull() == null
                ? "on " + Thread.currentThread() + ", which runs no loop"
                : "in a callback on the loop")
            + ". Call it in a coroutine: spawn(() -> …) or IOLoop.run(() -> …)");
  }
}
