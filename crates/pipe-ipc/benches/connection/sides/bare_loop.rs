//! The same frames without a library: the time that the system calls take.

use std::io::{self, BufReader, BufWriter, IoSlice, PipeReader, PipeWriter, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Result, bail, ensure};

use super::other_side::{OtherSide, echo_all, receive_all};
use crate::scenario::Scenario;
use crate::work::Work;

/// The capacity of the buffers.
const BATCH: usize = 64 << 10;

pub(super) fn measure(work: Work) -> Result<Duration> {
    match work.scenario {
        Scenario::OneWaySmall | Scenario::OneWayPage => send_all(work, one_way()?),
        Scenario::TwoWayLarge => send_all(work, two_way()?),
        Scenario::BatchedSmall => {
            let (theirs, ours) = one_way()?;
            send_all(work, (theirs, BufWriter::with_capacity(BATCH, ours)))
        }
        Scenario::PingPongPipes => {
            let (there, sender) = one_way()?;
            let (receiver, back) = one_way()?;
            ping_pong(work, OtherSide::start_with_output(work, there, back)?, sender, receiver)
        }
        Scenario::PingPongTwoWay => {
            let (theirs, ours) = two_way()?;
            ping_pong(work, OtherSide::start(work, theirs)?, &ours, &ours)
        }
        Scenario::StringSmall | Scenario::BytesLarge => bail!("a bare loop has no objects"),
    }
}

pub(super) fn answer(work: Work) -> Result<()> {
    let end = io::stdin().as_fd().try_clone_to_owned()?;
    match work.scenario {
        Scenario::OneWaySmall | Scenario::OneWayPage => receive_from(work, PipeReader::from(end)),
        Scenario::TwoWayLarge => receive_from(work, UnixStream::from(end)),
        Scenario::BatchedSmall => receive_from(work, BufReader::with_capacity(BATCH, PipeReader::from(end))),
        Scenario::PingPongPipes => {
            let back = PipeWriter::from(io::stdout().as_fd().try_clone_to_owned()?);
            pong(work, PipeReader::from(end), back)
        }
        Scenario::PingPongTwoWay => {
            let end = UnixStream::from(end);
            pong(work, &end, &end)
        }
        Scenario::StringSmall | Scenario::BytesLarge => bail!("a bare loop has no objects"),
    }
}

/// Returns the ends of a pipe with the capacity that this crate gives it. With Linux's default of 64 KiB, a message of
/// 1 MiB takes sixteen turns of both sides.
fn one_way() -> io::Result<(PipeReader, PipeWriter)> {
    let (receiver, sender) = pipe_ipc::pipe()?;
    Ok((receiver.into(), sender.into()))
}

/// Returns a socket pair with this crate's capacity, too: the other side's end, and our end.
fn two_way() -> io::Result<(OwnedFd, UnixStream)> {
    let (theirs, ours) = pipe_ipc::duplex()?;
    Ok((theirs.into(), OwnedFd::from(ours).into()))
}

fn send_all(work: Work, (theirs, mut ours): (impl Into<Stdio>, impl Write)) -> Result<Duration> {
    let message = work.message();
    OtherSide::start(work, theirs)?.time_all(|count| {
        (0..count).try_for_each(|_| write_frame(&mut ours, &message))?;
        Ok(ours.flush()?)
    })
}

fn receive_from(work: Work, mut stream: impl Read) -> Result<()> {
    let mut buffer = work.message();
    receive_all(work, || read_frame(&mut stream, &mut buffer))
}

fn ping_pong(work: Work, other: OtherSide, mut there: impl Write, mut back: impl Read) -> Result<Duration> {
    let message = work.message();
    let mut buffer = work.message();
    other.time_round_trips(|| {
        write_frame(&mut there, &message)?;
        read_frame(&mut back, &mut buffer)
    })
}

fn pong(work: Work, mut there: impl Read, mut back: impl Write) -> Result<()> {
    let mut buffer = work.message();
    echo_all(work, || {
        let length = read_frame(&mut there, &mut buffer)?;
        write_frame(&mut back, &buffer[..length])
    })
}

/// Writes header and body in one call, and the rest of the body, if any, in another.
fn write_frame(stream: &mut impl Write, body: &[u8]) -> Result<()> {
    let header = i32::try_from(body.len())?.to_be_bytes();
    let written = stream.write_vectored(&[IoSlice::new(&header), IoSlice::new(body)])?;
    ensure!(written >= header.len(), "only {written} bytes of the header were written");
    Ok(stream.write_all(&body[written - header.len()..])?)
}

fn read_frame(stream: &mut impl Read, buffer: &mut [u8]) -> Result<usize> {
    let mut header = [0; 4];
    stream.read_exact(&mut header)?;
    let length = usize::try_from(i32::from_be_bytes(header))?;
    ensure!(length <= buffer.len(), "the header announces a message of {length} bytes");
    stream.read_exact(&mut buffer[..length])?;
    Ok(length)
}
