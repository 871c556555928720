"""What a program can ask of its threads: the process they are in, their names, how many there are, who is alive."""

import os
import sys
from multiprocessing import Process
from threading import Event, Thread, active_count, current_thread, main_thread


def one_process():
    """Starts two threads, one with a name and one without, then ends one after the other."""
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
        # However this ends: the interpreter waits for its threads, and they for their gates.
        for _, gate in started:
            gate.set()


def task(gate):
    """Tells who it is, then lives on until its gate is opened."""
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
    # Since Python 3.10 a thread without a name of its own is called after what it runs, too: "Thread-1 (task)".
    return thread.name.split(" ")[0]


def pid_of(name):
    say(f"{name} 的进程号:>>>{os.getpid()}")


def print_active_count():
    say(f"当前活跃的线程数:>>>{active_count()}")


def print_is_alive(thread):
    say(f"{short_name(thread)} is alive:>>>{str(thread.is_alive()).lower()}")


def say(line):
    # One write a line. Where standard output is no terminal, `print` holds its lines back; with `python3 -u` it does
    # not, but writes a line and then its end, and another's line may come in between.
    try:
        os.write(1, f"{line}\n".encode())
    except BrokenPipeError:
        sys.exit()  # Nobody reads any more: this thread, or this process, ends without a word.


def main(args):
    if args:
        refused = " ".join(args)
        print(f"thread-attrs.py: no scenario {refused!r}; there is one alone, without a name", file=sys.stderr)
        sys.exit(2)
    one_process()
    another_process()


if __name__ == "__main__":
    main(sys.argv[1:])
