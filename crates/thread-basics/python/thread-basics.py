"""The same task, once as a thread and once as a process.

Who prints first, the task or main? Run it a few times: `python3 thread-basics.py` does both, `thread` or `process` as
its argument one of them.
"""

import os
import subprocess
import sys
import time
from multiprocessing import Process
from threading import Thread

# How long a second is. The tests have none to lose.
SECOND = float(os.environ.get("LESSON_SECOND", "1"))


def thread_main():
    thread = Thread(target=task, args=("silence",))
    thread.start()
    say("this is main process!")
    # The interpreter waits for its threads by itself, before it ends. In Rust nobody does.


def process_main():
    process = Process(target=task, args=("silence",))
    process.start()
    say("this is main process!")
    process.join()


def task(name):
    say(f"当前任务:>>>{name} 正在运行")
    time.sleep(3 * SECOND)
    say(f"当前任务:>>>{name} 结束运行")


def say(line):
    # One write a line. Where standard output is no terminal, `print` holds its lines back; with `python3 -u` it does
    # not, but writes a line and then its end, and another's line may come in between.
    try:
        os.write(1, f"{line}\n".encode())
    except BrokenPipeError:
        sys.exit()  # Nobody reads any more: this thread, or this process, ends without a word.


SCENARIOS = {"thread": thread_main, "process": process_main}


def main(args):
    if not args:
        # Each in an interpreter of its own: it is at the end of one that the thread is waited for.
        for scenario in SCENARIOS:
            subprocess.run([sys.executable, "-I", __file__, scenario], check=True)
    elif len(args) == 1 and args[0] in SCENARIOS:
        SCENARIOS[args[0]]()
    else:
        refused = " ".join(args)
        print(f"thread-basics.py: no scenario {refused!r}; there are {', '.join(SCENARIOS)}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main(sys.argv[1:])
