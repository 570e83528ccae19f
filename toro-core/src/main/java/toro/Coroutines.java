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
      fiber.hasNotWaited();
      return done.value();
    }
    if (!future.isDone() || fiber.loop.isClosed()) {
      fiber.await(future);
    } else {
      fiber.hasNotWaited();
    }
    if (future.isCompletedExceptionally()) {
      throw Failures.sneaky(Failures.awaited(fiber.failureOf(future)));
    }
    return future.resultNow();
  }

  /**
   * Suspends the coroutine until a stage is done: {@link #await(CompletionStage)}, for a failure
   * that is checked. It declares the exception, so that {@code catch (IOException e)} around it
   * compiles.
   *
   * @param stage what to wait for
   * @param failure what the stage may fail with; any other failure is thrown as it is, too
   * @param <T> the type of the value
   * @param <X> the type of the failure
   * @return its value
   * @throws X if the stage has failed with it
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled, or the stage
   *     was
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up, or the stage
   *     failed with it
   * @throws LoopClosedException if the loop is closed
   */
  public static <T extends @Nullable Object, X extends Throwable> T await(
      CompletionStage<T> stage, Class<X> failure) throws X {
    requireNonNull(failure, "failure");
    return await(stage);
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
   * Suspends the coroutine until all stages are done, and throws none of their failures: {@link
   * #awaitAllSettled(Collection)}.
   *
   * @param stages what to wait for
   * @param <T> the type of the values
   * @return the stages as futures that are done, in the same order
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up
   * @throws LoopClosedException if the loop is closed
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public static <T extends @Nullable Object> List<CompletableFuture<T>> awaitAllSettled(
      CompletionStage<? extends T>... stages) {
    return awaitAllSettled(List.of(stages));
  }

  /**
   * Suspends the coroutine until all stages are done, however each of them ends, and throws none of
   * their failures. It is asyncio's {@code gather} with {@code return_exceptions=True}.
   *
   * {@snippet file="toro/ServiceSnippetsTest.java" region="settled"}
   *
   * <p>Each future of the result is done: {@link CompletableFuture#state()} tells how, {@link
   * CompletableFuture#resultNow()} and {@link CompletableFuture#exceptionNow()} what with. The
   * failures count as seen.
   *
   * <p><b>Deadline and cancellation:</b> as with {@link #awaitAll(Collection)}.
   *
   * @param stages what to wait for
   * @param <T> the type of the values
   * @return the stages as futures that are done, in the same order
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up
   * @throws LoopClosedException if the loop is closed
   */
  public static <T extends @Nullable Object> List<CompletableFuture<T>> awaitAllSettled(
      Collection<? extends CompletionStage<? extends T>> stages) {
    List<CompletableFuture<T>> futures = new ArrayList<>(stages.size());
    for (CompletionStage<? extends T> stage : stages) {
      futures.add(Coroutines.<T>widened(future(requireNonNull(stage, "stage"))));
    }
    All.settle(fiber("awaitAllSettled"), futures);
    return futures;
  }

  @SuppressWarnings("unchecked") // what gives a subtype gives the type
  private static <T extends @Nullable Object> CompletableFuture<T> widened(
      CompletableFuture<? extends T> future) {
    return (CompletableFuture<T>) future;
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
   * Runs a body, and a second time beside that if it has no result after some time. The first
   * result is returned; the other one is cancelled, and waited for until it has cleaned up. It is
   * the hedging of gRPC: it makes rare slow answers rarer, for the price of a few more requests. So
   * the body must be one that may run twice.
   *
   * {@snippet file="toro/ServiceSnippetsTest.java" region="hedge"}
   *
   * <p>If the body fails before the second one has begun, the failure is thrown at once: against
   * failures use {@link #retry(Retry, Callable) retry}. After that it is a {@link
   * #race(Callable...) race}: one that fails is out. A {@link Lease} that comes too late is closed.
   *
   * <p><b>Deadline and cancellation:</b> as with {@link #race(Callable...)}.
   *
   * @param delay how long to wait for the first, on the loop's clock; zero or less: both begin
   * @param body runs once or twice, each time in a coroutine of its own
   * @param <T> the type of the result
   * @return the first result
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up
   * @throws LoopClosedException if the loop is closed
   */
  // What the body fails with is thrown as it is, also if it is checked.
  public static <T extends @Nullable Object> T hedge(Duration delay, Callable<T> body) {
    IOLoop loop = fiber("hedge").loop;
    requireNonNull(delay, "delay");
    return new Race<T>().hedge(loop, delay, requireNonNull(body, "body"));
  }

  /**
   * Runs a body until it succeeds, as often as a policy says.
   *
   * {@snippet file="toro/ServiceSnippetsTest.java" region="retry"}
   *
   * <p>The last failure is thrown, with those before it as its suppressed exceptions. A
   * cancellation is never retried, nor is a failure of the {@link TaskGroup} around this, nor
   * anything when the time of a {@link #withTimeout} around this is up. If the pause before the
   * next attempt would last beyond {@link Deadline#current()}, the failure is thrown at once. The
   * jitter comes from the loop: it is the same in each run of the program.
   *
   * <p><b>Deadline and cancellation:</b> they end the attempt or the pause, and there is no other.
   * For a limit on each attempt put a {@link #withTimeout} into the body.
   *
   * @param policy how often, when and after which failures
   * @param body what to do; it may await
   * @param <T> the type of what it returns
   * @return what the first attempt that succeeds returns
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up
   * @throws LoopClosedException if the loop is closed
   */
  // What the body fails with is thrown as it is, also if it is checked.
  public static <T extends @Nullable Object> T retry(Retry policy, Callable<T> body) {
    return unchecked(() -> policy.call(body));
  }

  /**
   * Runs a body that returns nothing until it succeeds: {@link #retry(Retry, Callable)}.
   *
   * @param policy how often, when and after which failures
   * @param body what to do; it may await
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up
   * @throws LoopClosedException if the loop is closed
   */
  public static void retry(Retry policy, ThrowingRunnable body) {
    retry(policy, callable(body));
  }

  /**
   * Starts a coroutine on the current loop that runs a body again and again, with a fixed period:
   * {@link #every(Duration, MissedTicks, ThrowingRunnable)} with {@link MissedTicks#SKIP}.
   *
   * @param period the time between two ticks, on the loop's clock
   * @param body what to do at each tick; it may await
   * @return the coroutine; cancel it to end it
   * @throws IllegalArgumentException if the period is not positive
   * @throws IllegalStateException if there is no current loop
   */
  public static Coroutine<@Nullable Void> every(Duration period, ThrowingRunnable body) {
    return every(period, MissedTicks.SKIP, body);
  }

  /**
   * Starts a coroutine on the current loop that runs a body again and again, with a fixed period.
   * The first time is one period from now. Runs never overlap: what the body awaits is waited for.
   * The ticks are multiples of the period from now on, so they do not drift. It is Tornado's {@code
   * PeriodicCallback}, tokio's {@code interval}.
   *
   * {@snippet file="toro/ServiceSnippetsTest.java" region="every"}
   *
   * <p>What the body throws ends the coroutine, which then has failed; catch in the body what is to
   * be survived. A coroutine that awaits this one and is cancelled ends it, unless another one
   * awaits it too: {@code group.spawn(() -> await(every(…)))} belongs to a group.
   *
   * @param period the time between two ticks, on the loop's clock
   * @param missed what becomes of the ticks that pass while the body runs
   * @param body what to do at each tick; it may await
   * @return the coroutine; cancel it to end it
   * @throws IllegalArgumentException if the period is not positive
   * @throws IllegalStateException if there is no current loop
   */
  public static Coroutine<@Nullable Void> every(
      Duration period, MissedTicks missed, ThrowingRunnable body) {
    IOLoop loop = IOLoop.current();
    requireNonNull(body, "body");
    Ticker ticker = new Ticker(loop, period, requireNonNull(missed, "missed"));
    return loop.submit(() -> ticker.run(body));
  }

  /**
   * Applies a function to each item, to so many at a time, and returns the results in the order of
   * the items.
   *
   * {@snippet file="toro/ServiceSnippetsTest.java" region="map"}
   *
   * <p>The first failure cancels the rest and is thrown, when all have cleaned up. The items are
   * taken one by one, each when one before it is done; so they may also come from a {@link Queue},
   * until that is closed.
   *
   * <p><b>Deadline and cancellation:</b> all are cancelled and waited for, then this throws. A
   * {@link Lease} among the results is closed when this throws, for nobody will get it.
   *
   * @param items what to apply the function to
   * @param limit how many run at a time, each in a coroutine of its own
   * @param function may await, and throw anything
   * @param <T> the type of the items
   * @param <R> the type of the results
   * @return the results, in the order of the items
   * @throws IllegalArgumentException if {@code limit} is less than one
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up
   * @throws LoopClosedException if the loop is closed
   */
  // What the function fails with is thrown as it is, also if it is checked.
  public static <T extends @Nullable Object, R extends @Nullable Object> List<R> mapConcurrently(
      Iterable<? extends T> items, int limit, ThrowingFunction<? super T, ? extends R> function) {
    fiber("mapConcurrently");
    return Concurrently.map(items, limit, function);
  }

  /**
   * Does something with each item, with so many at a time: {@link #mapConcurrently} without
   * results.
   *
   * @param items what to do it with
   * @param limit how many run at a time, each in a coroutine of its own
   * @param action may await, and throw anything
   * @param <T> the type of the items
   * @throws IllegalArgumentException if {@code limit} is less than one
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up
   * @throws LoopClosedException if the loop is closed
   */
  public static <T extends @Nullable Object> void forEachConcurrently(
      Iterable<? extends T> items, int limit, ThrowingConsumer<? super T> action) {
    fiber("forEachConcurrently");
    Concurrently.forEach(items, limit, action);
  }

  /**
   * Runs a block that nothing from outside interrupts: what must be done to the end, such as a
   * commit, or to give back what was borrowed. A cancellation of the coroutine, the time of a
   * {@link #withTimeout} around the block and a failure of a {@link TaskGroup} around it wait until
   * it has ended, and are thrown then. A limit inside the block works as ever, and the block should
   * have one. It is Trio's {@code CancelScope(shield=True)}.
   *
   * {@snippet file="toro/ServiceSnippetsTest.java" region="shielded"}
   *
   * <p>If something is thrown after the block, what the block has returned is lost; a {@link Lease}
   * is closed. What the block itself throws is thrown as it is, and what came meanwhile by the next
   * function that has to wait. Only the end of the loop ends a block that goes on waiting.
   *
   * @param body the block, run by this coroutine; it may await
   * @param <T> the type of what it returns
   * @return what it returns
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine was cancelled meanwhile
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} around it was up
   *     meanwhile
   * @throws LoopClosedException if the loop is closed
   */
  // A checked exception of the block is thrown as it is.
  public static <T extends @Nullable Object> T shielded(Callable<T> body) {
    Fiber fiber = fiber("shielded");
    return unchecked(() -> Shield.call(fiber, body));
  }

  /**
   * Runs a block that returns nothing and that nothing from outside interrupts: {@link
   * #shielded(Callable)}.
   *
   * @param body the block, run by this coroutine; it may await
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine was cancelled meanwhile
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} around it was up
   *     meanwhile
   * @throws LoopClosedException if the loop is closed
   */
  public static void shielded(ThrowingRunnable body) {
    shielded(callable(body));
  }

  /**
   * Makes a call that blocks its thread, JDBC or a file say, on another thread, and suspends the
   * coroutine until the call has ended. The loop runs on meanwhile.
   *
   * {@snippet file="toro/BlockingSnippetsTest.java" region="blocking"}
   *
   * <p>The call runs on a virtual thread. As many run at a time as {@link IOLoop#blockingLimiter()}
   * has permits; the others wait for their turn. {@link Blocking} has other limits, other threads
   * and other ways to end a call.
   *
   * <p><b>Deadline and cancellation:</b> the thread is interrupted, and this waits <em>until the
   * call has really ended</em>; then it throws. So nobody else gets what the call uses, a
   * connection of a pool say, while the call still uses it. A call that ignores the interrupt holds
   * the coroutine up: give it an {@linkplain #blocking(Callable, ThrowingRunnable) abort}, or
   * {@linkplain Blocking#abandoning() leave it behind}. A result that comes too late is closed if
   * it is {@link AutoCloseable}, on another thread; a failure that comes too late is a suppressed
   * exception of what is thrown.
   *
   * @param body the call; it runs on another thread and must not await
   * @param <T> the type of what it returns
   * @return what it returns
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up
   * @throws LoopClosedException if the loop is closed
   */
  // What the call throws is thrown as it is, also if it is checked.
  public static <T extends @Nullable Object> T blocking(Callable<T> body) {
    return Blocking.DEFAULT.call(body);
  }

  /**
   * Makes a call that blocks its thread and returns nothing: {@link #blocking(Callable)}.
   *
   * @param body the call; it runs on another thread and must not await
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up
   * @throws LoopClosedException if the loop is closed
   */
  public static void blocking(ThrowingRunnable body) {
    Blocking.DEFAULT.run(body);
  }

  /**
   * Makes a call that blocks its thread, and that something else than an interrupt ends early:
   * {@link #blocking(Callable)}, {@link Blocking#withAbort}.
   *
   * @param body the call; it runs on another thread and must not await
   * @param abort makes the call return or throw soon: {@code statement::cancel}. It runs on a
   *     thread of its own when the coroutine is cancelled or timed out
   * @param <T> the type of what it returns
   * @return what it returns
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up
   * @throws LoopClosedException if the loop is closed
   */
  public static <T extends @Nullable Object> T blocking(Callable<T> body, ThrowingRunnable abort) {
    return Blocking.DEFAULT.withAbort(abort).call(body);
  }

  /**
   * Makes a call that blocks its thread, of which only so many run at a time: {@link
   * #blocking(Callable)}.
   *
   * @param limiter the call holds a permit of it until its thread has ended
   * @param body the call; it runs on another thread and must not await
   * @param <T> the type of what it returns
   * @return what it returns
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up
   * @throws LoopClosedException if the loop is closed
   */
  public static <T extends @Nullable Object> T blocking(Semaphore limiter, Callable<T> body) {
    return Blocking.DEFAULT.withLimiter(limiter).call(body);
  }

  /**
   * Makes a call that blocks its thread and returns nothing, of which only so many run at a time:
   * {@link #blocking(Callable)}.
   *
   * @param limiter the call holds a permit of it until its thread has ended
   * @param body the call; it runs on another thread and must not await
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up
   * @throws LoopClosedException if the loop is closed
   */
  public static void blocking(Semaphore limiter, ThrowingRunnable body) {
    Blocking.DEFAULT.withLimiter(limiter).run(body);
  }

  /**
   * Makes a call that blocks its thread, of which only so many run at a time, and that something
   * else than an interrupt ends early: {@link #blocking(Callable, ThrowingRunnable)}.
   *
   * @param limiter the call holds a permit of it until its thread has ended
   * @param body the call; it runs on another thread and must not await
   * @param abort makes the call return or throw soon
   * @param <T> the type of what it returns
   * @return what it returns
   * @throws IllegalStateException if the caller is not a coroutine
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled
   * @throws DeadlineExceededException if the time of a {@link #withTimeout} is up
   * @throws LoopClosedException if the loop is closed
   */
  public static <T extends @Nullable Object> T blocking(
      Semaphore limiter, Callable<T> body, ThrowingRunnable abort) {
    return Blocking.DEFAULT.withLimiter(limiter).withAbort(abort).call(body);
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
        coroutine.observed();
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

  /** Calls a body; what it throws is thrown as it is. */
  private static <T extends @Nullable Object> T unchecked(Callable<T> body) {
    try {
      return body.call();
    } catch (Exception failure) {
      throw Failures.sneaky(failure);
    }
  }

  @SuppressWarnings("NullAway") // Void has no other value
  static <T extends @Nullable Object> ThrowingFunction<T, @Nullable Void> function(
      ThrowingConsumer<? super T> action) {
    requireNonNull(action, "action");
    return value -> {
      action.accept(value);
      return null;
    };
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
