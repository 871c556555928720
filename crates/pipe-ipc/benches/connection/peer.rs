//! The peers that are measured.

use bench_support::Machine;
use clap::ValueEnum;

/// A program that sends and receives the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Peer {
    /// This crate.
    Ours,
    /// `multiprocessing.connection.Connection` at both ends.
    Cpython,
    /// The same frames by system calls only, into one buffer: the lower bound for a connection's time.
    BareLoop,
    /// The crate `ipc-channel`, by its channel of bytes.
    IpcChannel,
}

impl Peer {
    /// Returns the name in the report.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "pipe-ipc",
            Self::Cpython => "CPython",
            Self::BareLoop => "bare loop",
            Self::IpcChannel => "ipc-channel",
        }
    }

    /// Returns why the peer cannot be measured, if so.
    pub(crate) fn missing(self, machine: &Machine) -> Option<&'static str> {
        match self {
            // Other Pythons have a connection of their own.
            Self::Cpython => match &machine.python {
                Ok(python) if python.starts_with("CPython") => None,
                _ => Some("no CPython"),
            },
            Self::IpcChannel if !cfg!(feature = "peers") => Some("not built: --features peers"),
            _ => None,
        }
    }
}
