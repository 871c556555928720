//! What the tutorial claims of Python's pipes and queues, asked of Python's own.

use std::time::Duration;

use course_tests::python::output_of;
use pipe_ipc::{Error, pipe};

/// Holds that a program in Python prints these lines.
fn assert_prints(program: &str, lines: &[&str]) {
    let Some(printed) = output_of(program) else { return };
    assert_eq!(printed.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn an_end_that_is_younger_than_its_process_is_handed_over_through_an_older_one() {
    assert_prints(
        "\
import multiprocessing
fork = multiprocessing.get_context('fork')
def task(older):
    younger = older.recv()
    younger.send('made after this process')
ours, theirs = fork.Pipe()
process = fork.Process(target=task, args=(theirs,))
process.start()
receiver, sender = fork.Pipe(False)
ours.send(sender)
print(receiver.recv())
process.join()
",
        &["made after this process"],
    );
}

#[test]
fn both_ends_of_a_pipe_do_both_and_of_a_one_way_pipe_the_first_receives_and_the_second_sends() {
    assert_prints(
        "\
from multiprocessing import Pipe
for end in (*Pipe(), *Pipe(False)):
    print('receives' if end.readable else '', 'sends' if end.writable else '')
receiver, sender = Pipe(False)
sender.send('something')
print(receiver.recv())
",
        &["receives sends", "receives sends", "receives ", " sends", "something"],
    );
    // Ours, whose types say the rest: what has no such method does not compile.
    let (mut receiver, mut sender) = pipe().expect("a pipe");
    sender.send("something").expect("it is sent");
    assert_eq!(receiver.recv::<String>().expect("it arrives"), "something");
}

#[test]
fn the_end_comes_when_the_last_copy_of_the_other_end_is_closed_and_all_is_received() {
    assert_prints(
        "\
import os
from multiprocessing import Pipe
left, right = Pipe()
copy = os.dup(left.fileno())
left.send('the last')
left.close()
print(right.recv())
print(right.poll(0))
os.close(copy)
print(right.poll(0))
try:
    right.recv()
except EOFError:
    print('EOFError')
",
        &["the last", "False", "True", "EOFError"],
    );
    let (mut receiver, mut sender) = pipe().expect("a pipe");
    let copy = sender.try_clone().expect("a handle");
    sender.send("the last").expect("it is sent");
    drop(sender);
    assert_eq!(receiver.recv::<String>().expect("it arrives"), "the last");
    assert!(!receiver.poll(Some(Duration::ZERO)).expect("it can be polled"), "a copy is open");
    drop(copy);
    assert!(matches!(receiver.recv::<String>(), Err(Error::EndOfFile)));
}

/// Its parent has handed both ends over, and has both itself. It waits for its parent here, as that waits for its answers:
/// nobody is left who could close the other end meanwhile.
#[test]
fn the_tutorial_s_consumer_is_told_of_no_end_and_is_killed_at_the_end_of_main() {
    assert_prints(
        "\
import atexit
consumers = []
# Registered before multiprocessing registers its own, so run after that.
atexit.register(lambda: print(*(consumer.exitcode for consumer in consumers)))
import multiprocessing
fork = multiprocessing.get_context('fork')
def consume(pipe, tell):
    left, right = pipe
    left.close()
    tell.send(right.recv())
    tell.send('more, or the end' if right.poll(0) else 'neither more nor the end')
    while right.recv():
        pass
pipe = fork.Pipe()
hear, tell = fork.Pipe(False)
pipe[0].send('all that is produced')
consumer = fork.Process(target=consume, args=(pipe, tell), daemon=True)
consumer.start()
consumers.append(consumer)
print(hear.recv())
print(hear.recv())
",
        // SIGTERM.
        &["all that is produced", "neither more nor the end", "-15"],
    );
}

#[test]
fn an_end_that_nothing_refers_to_is_closed_at_once_and_one_in_a_cycle_when_that_is_collected() {
    assert_prints(
        "\
import gc
from multiprocessing import Pipe
gc.disable()
left, right = Pipe()
del left
print(right.poll(0))
left, right = Pipe()
left.itself = left
del left
print(right.poll(0))
gc.collect()
print(right.poll(0))
",
        &["True", "False", "True"],
    );
}

#[test]
fn a_simple_queue_takes_what_its_pipe_holds_and_a_queue_takes_everything() {
    assert_prints(
        "\
import multiprocessing, os
fork = multiprocessing.get_context('fork')
more_than_a_pipe_holds = bytes(16 << 20)
queue = fork.Queue()
queue.put(more_than_a_pipe_holds)
print('Queue has it')
# Else the end of the program waits until somebody gets it.
queue.cancel_join_thread()
queue = fork.SimpleQueue()
print(type(queue._reader) is type(queue._writer) is type(fork.Pipe()[0]), *map(type, (queue._rlock, queue._wlock)))
os.set_blocking(queue._writer.fileno(), False)
try:
    queue.put(more_than_a_pipe_holds)
except BlockingIOError:
    print('SimpleQueue would wait')
",
        &[
            "Queue has it",
            "True <class 'multiprocessing.synchronize.Lock'> <class 'multiprocessing.synchronize.Lock'>",
            "SimpleQueue would wait",
        ],
    );
}
