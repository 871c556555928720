//! A real Python process talks to a worker in Rust: `python/talk.py` to `examples/echo.rs`.

use std::env;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use course_tests::python::Twin;
use course_tests::run::cargo::{PROGRAMS_VAR, cargo};
use pipe_ipc::{Connection, duplex, pipe};

/// Returns the path of the worker. Cargo passes to a test the paths of its package's programs, but not of its examples.
fn echo() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        // `cargo xtask test` has built the examples, too.
        let beside = Path::new(env!("CARGO_BIN_EXE_pipe-ipc")).with_file_name("examples").join("echo");
        if env::var_os(PROGRAMS_VAR).is_some() { beside } else { build_echo() }
    })
}

fn build_echo() -> PathBuf {
    let built = cargo()
        .args(["build", "--quiet", "--package", "pipe-ipc", "--example", "echo", "--message-format=json"])
        .output()
        .expect("cargo runs");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let messages = String::from_utf8(built.stdout).expect("cargo writes UTF-8");
    let (_, rest) = messages.rsplit_once("\"executable\":\"").expect("the output contains the path");
    rest.split('"').next().expect("a path").into()
}

/// Runs the worker with `theirs` as its standard input.
fn echo_with(theirs: Connection, args: &[&str]) -> Output {
    Command::new(echo()).args(args).stdin(theirs).output().expect("the program runs")
}

#[test]
fn messages_from_python_come_back_unchanged() {
    let Some(twin) = Twin::of(env!("CARGO_MANIFEST_DIR")) else { return };
    let talk = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/talk.py");
    let run = Command::new(twin.python()).arg("-I").arg(talk).arg(echo()).output().expect("the program runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    insta::assert_snapshot!(String::from_utf8_lossy(&run.stdout), @"
    11 messages of up to 16777216 bytes came back as they were sent
    36 objects came back as they were sent
    5000 objects came back in order, all sent before any was received
    ");
}

#[test]
fn the_worker_exits_successfully_at_the_end_of_file() {
    let (ours, theirs) = duplex().expect("a socket pair can be created");
    ours.close();
    let run = echo_with(theirs, &[]);
    assert!(run.status.success());
    assert_eq!(run.stderr, b"");
}

#[test]
fn an_invalid_pickle_ends_the_worker_with_status_1() {
    let (mut ours, theirs) = duplex().expect("a socket pair can be created");
    ours.send_bytes(b"not a pickle").expect("the message is sent");
    let run = echo_with(theirs, &["--objects"]);
    assert_eq!(run.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert!(stderr.starts_with("Error: cannot decode a message: byte 0"), "{stderr}");
}

#[test]
fn the_worker_exits_with_status_1_for_another_standard_input_and_2_for_other_arguments() {
    let run = |args: &[&str]| {
        Command::new(echo()).args(args).stdin(Stdio::null()).output().expect("the program runs").status.code()
    };
    assert_eq!(run(&[]), Some(1));
    assert_eq!(run(&["--strings"]), Some(2));
}

#[test]
fn a_dict_with_an_unhashable_key_ends_the_worker_with_status_1() {
    let (mut ours, theirs) = duplex().expect("a socket pair can be created");
    ours.send_bytes(b"\x80\x04}]Ns.").expect("the message is sent");
    let run = echo_with(theirs, &["--objects"]);
    assert_eq!(run.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert!(stderr.contains("a list cannot be a key of a dict"), "{stderr}");
}

/// Twenty pickles that expand to 16 MiB each are in the worker's memory before the first answer is read.
#[cfg(target_os = "linux")]
#[test]
fn the_worker_holds_what_waits_as_the_bytes_that_arrived() {
    const ADDRESS_SPACE: &str = "ulimit -v 300000; exec \"$0\" --objects";
    let (mut ours, theirs) = duplex().expect("a socket pair can be created");
    // A command keeps its standard input open, so it is dropped at once.
    let mut worker = Command::new("/bin/sh")
        .args(["-c", ADDRESS_SPACE])
        .arg(echo())
        .stdin(theirs)
        .spawn()
        .expect("sh can be run");
    let expanding =
        [&b"X\0\0\x01\0"[..], &b"a".repeat(65_536), b"\x940](", &b"h\0".repeat(256), b"e."].concat();
    for _ in 0..20 {
        ours.send_bytes(&expanding).expect("the worker is running");
    }
    // More than the connection holds: when it is sent, the worker has received all before it.
    let last = vec![b'a'; 4 << 20];
    ours.send(serde_bytes::Bytes::new(&last)).expect("the worker is running");
    for _ in 0..20 {
        assert!(ours.recv_bytes().expect("the worker is running").len() > 16 << 20);
    }
    assert_eq!(ours.recv::<serde_bytes::ByteBuf>().expect("the worker is running"), last);
    ours.close();
    assert!(worker.wait().expect("it was started").success());
}

/// The peer stays open: the worker must not wait for another message.
#[test]
fn the_worker_exits_with_status_1_if_it_cannot_send_back() {
    let (mut ours, theirs) = duplex().expect("a socket pair can be created");
    ours.send_bytes(b"hello").expect("the message is sent");
    let ours = UnixStream::from(ours);
    ours.shutdown(Shutdown::Read).expect("the socket is connected");
    let run = echo_with(theirs, &[]);
    assert_eq!(run.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert!(stderr.starts_with("Error: cannot send back: every receiving end is closed"), "{stderr}");
}

#[test]
fn an_end_of_a_one_way_pipe_is_refused() {
    let (receiver, _sender) = pipe().expect("a pipe can be created");
    let run = Command::new(echo()).stdin(receiver).output().expect("the program runs");
    assert_eq!(run.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert!(stderr.contains("one-way pipe"), "{stderr}");
}
