"""Producers and consumers, each a process, exchange messages through a pipe.

`duplex`: through `Pipe()`. `simplex`: through `Pipe(False)`. `queue`: two producers and two consumers share a `Queue()`.
Without an argument, all three.
"""

import os
import sys
from multiprocessing import Pipe, Process, Queue


def duplex_main():
    left, right = Pipe()
    one_producer_one_consumer(left, right)


def simplex_main():
    receiver, sender = Pipe(False)
    one_producer_one_consumer(sender, receiver)


def one_producer_one_consumer(sender, receiver):
    # The parent closes each end once a child has it, and the sender before
    # the consumer is forked, which would inherit it. If any copy of the
    # sender stays open, the consumer waits forever.
    producer = Process(target=produce_into_pipe, args=("producer1", sender))
    producer.start()
    sender.close()
    consumer = Process(target=consume_from_pipe, args=("customer1", receiver))
    consumer.start()
    receiver.close()
    producer.join()
    consumer.join()


def queue_main():
    queue = Queue()
    producers = [Process(target=produce, args=(name, queue.put)) for name in ("producer1", "producer2")]
    consumers = [Process(target=consume_from_queue, args=(name, queue)) for name in ("customer1", "customer2")]
    for process in producers + consumers:
        process.start()
    for producer in producers:
        producer.join()
    # A queue has no end of file: every process that has it may still put something. So `None` tells each consumer to
    # stop, once everything that was produced is in the queue.
    for _ in consumers:
        queue.put(None)
    for consumer in consumers:
        consumer.join()


def produce_into_pipe(name, sender):
    with sender:
        try:
            produce(name, sender.send)
        except ConnectionError:
            pass  # The receiver was closed. A forked child never sees this: it has inherited the receiver, too.


def produce(name, send):
    for i in range(5):
        data = f"producer{name}生产了{i}"
        print_line(data)
        send(data)


def consume_from_pipe(name, receiver):
    with receiver:
        while True:
            try:
                data = receiver.recv()
            except EOFError:
                return
            print_line(f"consumer{name}消费了{data}")


def consume_from_queue(name, queue):
    while (data := queue.get()) is not None:
        print_line(f"consumer{name}消费了{data}")


def print_line(line):
    # One write per line. `print` buffers its output unless that is a terminal. With `python3 -u` it does not, but then
    # a line and its newline are two writes, with those of other threads or processes in between.
    try:
        os.write(1, f"{line}\n".encode())
    except BrokenPipeError:
        sys.exit()  # Standard output was closed: this process ends quietly.


SCENARIOS = {"duplex": duplex_main, "simplex": simplex_main, "queue": queue_main}


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
