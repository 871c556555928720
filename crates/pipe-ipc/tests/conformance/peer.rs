//! A CPython process that uses one end of a connection.

use std::cell::Cell;
use std::io::{BufRead, BufReader, IoSlice, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command};
use std::time::Duration;

use course_tests::python::Twin;
use pipe_ipc::wait;
use rustix::cmsg_space;
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};

/// Far longer than CPython takes to answer on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

thread_local! {
    /// The process of the previous [`CPython`] of this test. Starting a new one takes longer than a whole scenario.
    static IDLE: Cell<Option<Process>> = const { Cell::new(None) };
}

/// `CPython`'s own `Connection` over one end, in a process that runs `peer.py`.
pub(crate) struct CPython {
    /// `Some` until this is dropped.
    process: Option<Process>,
    /// The number of expressions without an answer.
    pending: usize,
}

impl CPython {
    /// Passes `end` to CPython, to be used in the `directions`: `r` to receive, `w` to send. Returns `None` if Python is
    /// not installed.
    pub(crate) fn with(end: impl Into<OwnedFd>, directions: &str) -> Option<Self> {
        let process = IDLE.take().or_else(Process::start)?;
        process.pass(&end.into());
        let mut cpython = Self { process: Some(process), pending: 0 };
        assert_eq!(cpython.eval(&format!("take({directions:?})")), "None");
        Some(cpython)
    }

    /// Starts the evaluation of an expression, in which `connection` is CPython's end.
    pub(crate) fn start(&mut self, expression: &str) {
        self.pending += 1;
        writeln!(self.control().get_mut(), "{expression}").expect("CPython is running");
    }

    /// Waits for the value of the last expression and returns it as text.
    pub(crate) fn answer(&mut self) -> String {
        let ready = wait(&[self.control().get_ref()], Some(LIMIT)).expect("poll succeeds");
        assert_ne!(ready, [0; 0], "CPython does not answer");
        let mut line = String::new();
        self.control().read_line(&mut line).expect("CPython answers in text");
        self.pending -= 1;
        line.strip_suffix('\n').expect("CPython is running").to_owned()
    }

    /// Evaluates an expression.
    pub(crate) fn eval(&mut self, expression: &str) -> String {
        self.start(expression);
        self.answer()
    }

    fn control(&mut self) -> &mut BufReader<UnixStream> {
        &mut self.process.as_mut().expect("this has not been dropped").control
    }
}

impl Drop for CPython {
    fn drop(&mut self) {
        // With an expression pending, CPython may wait forever for a message.
        if self.pending == 0 {
            IDLE.set(self.process.take());
        }
    }
}

/// A process that runs `peer.py`, killed on drop.
struct Process {
    child: Child,
    /// Carries expressions to CPython and their values back.
    control: BufReader<UnixStream>,
    /// Carries descriptors of ends to CPython.
    ends: UnixStream,
}

impl Process {
    fn start() -> Option<Self> {
        let twin = Twin::of(env!("CARGO_MANIFEST_DIR"))?;
        let (control, its_control) = UnixStream::pair().expect("a socket pair can be created");
        let (ends, its_ends) = UnixStream::pair().expect("a socket pair can be created");
        let child = Command::new(twin.python())
            .args(["-I", "-S", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/peer.py")])
            .stdin(OwnedFd::from(its_ends))
            .stdout(OwnedFd::from(its_control))
            .spawn()
            .expect("CPython starts");
        Some(Self { child, control: BufReader::new(control), ends })
    }

    fn pass(&self, end: &OwnedFd) {
        let (mut space, descriptors) = ([MaybeUninit::uninit(); cmsg_space!(ScmRights(1))], [end.as_fd()]);
        let mut ancillary = SendAncillaryBuffer::new(&mut space);
        assert!(
            ancillary.push(SendAncillaryMessage::ScmRights(&descriptors)),
            "the buffer holds one descriptor"
        );
        sendmsg(&self.ends, &[IoSlice::new(b".")], &mut ancillary, SendFlags::empty())
            .expect("CPython is running");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().expect("the process can be killed");
        self.child.wait().expect("the process can be waited for");
    }
}
