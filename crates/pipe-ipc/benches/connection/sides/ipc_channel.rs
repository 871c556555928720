//! `ipc-channel` at both sides, by its channel of bytes.

use std::process::Stdio;
use std::time::Duration;

use anyhow::Result;
use ipc_channel::ipc::{IpcBytesSender, IpcOneShotServer, IpcSender, bytes_channel};

use super::other_side::{OtherSide, receive_all};
use crate::work::Work;

pub(super) fn measure(work: Work) -> Result<Duration> {
    let message = work.message();
    let (server, name) = IpcOneShotServer::<IpcBytesSender>::new()?;
    let mut other = OtherSide::start(work, Stdio::piped())?;
    other.write_input(&name)?;
    let (_, sender) = server.accept()?;
    other.time_each(|| Ok(sender.send(&message)?))
}

/// Creates the channel, and gives its sending end to the measuring side.
pub(super) fn answer(work: Work) -> Result<()> {
    let name = std::io::read_to_string(std::io::stdin())?;
    let (sender, receiver) = bytes_channel()?;
    IpcSender::connect(name)?.send(sender)?;
    receive_all(work, || Ok(receiver.recv()?.len()))
}
