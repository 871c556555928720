//! What is sent, and how.

use clap::ValueEnum;

/// A kind of traffic between two processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    OneWaySmall,
    OneWayPage,
    TwoWayLarge,
    StringSmall,
    BytesLarge,
    PingPongPipes,
    PingPongTwoWay,
    BatchedSmall,
}

impl Scenario {
    /// Returns all scenarios, in the order of the report.
    pub(crate) fn all() -> &'static [Self] {
        Self::value_variants()
    }

    /// Returns the name in the report.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::OneWaySmall => "one-way, 16 B",
            Self::OneWayPage => "one-way, 4 KiB",
            Self::TwoWayLarge => "two-way connection, 1 MiB",
            Self::StringSmall => "objects, str of 16 B",
            Self::BytesLarge => "objects, bytes of 1 MiB",
            Self::PingPongPipes => "ping-pong on two pipes, 16 B",
            Self::PingPongTwoWay => "ping-pong on a two-way, 16 B",
            Self::BatchedSmall => "batched, 16 B",
        }
    }

    /// Returns what is counted: a message, or in a ping-pong a message there and back.
    pub(crate) fn unit(self) -> &'static str {
        match self {
            Self::PingPongPipes | Self::PingPongTwoWay => "round trips",
            _ => "messages",
        }
    }

    /// Returns the number of bytes in a message, or in the string or the bytes object that it contains.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::OneWaySmall
            | Self::StringSmall
            | Self::PingPongPipes
            | Self::PingPongTwoWay
            | Self::BatchedSmall => 16,
            Self::OneWayPage => 4 << 10,
            Self::TwoWayLarge | Self::BytesLarge => 1 << 20,
        }
    }
}
