"""Runs a twin, and prints what each of its actors does instead of what it prints, one line for each event.

An actor is named after what it runs, and with what: `work process_0`. The events of one actor are in order.
"""

import importlib.util
import multiprocessing
import os
import sys
import threading
from multiprocessing import connection, queues
from tempfile import TemporaryDirectory

write = os.write


def log(event):
    thread = threading.current_thread()
    runs = multiprocessing.current_process() if thread is threading.main_thread() else thread
    write(1, f"{getattr(runs, 'runs', 'main')}: {event}\n".encode())


def logged(owner, name, describe):
    """Logs each call of a method, as `describe` describes it; nothing if that returns None."""
    original = getattr(owner, name)

    def instead(self, *args, **more):
        if event := describe(self, *args):
            log(event)
        return original(self, *args, **more)

    setattr(owner, name, instead)


def start(new):
    run = new._target or type(new)
    if run.__module__ != "twin":
        return None  # One of Python's own threads, which feeds a queue.
    plain = (os.path.basename(str(arg)) for arg in new._args if isinstance(arg, (int, str)))
    new.runs = " ".join([run.__name__, *plain])
    kind = next(kind.__name__ for kind in type(new).__mro__ if kind.__module__ != "twin")
    return f"starts {'daemon ' if new.daemon else ''}{kind} {new.runs}"


def remove(folder, *_):
    files = ((name, open(os.path.join(folder.name, name), encoding="utf-8")) for name in os.listdir(folder.name))
    return "removes " + " ".join(f"{name} {file.read().split()}" for name, file in files)


def print_line(descriptor, line):
    if descriptor != 1:
        return write(descriptor, line)
    log("prints " + line.decode().strip())
    return len(line)


class Lock:
    def __init__(self, lock):
        self.lock = lock

    def __enter__(self):
        self.lock.acquire()
        log("locks")

    def __exit__(self, *_):
        log("unlocks")
        self.lock.release()


for kind in (threading.Thread, multiprocessing.Process):
    logged(kind, "start", start)
    logged(kind, "join", lambda self, *_: f"joins {self.runs}" if hasattr(self, "runs") else None)
logged(connection.Connection, "send", lambda _, data: f"sends {data}")
logged(queues.Queue, "put", lambda _, data: f"sends {data}")
logged(os, "replace", lambda old, new: f"renames {os.path.basename(old)} to {os.path.basename(new)}")
logged(TemporaryDirectory, "__exit__", remove)
os.write = print_line

# A forked process logs its events too.
multiprocessing.set_start_method("fork")
path, *args = sys.argv[1:]
spec = importlib.util.spec_from_file_location("twin", path)
twin = importlib.util.module_from_spec(spec)
spec.loader.exec_module(twin)
if hasattr(twin, "lock"):
    twin.lock = Lock(twin.lock)
twin.main(args)
