"""Talks to a worker in Rust over a Pipe(): sends bytes, then objects, and checks that each comes back unchanged.

    python3 talk.py [PATH OF echo]

The worker is examples/echo.rs. Without a path, cargo builds it.
"""
import contextlib
import json
import math
import multiprocessing
import pathlib
import subprocess
import sys

SIZES = [0, 1, 4, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 1 << 20, 16 << 20]

SHARED = ["one", "list"]

OBJECTS = [
    None, True, False,
    0, -1, 255, 256, -(2**31), 2**63 - 1, -(2**63), 2**64, -(2**200),
    0.5, -0.0, math.inf, -math.inf, math.nan,
    "", "silence", "线程", "🧵" * 1000,
    b"", b"\x00\xff" * 1000, bytearray(b"may change"),
    [], [1, [2, [3]]], (), (1,), (1, "two", 3.0, None),
    {}, {"b": 1, "a": [2]}, {1: "one", (2, 3): "two", None: "none"},
    set(), {1, 2, 3}, frozenset({"x"}),
    [SHARED, SHARED],
]


@contextlib.contextmanager
def worker(*command):
    """A connection to a process that has the other end as its standard input. Closing our end is its end of file."""
    ours, theirs = multiprocessing.Pipe()
    process = subprocess.Popen(command, stdin=theirs)
    theirs.close()  # Otherwise this process would keep it open, and our end would never get the end of file.
    with process:
        with ours:
            yield ours
        if process.wait() != 0:
            raise SystemExit(f"talk: the worker exited with status {process.returncode}")


def typed(value):
    """The value with its type, at every level. Comparing values is not enough: 1 == True == 1.0, and nan != nan."""
    if isinstance(value, dict):
        return dict, [(typed(key), typed(item)) for key, item in value.items()]
    if isinstance(value, (set, frozenset)):
        return type(value), sorted(map(repr, value))
    if isinstance(value, (list, tuple)):
        return type(value), [typed(item) for item in value]
    return type(value), repr(value)


def check(sent, received):
    if typed(sent) != typed(received):
        raise SystemExit(f"talk: sent {sent!r:.200}, but received {received!r:.200}")


def bytes_come_back(*command):
    with worker(*command) as connection:
        for size in SIZES:
            message = bytes(i * 7 % 256 for i in range(256)) * (size // 256 + 1)
            connection.send_bytes(message, 0, size)
            check(message[:size], connection.recv_bytes())
    print(f"{len(SIZES)} messages of up to {max(SIZES)} bytes came back as they were sent")


def objects_come_back(*command):
    with worker(*command) as connection:
        for value in OBJECTS:
            connection.send(value)
            check(value, connection.recv())
    print(f"{len(OBJECTS)} objects came back as they were sent")


def all_before_any(*command, count=5000):
    with worker(*command) as connection:
        for number in range(count):
            connection.send(number)
        for number in range(count):
            check(number, connection.recv())
    print(f"{count} objects came back in order, all sent before any was received")


def main():
    if len(sys.argv) > 1:
        echo = sys.argv[1]
    else:
        workspace = pathlib.Path(__file__).resolve().parents[3]
        build = ["cargo", "build", "--quiet", "-p", "pipe-ipc", "--example", "echo", "--message-format=json"]
        # Where it is depends on cargo's configuration.
        messages = subprocess.run(build, cwd=workspace, check=True, stdout=subprocess.PIPE).stdout.splitlines()
        echo = [path for path in (json.loads(message).get("executable") for message in messages) if path][-1]
    bytes_come_back(echo)
    objects_come_back(echo, "--objects")
    all_before_any(echo, "--objects")


if __name__ == "__main__":
    main()
