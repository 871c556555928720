"""Five processes each have a number of their own; five threads share one; and a word processor of three threads.

`process`, `thread` and `word-processor`; without an argument, all three.
"""

import os
import sys
import time
from multiprocessing import Process
from tempfile import TemporaryDirectory
from threading import Condition, Lock, Thread

# How long a second is. The tests have none to lose.
SECOND = float(os.environ.get("LESSON_SECOND", "1"))

SAMPLE = """\
线程共享同一份文档
一个线程接收输入
一个线程展示文档
一个线程自动保存
"""

number = 999
lock = Lock()


def process_main():
    processes = [Process(target=work, args=(f"process_{i}",)) for i in range(5)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    say(f"{number}")


def thread_main():
    threads = [Thread(target=locked_work, args=(f"thread_{i}",)) for i in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    say(f"{number}")


def work(name):
    global number
    say(f"{name} change before {number}")
    number += 1
    say(f"{name} change after {number}")


def locked_work(name):
    # Locked from the first line to the last: nobody comes between the reading and the writing.
    with lock:
        work(name)


class Document:
    """The text that all three threads of the word processor work on."""

    def __init__(self):
        self.lines = []
        self.finished = False
        self.changed = Condition()

    def add(self, line):
        with self.changed:
            self.lines.append(line)
            self.changed.notify_all()

    def finish(self):
        with self.changed:
            self.finished = True
            self.changed.notify_all()

    def wait_for_more(self, seen):
        """Waits for lines beyond the first `seen`; gives none when no more will come."""
        with self.changed:
            # The loop that a wait needs is inside.
            self.changed.wait_for(lambda: len(self.lines) > seen or self.finished)
            return self.lines[seen:]


def word_processor_main():
    with TemporaryDirectory() as folder:
        file = os.path.join(folder, "word-processor.txt")
        document = Document()
        threads = [
            Thread(target=take_input, args=(document,)),
            Thread(target=display, args=(document,)),
            Thread(target=autosave, args=(document, file)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        say(f"this is main: {file} 里有 {len(document.lines)} 行")


def take_input(document):
    try:
        for line in SAMPLE.splitlines():
            say(f"input 输入了 {line}")
            document.add(line)
            time.sleep(0.1 * SECOND)
    finally:
        # However this ends, the others must be told, or they wait for ever.
        document.finish()


def display(document):
    seen = 0
    while more := document.wait_for_more(seen):
        for line in more:
            say(f"display 展示了 {line}")
        seen += len(more)


def autosave(document, file):
    saved = []
    while more := document.wait_for_more(len(saved)):
        saved += more
        save(file, saved)
        for line in more:
            say(f"autosave 保存了 {line}")


def save(file, lines):
    """Writes beside the file, then renames: nobody ever finds half a document."""
    part = file + ".part"
    with open(part, "w", encoding="utf-8") as text:
        text.writelines(f"{line}\n" for line in lines)
    os.replace(part, file)


def say(line):
    # One write a line. Where standard output is no terminal, `print` holds its lines back; with `python3 -u` it does
    # not, but writes a line and then its end, and another's line may come in between.
    try:
        os.write(1, f"{line}\n".encode())
    except BrokenPipeError:
        sys.exit()  # Nobody reads any more: this thread, or this process, ends without a word.


SCENARIOS = {"process": process_main, "thread": thread_main, "word-processor": word_processor_main}


def main(args):
    if not args:
        for scenario in SCENARIOS.values():
            scenario()
    elif len(args) == 1 and args[0] in SCENARIOS:
        SCENARIOS[args[0]]()
    else:
        refused = " ".join(args)
        print(f"shared-data.py: no scenario {refused!r}; there are {', '.join(SCENARIOS)}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main(sys.argv[1:])
