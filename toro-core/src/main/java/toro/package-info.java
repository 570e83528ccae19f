/**
 * Coroutines on a single-threaded event loop, and what they coordinate with.
 *
 * <p>An {@link toro.IOLoop} runs {@linkplain toro.Coroutine coroutines} one at a time; control
 * changes hands only where one awaits. Between two awaits nothing else runs, so plain data need no
 * protection; what is here is for what lies <em>across</em> an await.
 *
 * <table>
 * <caption>Which one do I need?</caption>
 * <thead><tr><th>to</th><th>use</th></tr></thead>
 * <tbody>
 * <tr><td>exclude others across an await</td><td>{@link toro.Lock}</td></tr>
 * <tr><td>exclude others from one account, file or URL among many</td><td>{@link toro.KeyedLock}, with a wait queue for each key</td></tr>
 * <tr><td>let many read, or one write</td><td>{@link toro.RWLock}, or {@link toro.KeyedRWLock} with keys</td></tr>
 * <tr><td>admit at most <em>n</em>, where <em>n</em> may change</td><td>{@link toro.Semaphore}, or {@link toro.BoundedSemaphore}, which refuses a surplus release</td></tr>
 * <tr><td>admit a number per period of time</td><td>{@link toro.RateLimiter}</td></tr>
 * <tr><td>wait for a change, then test again</td><td>{@link toro.Condition}</td></tr>
 * <tr><td>wait for a condition that stays true</td><td>{@link toro.Event}</td></tr>
 * <tr><td>wait for a value that is set once</td><td>{@link toro.AsyncResult}</td></tr>
 * <tr><td>hand items from producers to consumers, with back-pressure, and know when all are done</td><td>{@link toro.Queue}, {@link toro.PriorityQueue}, {@link toro.LifoQueue}</td></tr>
 * <tr><td>feed or drain a queue through {@link java.util.concurrent.Flow}, with back-pressure</td><td>{@link toro.QueueSubscriber}, {@link toro.QueuePublisher}</td></tr>
 * <tr><td>wait until a number of parties have arrived, in rounds</td><td>{@link toro.Barrier}</td></tr>
 * <tr><td>give each item to every subscriber</td><td>{@link toro.Broadcast}, {@link toro.Subscription}</td></tr>
 * <tr><td>follow the latest value of something</td><td>{@link toro.Watch}</td></tr>
 * <tr><td>wait for a coroutine, or for several</td><td>{@link toro.Coroutines#await await}, {@link toro.Coroutines#awaitAll(java.util.Collection) awaitAll}</td></tr>
 * <tr><td>end several coroutines together, and lose no failure</td><td>{@link toro.TaskGroup}</td></tr>
 * <tr><td>make a call that blocks its thread</td><td>{@link toro.Coroutines#blocking(java.util.concurrent.Callable) blocking}</td></tr>
 * <tr><td>process many items, a limited number at a time</td><td>{@link toro.Coroutines#mapConcurrently mapConcurrently}, {@link toro.Coroutines#forEachConcurrently forEachConcurrently}</td></tr>
 * <tr><td>repeat a call that failed, or start a second one when the first is slow</td><td>{@link toro.Coroutines#retry(toro.Retry, java.util.concurrent.Callable) retry}, {@link toro.Coroutines#hedge hedge}</td></tr>
 * <tr><td>share one call among all callers of a key</td><td>{@link toro.SingleFlight}</td></tr>
 * <tr><td>run something periodically</td><td>{@link toro.Coroutines#every(java.time.Duration, toro.ThrowingRunnable) every}</td></tr>
 * <tr><td>finish a block without interruption</td><td>{@link toro.Coroutines#shielded(java.util.concurrent.Callable) shielded}</td></tr>
 * <tr><td>take the first result of several, or each as it comes</td><td>{@link toro.Coroutines#race(java.util.Collection) race}, {@link toro.Coroutines#asCompleted(java.util.Collection) asCompleted}</td></tr>
 * <tr><td>wait for several things, and take the first</td><td>{@link toro.Coroutines#select select}</td></tr>
 * <tr><td>limit the time of a block</td><td>{@link toro.Coroutines#withTimeout(java.time.Duration, java.util.concurrent.Callable) withTimeout}</td></tr>
 * <tr><td>carry the id of a request along</td><td>{@link toro.CoroutineLocal}, and {@code toro-context} for the MDC and OpenTelemetry</td></tr>
 * <tr><td>use several cores</td><td>{@link toro.IOLoop#group IOLoop.group}, {@link toro.IOLoop#submit(java.util.concurrent.Callable) loop.submit}</td></tr>
 * <tr><td>run on an event loop that is there already</td><td>{@link toro.IOLoop#on(java.util.concurrent.ScheduledExecutorService) IOLoop.on}, {@code toro-netty}, {@code toro-vertx}</td></tr>
 * <tr><td>see what each coroutine waits for, since when, and what holds it</td><td>{@link toro.IOLoop#snapshot() loop.snapshot()}</td></tr>
 * </tbody>
 * </table>
 *
 * <p><b>Wait-methods</b> return a {@link java.util.concurrent.CompletableFuture} at once and never
 * block: a coroutine awaits it, {@code await(lock.acquire())}; a callback is attached to it, {@code
 * lock.acquire().thenAccept(…)}. Each has three forms: without limit, with a {@link
 * java.time.Duration}, with a {@link toro.Deadline}. When the time is up the future fails with
 * {@link toro.DeadlineExceededException}. It is completed inside the call that grants it, so
 * callbacks run there, with the caller; a coroutine goes on after what is ready then.
 *
 * <p><b>Nothing is lost.</b> A wait that was cancelled ({@code future.cancel}, or its coroutine),
 * whose deadline passed, or that was completed from outside ({@code orTimeout}) is skipped: the
 * permit or item goes to the next. One that was granted is delivered. A future derived from a wait
 * counts for it, at any depth: when the last one is given up, {@code
 * lock.acquire().thenApply(…).orTimeout(…)}, the wait leaves the queue too, unless a coroutine
 * awaits it. The library cannot see into {@code minimalCompletionStage}, {@code allOf} and {@code
 * anyOf}: the wait goes on, and what it is granted must be given back.
 */
@NullMarked
package toro;

import org.jspecify.annotations.NullMarked;
