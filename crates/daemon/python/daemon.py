"""A daemon thread does not keep the interpreter alive.

`outlived`: the daemon has ended before the thread that is waited for. `cut-off`: it has not, and stops where it stands.
Without an argument: both.
"""

import os
import subprocess
import sys
import time
from threading import Thread

# How long a second is. The tests have none to lose.
SECOND = float(os.environ.get("LESSON_SECOND", "1"))


def outlived():
    Thread(target=foo, args=(1,), daemon=True).start()
    Thread(target=func, args=(3,)).start()
    say(" this is main")


def cut_off():
    Thread(target=foo, args=(30,), daemon=True).start()
    Thread(target=func, args=(1,)).start()
    say(" this is main")


def foo(seconds):
    say(" this is foo begin")
    time.sleep(seconds * SECOND)
    say(" this is foo end")


def func(seconds):
    say(" this is func begin")
    time.sleep(seconds * SECOND)
    say(" this is func end")


def say(line):
    # One write a line. Where standard output is no terminal, `print` holds its lines back; with `python3 -u` it does
    # not, but writes a line and then its end, and another's line may come in between.
    try:
        os.write(1, f"{line}\n".encode())
    except BrokenPipeError:
        sys.exit()  # Nobody reads any more: this thread ends without a word.


SCENARIOS = {"outlived": outlived, "cut-off": cut_off}


def main(args):
    if not args:
        # Each in an interpreter of its own: it is the end of one that cuts a daemon off.
        for scenario in SCENARIOS:
            subprocess.run([sys.executable, "-I", __file__, scenario], check=True)
    elif len(args) == 1 and args[0] in SCENARIOS:
        SCENARIOS[args[0]]()
    else:
        refused = " ".join(args)
        print(f"daemon.py: no scenario {refused!r}; there are {', '.join(SCENARIOS)}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main(sys.argv[1:])
