"""A thread that is started and joined."""

import os
import sys
import time
from threading import Thread

# The length of a second, which the tests shorten.
SECOND = float(os.environ.get("LESSON_SECOND", "1"))


def lesson_main():
    thread = Thread(target=task)
    thread.start()
    print_line("this is main")
    thread.join()


def task():
    print_line("the task begins")
    time.sleep(1 * SECOND)
    print_line("the task ends")


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
        print(f"error: unexpected argument {refused!r}: THE_LESSON.py takes no arguments", file=sys.stderr)
        sys.exit(2)
    lesson_main()


if __name__ == "__main__":
    main(sys.argv[1:])
