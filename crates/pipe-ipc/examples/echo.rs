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
//!
//! It holds what it has not sent back yet as the bytes that it received, and decodes one object at a time.

use std::sync::mpsc;
use std::{env, process, thread};

use anyhow::Context;
use pipe_ipc::{Connection, Error, Object, SendingHalf};

fn main() -> anyhow::Result<()> {
    let args: Vec<_> = env::args_os().skip(1).collect();
    let send_back = match &args[..] {
        [] => send_bytes,
        [only] if only == "--objects" => send_object,
        _ => {
            eprintln!("usage: echo [--objects], with an end of a Python Pipe() as standard input");
            process::exit(2);
        }
    };
    echo(&mut Connection::from_stdin()?, send_back)
}

fn send_bytes(sending: &mut SendingHalf<'_>, message: &[u8]) -> anyhow::Result<()> {
    sending.send_bytes(message).context("cannot send back")
}

fn send_object(sending: &mut SendingHalf<'_>, message: &[u8]) -> anyhow::Result<()> {
    let object = Object::from_pickle(message).context("cannot decode a message")?;
    sending.send_object(&object).context("cannot send back")
}

/// Receives and sends at the same time, with a queue in memory in between: a peer that sends more than the connection holds
/// before it receives does not block.
fn echo(
    connection: &mut Connection,
    send_back: fn(&mut SendingHalf<'_>, &[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (mut receiving, mut sending) = connection.split();
    let (queue, messages) = mpsc::channel::<Vec<u8>>();
    let received = thread::scope(|scope| {
        scope.spawn(move || {
            for message in messages {
                if let Err(error) = send_back(&mut sending, &message) {
                    // Exits at once: the other thread may be waiting for a message that never arrives.
                    eprintln!("Error: {error:#}");
                    process::exit(1);
                }
            }
        });
        let received = loop {
            match receiving.recv_bytes() {
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
