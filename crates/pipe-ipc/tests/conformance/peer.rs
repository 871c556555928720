//! A CPython of its own process, which holds one end.

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

/// Far longer than an answer takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

thread_local! {
    /// The process that the last [`CPython`] of this test has left. To start one costs more than all that a row of a
    /// table asks of it.
    static IDLE: Cell<Option<Process>> = const { Cell::new(None) };
}

/// `CPython`'s own `Connection`, over an end in a process that obeys `peer.py`.
pub(crate) struct CPython {
    /// There until this is dropped.
    process: Option<Process>,
    /// How many expressions it has not answered.
    asked: usize,
}

impl CPython {
    /// Hands it an `end`, with which it does what the `directions` say: `r` receives, `w` sends. `None` where there is
    /// no Python.
    pub(crate) fn with(end: impl Into<OwnedFd>, directions: &str) -> Option<Self> {
        let process = IDLE.take().or_else(Process::start)?;
        process.hand_over(&end.into());
        let mut cpython = Self { process: Some(process), asked: 0 };
        assert_eq!(cpython.ask(&format!("take({directions:?})")), "None");
        Some(cpython)
    }

    /// Lets it evaluate an expression, in which `connection` is its end.
    pub(crate) fn tell(&mut self, expression: &str) {
        self.asked += 1;
        writeln!(self.control().get_mut(), "{expression}").expect("CPython is there");
    }

    /// What the last expression came to.
    pub(crate) fn answer(&mut self) -> String {
        let answered = wait(&[self.control().get_ref()], Some(LIMIT)).expect("it can be waited for");
        assert_ne!(answered, [0; 0], "CPython gives no answer");
        let mut line = String::new();
        self.control().read_line(&mut line).expect("CPython answers in text");
        self.asked -= 1;
        line.strip_suffix('\n').expect("CPython is still there").to_owned()
    }

    pub(crate) fn ask(&mut self, expression: &str) -> String {
        self.tell(expression);
        self.answer()
    }

    fn control(&mut self) -> &mut BufReader<UnixStream> {
        &mut self.process.as_mut().expect("it is not dropped").control
    }
}

impl Drop for CPython {
    fn drop(&mut self) {
        // Otherwise it may be waiting for a message that never comes.
        if self.asked == 0 {
            IDLE.set(self.process.take());
        }
    }
}

/// A process that obeys `peer.py`. Dropped, it is killed.
struct Process {
    child: Child,
    /// Expressions go there, and come back as what they evaluate to.
    control: BufReader<UnixStream>,
    /// Ends go there.
    ends: UnixStream,
}

impl Process {
    fn start() -> Option<Self> {
        let twin = Twin::of(env!("CARGO_MANIFEST_DIR"))?;
        let (control, its_control) = UnixStream::pair().expect("a socket pair");
        let (ends, its_ends) = UnixStream::pair().expect("a socket pair");
        let child = Command::new(twin.python())
            .args(["-I", "-S", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/peer.py")])
            .stdin(OwnedFd::from(its_ends))
            .stdout(OwnedFd::from(its_control))
            .spawn()
            .expect("CPython starts");
        Some(Self { child, control: BufReader::new(control), ends })
    }

    fn hand_over(&self, end: &OwnedFd) {
        let (mut space, end) = ([MaybeUninit::uninit(); cmsg_space!(ScmRights(1))], [end.as_fd()]);
        let mut beside = SendAncillaryBuffer::new(&mut space);
        assert!(beside.push(SendAncillaryMessage::ScmRights(&end)), "there is room for one");
        sendmsg(&self.ends, &[IoSlice::new(b".")], &mut beside, SendFlags::empty())
            .expect("CPython is there");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }
}
