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
    thread::scope(|scope| {
        let sender = scope.spawn(move || next.iter().try_for_each(|message| send(&message)));
        let received = loop {
            match receive() {
                // A sender that has ended says itself why.
                Ok(message) => {
                    if waiting.send(message).is_err() {
                        break Ok(());
                    }
                }
                Err(Error::EndOfFile) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        drop(waiting);
        let ended = sender.join().expect("the sender does not panic");
        received.context("echo cannot receive")?;
        ended.context("echo cannot send back")
    })
}
