"""The columns: a module a contender, each with the same functions for the same workloads."""

import importlib
import sys

# Column, module here, the package that it needs on Debian.
ALL = [
    ("Tornado", "tornado_contender", "python3-tornado"),
    ("asyncio", "asyncio_contender", "python3"),
    ("gevent", "gevent_contender", "python3-gevent"),
]


def find():
    """The contenders by their columns' names; None for one that is not installed."""
    found = {}
    for name, module, package in ALL:
        try:
            found[name] = importlib.import_module(module)
        except ImportError as failure:
            print(f"{name} is left out ({failure}): apt-get install {package}", file=sys.stderr)
            found[name] = None
    return found


def expected(workload, operations):
    """What a run returns if it did all operations: a sum of the items, or a count."""
    return operations * (operations - 1) // 2 if workload.is_queue else operations
