"""A daemon thread does not keep the interpreter alive.

`outlived`: the daemon ends before the other thread, which the interpreter waits for. `cut-off`: the daemon is still
running then, and stops where it is. Without an argument: both.
"""

import os
import subprocess
import sys
import time
from threading import Thread

# The length of a second, which the tests shorten.
SECOND = float(os.environ.get("LESSON_SECOND", "1"))


def outlived():
    Thread(target=foo, args=(1,), daemon=True).start()
    Thread(target=func, args=(3,)).start()
    print_line(" this is main")


def cut_off():
    Thread(target=foo, args=(30,), daemon=True).start()
    Thread(target=func, args=(1,)).start()
    print_line(" this is main")


def foo(seconds):
    print_line(" this is foo begin")
    time.sleep(seconds * SECOND)
    print_line(" this is foo end")


def func(seconds):
    print_line(" this is func begin")
    time.sleep(seconds * SECOND)
    print_line(" this is func end")


def print_line(line):
    # One write per line. `print` buffers its output unless that is a terminal. With `python3 -u` it does not, but then
    # a line and its newline are two writes, with those of other threads or processes in between.
    try:
        os.write(1, f"{line}\n".encode())
    except BrokenPipeError:
        sys.exit()  # Standard output was closed: this thread ends quietly.


SCENARIOS = {"outlived": outlived, "cut-off": cut_off}


def main(args):
    if not args:
        # Each in its own interpreter, whose exit stops the daemon.
        for scenario in SCENARIOS:
            subprocess.run([sys.executable, "-I", __file__, scenario], check=True)
    elif len(args) == 1 and args[0] in SCENARIOS:
        SCENARIOS[args[0]]()
    else:
        refused = " ".join(args)
        print(f"error: no scenario {refused!r}; the scenarios are {', '.join(SCENARIOS)}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main(sys.argv[1:])
