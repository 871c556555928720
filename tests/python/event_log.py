"""Runs a twin, and writes down what each of its actors does instead of what it prints, a line for each deed.

An actor is called after what it runs, and with what: `work process_0`. Each one's deeds come in their order.
"""

import importlib.util
import multiprocessing
import os
import sys
import threading
from multiprocessing import connection, queues
from tempfile import TemporaryDirectory

write = os.write


def note(deed):
    thread = threading.current_thread()
    runs = multiprocessing.current_process() if thread is threading.main_thread() else thread
    write(1, f"{getattr(runs, 'runs', 'main')}: {deed}\n".encode())


def noted(owner, name, deed):
    """Notes each call of a method, with what `deed` says of it; nothing if it says nothing."""
    original = getattr(owner, name)

    def instead(self, *args, **more):
        if text := deed(self, *args):
            note(text)
        return original(self, *args, **more)

    setattr(owner, name, instead)


def start(new):
    run = new._target or type(new)
    if run.__module__ != "twin":
        return None  # One of Python's own, which feeds a queue.
    plain = (os.path.basename(str(arg)) for arg in new._args if isinstance(arg, (int, str)))
    new.runs = " ".join([run.__name__, *plain])
    kind = next(kind.__name__ for kind in type(new).__mro__ if kind.__module__ != "twin")
    return f"starts {'daemon ' if new.daemon else ''}{kind} {new.runs}"


def throw_away(folder, *_):
    files = ((name, open(os.path.join(folder.name, name), encoding="utf-8")) for name in os.listdir(folder.name))
    return "throws away " + " ".join(f"{name} {file.read().split()}" for name, file in files)


def say(descriptor, line):
    if descriptor != 1:
        return write(descriptor, line)
    note("says " + line.decode().strip())
    return len(line)


class Lock:
    def __init__(self, lock):
        self.lock = lock

    def __enter__(self):
        self.lock.acquire()
        note("locks")

    def __exit__(self, *_):
        note("unlocks")
        self.lock.release()


for kind in (threading.Thread, multiprocessing.Process):
    noted(kind, "start", start)
    noted(kind, "join", lambda self, *_: f"joins {self.runs}" if hasattr(self, "runs") else None)
noted(connection.Connection, "send", lambda _, data: f"sends {data}")
noted(queues.Queue, "put", lambda _, data: f"sends {data}")
noted(os, "replace", lambda old, new: f"renames {os.path.basename(old)} to {os.path.basename(new)}")
noted(TemporaryDirectory, "__exit__", throw_away)
os.write = say

# A process that is forked notes its deeds too.
multiprocessing.set_start_method("fork")
path, *args = sys.argv[1:]
spec = importlib.util.spec_from_file_location("twin", path)
twin = importlib.util.module_from_spec(spec)
spec.loader.exec_module(twin)
if hasattr(twin, "lock"):
    twin.lock = Lock(twin.lock)
twin.main(args)
