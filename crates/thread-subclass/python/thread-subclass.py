"""A thread that knows what to run: a subclass of `Thread` with a `run` of its own.

`start` is inherited. Started twice, it raises RuntimeError, when it comes to that.
"""

import os
import sys
import time
from threading import Thread

# How long a second is. The tests have none to lose.
SECOND = float(os.environ.get("LESSON_SECOND", "1"))


class MyThread(Thread):
    def __init__(self, name):
        super().__init__(name=name)

    def run(self):
        say(f"{self.name} is running")
        time.sleep(3 * SECOND)
        say(f"{self.name} is ending")


def subclass_main():
    thread = MyThread("silence")
    thread.start()
    say("this is a main process")
    # The interpreter waits for its threads by itself, before it ends.


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
        print(f"thread-subclass.py: no scenario {refused!r}; there is one alone, without a name", file=sys.stderr)
        sys.exit(2)
    subclass_main()


if __name__ == "__main__":
    main(sys.argv[1:])
