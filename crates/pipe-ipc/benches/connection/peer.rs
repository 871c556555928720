//! Who is measured.

use clap::ValueEnum;

use crate::machine::Reader;

/// One of those who send and receive the same messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Peer {
    /// This crate.
    Ours,
    /// `multiprocessing.connection.Connection` at both ends.
    Cpython,
    /// The same frames by nothing but calls to the system, into one buffer: what a connection cannot be faster than.
    BareLoop,
    /// The crate `ipc-channel`, by its channel of bytes.
    IpcChannel,
}

impl Peer {
    /// What it is called in the report.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "pipe-ipc",
            Self::Cpython => "CPython",
            Self::BareLoop => "bare loop",
            Self::IpcChannel => "ipc-channel",
        }
    }

    /// Why it cannot be measured, if so.
    pub(crate) fn missing(self, machine: &Reader) -> Option<&'static str> {
        match self {
            Self::Cpython if machine.cpython.is_none() => Some("no python3"),
            Self::IpcChannel if !cfg!(feature = "peers") => Some("not built: --features peers"),
            _ => None,
        }
    }
}
