//! A worker in Rust for a program in Python: sends back whatever comes over its standard input, until the end.
//!
//! ```python
//! ours, theirs = multiprocessing.Pipe()
//! worker = subprocess.Popen(["target/debug/examples/echo"], stdin=theirs)
//! theirs.close()
//! ours.send_bytes(b"hello")
//! ours.recv_bytes()
//! ```
//!
//! With `--objects` it takes each message for an object (`send`, `recv`) and makes it anew. It ends with status 0 at the
//! end of the stream, and with 1 and a message on standard error otherwise.

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
            eprintln!("usage: echo [--objects], with an end of a Python Pipe() as its standard input");
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

/// Receives and sends at once: whoever sends all before receiving any, more than the connection holds, is not kept
/// waiting. What waits is kept in memory here.
fn echo<Message: Send>(
    mut receive: impl FnMut() -> Result<Message, Error>,
    mut send: impl FnMut(&Message) -> Result<(), Error> + Send,
) -> anyhow::Result<()> {
    let (waiting, next) = mpsc::channel();
    let received = thread::scope(|scope| {
        scope.spawn(move || {
            for message in next {
                if let Err(error) = send(&message) {
                    // At once: the other thread may wait for a message that never comes.
                    eprintln!("Error: echo cannot send back: {error}");
                    process::exit(1);
                }
            }
        });
        let received = loop {
            match receive() {
                Ok(message) => waiting.send(message).expect("who sends ends after this"),
                Err(Error::EndOfFile) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        // What was received before an error is still sent back; then the other thread ends.
        drop(waiting);
        received
    });
    received.context("echo cannot receive")
}
