"""A thread that knows what to run: a subclass of `Thread` that overrides `run`.

It inherits `start`. A second `start` raises RuntimeError.
"""

import os
import sys
import time
from threading import Thread

# The length of a second, which the tests shorten.
SECOND = float(os.environ.get("LESSON_SECOND", "1"))


class MyThread(Thread):
    def __init__(self, name):
        super().__init__(name=name)

    def run(self):
        print_line(f"{self.name} is running")
        time.sleep(3 * SECOND)
        print_line(f"{self.name} is ending")


def subclass_main():
    thread = MyThread("silence")
    thread.start()
    print_line("this is a main process")
    # The interpreter waits for its threads before it exits.


def print_line(line):
    # One write per line. `print` buffers its output unless that is a terminal. With `python3 -u` it does not, but then
    # a line and its newline are two writes, with those of other threads or processes in between.
    try:
        os.write(1, f"{line}\n".encode())
    except BrokenPipeError:
        sys.exit()  # Standard output was closed: this thread ends quietly.


def main(args):
    if args:
        refused = " ".join(args)
        print(f"error: unexpected argument {refused!r}: thread-subclass.py takes no arguments", file=sys.stderr)
        sys.exit(2)
    subclass_main()


if __name__ == "__main__":
    main(sys.argv[1:])
