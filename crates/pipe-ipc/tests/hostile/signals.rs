//! Signals interrupt what waits: nothing is lost by that, and a deadline is kept.
//!
//! Each test runs itself again in a process of its own, to which signals are sent without pause.

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

/// Another process, which sends signals to this thread without pause until it is dropped.
struct Signals {
    sender: Child,
    /// Set by each signal.
    came: Arc<AtomicBool>,
}

impl Signals {
    fn start() -> Self {
        let came = Arc::new(AtomicBool::new(false));
        flag::register(SIGUSR1, came.clone()).expect("a handler");
        // By its own number, a thread is the first to be interrupted; by that of the process, the main thread is.
        let this_thread = fs::read_link("/proc/thread-self").expect("Linux tells it");
        let sender = Command::new("/bin/sh")
            .args(["-c", "while kill -USR1 $0; do :; done"])
            .arg(this_thread.file_name().expect("it ends with the number"))
            .stdin(Stdio::null())
            .spawn()
            .expect("it starts");
        Self { sender, came }
    }

    /// Does `work` again and again until a signal has come meanwhile.
    fn during(&self, work: impl Fn()) {
        self.came.store(false, Ordering::Relaxed);
        while !self.came.load(Ordering::Relaxed) {
            work();
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.sender.kill().expect("it runs");
        self.sender.wait().expect("it ends");
    }
}

/// Does `work` in a process of its own among signals.
fn among_signals(work: impl FnOnce(&Signals)) {
    if role().is_some() {
        return work(&Signals::start());
    }
    let role = "among signals";
    assert_succeeds(&in_the_role_of(role, 4 << 20), role);
}

/// Signals come far more often. If each began the time anew, it would never end.
const TIMEOUT: Duration = Duration::from_millis(200);

#[test]
fn poll_waits_as_long_as_it_was_told_and_no_signal_begins_the_time_anew() {
    among_signals(|signals| {
        let (receiver, _sender) = pipe().expect("a pipe");
        signals.during(|| {
            let start = Instant::now();
            assert!(!receiver.poll(Some(TIMEOUT)).expect("it can be polled"));
            assert!(start.elapsed() >= TIMEOUT, "a signal ended it early");
        });
    });
}

#[test]
fn wait_waits_as_long_as_it_was_told_and_no_signal_begins_the_time_anew() {
    among_signals(|signals| {
        let (receiver, _sender) = pipe().expect("a pipe");
        signals.during(|| {
            let start = Instant::now();
            let ready = wait(&[&receiver, &receiver], Some(TIMEOUT)).expect("it can be waited for");
            assert_eq!(ready, [0; 0]);
            assert!(start.elapsed() >= TIMEOUT, "a signal ended it early");
        });
    });
}

/// An end whose reads and writes a signal interrupts for good (without a time limit the system would begin them again by
/// itself), and the bare other side.
fn interrupted_end() -> (Connection, File) {
    let (ours, other) = UnixStream::pair().expect("a socket pair");
    let limit = Some(Duration::from_secs(3600));
    ours.set_read_timeout(limit).expect("it takes one");
    ours.set_write_timeout(limit).expect("it takes one");
    (ours.into(), OwnedFd::from(other).into())
}

/// Longer than what a connection holds.
fn message() -> Vec<u8> {
    let all: Vec<u8> = (0..251).collect();
    all.repeat((4 << 20) / all.len())
}

fn frame() -> Vec<u8> {
    let message = message();
    let length = u32::try_from(message.len()).expect("it is short");
    [&length.to_be_bytes()[..], &message].concat()
}

/// The other side goes on by so many bytes, and then waits until our side was interrupted while it waited.
const STEP: usize = 64 << 10;

#[test]
fn a_long_message_is_received_whole() {
    among_signals(|signals| {
        let (mut ours, mut other) = interrupted_end();
        thread::scope(|scope| {
            scope.spawn(move || {
                for part in frame().chunks(STEP) {
                    other.write_all(part).expect("it is received");
                    signals.during(thread::yield_now);
                }
            });
            assert!(ours.recv_bytes().expect("it is sent") == message(), "the message is another");
        });
    });
}

#[test]
fn a_long_message_is_sent_whole() {
    among_signals(|signals| {
        let (mut ours, mut other) = interrupted_end();
        thread::scope(|scope| {
            let reading = scope.spawn(move || {
                let mut all = Vec::new();
                while (&mut other).take(STEP as u64).read_to_end(&mut all).expect("it is sent") > 0 {
                    signals.during(thread::yield_now);
                }
                all
            });
            ours.send_bytes(&message()).expect("it is received");
            ours.close();
            assert!(reading.join().expect("it ends") == frame(), "the message is another");
        });
    });
}
