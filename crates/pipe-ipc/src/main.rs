//! Producers and consumers, each a process, exchange messages through a pipe.
//!
//! Python: `Pipe()`, `Pipe(False)` and `Queue()`, between two or four processes.

use std::env;
use std::process::{Command, ExitCode, Stdio};

use pipe_ipc::{Connection, Error, Queue, Receiver, Sender, duplex, pipe};
use scenarios::{Lesson, Process, print_line, temporary_folder};

pub(crate) fn main() -> ExitCode {
    Lesson::new("pipe-ipc")
        .scenario("duplex", "producer and consumer at a two-way connection", duplex_main)
        .scenario("simplex", "producer and consumer at a one-way pipe", simplex_main)
        .scenario("queue", "two producers and two consumers at a queue", queue_main)
        .child("duplex producer", |[name]| {
            let mut connection = Connection::from_stdin()?;
            producer(name, |data| connection.send(data))
        })
        .child("duplex consumer", |[name]| {
            let mut connection = Connection::from_stdin()?;
            consumer(name, || connection.recv())
        })
        .child("simplex producer", |[name]| {
            let mut sender = Sender::from_stdin()?;
            producer(name, |data| sender.send(data))
        })
        .child("simplex consumer", |[name]| {
            let mut receiver = Receiver::from_stdin()?;
            consumer(name, || receiver.recv())
        })
        .child("queue producer", |[name]| {
            let queue = Queue::new(Sender::from_stdin()?, "putting.lock")?;
            producer(name, |data| queue.put(data))
        })
        .child("queue consumer", |[name]| {
            let queue = Queue::new(Receiver::from_stdin()?, "getting.lock")?;
            consumer(name, || queue.get())
        })
        .run()
}

fn duplex_main() -> anyhow::Result<()> {
    let (left, right) = duplex()?;
    let producer = start(&["duplex", "producer", "producer1"], left)?;
    let consumer = start(&["duplex", "consumer", "customer1"], right)?;
    producer.join()?;
    consumer.join()
}

fn simplex_main() -> anyhow::Result<()> {
    let (receiver, sender) = pipe()?;
    let producer = start(&["simplex", "producer", "producer1"], sender)?;
    let consumer = start(&["simplex", "consumer", "customer1"], receiver)?;
    producer.join()?;
    consumer.join()
}

fn queue_main() -> anyhow::Result<()> {
    // The lock files are in the current folder of all four processes.
    let folder = temporary_folder()?;
    env::set_current_dir(&folder)?;
    let (receiver, sender) = pipe()?;
    let processes = [
        start(&["queue", "producer", "producer1"], sender.try_clone()?)?,
        start(&["queue", "producer", "producer2"], sender)?,
        start(&["queue", "consumer", "customer1"], receiver.try_clone()?)?,
        start(&["queue", "consumer", "customer2"], receiver)?,
    ];
    processes.into_iter().try_for_each(Process::join)
}

/// Runs on when standard output is closed, as the consumer does: the other process waits for what this one does.
fn producer(name: &str, mut send: impl FnMut(&str) -> Result<(), Error>) -> anyhow::Result<()> {
    for i in 0..5 {
        let data = format!("producer{name}生产了{i}");
        print_line(&data)?;
        send(&data)?;
    }
    Ok(())
}

/// Ends at the end of the pipe. The tutorial's consumer waits forever, because its parent keeps both ends open.
fn consumer(name: &str, mut receive: impl FnMut() -> Result<String, Error>) -> anyhow::Result<()> {
    loop {
        match receive() {
            Ok(data) => print_line(format_args!("consumer{name}消费了{data}"))?,
            Err(Error::EndOfFile) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Starts this program again with `end` as its standard input. The parent's copy of `end` is closed on return.
fn start(args: &[&str], end: impl Into<Stdio>) -> anyhow::Result<Process> {
    Process::start(Command::new(env::current_exe()?).args(args).stdin(end))
}
