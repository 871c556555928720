"""CPython's Connection at both sides: sends COUNT messages of a SCENARIO, and prints how many nanoseconds they take.

    python3 peer.py SCENARIO COUNT

The scenarios are those of scenario.rs. CPython has no batched sends; in that scenario, too, it sends one by one.
"""
import multiprocessing
import sys
import time

SMALL, PAGE, LARGE = b"x" * 16, b"x" * (4 << 10), b"x" * (1 << 20)

# A forked child has all ends already, and imports nothing again.
processes = multiprocessing.get_context("fork")


class OneWay:
    """Messages one by one, and an acknowledgement after the last."""

    def __init__(self, message, duplex=False, objects=False):
        self.message, self.objects = message, objects
        self.receiver, self.sender = processes.Pipe(duplex)
        self.acknowledged, self.acknowledging = processes.Pipe(False)
        self.ours = self.sender, self.acknowledged
        self.theirs = self.receiver, self.acknowledging

    def measure(self, count):
        send = self.sender.send if self.objects else self.sender.send_bytes
        message = self.message
        for _ in range(count):
            send(message)
        self.acknowledged.recv_bytes()

    def answer(self, count):
        receive = self.receiver.recv if self.objects else self.receiver.recv_bytes
        for _ in range(count):
            message = receive()
        if message != self.message:
            raise SystemExit("peer.py: received a different message")
        self.acknowledging.send_bytes(b"")


class PingPong:
    """There and back, one message at a time."""

    def __init__(self, message, duplex):
        self.message = message
        if duplex:
            ours, theirs = processes.Pipe()
            self.ours, self.theirs = (ours, ours), (theirs, theirs)
        else:
            there, sender = processes.Pipe(False)
            receiver, back = processes.Pipe(False)
            self.ours, self.theirs = (receiver, sender), (there, back)

    def measure(self, count):
        receiver, sender = self.ours
        message = self.message
        for _ in range(count):
            sender.send_bytes(message)
            receiver.recv_bytes()

    def answer(self, count):
        receiver, sender = self.theirs
        for _ in range(count):
            sender.send_bytes(receiver.recv_bytes())


SCENARIOS = {
    "one-way-small": lambda: OneWay(SMALL),
    "one-way-page": lambda: OneWay(PAGE),
    "two-way-large": lambda: OneWay(LARGE, duplex=True),
    "string-small": lambda: OneWay(SMALL.decode(), objects=True),
    "bytes-large": lambda: OneWay(LARGE, objects=True),
    "ping-pong-pipes": lambda: PingPong(SMALL, duplex=False),
    "ping-pong-two-way": lambda: PingPong(SMALL, duplex=True),
    "batched-small": lambda: OneWay(SMALL),
}


def close(ends):
    for end in ends:
        end.close()


def other_side(scenario, *counts):
    close(scenario.ours)  # Otherwise it would never read the end of the stream when the measuring side is killed.
    for count in counts:
        scenario.answer(count)


def main():
    scenario, count = SCENARIOS[sys.argv[1]](), int(sys.argv[2])
    warming_up = count // 10 + 1
    other = processes.Process(target=other_side, args=(scenario, warming_up, count), daemon=True)
    other.start()
    close(scenario.theirs)
    scenario.measure(warming_up)
    start = time.perf_counter_ns()
    scenario.measure(count)
    took = time.perf_counter_ns() - start
    other.join()
    if other.exitcode != 0:
        raise SystemExit(f"peer.py: the other side ended with status {other.exitcode}")
    print(took)


if __name__ == "__main__":
    main()
