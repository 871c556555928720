//! Signals interrupt system calls. No data is lost, and timeouts stay exact.
//!
//! Each test runs itself again in a child process that receives signals without pause.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use pipe_ipc::{Connection, pipe, wait};
use signal_hook::consts::SIGUSR1;
use signal_hook::flag;

use crate::rerun::{assert_succeeds, in_the_role_of, role};

/// A process that sends signals to this thread without pause, until it is dropped.
struct Signals {
    sender: Child,
    /// Set by each signal.
    received: Arc<AtomicBool>,
}

impl Signals {
    fn start() -> Self {
        let received = Arc::new(AtomicBool::new(false));
        flag::register(SIGUSR1, received.clone()).expect("the handler can be registered");
        // A signal to the thread id interrupts this thread first; one to the process id, the main thread.
        let this_thread = fs::read_link("/proc/thread-self").expect("Linux has /proc/thread-self");
        let sender = Command::new("/bin/sh")
            .args(["-c", "while kill -USR1 $0; do :; done"])
            .arg(this_thread.file_name().expect("the path ends with the thread id"))
            .stdin(Stdio::null())
            .spawn()
            .expect("the process starts");
        Self { sender, received }
    }

    /// Repeats `work` until a signal arrives during it.
    fn during(&self, work: impl Fn()) {
        self.received.store(false, Ordering::Relaxed);
        while !self.received.load(Ordering::Relaxed) {
            work();
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.sender.kill().expect("the process can be killed");
        self.sender.wait().expect("the process can be waited for");
    }
}

/// Runs `work` in a child process that receives signals.
fn among_signals(work: impl FnOnce(&Signals)) {
    if role().is_some() {
        return work(&Signals::start());
    }
    let role = "among signals";
    assert_succeeds(&in_the_role_of(role, 4 << 20), role);
}

/// Signals arrive far more often. If each restarted the timeout, it would never expire.
const TIMEOUT: Duration = Duration::from_millis(200);

#[test]
fn signals_neither_shorten_nor_restart_the_timeout_of_poll() {
    among_signals(|signals| {
        let (receiver, _sender) = pipe().expect("a pipe can be created");
        signals.during(|| {
            let start = Instant::now();
            assert!(!receiver.poll(Some(TIMEOUT)).expect("poll succeeds"));
            assert!(start.elapsed() >= TIMEOUT, "a signal ended the wait early");
        });
    });
}

#[test]
fn signals_neither_shorten_nor_restart_the_timeout_of_wait() {
    among_signals(|signals| {
        let (receiver, _sender) = pipe().expect("a pipe can be created");
        signals.during(|| {
            let start = Instant::now();
            let ready = wait(&[&receiver, &receiver], Some(TIMEOUT)).expect("poll succeeds");
            assert_eq!(ready, [0; 0]);
            assert!(start.elapsed() >= TIMEOUT, "a signal ended the wait early");
        });
    });
}

/// Returns an end whose reads and writes fail with `EINTR` after a signal, and its peer. Without a timeout, the system would
/// restart the calls.
fn interrupted_end() -> (Connection, File) {
    let (ours, other) = UnixStream::pair().expect("a socket pair can be created");
    let limit = Some(Duration::from_secs(3600));
    ours.set_read_timeout(limit).expect("the timeout can be set");
    ours.set_write_timeout(limit).expect("the timeout can be set");
    (ours.into(), OwnedFd::from(other).into())
}

/// Returns a message longer than a connection holds.
fn message() -> Vec<u8> {
    let all: Vec<u8> = (0..251).collect();
    all.repeat((4 << 20) / all.len())
}

fn frame() -> Vec<u8> {
    let message = message();
    let length = u32::try_from(message.len()).expect("it is short");
    [&length.to_be_bytes()[..], &message].concat()
}

/// The bytes that the peer transfers before it waits until this side was interrupted.
const STEP: usize = 64 << 10;

#[test]
fn a_long_message_is_received_whole_despite_signals() {
    among_signals(|signals| {
        let (mut ours, mut other) = interrupted_end();
        thread::scope(|scope| {
            scope.spawn(move || {
                for part in frame().chunks(STEP) {
                    other.write_all(part).expect("the message is received");
                    signals.during(thread::yield_now);
                }
            });
            assert!(ours.recv_bytes().expect("the message is sent") == message(), "the message differs");
        });
    });
}

#[test]
fn a_long_message_is_sent_whole_despite_signals() {
    among_signals(|signals| {
        let (mut ours, mut other) = interrupted_end();
        thread::scope(|scope| {
            let reading = scope.spawn(move || {
                let mut all = Vec::new();
                while (&mut other).take(STEP as u64).read_to_end(&mut all).expect("the message is sent") > 0 {
                    signals.during(thread::yield_now);
                }
                all
            });
            ours.send_bytes(&message()).expect("the message is received");
            ours.close();
            assert!(reading.join().expect("it ends without a panic") == frame(), "the message differs");
        });
    });
}
