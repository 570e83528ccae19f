package toro.benchmarks.contenders

import java.util.concurrent.SynchronousQueue
import kotlin.concurrent.thread
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.runBlocking
import toro.benchmarks.Work

/**
 * Work in a `runBlocking` that has something in it already. As that ends with its block, it has a thread
 * of its own, whose loop is stopped between two tasks.
 */
abstract class KotlinWork : Work {
    private class Task(val body: suspend (CoroutineScope) -> Long) {
        val result = CompletableDeferred<Long>()
    }

    private var tasks: SynchronousQueue<Task>? = null
    private var loop: Thread? = null

    /** Makes a new loop, and has a coroutine put something on it. */
    protected fun renew(preparation: suspend (CoroutineScope) -> Unit) {
        close()
        val tasks = SynchronousQueue<Task>()
        this.tasks = tasks
        loop = thread(isDaemon = true) { drive(tasks) }
        call {
            preparation(it)
            0
        }
    }

    private fun drive(tasks: SynchronousQueue<Task>) = runBlocking {
        while (true) {
            val task = tasks.take()
            if (task === END) {
                break
            }
            try {
                task.result.complete(task.body(this))
            } catch (failure: Throwable) {
                task.result.completeExceptionally(failure)
            }
        }
        coroutineContext[kotlinx.coroutines.Job]!!.cancelChildren()
    }

    private fun call(body: suspend (CoroutineScope) -> Long): Long {
        val task = Task(body)
        tasks!!.put(task)
        return runBlocking { task.result.await() }
    }

    /** What is measured, as a coroutine. */
    protected abstract suspend fun main(scope: CoroutineScope): Long

    final override fun run(): Long = call { main(it) }

    final override fun close() {
        tasks?.put(END)
        loop?.join()
        tasks = null
        loop = null
    }

    private companion object {
        val END = Task { 0 }
    }
}
