//! What every end over a descriptor of its own can do: be taken from standard input, closed, converted, and passed to a
//! child.

/// Implements `from_stdin`, `close`, `AsFd` and the conversions for an end whose `stream` wraps `$stream`.
macro_rules! descriptor_methods {
    ($end:ident, $stream:ty, $direction:ident) => {
        impl $end {
            /// Takes the standard input of this process, which the parent process has set to an end. Standard input is
            /// empty from then on, and the end is closed when the value is dropped.
            ///
            /// Call it before anything else reads standard input: bytes in the buffer of [`std::io::stdin`] are lost.
            ///
            /// # Errors
            /// Of kind `InvalidInput` if standard input is not such an end (a terminal, a file, a datagram socket, a pipe of
            /// the other direction, or a one-way pipe instead of a two-way connection), or has already been taken.
            pub fn from_stdin() -> std::io::Result<Self> {
                use $crate::connection::stdin::{Direction, take};
                take(Direction::$direction).map(Self::from)
            }

            /// Closes the end, as dropping it does.
            pub fn close(self) {}
        }

        impl std::os::fd::AsFd for $end {
            fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
                self.stream.0.as_fd()
            }
        }

        impl std::os::fd::AsRawFd for $end {
            fn as_raw_fd(&self) -> std::os::fd::RawFd {
                self.stream.0.as_raw_fd()
            }
        }

        impl From<std::os::fd::OwnedFd> for $end {
            fn from(descriptor: std::os::fd::OwnedFd) -> Self {
                <$stream>::from(descriptor).into()
            }
        }

        impl From<$end> for std::os::fd::OwnedFd {
            fn from(end: $end) -> Self {
                end.stream.0.into()
            }
        }

        impl From<$end> for $stream {
            fn from(end: $end) -> Self {
                end.stream.0
            }
        }

        impl From<$end> for std::process::Stdio {
            fn from(end: $end) -> Self {
                std::os::fd::OwnedFd::from(end).into()
            }
        }
    };
}

pub(super) use descriptor_methods;
