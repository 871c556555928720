use ::std::fmt::Debug;

use exploration::Operation;
use exploration::runtime::{self, step};

use crate::end::closing;
use crate::io::exit_stdout;
use crate::registry;

/// Replaces `std::process::ExitCode`, from which only std can read the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExitCode(u8);

impl ExitCode {
    /// The status after success, 0.
    pub const SUCCESS: Self = Self(0);
    /// The status after a failure, 1.
    pub const FAILURE: Self = Self(1);

    /// Ends the process with this status.
    pub fn exit_process(self) -> ! {
        exit(self.0.into())
    }

    /// Returns the status as the system stores it.
    pub(super) fn raw(self) -> i32 {
        raw(self.0.into())
    }
}

impl From<u8> for ExitCode {
    fn from(code: u8) -> Self {
        Self(code)
    }
}

/// Replaces `std::process::Termination`: what `main` can return.
pub trait Termination {
    /// Returns the status with which the process ends.
    fn report(self) -> ExitCode;
}

impl Termination for () {
    fn report(self) -> ExitCode {
        ExitCode::SUCCESS
    }
}

impl Termination for ExitCode {
    fn report(self) -> ExitCode {
        self
    }
}

impl<T: Termination, E: Debug> Termination for Result<T, E> {
    fn report(self) -> ExitCode {
        match self {
            Ok(value) => value.report(),
            Err(error) => {
                runtime::note(format!("Error: {error:?}"));
                ExitCode::FAILURE
            }
        }
    }
}

/// Returns the number of the current process. It is the same in every run.
#[must_use]
pub fn id() -> u32 {
    pid(runtime::current_process())
}

pub(super) fn pid(process: exploration::Process) -> u32 {
    1000 + u32::try_from(process.0).expect("there are few processes")
}

/// Ends the current process with this status.
#[track_caller]
pub fn exit(code: i32) -> ! {
    end(raw(code))
}

/// Returns the status of a process that has ended with this code. The system keeps 8 bits of it.
fn raw(code: i32) -> i32 {
    (code & 0xff) << 8
}

/// Closes what the current process has open, in the order in which it was opened, and ends the process.
#[track_caller]
pub(super) fn end(status: i32) -> ! {
    exit_stdout();
    while let Some((object, role)) = registry::current_process(registry::State::close_next) {
        step(closing(object, role));
    }
    step(Operation::Exit(status));
    unreachable!("a destructor ended the process while it unwound from a panic or after the end of the run");
}
