"""A thread that is started; at its end the interpreter waits for it by itself."""

import os
import sys
import time
from threading import Thread

# How long a second is. The tests have none to lose.
SECOND = float(os.environ.get("LESSON_SECOND", "1"))


def lesson_main():
    thread = Thread(target=task)
    thread.start()
    say("this is main")
    thread.join()


def task():
    say("the task begins")
    time.sleep(1 * SECOND)
    say("the task ends")


def say(line):
    # One write a line. Where standard output is no terminal, `print` holds its lines back; with `python3 -u` it does
    # not, but writes a line and then its end, and another's line may come in between.
    try:
        os.write(1, f"{line}\n".encode())
    except BrokenPipeError:
        sys.exit()  # Nobody reads any more: this thread ends without a word.


def main(args):
    if args:
        refused = " ".join(args)
        print(f"THE_LESSON.py: no scenario {refused!r}; there is one alone, without a name", file=sys.stderr)
        sys.exit(2)
    lesson_main()


if __name__ == "__main__":
    main(sys.argv[1:])
