//! Producers and consumers in processes of their own talk through a pipe.
//!
//! Python: `Pipe()`, `Pipe(False)` and `Queue()`, each between two or four of `Process`.

use std::path::Path;
use std::process::{self, Child, Command, Stdio};
use std::sync::Arc;
use std::{env, io};

use anyhow::ensure;
use pipe_ipc::{Connection, Error, Queue, Receiver, Sender, duplex, pipe};
use signal_hook::{consts::SIGPIPE, flag};

fn main() -> anyhow::Result<()> {
    // When nobody reads any more (`| head -1`), end without a word.
    flag::register_conditional_shutdown(SIGPIPE, 0, Arc::new(true.into()))?;
    let args: Vec<_> = env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => duplex_main().and_then(|()| simplex_main()).and_then(|()| queue_main()),
        ["duplex"] => duplex_main(),
        ["simplex"] => simplex_main(),
        ["queue"] => queue_main(),
        ["duplex", "producer", name] => {
            let mut connection = Connection::from_stdin()?;
            producer(name, |data| connection.send(data))
        }
        ["duplex", "consumer", name] => {
            let mut connection = Connection::from_stdin()?;
            consumer(name, || connection.recv())
        }
        ["simplex", "producer", name] => {
            let mut sender = Sender::from_stdin()?;
            producer(name, |data| sender.send(data))
        }
        ["simplex", "consumer", name] => {
            let mut receiver = Receiver::from_stdin()?;
            consumer(name, || receiver.recv())
        }
        ["queue", "producer", name, lock] => {
            let queue = Queue::new(Sender::from_stdin()?, Path::new(lock))?;
            producer(name, |data| queue.put(data))
        }
        ["queue", "consumer", name, lock] => {
            let queue = Queue::new(Receiver::from_stdin()?, Path::new(lock))?;
            consumer(name, || queue.get())
        }
        _ => {
            eprintln!("pipe-ipc: no scenario {:?}; there are duplex, simplex and queue", args.join(" "));
            process::exit(2);
        }
    }
}

fn duplex_main() -> anyhow::Result<()> {
    let (left, right) = duplex()?;
    let producer = Process::start(&["duplex", "producer", "producer1"], left)?;
    let consumer = Process::start(&["duplex", "consumer", "customer1"], right)?;
    producer.join()?;
    consumer.join()
}

fn simplex_main() -> anyhow::Result<()> {
    let (receiver, sender) = pipe()?;
    let producer = Process::start(&["simplex", "producer", "producer1"], sender)?;
    let consumer = Process::start(&["simplex", "consumer", "customer1"], receiver)?;
    producer.join()?;
    consumer.join()
}

fn queue_main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let lock = |name| folder.path().join(name).to_string_lossy().into_owned();
    let (putting, getting) = (lock("putting"), lock("getting"));
    let (receiver, sender) = pipe()?;
    let processes = [
        Process::start(&["queue", "producer", "producer1", &putting], sender.try_clone()?)?,
        Process::start(&["queue", "producer", "producer2", &putting], sender)?,
        Process::start(&["queue", "consumer", "customer1", &getting], receiver.try_clone()?)?,
        Process::start(&["queue", "consumer", "customer2", &getting], receiver)?,
    ];
    processes.into_iter().try_for_each(Process::join)
}

fn producer(name: &str, mut send: impl FnMut(&str) -> Result<(), Error>) -> anyhow::Result<()> {
    for i in 0..5 {
        let data = format!("producer{name}生产了{i}");
        println!("{data}");
        send(&data)?;
    }
    Ok(())
}

/// Ends because the pipe ends. In the tutorial it waits for ever, as its parent still holds both ends.
fn consumer(name: &str, mut receive: impl FnMut() -> Result<String, Error>) -> anyhow::Result<()> {
    loop {
        match receive() {
            Ok(data) => println!("consumer{name}消费了{data}"),
            Err(Error::EndOfFile) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

/// A child process. Unlike a `Child` alone it is waited for even if nobody comes to join it.
struct Process(Child);

impl Process {
    /// This program again, with `end` as its standard input. The parent's own handle of the end is closed here.
    fn start(args: &[&str], end: impl Into<Stdio>) -> io::Result<Self> {
        Command::new(env::current_exe()?).args(args).stdin(end).spawn().map(Self)
    }

    fn join(mut self) -> anyhow::Result<()> {
        let status = self.0.wait()?;
        ensure!(status.success(), "a child process failed: {status}");
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.wait();
    }
}
