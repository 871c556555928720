//! A CPython of its own process, which holds one end.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use course_tests::python::Twin;
use pipe_ipc::wait;

/// Far longer than an answer takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// `CPython`'s own `Connection`, over the standard input of a process that obeys `peer.py`.
pub(crate) struct CPython {
    process: Child,
    control: BufReader<UnixStream>,
}

impl CPython {
    /// Hands it an `end`, with which it does what the `directions` say: `r` receives, `w` sends. `None` where there is
    /// no Python.
    pub(crate) fn with(end: impl Into<Stdio>, directions: &str) -> Option<Self> {
        let twin = Twin::of(env!("CARGO_MANIFEST_DIR"))?;
        let (ours, its) = UnixStream::pair().expect("a socket pair");
        let process = Command::new(twin.python())
            .args(["-I", "-S", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/peer.py"), directions])
            .stdin(end)
            .stdout(Stdio::from(std::os::fd::OwnedFd::from(its)))
            .spawn()
            .expect("CPython starts");
        Some(Self { process, control: BufReader::new(ours) })
    }

    /// Lets it evaluate an expression, in which `connection` is its end.
    pub(crate) fn tell(&mut self, expression: &str) {
        writeln!(self.control.get_mut(), "{expression}").expect("CPython is there");
    }

    /// What the last expression came to.
    pub(crate) fn answer(&mut self) -> String {
        let answered = wait(&[self.control.get_ref()], Some(LIMIT)).expect("it can be waited for");
        assert_ne!(answered, [0; 0], "CPython gives no answer");
        let mut line = String::new();
        self.control.read_line(&mut line).expect("CPython answers in text");
        line.strip_suffix('\n').expect("CPython is still there").to_owned()
    }

    pub(crate) fn ask(&mut self, expression: &str) -> String {
        self.tell(expression);
        self.answer()
    }
}

impl Drop for CPython {
    fn drop(&mut self) {
        // It may be waiting for a message that never comes.
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
    }
}
