//! A scene: what the other side does and which calls are made, in turn, and what each of them comes to.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;

use pipe_ipc::{duplex, pipe};

use crate::peer::CPython;
use crate::subject::{Call, Ours, Subject, wait_until_alone};

/// What one scene is played on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The receiving end of a pipe.
    Receiving,
    /// The sending end of a pipe.
    Sending,
    /// An end of a socket pair.
    TwoWay,
}

pub(crate) use Kind::{Receiving, Sending, TwoWay};

/// One line of a scene.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    /// A call, what it comes to here, and what it comes to in `CPython` if that is something else.
    Makes(Call, &'static str, Option<Differently>),
    /// The other side sends a message, with a short header.
    OtherSends(&'static [u8]),
    /// The other side writes these bytes, whatever they are.
    OtherWrites(&'static [u8]),
    /// The other side finds that nobody receives.
    OtherIsRefused,
    /// The other side reads exactly these bytes.
    OtherReads(&'static [u8]),
    /// The other side finds that nothing was sent (any more), and that the end is closed.
    OtherReadsTheEnd,
    /// The other side will send nothing more, but still receives.
    OtherStopsSending,
    OtherCloses,
}

/// What `CPython` does instead, and why ours does not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Differently {
    cpython: &'static str,
    /// For whoever reads the table.
    _why: &'static str,
}

pub(crate) const fn same(call: Call, outcome: &'static str) -> Step {
    Step::Makes(call, outcome, None)
}

pub(crate) const fn differs(
    call: Call,
    ours: &'static str,
    cpython: &'static str,
    why: &'static str,
) -> Step {
    Step::Makes(call, ours, Some(Differently { cpython, _why: why }))
}

/// Plays a scene on each of these kinds of ends: once with ours, and once with `CPython`'s where there is one.
pub(crate) fn play(kinds: &[Kind], steps: &[Step]) {
    for kind in kinds {
        let (ours, other) = kind.open();
        play_with(ours, other, *kind, steps, |ours, _| ours);
        let (end, other) = kind.open();
        if let Some(cpython) = CPython::with(end, kind.directions()) {
            play_with(cpython, other, *kind, steps, |ours, other| other.map_or(ours, |other| other.cpython));
        }
    }
}

fn play_with(
    mut subject: impl Subject,
    other: File,
    kind: Kind,
    steps: &[Step],
    expected: impl Fn(&'static str, Option<Differently>) -> &'static str,
) {
    let mut other = Some(other);
    for (place, step) in steps.iter().enumerate() {
        let there = format!("{} ({kind:?}), step {place}: {step:?}", subject.name());
        match *step {
            Step::Makes(call, ours, differently) => {
                assert_eq!(subject.make(call), expected(ours, differently), "{there}");
            }
            Step::OtherCloses => {
                other = None;
                subject.wait_until_alone();
            }
            step => step.done_by(other.as_mut().expect("the other side is not closed"), &there),
        }
    }
}

impl Step {
    fn done_by(self, other: &mut File, there: &str) {
        match self {
            Self::OtherSends(message) => {
                let length = i32::try_from(message.len()).expect(there);
                other.write_all(&[&length.to_be_bytes(), message].concat()).expect(there);
            }
            Self::OtherWrites(bytes) => other.write_all(bytes).expect(there),
            Self::OtherIsRefused => {
                wait_until_alone(&*other);
                let error = other.write(b"x").expect_err(there);
                assert_eq!(error.kind(), ErrorKind::BrokenPipe, "{there}");
            }
            Self::OtherReads(bytes) => {
                let mut got = vec![0; bytes.len()];
                other.read_exact(&mut got).expect(there);
                assert_eq!(got, bytes, "{there}");
            }
            Self::OtherReadsTheEnd => {
                let mut rest = Vec::new();
                other.read_to_end(&mut rest).expect(there);
                assert_eq!(rest, b"", "{there}");
            }
            Self::OtherStopsSending => {
                let handle = OwnedFd::from(other.try_clone().expect(there));
                UnixStream::from(handle).shutdown(Shutdown::Write).expect(there);
            }
            Self::Makes(..) | Self::OtherCloses => unreachable!("it is not done by the open other side"),
        }
    }
}

impl Kind {
    /// An end of this kind, and the bare other side.
    fn open(self) -> (Ours, File) {
        match self {
            Receiving => {
                let (receiver, sender) = pipe().expect("a pipe");
                (Ours::Receiver(receiver), OwnedFd::from(sender).into())
            }
            Sending => {
                let (receiver, sender) = pipe().expect("a pipe");
                (Ours::Sender(sender), OwnedFd::from(receiver).into())
            }
            TwoWay => {
                let (left, right) = duplex().expect("a socket pair");
                (Ours::Connection(left), OwnedFd::from(right).into())
            }
        }
    }

    /// What the end does, for `CPython`.
    fn directions(self) -> &'static str {
        match self {
            Receiving => "r",
            Sending => "w",
            TwoWay => "rw",
        }
    }
}

impl From<Ours> for OwnedFd {
    fn from(end: Ours) -> Self {
        match end {
            Ours::Receiver(end) => end.into(),
            Ours::Sender(end) => end.into(),
            Ours::Connection(end) => end.into(),
            Ours::Closed => unreachable!("it was just opened"),
        }
    }
}
