//! The tutorial's claims about Python's pipes and queues, checked against Python.

use std::time::Duration;

use course_tests::python::output_of;
use pipe_ipc::{Error, pipe};

/// Asserts that a Python program prints these lines.
fn assert_prints(program: &str, lines: &[&str]) {
    let Some(printed) = output_of(program) else { return };
    assert_eq!(printed.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn an_end_can_be_sent_to_a_running_process_over_another_connection() {
    assert_prints(
        "\
import multiprocessing
fork = multiprocessing.get_context('fork')
def task(older):
    younger = older.recv()
    younger.send('created after this process')
ours, theirs = fork.Pipe()
process = fork.Process(target=task, args=(theirs,))
process.start()
receiver, sender = fork.Pipe(False)
ours.send(sender)
print(receiver.recv())
process.join()
",
        &["created after this process"],
    );
}

#[test]
fn a_pipe_is_two_way_and_a_one_way_pipe_has_a_receiving_and_a_sending_end() {
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
    // Here the types express the direction: the wrong one does not compile.
    let (mut receiver, mut sender) = pipe().expect("a pipe can be created");
    sender.send("something").expect("the message is sent");
    assert_eq!(receiver.recv::<String>().expect("the message is received"), "something");
}

#[test]
fn the_end_of_file_follows_the_last_message_once_every_copy_of_the_other_end_is_closed() {
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
    let (mut receiver, mut sender) = pipe().expect("a pipe can be created");
    let copy = sender.try_clone().expect("the end can be duplicated");
    sender.send("the last").expect("the message is sent");
    drop(sender);
    assert_eq!(receiver.recv::<String>().expect("the message is received"), "the last");
    assert!(
        !receiver.poll(Some(Duration::ZERO)).expect("poll succeeds"),
        "the end of file came while a copy was open"
    );
    drop(copy);
    assert!(matches!(receiver.recv::<String>(), Err(Error::EndOfFile)));
}

/// The parent has passed both ends to the consumer and keeps both itself. Parent and consumer wait for each other here, so
/// that no process closes the other end in between.
#[test]
fn the_tutorials_consumer_gets_no_end_of_file_and_is_killed_when_main_ends() {
    assert_prints(
        "\
import atexit
consumers = []
# Registered before multiprocessing's own handler, and therefore run after it.
atexit.register(lambda: print(*(consumer.exitcode for consumer in consumers)))
import multiprocessing
fork = multiprocessing.get_context('fork')
def consume(pipe, answers):
    left, right = pipe
    left.close()
    answers.send(right.recv())
    answers.send('more, or the end' if right.poll(0) else 'neither more nor the end')
    while right.recv():
        pass
pipe = fork.Pipe()
receiver, answers = fork.Pipe(False)
pipe[0].send('all that is produced')
consumer = fork.Process(target=consume, args=(pipe, answers), daemon=True)
consumer.start()
consumers.append(consumer)
print(receiver.recv())
print(receiver.recv())
",
        // SIGTERM.
        &["all that is produced", "neither more nor the end", "-15"],
    );
}

#[test]
fn an_unreferenced_end_is_closed_at_once_and_one_in_a_reference_cycle_by_the_garbage_collector() {
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
fn a_simple_queue_blocks_when_its_pipe_is_full_and_a_queue_never_blocks() {
    assert_prints(
        "\
import multiprocessing, os
fork = multiprocessing.get_context('fork')
more_than_a_pipe_holds = bytes(16 << 20)
queue = fork.Queue()
queue.put(more_than_a_pipe_holds)
print('Queue has it')
# Otherwise the program waits at its end until the item is received.
queue.cancel_join_thread()
queue = fork.SimpleQueue()
print(type(queue._reader) is type(queue._writer) is type(fork.Pipe()[0]), *map(type, (queue._rlock, queue._wlock)))
os.set_blocking(queue._writer.fileno(), False)
try:
    queue.put(more_than_a_pipe_holds)
except BlockingIOError:
    print('SimpleQueue would block')
",
        &[
            "Queue has it",
            "True <class 'multiprocessing.synchronize.Lock'> <class 'multiprocessing.synchronize.Lock'>",
            "SimpleQueue would block",
        ],
    );
}
