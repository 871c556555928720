//! A scenario: a list of calls with their expected outcomes, and of what the peer does in between. It runs on this crate's
//! end and on CPython's.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;

use pipe_ipc::{duplex, pipe};

use crate::peer::CPython;
use crate::subject::{Call, Ours, Subject, wait_for_hangup};

/// The end that a scenario runs on.
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

/// A step of a scenario.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    /// A call, its outcome in this crate, and its outcome in `CPython` if that differs.
    Call(Call, &'static str, Option<Difference>),
    /// The peer sends a message with a short header.
    PeerSends(&'static [u8]),
    /// The peer writes raw bytes.
    PeerWrites(&'static [u8]),
    /// The peer gets a broken pipe when it writes.
    PeerGetsBrokenPipe,
    /// The peer reads exactly these bytes.
    PeerReads(&'static [u8]),
    /// The peer gets the end of file.
    PeerReadsEndOfFile,
    /// The peer shuts down its sending direction.
    PeerStopsSending,
    PeerCloses,
}

/// What `CPython` does instead, and why this crate differs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Difference {
    cpython: &'static str,
    /// For the reader of the scenario.
    _why: &'static str,
}

pub(crate) const fn same(call: Call, outcome: &'static str) -> Step {
    Step::Call(call, outcome, None)
}

pub(crate) const fn differs(
    call: Call,
    ours: &'static str,
    cpython: &'static str,
    why: &'static str,
) -> Step {
    Step::Call(call, ours, Some(Difference { cpython, _why: why }))
}

/// Runs a scenario on each of these kinds of ends: with this crate, and with `CPython` if it is installed.
pub(crate) fn run(kinds: &[Kind], steps: &[Step]) {
    for kind in kinds {
        let (ours, peer) = kind.open();
        run_on(ours, peer, *kind, steps, |ours, _| ours);
        let (end, peer) = kind.open();
        if let Some(cpython) = CPython::with(end, kind.directions()) {
            run_on(cpython, peer, *kind, steps, |ours, peer| peer.map_or(ours, |peer| peer.cpython));
        }
    }
}

fn run_on(
    mut subject: impl Subject,
    peer: File,
    kind: Kind,
    steps: &[Step],
    expected: impl Fn(&'static str, Option<Difference>) -> &'static str,
) {
    let mut peer = Some(peer);
    for (index, step) in steps.iter().enumerate() {
        let context = format!("{} ({kind:?}), step {index}: {step:?}", subject.name());
        match *step {
            Step::Call(call, ours, difference) => {
                assert_eq!(subject.make(call), expected(ours, difference), "{context}");
            }
            Step::PeerCloses => {
                peer = None;
                subject.wait_for_hangup();
            }
            step => step.run_by(peer.as_mut().expect("the peer is open"), &context),
        }
    }
}

impl Step {
    fn run_by(self, peer: &mut File, context: &str) {
        match self {
            Self::PeerSends(message) => {
                let length = i32::try_from(message.len()).expect(context);
                peer.write_all(&[&length.to_be_bytes(), message].concat()).expect(context);
            }
            Self::PeerWrites(bytes) => peer.write_all(bytes).expect(context),
            Self::PeerGetsBrokenPipe => {
                wait_for_hangup(&*peer);
                let error = peer.write(b"x").expect_err(context);
                assert_eq!(error.kind(), ErrorKind::BrokenPipe, "{context}");
            }
            Self::PeerReads(bytes) => {
                let mut got = vec![0; bytes.len()];
                peer.read_exact(&mut got).expect(context);
                assert_eq!(got, bytes, "{context}");
            }
            Self::PeerReadsEndOfFile => {
                let mut rest = Vec::new();
                peer.read_to_end(&mut rest).expect(context);
                assert_eq!(rest, b"", "{context}");
            }
            Self::PeerStopsSending => {
                let handle = OwnedFd::from(peer.try_clone().expect(context));
                UnixStream::from(handle).shutdown(Shutdown::Write).expect(context);
            }
            Self::Call(..) | Self::PeerCloses => unreachable!("the caller handles it"),
        }
    }
}

impl Kind {
    /// Opens an end of this kind. Returns it and its peer, as raw bytes.
    fn open(self) -> (Ours, File) {
        match self {
            Receiving => {
                let (receiver, sender) = pipe().expect("a pipe can be created");
                (Ours::Receiver(receiver), OwnedFd::from(sender).into())
            }
            Sending => {
                let (receiver, sender) = pipe().expect("a pipe can be created");
                (Ours::Sender(sender), OwnedFd::from(receiver).into())
            }
            TwoWay => {
                let (left, right) = duplex().expect("a socket pair can be created");
                (Ours::Connection(left), OwnedFd::from(right).into())
            }
        }
    }

    /// Returns the directions for [`CPython::with`].
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
