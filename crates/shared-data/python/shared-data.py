"""Five processes each have their own copy of a number; five threads share one; three threads share a document.

The scenarios are `process`, `thread` and `word-processor`; without an argument, all three run.
"""

import os
import sys
import time
from multiprocessing import Process
from tempfile import TemporaryDirectory
from threading import Condition, Lock, Thread

# The length of a second, which the tests shorten.
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
    print_line(f"{number}")


def thread_main():
    names = [f"thread_{i}" for i in range(5)]
    threads = [Thread(target=locked_work, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print_line(f"{number}")


def work(name):
    global number
    print_line(f"{name} change before {number}")
    number += 1
    print_line(f"{name} change after {number}")


def locked_work(name):
    # Locked for both lines: no other thread comes in between.
    with lock:
        work(name)


class Document:
    """The text that the three threads of the word processor share."""

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
        """Waits for lines after the first `seen` and returns them; none once the document is finished."""
        with self.changed:
            # `wait_for` has the loop that a wait needs.
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
        print_line(f"this is main: {file} 里有 {len(document.lines)} 行")


def take_input(document):
    try:
        for line in SAMPLE.splitlines():
            print_line(f"input 输入了 {line}")
            document.add(line)
            time.sleep(0.1 * SECOND)
    finally:
        # After an error too: otherwise the other threads wait forever.
        document.finish()


def display(document):
    seen = 0
    while more := document.wait_for_more(seen):
        for line in more:
            print_line(f"display 展示了 {line}")
        seen += len(more)


def autosave(document, file):
    saved = []
    while more := document.wait_for_more(len(saved)):
        saved += more
        save(file, saved)
        for line in more:
            print_line(f"autosave 保存了 {line}")


def save(file, lines):
    """Writes another file, then renames it: a reader of `file` never sees a part of the document."""
    part = file + ".part"
    with open(part, "w", encoding="utf-8") as text:
        text.writelines(f"{line}\n" for line in lines)
    os.replace(part, file)


def print_line(line):
    # One write per line. `print` buffers its output unless that is a terminal. With `python3 -u` it does not, but then
    # a line and its newline are two writes, with those of other threads or processes in between.
    try:
        os.write(1, f"{line}\n".encode())
    except BrokenPipeError:
        sys.exit()  # Standard output was closed: this thread or process ends quietly.


SCENARIOS = {"process": process_main, "thread": thread_main, "word-processor": word_processor_main}


def main(args):
    if not args:
        for scenario in SCENARIOS.values():
            scenario()
    elif len(args) == 1 and args[0] in SCENARIOS:
        SCENARIOS[args[0]]()
    else:
        refused = " ".join(args)
        print(f"error: no scenario {refused!r}; the scenarios are {', '.join(SCENARIOS)}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main(sys.argv[1:])
