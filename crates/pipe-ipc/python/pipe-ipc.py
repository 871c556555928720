"""Producers and consumers in processes of their own talk through a pipe.

`duplex`: over `Pipe()`. `simplex`: over `Pipe(False)`. `queue`: two of each share a `Queue()`. Without an argument, all
three.
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
    # The parent closes each end as soon as it has handed it over, and the sender before the consumer is there to
    # inherit it. An end for sending that stays open anywhere keeps the consumer waiting for ever.
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
    # A queue has no end: every process that knows it may still put something. So each consumer is told, once all that
    # was produced is in the queue.
    for _ in consumers:
        queue.put(None)
    for consumer in consumers:
        consumer.join()


def produce_into_pipe(name, sender):
    with sender:
        try:
            produce(name, sender.send)
        except ConnectionError:
            pass  # Nobody receives any more. Not where processes are forked: this one then holds the other end, too.


def produce(name, send):
    for i in range(5):
        data = f"producer{name}生产了{i}"
        say(data)
        send(data)


def consume_from_pipe(name, receiver):
    with receiver:
        while True:
            try:
                data = receiver.recv()
            except EOFError:
                return  # The pipe has come to its end.
            say(f"consumer{name}消费了{data}")


def consume_from_queue(name, queue):
    while (data := queue.get()) is not None:
        say(f"consumer{name}消费了{data}")


def say(line):
    # One write a line. Where standard output is no terminal, `print` holds its lines back; with `python3 -u` it does
    # not, but writes a line and then its end, and another's line may come in between.
    try:
        os.write(1, f"{line}\n".encode())
    except BrokenPipeError:
        sys.exit()  # Nobody reads any more: this process ends without a word.


SCENARIOS = {"duplex": duplex_main, "simplex": simplex_main, "queue": queue_main}


def main(args):
    if not args:
        for scenario in SCENARIOS.values():
            scenario()
    elif len(args) == 1 and args[0] in SCENARIOS:
        SCENARIOS[args[0]]()
    else:
        refused = " ".join(args)
        print(f"pipe-ipc.py: no scenario {refused!r}; there are {', '.join(SCENARIOS)}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main(sys.argv[1:])
