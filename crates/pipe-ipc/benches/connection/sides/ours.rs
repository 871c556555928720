//! This crate at both sides, used as a program that needs speed would use it.

use std::io;
use std::os::fd::AsFd;
use std::time::Duration;

use anyhow::Result;
use pipe_ipc::{Connection, Receiver, Sender, duplex, pipe};
use serde_bytes::{ByteBuf, Bytes};

use super::other_side::{OtherSide, echo_all, receive_all};
use crate::scenario::Scenario;
use crate::work::Work;

pub(super) fn measure(work: Work) -> Result<Duration> {
    let message = work.message();
    let mut buffer = work.message();
    match work.scenario {
        Scenario::OneWaySmall | Scenario::OneWayPage => {
            let (theirs, mut sender) = pipe()?;
            OtherSide::start(work, theirs)?.time_each(|| Ok(sender.send_bytes(&message)?))
        }
        Scenario::TwoWayLarge => {
            let (theirs, mut connection) = duplex()?;
            OtherSide::start(work, theirs)?.time_each(|| Ok(connection.send_bytes(&message)?))
        }
        Scenario::StringSmall => {
            let (theirs, mut sender) = pipe()?;
            let text = String::from_utf8(message)?;
            OtherSide::start(work, theirs)?.time_each(|| Ok(sender.send(&text)?))
        }
        Scenario::BytesLarge => {
            let (theirs, mut sender) = pipe()?;
            OtherSide::start(work, theirs)?.time_each(|| Ok(sender.send(Bytes::new(&message))?))
        }
        Scenario::BatchedSmall => send_batched(work, &message),
        Scenario::PingPongPipes => {
            let (there, mut sender) = pipe()?;
            let (mut receiver, back) = pipe()?;
            OtherSide::start_with_output(work, there, back)?.time_round_trips(|| {
                sender.send_bytes(&message)?;
                Ok(receiver.recv_bytes_into(&mut buffer, 0)?)
            })
        }
        Scenario::PingPongTwoWay => {
            let (theirs, mut connection) = duplex()?;
            OtherSide::start(work, theirs)?.time_round_trips(|| {
                connection.send_bytes(&message)?;
                Ok(connection.recv_bytes_into(&mut buffer, 0)?)
            })
        }
    }
}

fn send_batched(work: Work, message: &[u8]) -> Result<Duration> {
    let (theirs, sender) = pipe()?;
    let mut sender = sender.buffered();
    OtherSide::start(work, theirs)?.time_all(|count| {
        for _ in 0..count {
            sender.send_bytes(message)?;
        }
        Ok(sender.flush()?)
    })
}

pub(super) fn answer(work: Work) -> Result<()> {
    let mut buffer = work.message();
    match work.scenario {
        Scenario::OneWaySmall | Scenario::OneWayPage => {
            let mut receiver = Receiver::from_stdin()?;
            receive_all(work, || Ok(receiver.recv_bytes_into(&mut buffer, 0)?))
        }
        Scenario::TwoWayLarge => {
            let mut connection = Connection::from_stdin()?;
            receive_all(work, || Ok(connection.recv_bytes_into(&mut buffer, 0)?))
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
            receive_all(work, || Ok(receiver.recv_bytes_into(&mut buffer, 0)?))
        }
        Scenario::PingPongPipes => {
            let mut receiver = Receiver::from_stdin()?;
            let mut sender = Sender::from(io::stdout().as_fd().try_clone_to_owned()?);
            echo_all(work, || {
                let length = receiver.recv_bytes_into(&mut buffer, 0)?;
                Ok(sender.send_bytes(&buffer[..length])?)
            })
        }
        Scenario::PingPongTwoWay => {
            let mut connection = Connection::from_stdin()?;
            echo_all(work, || {
                let length = connection.recv_bytes_into(&mut buffer, 0)?;
                Ok(connection.send_bytes(&buffer[..length])?)
            })
        }
    }
}
