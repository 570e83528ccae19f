package toro.benchmarks.contenders

import kotlin.coroutines.ContinuationInterceptor
import kotlin.random.Random
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.asExecutor
import kotlinx.coroutines.async
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.sync.withPermit
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import toro.benchmarks.Contender
import toro.benchmarks.Counter
import toro.benchmarks.Share
import toro.benchmarks.Work

/**
 * Kotlin's coroutines in `runBlocking`, so on one thread. To pause is to `yield`. There is neither a
 * condition nor a read-write lock.
 */
class KotlinContender : Contender {
    private fun onFreshLoop(main: suspend CoroutineScope.() -> Long): Work = Work { runBlocking { main() } }

    /** Lets a coroutine do each share, and waits for all. */
    private suspend fun share(sharers: Int, operations: Int, body: suspend (Share) -> Unit) = coroutineScope {
        for (share in Share.of(sharers, operations)) {
            launch { body(share) }
        }
    }

    override fun queue(pairs: Int, capacity: Int, items: Int): Work = onFreshLoop {
        val channel = Channel<Int>(if (capacity == 0) Channel.UNLIMITED else capacity)
        val sum = Counter()
        share(pairs, items) { share ->
            coroutineScope {
                launch {
                    for (item in share.from() until share.to()) {
                        channel.send(item)
                    }
                }
                launch {
                    repeat(share.size()) {
                        val item = channel.receive()
                        sum.value += item
                    }
                }
            }
        }
        sum.value
    }

    override fun freeLock(operations: Int): Work = onFreshLoop {
        val mutex = Mutex()
        val counter = Counter()
        repeat(operations) { mutex.withLock { counter.value++ } }
        counter.value
    }

    override fun contendedLock(coroutines: Int, operations: Int): Work = onFreshLoop {
        val mutex = Mutex()
        val counter = Counter()
        share(coroutines, operations) { share ->
            repeat(share.size()) { mutex.withLock { countWithPause(counter) } }
        }
        counter.value
    }

    private suspend fun countWithPause(counter: Counter) {
        val seen = counter.value
        yield()
        counter.value = seen + 1
    }

    override fun semaphore(permits: Int, coroutines: Int, operations: Int): Work = onFreshLoop {
        val semaphore = Semaphore(permits)
        val counter = Counter()
        share(coroutines, operations) { share ->
            repeat(share.size()) {
                semaphore.withPermit {
                    yield()
                    counter.value++
                }
            }
        }
        counter.value
    }

    /** There is no event to reset: a fresh job each time. */
    override fun event(operations: Int): Work = onFreshLoop {
        val events: Array<CompletableJob> = arrayOf(Job(), Job())
        val turns = Counter()
        events[0].complete()
        share(2, operations) { share ->
            val me = share.who()
            repeat(share.size()) {
                events[me].join()
                events[me] = Job()
                turns.value++
                events[1 - me].complete()
            }
        }
        turns.value
    }

    /** A value that is handed over, and where to reply to it. */
    private class Baton(val number: Int, val reply: CompletableDeferred<Baton>)

    override fun handOver(operations: Int): Work = onFreshLoop {
        val first = CompletableDeferred<Baton>()
        val second = async { passOn(first, operations) }
        val reply = CompletableDeferred<Baton>()
        first.complete(Baton(1, reply))
        minOf(passOn(reply, operations), second.await())
    }

    private suspend fun passOn(next: CompletableDeferred<Baton>, operations: Int): Long {
        var awaited = next
        var number: Int
        do {
            val baton = awaited.await()
            number = baton.number
            awaited = CompletableDeferred()
            baton.reply.complete(Baton(number + 1, awaited))
        } while (number < operations)
        return number.toLong()
    }

    override fun spawnAndJoin(operations: Int): Work = onFreshLoop {
        val counter = Counter()
        repeat(operations) { launch { counter.value++ }.join() }
        counter.value
    }

    override fun pause(operations: Int): Work = onFreshLoop {
        val counter = Counter()
        share(2, operations) { share ->
            repeat(share.size()) {
                yield()
                counter.value++
            }
        }
        counter.value
    }

    override fun freeLockWithDeadline(pending: Int, operations: Int): Work = besideDeadlines(pending) {
        val mutex = Mutex()
        val counter = Counter()
        repeat(operations) {
            withTimeout(DEADLINE) { mutex.lock() }
            try {
                counter.value++
            } finally {
                mutex.unlock()
            }
        }
        counter.value
    }

    override fun contendedLockWithDeadline(pending: Int, coroutines: Int, operations: Int): Work =
        besideDeadlines(pending) {
            val mutex = Mutex()
            val counter = Counter()
            share(coroutines, operations) { share ->
                repeat(share.size()) {
                    withTimeout(DEADLINE) { mutex.lock() }
                    try {
                        countWithPause(counter)
                    } finally {
                        mutex.unlock()
                    }
                }
            }
            counter.value
        }

    private fun besideDeadlines(pending: Int, main: suspend () -> Long): Work = object : KotlinWork() {
        override fun open() = renew { scope ->
            val mutex = Mutex(locked = true)
            repeat(pending) { scope.launch { withTimeout(LATER) { mutex.lock() } } }
            yield()
        }

        override suspend fun main(scope: CoroutineScope): Long = main()
    }

    override fun cancel(waiters: Int): Work = object : KotlinWork() {
        private val cancelled = Counter()
        private val jobs = mutableListOf<Job>()

        override fun prepare() = renew { scope ->
            cancelled.value = 0
            jobs.clear()
            val mutex = Mutex(locked = true)
            repeat(waiters) { jobs += scope.launch { waitFor(mutex) } }
            jobs.shuffle(Random(1))
            yield()
        }

        private suspend fun waitFor(mutex: Mutex) {
            try {
                mutex.lock()
            } catch (cancellation: CancellationException) {
                cancelled.value++
                throw cancellation
            }
        }

        override suspend fun main(scope: CoroutineScope): Long {
            jobs.forEach { it.cancel() }
            jobs.joinAll()
            return cancelled.value
        }
    }

    override fun parkedCoroutines(count: Int): Work = object : KotlinWork() {
        override fun prepare() = renew {}

        override suspend fun main(scope: CoroutineScope): Long {
            val mutex = Mutex(locked = true)
            repeat(count) { scope.launch { mutex.lock() } }
            yield()
            return count.toLong()
        }
    }

    override fun execute(threads: Int, operations: Int): Work = onFreshLoop {
        val counter = Counter()
        val done = Job()
        val loop = (coroutineContext[ContinuationInterceptor] as CoroutineDispatcher).asExecutor()
        val task = Runnable {
            counter.value++
            if (counter.value == operations.toLong()) {
                done.complete()
            }
        }
        OtherThreads.submit(threads, operations) { loop.execute(task) }
        done.join()
        counter.value
    }

    private companion object {
        val DEADLINE = 1.minutes
        val LATER = 1.hours
    }
}
