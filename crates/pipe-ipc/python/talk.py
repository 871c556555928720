"""Talks to a worker that is written in Rust, over one end of a Pipe(): sends it bytes, then objects, and holds that each
comes back as it was sent.

    python3 talk.py [PATH OF echo]

Without a path, cargo builds the worker: it is examples/echo.rs.
"""
import os
import contextlib
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
    """A connection to a process that has the other end as its standard input. Closing ours is how it learns the end."""
    ours, theirs = multiprocessing.Pipe()
    process = subprocess.Popen(command, stdin=theirs)
    theirs.close()  # Or there would never be an end: this process would still hold it.
    with process:
        with ours:
            yield ours
        if process.wait() != 0:
            raise SystemExit(f"talk: the worker ended with status {process.returncode}")


def kinds(value):
    """The value with the type of each of its parts, in order: 1 == True == 1.0 and nan != nan."""
    if isinstance(value, dict):
        return dict, [(kinds(key), kinds(item)) for key, item in value.items()]
    if isinstance(value, (set, frozenset)):
        return type(value), sorted(map(repr, value))
    if isinstance(value, (list, tuple)):
        return type(value), [kinds(item) for item in value]
    return type(value), repr(value)


def hold(sent, received):
    if kinds(sent) != kinds(received):
        raise SystemExit(f"talk: sent {sent!r:.200}, and {received!r:.200} came back")


def bytes_come_back(*command):
    with worker(*command) as connection:
        for size in SIZES:
            message = bytes(i * 7 % 256 for i in range(256)) * (size // 256 + 1)
            connection.send_bytes(message, 0, size)
            hold(message[:size], connection.recv_bytes())
    print(f"{len(SIZES)} messages of up to {max(SIZES)} bytes came back as they were sent")


def objects_come_back(*command):
    with worker(*command) as connection:
        for value in OBJECTS:
            connection.send(value)
            hold(value, connection.recv())
    print(f"{len(OBJECTS)} objects came back as they were sent")


def all_before_any(*command, count=5000):
    with worker(*command) as connection:
        for number in range(count):
            connection.send(number)
        for number in range(count):
            hold(number, connection.recv())
    print(f"{count} objects came back in order, all sent before any was received")


def main():
    if len(sys.argv) > 1:
        echo = sys.argv[1]
    else:
        workspace = pathlib.Path(__file__).resolve().parents[3]
        subprocess.run(["cargo", "build", "--quiet", "-p", "pipe-ipc", "--example", "echo"], cwd=workspace, check=True)
        target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", "target"))
        echo = str(workspace / target / "debug/examples/echo")
    bytes_come_back(echo)
    objects_come_back(echo, "--objects")
    all_before_any(echo, "--objects")


if __name__ == "__main__":
    main()
