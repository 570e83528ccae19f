"""Tornado: what toro became."""

import asyncio

from tornado import gen
from tornado.locks import Condition, Event, Lock
from tornado.queues import Queue


def queue(capacity, operations):
    async def main():
        channel = Queue(maxsize=capacity)

        async def produce():
            for item in range(operations):
                await channel.put(item)

        producer = gen.convert_yielded(produce())
        total = 0
        for _ in range(operations):
            total += await channel.get()
        await producer
        return total

    return asyncio.run(main())


def free_lock(operations):
    async def main():
        lock = Lock()
        count = 0
        for _ in range(operations):
            async with lock:
                count += 1
        return count

    return asyncio.run(main())


def contended_lock(coroutines, operations):
    count = 0

    async def work(lock):
        nonlocal count
        for _ in range(operations // coroutines):
            async with lock:
                seen = count
                await asyncio.sleep(0)
                count = seen + 1

    async def main():
        lock = Lock()
        await gen.multi([work(lock) for _ in range(coroutines)])
        return count

    return asyncio.run(main())


def condition(operations):
    turns = 0

    async def work(me, conditions):
        nonlocal turns
        for _ in range(operations // 2):
            while turns % 2 != me:
                await conditions[me].wait()
            turns += 1
            conditions[1 - me].notify()

    async def main():
        conditions = [Condition(), Condition()]
        await gen.multi([work(0, conditions), work(1, conditions)])
        return turns

    return asyncio.run(main())


def event(operations):
    turns = 0

    async def work(me, events):
        nonlocal turns
        for _ in range(operations // 2):
            await events[me].wait()
            events[me].clear()
            turns += 1
            events[1 - me].set()

    async def main():
        events = [Event(), Event()]
        events[0].set()
        await gen.multi([work(0, events), work(1, events)])
        return turns

    return asyncio.run(main())
