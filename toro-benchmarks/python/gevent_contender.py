"""gevent: stackful coroutines, as ours. It has no condition."""

import gevent
from gevent.event import Event
from gevent.lock import BoundedSemaphore
from gevent.queue import Queue


def queue(capacity, operations):
    channel = Queue(capacity or None)  # 0 would be a rendezvous

    def produce():
        for item in range(operations):
            channel.put(item)

    def consume():
        total = 0
        for _ in range(operations):
            total += channel.get()
        return total

    producer = gevent.spawn(produce)
    consumer = gevent.spawn(consume)
    gevent.joinall([producer, consumer], raise_error=True)
    return consumer.value


def free_lock(operations):
    lock = BoundedSemaphore(1)
    count = 0
    for _ in range(operations):
        with lock:
            count += 1
    return count


def contended_lock(coroutines, operations):
    lock = BoundedSemaphore(1)
    count = 0

    def work():
        nonlocal count
        for _ in range(operations // coroutines):
            with lock:
                seen = count
                gevent.sleep(0)
                count = seen + 1

    gevent.joinall([gevent.spawn(work) for _ in range(coroutines)], raise_error=True)
    return count


def event(operations):
    events = [Event(), Event()]
    turns = 0

    def work(me):
        nonlocal turns
        for _ in range(operations // 2):
            events[me].wait()
            events[me].clear()
            turns += 1
            events[1 - me].set()

    events[0].set()
    gevent.joinall([gevent.spawn(work, 0), gevent.spawn(work, 1)], raise_error=True)
    return turns
