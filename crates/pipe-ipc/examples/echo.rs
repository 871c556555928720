//! A worker in Rust for a program in Python: sends back every message from its standard input until the end of file.
//!
//! ```python
//! ours, theirs = multiprocessing.Pipe()
//! worker = subprocess.Popen(["target/debug/examples/echo"], stdin=theirs)
//! theirs.close()
//! ours.send_bytes(b"hello")
//! ours.recv_bytes()
//! ```
//!
//! With `--objects`, it decodes each message as an object (`send`, `recv`) and encodes it again. It exits with status 0 at
//! the end of file, and with status 1 and a message on standard error otherwise.

use std::sync::mpsc;
use std::{env, process, thread};

use anyhow::Context;
use pipe_ipc::{Connection, Error};

fn main() -> anyhow::Result<()> {
    let args: Vec<_> = env::args_os().skip(1).collect();
    let objects = match &args[..] {
        [] => false,
        [only] if only == "--objects" => true,
        _ => {
            eprintln!("usage: echo [--objects], with an end of a Python Pipe() as standard input");
            process::exit(2);
        }
    };
    let mut connection = Connection::from_stdin()?;
    let (mut receiving, mut sending) = connection.split();
    if objects {
        echo(|| receiving.recv_object(), |object| sending.send_object(object))
    } else {
        echo(|| receiving.recv_bytes(), |message| sending.send_bytes(message))
    }
}

/// Receives and sends at the same time, with a queue in memory in between: a peer that sends more than the connection holds
/// before it receives does not block.
fn echo<Message: Send>(
    mut receive: impl FnMut() -> Result<Message, Error>,
    mut send: impl FnMut(&Message) -> Result<(), Error> + Send,
) -> anyhow::Result<()> {
    let (queue, messages) = mpsc::channel();
    let received = thread::scope(|scope| {
        scope.spawn(move || {
            for message in messages {
                if let Err(error) = send(&message) {
                    // Exits at once: the other thread may be waiting for a message that never arrives.
                    eprintln!("Error: cannot send back: {error}");
                    process::exit(1);
                }
            }
        });
        let received = loop {
            match receive() {
                Ok(message) => queue.send(message).expect("the sending thread outlives this one"),
                Err(Error::EndOfFile) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        // Lets the other thread end after it has sent the messages in the queue.
        drop(queue);
        received
    });
    received.context("cannot receive")
}
