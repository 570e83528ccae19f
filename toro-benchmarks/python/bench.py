#!/usr/bin/python3
"""Rows 1, 3, 4 and 7 of ./bench for asyncio, Tornado and gevent: where toro comes from.

Prints the same kind of table. A package that is not installed leaves a dash in its column, and a word on
what to install. The sums are checked, as on the JVM.
"""

import argparse
import math
import platform
import statistics
import sys
import time

import contenders

OPERATIONS = 20_000

# Row, method of the contender, its arguments. The titles are those of the JVM's table.
ROWS = [
    ("queue, 1 to 1, capacity 1", "queue", (1,)),
    ("queue, 1 to 1, capacity 3", "queue", (3,)),
    ("queue, 1 to 1, capacity 100", "queue", (100,)),
    ("queue, 1 to 1, unbounded", "queue", (0,)),
    ("lock, free", "free_lock", ()),
    ("lock, 10 coroutines", "contended_lock", (10,)),
    ("condition, to and fro", "condition", ()),
    ("event, to and fro", "event", ()),
]

# Student's t for 99.9 %, two-sided, by degrees of freedom.
T = {2: 31.6, 3: 12.9, 4: 8.61, 5: 6.87, 6: 5.96, 7: 5.41, 8: 5.04, 9: 4.78}


def measure(workload, operations, repetitions):
    """Nanoseconds an operation, and half of the 99.9 % interval of the mean."""
    times = []
    for repetition in range(repetitions + 1):  # the first one warms up
        start = time.perf_counter_ns()
        total = workload(operations)
        elapsed = time.perf_counter_ns() - start
        if total != contenders.expected(workload, operations):
            raise AssertionError(f"{workload}: the sum is {total}")
        if repetition > 0:
            times.append(elapsed / operations)
    error = T[repetitions - 1] * statistics.stdev(times) / math.sqrt(repetitions)
    return statistics.mean(times), error


def cell(contender, method, arguments, operations, repetitions):
    if contender is None or not hasattr(contender, method):
        return "—"

    def workload(count):
        return getattr(contender, method)(*arguments, count)

    workload.is_queue = method == "queue"
    workload.__name__ = method
    mean, error = measure(workload, operations, repetitions)
    return f"{mean:,.0f} ± {error:,.0f}"


def main():
    parser = argparse.ArgumentParser(prog="bench --python", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    options = parser.parse_args()
    repetitions = 5 if options.quick else 10

    found = contenders.find()
    print(f"| workload |  | {' | '.join(found)} |")
    print("|---|---|" + "---:|" * len(found))
    for title, method, arguments in ROWS:
        cells = [cell(c, method, arguments, OPERATIONS, repetitions) for c in found.values()]
        print(f"| {title} | ns | {' | '.join(cells)} |", flush=True)
    print(f"\nNanoseconds an operation, ± half of the 99.9 % interval; Python {platform.python_version()}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
