use ::std::collections::VecDeque;
use ::std::fmt::{self, Write as _};
use ::std::io::ErrorKind::InvalidData;
use ::std::io::{self, Read, Write};
use ::std::panic::Location;
use ::std::sync::{Arc, Mutex, PoisonError};

use exploration::runtime::{self, step_at};
use exploration::{Operation, Outcome, Process};

use crate::descriptor::Descriptor;
use crate::registry::Handle;

/// The number of bytes that a pipe of Linux holds.
const CAPACITY: usize = 1 << 16;

/// `PIPE_BUF`: a write of at most this many bytes is not split.
const ATOMIC: usize = 1 << 12;

/// The error number `EPIPE`.
const BROKEN_PIPE: i32 = 32;

type Bytes = Arc<Mutex<VecDeque<u8>>>;

/// Replaces `std::io::PipeReader`.
#[derive(Debug)]
pub struct PipeReader {
    end: Descriptor,
    bytes: Bytes,
}

/// Replaces `std::io::PipeWriter`.
#[derive(Debug)]
pub struct PipeWriter {
    end: Descriptor,
    bytes: Bytes,
}

/// Creates a pipe.
///
/// # Errors
/// Never.
#[track_caller]
pub fn pipe() -> io::Result<(PipeReader, PipeWriter)> {
    let ((reader, writer), bytes) = (Descriptor::pipe(CAPACITY, ATOMIC), Bytes::default());
    Ok((PipeReader { end: reader, bytes: Arc::clone(&bytes) }, PipeWriter { end: writer, bytes }))
}

macro_rules! duplicates {
    ($($end:ident),*) => {$(
        impl $end {
            /// Returns a second handle to the same end.
            ///
            /// # Errors
            /// Never.
            #[track_caller]
            pub fn try_clone(&self) -> io::Result<Self> {
                Ok(self.owned_by(runtime::current_process()))
            }

            #[track_caller]
            fn owned_by(&self, owner: Process) -> Self {
                Self { end: self.end.duplicate(owner), bytes: Arc::clone(&self.bytes) }
            }

            /// Gives the end to a child process.
            pub(crate) fn given_to(self, child: Process) -> Self {
                Self { end: self.end.given_to(child), bytes: self.bytes }
            }
        }

        impl Handle for $end {
            #[track_caller]
            fn duplicate(&self, owner: Process) -> Arc<dyn Handle> {
                Arc::new(self.owned_by(owner))
            }
        }
    )*};
}

duplicates!(PipeReader, PipeWriter);

impl PipeReader {
    fn read_at(&self, buffer: &mut [u8], place: &'static Location<'static>) -> usize {
        if buffer.is_empty() {
            return 0;
        }
        let read = Operation::Read(self.end.object(), buffer.len());
        let Outcome::Count(count) = step_at(read, place) else { return 0 };
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        for (slot, byte) in buffer.iter_mut().zip(bytes.drain(..count)) {
            *slot = byte;
        }
        count
    }

    fn read_to_end_at(&self, text: &mut Vec<u8>, place: &'static Location<'static>) -> usize {
        let (before, mut buffer) = (text.len(), vec![0; CAPACITY]);
        loop {
            match self.read_at(&mut buffer, place) {
                0 => return text.len() - before,
                count => text.extend(&buffer[..count]),
            }
        }
    }
}

impl PipeWriter {
    fn write_at(&self, buffer: &[u8], place: &'static Location<'static>) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        match step_at(Operation::Write(self.end.object(), buffer.len()), place) {
            Outcome::Refused => Err(io::Error::from_raw_os_error(BROKEN_PIPE)),
            Outcome::Count(count) => {
                let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
                bytes.extend(&buffer[..count]);
                Ok(count)
            }
            // In a destructor after the end of the run.
            _ => Ok(buffer.len()),
        }
    }

    fn write_all_at(&self, mut buffer: &[u8], place: &'static Location<'static>) -> io::Result<()> {
        while !buffer.is_empty() {
            buffer = &buffer[self.write_at(buffer, place)?..];
        }
        Ok(())
    }
}

/// Writes the pieces of a formatted text one by one, as std does.
struct Pieces<'a> {
    pipe: &'a PipeWriter,
    place: &'static Location<'static>,
    result: io::Result<()>,
}

impl fmt::Write for Pieces<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.result = self.pipe.write_all_at(piece.as_bytes(), self.place);
        self.result.as_ref().map_err(|_| fmt::Error).copied()
    }
}

// std's own `read_to_end`, `write_all` and so on would be the places of the steps that they take.
macro_rules! transfers {
    ($($reader:ty, $writer:ty;)*) => {$(
        impl Read for $reader {
            #[track_caller]
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                Ok(self.read_at(buffer, Location::caller()))
            }

            #[track_caller]
            fn read_to_end(&mut self, text: &mut Vec<u8>) -> io::Result<usize> {
                Ok(self.read_to_end_at(text, Location::caller()))
            }

            #[track_caller]
            fn read_to_string(&mut self, text: &mut String) -> io::Result<usize> {
                let mut bytes = Vec::new();
                self.read_to_end_at(&mut bytes, Location::caller());
                let read = String::from_utf8(bytes).map_err(|error| io::Error::new(InvalidData, error))?;
                text.push_str(&read);
                Ok(read.len())
            }
        }

        impl Write for $writer {
            #[track_caller]
            fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
                self.write_at(buffer, Location::caller())
            }

            #[track_caller]
            fn write_all(&mut self, buffer: &[u8]) -> io::Result<()> {
                self.write_all_at(buffer, Location::caller())
            }

            #[track_caller]
            fn write_fmt(&mut self, text: fmt::Arguments<'_>) -> io::Result<()> {
                let mut pieces = Pieces { pipe: self, place: Location::caller(), result: Ok(()) };
                let formatted = pieces.write_fmt(text);
                pieces.result.and(formatted.map_err(io::Error::other))
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
    )*};
}

transfers! {
    PipeReader, PipeWriter;
    &PipeReader, &PipeWriter;
}

/// Replaces `std::io::read_to_string`, whose steps would have no place in the program.
///
/// # Errors
/// If reading fails, or if the text is not UTF-8.
#[track_caller]
pub fn read_to_string(mut reader: impl Read) -> io::Result<String> {
    let mut text = String::new();
    reader.read_to_string(&mut text)?;
    Ok(text)
}
