"""Measures what threads and processes of Python cost. Prints one number.

    start thread|fork|spawn COUNT   seconds to create one that does nothing, and to wait for it
    memory thread|fork|spawn COUNT  bytes of memory of an idle one (Linux)
    cpu sequential|thread|fork      seconds for two tasks that only compute: one after the other, or concurrently
"""

import multiprocessing
import sys
import threading
import time


def nothing():
    pass


def compute():
    number = 1
    for _ in range(1_500_000):
        number = (number * 5 + 1) % 1_000_003
    return number


def kind(name):
    return threading.Thread if name == "thread" else multiprocessing.get_context(name).Process


def start(name, count):
    worker = kind(name)
    begun = time.perf_counter()
    for _ in range(count):
        one = worker(target=nothing)
        one.start()
        one.join()
    return (time.perf_counter() - begun) / count


def proportional_bytes(pid="self"):
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        return next(int(line.split()[1]) * 1024 for line in rollup if line.startswith("Pss:"))


def memory(name, count):
    if name == "thread":
        gate = threading.Event()
        before = proportional_bytes()
        threads = [threading.Thread(target=gate.wait) for _ in range(count)]
        for one in threads:
            one.start()
        taken = proportional_bytes() - before
        gate.set()
        for one in threads:
            one.join()
        return taken / count
    context = multiprocessing.get_context(name)
    gate, ready = context.Event(), context.Semaphore(0)
    processes = [context.Process(target=wait, args=(gate, ready)) for _ in range(count)]
    for one in processes:
        one.start()
    for _ in processes:
        ready.acquire()
    taken = sum(proportional_bytes(one.pid) for one in processes)
    gate.set()
    for one in processes:
        one.join()
    return taken / count


def wait(gate, ready):
    ready.release()
    gate.wait()


def cpu(name):
    begun = time.perf_counter()
    if name == "sequential":
        # In a thread each, like the concurrent tasks: the main thread is a little slower.
        for _ in range(2):
            one = threading.Thread(target=compute)
            one.start()
            one.join()
    else:
        two = [kind(name)(target=compute) for _ in range(2)]
        for one in two:
            one.start()
        for one in two:
            one.join()
    return time.perf_counter() - begun


if __name__ == "__main__":
    what, name, *count = sys.argv[1:]
    print({"start": start, "memory": memory, "cpu": cpu}[what](name, *map(int, count)))
