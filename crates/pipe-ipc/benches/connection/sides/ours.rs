//! This crate at both sides, used as a program that cares for its speed would.

use std::io;
use std::os::fd::AsFd;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Result;
use pipe_ipc::{Connection, Error, Receiver, Sender, duplex, pipe};
use serde_bytes::{ByteBuf, Bytes};

use super::other_side::{OtherSide, receive_all};
use crate::scenario::Scenario;
use crate::work::Work;

pub(super) fn measure(work: Work) -> Result<Duration> {
    let message = work.message();
    match work.scenario {
        Scenario::OneWaySmall | Scenario::OneWayPage => {
            send_all(work, pipe()?, |sender| sender.send_bytes(&message))
        }
        Scenario::TwoWayLarge => send_all(work, duplex()?, |connection| connection.send_bytes(&message)),
        Scenario::StringSmall => {
            let text = String::from_utf8(message)?;
            send_all(work, pipe()?, |sender| sender.send(&text))
        }
        Scenario::BytesLarge => send_all(work, pipe()?, |sender| sender.send(Bytes::new(&message))),
        Scenario::BatchedSmall => send_batched(work, &message),
        Scenario::PingPongPipes => ping_pong_on_pipes(work, &message),
        Scenario::PingPongTwoWay => ping_pong_on_a_connection(work, &message),
    }
}

pub(super) fn answer(work: Work) -> Result<()> {
    let mut room = work.message();
    match work.scenario {
        Scenario::OneWaySmall | Scenario::OneWayPage => {
            let mut receiver = Receiver::from_stdin()?;
            receive_all(work, || Ok(receiver.recv_bytes_into(&mut room, 0)?))
        }
        Scenario::TwoWayLarge => {
            let mut connection = Connection::from_stdin()?;
            receive_all(work, || Ok(connection.recv_bytes_into(&mut room, 0)?))
        }
        Scenario::StringSmall => {
            let mut receiver = Receiver::from_stdin()?;
            receive_all(work, || Ok(receiver.recv::<String>()?.len()))
        }
        Scenario::BytesLarge => {
            let mut receiver = Receiver::from_stdin()?;
            receive_all(work, || Ok(receiver.recv::<ByteBuf>()?.len()))
        }
        Scenario::BatchedSmall => {
            let mut receiver = Receiver::from_stdin()?.buffered();
            receive_all(work, || Ok(receiver.recv_bytes_into(&mut room, 0)?))
        }
        Scenario::PingPongPipes => pong_on_pipes(work, &mut room),
        Scenario::PingPongTwoWay => pong_on_a_connection(work, &mut room),
    }
}

/// Sends one message by one over our end, after the other side was given theirs.
fn send_all<End>(
    work: Work,
    (theirs, mut ours): (impl Into<Stdio>, End),
    mut send: impl FnMut(&mut End) -> Result<(), Error>,
) -> Result<Duration> {
    let mut other = OtherSide::start(work, theirs)?;
    let took = work.measure(|count| {
        for _ in 0..count {
            send(&mut ours)?;
        }
        other.acknowledged()
    })?;
    other.finish()?;
    Ok(took)
}

fn send_batched(work: Work, message: &[u8]) -> Result<Duration> {
    let (receiver, sender) = pipe()?;
    let mut sender = sender.buffered();
    let mut other = OtherSide::start(work, receiver)?;
    let took = work.measure(|count| {
        for _ in 0..count {
            sender.send_bytes(message)?;
        }
        sender.flush()?;
        other.acknowledged()
    })?;
    other.finish()?;
    Ok(took)
}

fn ping_pong_on_pipes(work: Work, message: &[u8]) -> Result<Duration> {
    let (there, mut sender) = pipe()?;
    let (mut receiver, back) = pipe()?;
    let mut room = message.to_vec();
    let other = OtherSide::start_with_output(work, there, back)?;
    let took = work.measure(|count| {
        for _ in 0..count {
            sender.send_bytes(message)?;
            work.check(receiver.recv_bytes_into(&mut room, 0)?)?;
        }
        Ok(())
    })?;
    other.finish()?;
    Ok(took)
}

fn ping_pong_on_a_connection(work: Work, message: &[u8]) -> Result<Duration> {
    let (theirs, mut connection) = duplex()?;
    let mut room = message.to_vec();
    let other = OtherSide::start(work, theirs)?;
    let took = work.measure(|count| {
        for _ in 0..count {
            connection.send_bytes(message)?;
            work.check(connection.recv_bytes_into(&mut room, 0)?)?;
        }
        Ok(())
    })?;
    other.finish()?;
    Ok(took)
}

fn pong_on_pipes(work: Work, room: &mut [u8]) -> Result<()> {
    let mut receiver = Receiver::from_stdin()?;
    let mut sender = Sender::from(io::stdout().as_fd().try_clone_to_owned()?);
    work.answer(|count| {
        for _ in 0..count {
            let length = receiver.recv_bytes_into(room, 0)?;
            sender.send_bytes(&room[..length])?;
        }
        Ok(())
    })
}

fn pong_on_a_connection(work: Work, room: &mut [u8]) -> Result<()> {
    let mut connection = Connection::from_stdin()?;
    work.answer(|count| {
        for _ in 0..count {
            let length = connection.recv_bytes_into(room, 0)?;
            connection.send_bytes(&room[..length])?;
        }
        Ok(())
    })
}
