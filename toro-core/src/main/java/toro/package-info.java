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
 * <tr><td>keep others out across an await</td><td>{@link toro.Lock}</td></tr>
 * <tr><td>keep others out of one of many things, told apart by a key</td><td>{@link toro.KeyedLock}</td></tr>
 * <tr><td>let many read or one write</td><td>{@link toro.RWLock}, {@link toro.KeyedRWLock}</td></tr>
 * <tr><td>let at most n in, also if n changes</td><td>{@link toro.Semaphore}, {@link toro.BoundedSemaphore}</td></tr>
 * <tr><td>let so many pass in a period of time</td><td>{@link toro.RateLimiter}</td></tr>
 * <tr><td>wait for a change, tested in a loop</td><td>{@link toro.Condition}</td></tr>
 * <tr><td>wait until something is so, and stays so</td><td>{@link toro.Event}</td></tr>
 * <tr><td>wait for a value that is set once, each with a deadline of one's own</td><td>{@link toro.AsyncResult}</td></tr>
 * <tr><td>hand items from producers to consumers, with back-pressure, and know when all are processed</td><td>{@link toro.Queue}, {@link
 * toro.PriorityQueue}, {@link toro.LifoQueue}</td></tr>
 * <tr><td>feed or drain a queue through {@link java.util.concurrent.Flow}, with back-pressure</td><td>{@link toro.QueueSubscriber}, {@link
 * toro.QueuePublisher}</td></tr>
 * <tr><td>wait until so many have arrived, again and again</td><td>{@link toro.Barrier}</td></tr>
 * <tr><td>give each item to everybody who has subscribed</td><td>{@link toro.Broadcast}, {@link toro.Subscription}</td></tr>
 * <tr><td>follow a value: see the latest, and be told when it is another one</td><td>{@link toro.Watch}</td></tr>
 * <tr><td>wait for a coroutine, or for several</td><td>{@link toro.Coroutines#await await}, {@link toro.Coroutines#awaitAll(java.util.Collection)
 * awaitAll}</td></tr>
 * <tr><td>end several coroutines together, and lose no failure</td><td>{@link toro.TaskGroup}</td></tr>
 * <tr><td>take the first result of several, or each as it comes</td><td>{@link toro.Coroutines#race(java.util.Collection) race}, {@link
 * toro.Coroutines#asCompleted(java.util.Collection) asCompleted}</td></tr>
 * <tr><td>use several cores</td><td>{@link toro.LoopGroup}, {@link toro.IOLoop#submit(java.util.concurrent.Callable) submit}</td></tr>
 * <tr><td>limit the time of a block</td><td>{@link toro.Coroutines#withTimeout(java.time.Duration, java.util.concurrent.Callable)
 * withTimeout}</td></tr>
 * <tr><td>carry a value along, the id of a request say</td><td>{@link toro.CoroutineLocal}</td></tr>
 * </tbody>
 * </table>
 *
 * <p>And to see who waits for what: {@link toro.IOLoop#snapshot()}.
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
 * permit or item goes to the next. One that was granted is delivered. If a future that was derived
 * from the wait is given up instead ({@code lock.acquire().thenApply(…).orTimeout(…)}, {@code
 * copy().cancel(true)}), the wait is given up with it, unless a coroutine awaits it or something
 * else is attached to it. What the library cannot see is the end of a future that was derived from
 * a derived one, or through {@code minimalCompletionStage}, {@code allOf} or {@code anyOf}: then
 * the wait goes on, and what it is granted must be given back.
 */
@NullMarked
package toro;

import org.jspecify.annotations.NullMarked;
