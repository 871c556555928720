"""What a program can ask about its threads: their process, their names, how many are active, which are alive."""

import os
import sys
from multiprocessing import Process
from threading import Event, Thread, active_count, current_thread, main_thread


def one_process():
    """Starts two threads, one with a name and one without, then ends them one after the other."""
    started = []
    try:
        pid_of(own_name())
        print_active_count()
        for name in ("silence", None):
            gate = Event()
            thread = Thread(target=task, args=(gate,), name=name)
            thread.start()
            started.append((thread, gate))
            print_active_count()
        for thread, gate in started:
            print_is_alive(thread)
            gate.set()
            thread.join()
            print_is_alive(thread)
            print_active_count()
    finally:
        # After an error too: the interpreter waits for the threads, and they wait for their gates.
        for _, gate in started:
            gate.set()


def task(gate):
    """Prints its process ID, then waits until its gate is opened."""
    pid_of(own_name())
    gate.wait()


def another_process():
    process = Process(target=pid_of, args=("child process",))
    process.start()
    process.join()


def own_name():
    thread = current_thread()
    return "main" if thread is main_thread() else short_name(thread)


def short_name(thread):
    # Since Python 3.10 a default name includes the function that the thread runs: "Thread-1 (task)".
    return thread.name.split(" ")[0]


def pid_of(name):
    print_line(f"{name} 的进程号:>>>{os.getpid()}")


def print_active_count():
    print_line(f"当前活跃的线程数:>>>{active_count()}")


def print_is_alive(thread):
    print_line(f"{short_name(thread)} is alive:>>>{str(thread.is_alive()).lower()}")


def print_line(line):
    # One write per line. `print` buffers its output unless that is a terminal. With `python3 -u` it does not, but then
    # a line and its newline are two writes, with those of other threads or processes in between.
    try:
        os.write(1, f"{line}\n".encode())
    except BrokenPipeError:
        sys.exit()  # Standard output was closed: this thread or process ends quietly.


def main(args):
    if args:
        refused = " ".join(args)
        print(f"error: unexpected argument {refused!r}: thread-attrs.py takes no arguments", file=sys.stderr)
        sys.exit(2)
    one_process()
    another_process()


if __name__ == "__main__":
    main(sys.argv[1:])
