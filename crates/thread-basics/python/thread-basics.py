"""The same task, once as a thread and once as a process.

Which line is first, the task's or main's? Run it a few times: `python3 thread-basics.py` runs both, with the argument
`thread` or `process` only one.
"""

import os
import subprocess
import sys
import time
from multiprocessing import Process
from threading import Thread

# The length of a second, which the tests shorten.
SECOND = float(os.environ.get("LESSON_SECOND", "1"))


def thread_main():
    thread = Thread(target=task, args=("silence",))
    thread.start()
    print_line("this is main process!")
    # The interpreter waits for its threads before it exits.


def process_main():
    process = Process(target=task, args=("silence",))
    process.start()
    print_line("this is main process!")
    process.join()


def task(name):
    print_line(f"当前任务:>>>{name} 正在运行")
    time.sleep(3 * SECOND)
    print_line(f"当前任务:>>>{name} 结束运行")


def print_line(line):
    # One write per line. `print` buffers its output unless that is a terminal. With `python3 -u` it does not, but then
    # a line and its newline are two writes, with those of other threads or processes in between.
    try:
        os.write(1, f"{line}\n".encode())
    except BrokenPipeError:
        sys.exit()  # Standard output was closed: this thread or process ends quietly.


SCENARIOS = {"thread": thread_main, "process": process_main}


def main(args):
    if not args:
        # Each in its own interpreter, which waits for the thread before it exits.
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
