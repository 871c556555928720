//! A real Python process talks to a worker in Rust: `python/talk.py` to `examples/echo.rs`.

use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use course_tests::python::Twin;
use course_tests::run::cargo::cargo;
use pipe_ipc::{Connection, duplex, pipe};

/// The worker. Cargo tells a test where its package's programs are, but not its examples.
fn echo() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(build_echo)
}

fn build_echo() -> PathBuf {
    let built = cargo()
        .args(["build", "--quiet", "--package", "pipe-ipc", "--example", "echo", "--message-format=json"])
        .output()
        .expect("cargo runs");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let messages = String::from_utf8(built.stdout).expect("cargo writes UTF-8");
    let (_, rest) = messages.rsplit_once("\"executable\":\"").expect("cargo says where it is");
    rest.split('"').next().expect("a path").into()
}

/// Runs the worker with the other end of `ours` as its standard input, until that ends.
fn echo_with(theirs: Connection, args: &[&str]) -> Output {
    Command::new(echo()).args(args).stdin(theirs).output().expect("it runs")
}

#[test]
fn what_python_sends_comes_back_as_it_was() {
    let Some(twin) = Twin::of(env!("CARGO_MANIFEST_DIR")) else { return };
    let talk = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/talk.py");
    let run = Command::new(twin.python()).arg("-I").arg(talk).arg(echo()).output().expect("it runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    insta::assert_snapshot!(String::from_utf8_lossy(&run.stdout), @"
    11 messages of up to 16777216 bytes came back as they were sent
    36 objects came back as they were sent
    5000 objects came back in order, all sent before any was received
    ");
}

#[test]
fn at_the_end_of_the_stream_the_worker_ends_with_success_and_says_nothing() {
    let (ours, theirs) = duplex().expect("a socket pair");
    ours.close();
    let run = echo_with(theirs, &[]);
    assert!(run.status.success());
    assert_eq!(run.stderr, b"");
}

#[test]
fn what_is_no_message_ends_the_worker_with_a_message_and_status_1() {
    let (mut ours, theirs) = duplex().expect("a socket pair");
    ours.send_bytes(b"no pickle").expect("it is sent");
    let run = echo_with(theirs, &["--objects"]);
    assert_eq!(run.status.code(), Some(1));
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(said.starts_with("Error: echo cannot receive"), "{said}");
}

#[test]
fn a_standard_input_that_is_no_end_is_refused_with_status_1_and_other_arguments_with_2() {
    let run = |args: &[&str]| {
        Command::new(echo()).args(args).stdin(Stdio::null()).output().expect("it runs").status.code()
    };
    assert_eq!(run(&[]), Some(1));
    assert_eq!(run(&["--strings"]), Some(2));
}

#[test]
fn a_dict_with_a_key_that_python_could_not_hash_is_no_object() {
    let (mut ours, theirs) = duplex().expect("a socket pair");
    ours.send_bytes(b"\x80\x04}]Ns.").expect("it is sent");
    let run = echo_with(theirs, &["--objects"]);
    assert_eq!(run.status.code(), Some(1));
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(said.contains("a list cannot be a key of a dict"), "{said}");
}

/// The other side stays open: the worker must not wait for one more message.
#[test]
fn where_nobody_takes_what_comes_back_the_worker_ends_with_a_message_and_status_1() {
    let (mut ours, theirs) = duplex().expect("a socket pair");
    ours.send_bytes(b"to nobody").expect("it is sent");
    let ours = UnixStream::from(ours);
    ours.shutdown(Shutdown::Read).expect("it is connected");
    let run = echo_with(theirs, &[]);
    assert_eq!(run.status.code(), Some(1));
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(said.starts_with("Error: echo cannot send back: nobody receives any more"), "{said}");
}

#[test]
fn an_end_of_a_one_way_pipe_is_refused_and_the_message_says_what_is_wanted() {
    let (receiver, _sender) = pipe().expect("a pipe");
    let run = Command::new(echo()).stdin(receiver).output().expect("it runs");
    assert_eq!(run.status.code(), Some(1));
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(said.contains("one-way pipe"), "{said}");
}
