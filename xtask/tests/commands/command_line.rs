//! The commands as typed by a user, on a fixture workspace whose lessons fail in every way that a lesson can.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::ffi::OsStrExt;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::support::{self, Fifo, cargo, write_script};
use regex_lite::Regex;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

const COURSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixture-workspace");
const TARGET: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/fixture-workspace");
/// What is printed before guarantees are derived.
const DERIVING: &str = "Building the tests and deriving guarantees: this may take some minutes.\n";
/// Reached only by a test that fails.
const LIMIT: Duration = Duration::from_secs(120);

/// `cargo xtask …`, without environment variables that change what it prints.
fn xtask(args: &str) -> Command {
    let mut command = support::xtask();
    command.args(args.split_whitespace()).current_dir(COURSE);
    command.env("CARGO_TARGET_DIR", TARGET).env("CARGO_TERM_QUIET", "true");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Waits until it exits; kills it if it does not.
fn end(child: Child) -> Output {
    let pid = Pid::from_child(&child);
    let (sender, ended) = mpsc::channel();
    thread::spawn(move || sender.send(child.wait_with_output()));
    ended
        .recv_timeout(LIMIT)
        .unwrap_or_else(|_| {
            let _ = kill_process(pid, Signal::KILL);
            panic!("it does not exit");
        })
        .unwrap()
}

fn run(args: &str) -> Output {
    end(xtask(args).spawn().unwrap())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Returns the text with `_` instead of each time, whether it includes builds or not.
fn timeless(bytes: &[u8]) -> String {
    let text = text(bytes).replace(" (with builds)\n", "\n");
    Regex::new(r"\d+\.\d").unwrap().replace_all(&text, "_").into_owned()
}

/// The objects that were printed, one a line.
fn objects(bytes: &[u8]) -> Vec<Value> {
    text(bytes).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn list_prints_the_lessons_in_the_order_of_their_manifests_with_their_descriptions() {
    let output = run("list");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        text(&output.stdout),
        "\
talks              prints on both streams
fails              ends with exit status 3
hangs              waits for a child that never ends
leaves-a-child     ends before its child
says-nothing       prints nothing
floods             prints more than a pipe holds
does-not-compile   has a type error
hangs-while-built  its build script never ends
has-no-program     is a library
"
    );
}

#[test]
fn an_unknown_lesson_is_an_error_of_one_line_that_lists_the_lessons() {
    let output = run("run-all talks nonsense helper");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "");
    assert_eq!(
        text(&output.stderr),
        "error: unknown lesson `nonsense`, `helper`; the lessons are talks, fails, hangs, leaves-a-child, \
         says-nothing, floods, does-not-compile, hangs-while-built, has-no-program\n"
    );
}

#[test]
fn a_current_folder_that_is_gone_is_the_error() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"cd "$0" && rmdir "$0" && exec "$@""#;
    for args in ["run-all", "list", "review", "waterfall --svg x.svg"] {
        let gone = folder.path().join("gone");
        fs::create_dir(&gone).unwrap();
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).arg(gone).arg(env!("CARGO_BIN_EXE_xtask")).args(args.split(' '));
        let output = shell.output().unwrap();
        let error = text(&output.stderr);
        assert!(
            error.starts_with("error: cannot find the current folder; change to one that exists: "),
            "{error}"
        );
        assert_eq!((error.lines().count(), output.status.code()), (1, Some(1)), "{args}");
    }
}

#[test]
fn an_invalid_argument_is_exit_status_2_and_runs_nothing() {
    let wrong = ["", "nonsense", "run-all --jobs 0", "run-all --jobs x", "run-all --timeout 0"];
    let more =
        ["run-all --timeout -1", "run-all --timeout nan", "run-all --json --quiet", "run-all --nonsense"];
    for args in wrong.into_iter().chain(more) {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args}: {output:?}");
        assert_eq!(text(&output.stdout), "", "{args}");
    }
}

#[test]
fn lessons_that_pass_are_printed_once_each_in_lesson_order_without_colour() {
    let output = run("run-all says-nothing talks says-nothing");
    assert_eq!(
        timeless(&output.stdout),
        "\
==> talks <==
out 1
err 2
out 3

==> says-nothing <==

lesson        result  seconds
talks         passed      _
says-nothing  passed      _

2 passed, 0 failed in _s
"
    );
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_failed_lesson_fails_the_run_and_the_others_still_run() {
    let output = run("run-all talks fails says-nothing");
    assert_eq!(
        timeless(&output.stdout),
        "\
==> talks <==
out 1
err 2
out 3

==> fails <==
its last line has no end

==> says-nothing <==

lesson        result                 seconds
talks         passed                     _
fails         failed: exit status 3      _
says-nothing  passed                     _

2 passed, 1 failed in _s
"
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_lesson_that_times_out_is_killed_with_its_children_and_its_partial_output_is_printed() {
    let fifo = Fifo::new();
    let output = end(xtask("run-all talks hangs --timeout 4.5").env("UP", fifo.path()).spawn().unwrap());
    let printed = timeless(&output.stdout);
    assert!(printed.contains("==> hangs <==\nbefore it hangs\n\n"), "{printed}");
    assert!(printed.contains("\nhangs   failed: timed out after _s      _\n"), "{printed}");
    assert_eq!(output.status.code(), Some(1));
    fifo.wait_until_up();
    fifo.wait_until_gone();
}

#[test]
fn a_lesson_that_leaves_a_process_behind_fails_the_run() {
    let fifo = Fifo::new();
    let output = end(xtask("run-all leaves-a-child").env("UP", fifo.path()).spawn().unwrap());
    let printed = timeless(&output.stdout);
    assert!(printed.starts_with("==> leaves-a-child <==\nbefore it leaves\n\n"), "{printed}");
    assert!(printed.contains("leaves-a-child  failed: left a process behind ("), "{printed}");
    assert_eq!(output.status.code(), Some(1));
    fifo.wait_until_up();
    fifo.wait_until_gone();
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_that_has_left_its_group_is_killed_when_its_lesson_has_ended() {
    let fifo = Fifo::new();
    let mut command = xtask("run-all leaves-a-child");
    let output = end(command.env("UP", fifo.path()).env("SETSID", "setsid").spawn().unwrap());
    let printed = timeless(&output.stdout);
    assert!(
        printed.contains("left a process behind (a child process outside its process group"),
        "{printed}"
    );
    fifo.wait_until_up();
    fifo.wait_until_gone();
}

#[cfg(target_os = "linux")]
#[test]
fn a_run_that_is_killed_leaves_no_lesson_running() {
    let fifo = Fifo::new();
    // What is killed leaves its temporary files there.
    let folder = tempfile::tempdir().unwrap();
    let mut run = xtask("run-all hangs");
    let child = run.env("UP", fifo.path()).env("ALONE", "exec").env("TMPDIR", folder.path()).spawn().unwrap();
    fifo.wait_until_up();
    kill_process(Pid::from_child(&child), Signal::KILL).unwrap();
    end(child);
    fifo.wait_until_gone();
}

#[test]
fn a_lesson_has_a_folder_for_its_temporary_files_whatever_the_name_of_that_around_it() {
    let around = tempfile::tempdir().unwrap();
    let folder = around.path().join(OsStr::from_bytes(b"not UTF-8: \xff"));
    let missing = end(xtask("run-all says-nothing").env("TMPDIR", &folder).spawn().unwrap());
    let error = text(&missing.stderr);
    assert!(error.starts_with("error: cannot create a temporary folder (see TMPDIR): "), "{error}");
    assert!(error.contains("not UTF-8: \\xFF"), "{error}");
    if fs::create_dir(&folder).is_ok() {
        let output = end(xtask("run-all says-nothing").env("TMPDIR", &folder).spawn().unwrap());
        assert!(output.status.success(), "{output:?}");
        assert_eq!(fs::read_dir(folder).unwrap().count(), 0, "it is removed");
    }
}

#[test]
fn quiet_prints_the_output_of_failed_lessons_only() {
    let output = run("run-all --quiet talks fails says-nothing");
    assert_eq!(
        timeless(&output.stdout),
        "\
==> fails <==
its last line has no end

lesson        result                 seconds
talks         passed                     _
fails         failed: exit status 3      _
says-nothing  passed                     _

2 passed, 1 failed in _s
"
    );
}

#[test]
fn json_is_one_object_a_line_in_lesson_order_and_the_totals_last() {
    let output = run("run-all --json fails talks");
    let mut objects = objects(&output.stdout);
    for object in &mut objects {
        assert!(object["seconds"].take().is_f64());
    }
    let talks = json!({
        "lesson": "talks", "result": "passed", "reasons": [], "exit_status": 0, "seconds": null,
        "output": "out 1\nerr 2\nout 3\n",
    });
    let fails = json!({
        "lesson": "fails", "result": "failed", "reasons": ["exit status 3"], "exit_status": 3, "seconds": null,
        "output": "its last line has no end",
    });
    assert_eq!(objects, [talks, fails, json!({ "passed": 1, "failed": 1, "seconds": null })]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn clicolor_force_turns_colour_on_and_no_color_turns_it_off() {
    let coloured = end(xtask("run-all talks fails").env("CLICOLOR_FORCE", "1").spawn().unwrap());
    let coloured = text(&coloured.stdout);
    assert!(coloured.contains("\x1b[1m==> talks <==\x1b[0m\n"), "{coloured}");
    assert!(coloured.contains("\x1b[32mpassed "), "{coloured}");
    assert!(coloured.contains("\x1b[31mfailed: "), "{coloured}");
    let mut plain = xtask("run-all talks fails");
    plain.env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1");
    let plain = text(&end(plain.spawn().unwrap()).stdout);
    assert!(!plain.contains('\x1b'), "{plain}");
}

#[test]
fn a_lesson_that_does_not_compile_fails_the_run_and_shows_the_compilers_messages() {
    let output = run("run-all talks does-not-compile");
    assert_eq!(output.status.code(), Some(1));
    // What was built before may have run.
    let printed = text(&output.stdout);
    assert!(!printed.contains(" passed,"), "{printed}");
    let error = text(&output.stderr);
    assert!(error.contains("error[E0308]: mismatched types"), "{error}");
    assert!(error.contains("expected `u8`, found `&str`"), "{error}");
    assert!(
        error.ends_with("error: cannot build the lessons; see the compiler's messages above\n"),
        "{error}"
    );
}

#[test]
fn a_message_of_cargo_that_cannot_be_parsed_is_the_error() {
    let folder = tempfile::tempdir().unwrap();
    let script = "case \"$1\" in build) echo cake; exit 1;; *) exec \"$REAL\" \"$@\";; esac";
    let fake = write_script(folder.path(), "cargo", script);
    let output = end(xtask("run-all talks").env("CARGO", fake).env("REAL", cargo()).spawn().unwrap());
    let error = text(&output.stderr);
    assert!(error.starts_with("error: cannot parse a message from cargo: expected value"), "{error}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_lesson_without_a_program_fails_the_run() {
    let output = run("run-all has-no-program");
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert!(
        error.ends_with("error: the lesson has-no-program has no program named has-no-program\n"),
        "{error}"
    );
}

#[test]
fn a_signal_leaves_no_process_and_no_file_and_shows_in_the_exit_status() {
    for (signal, status) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let (fifo, folder) = (Fifo::new(), tempfile::tempdir().unwrap());
        let mut command = xtask("run-all hangs says-nothing");
        let child = command.env("UP", fifo.path()).env("TMPDIR", folder.path()).spawn().unwrap();
        fifo.wait_until_up();
        kill_process(Pid::from_child(&child), signal).unwrap();
        let output = end(child);
        fifo.wait_until_gone();
        assert_eq!(output.status.code(), Some(status), "{output:?}");
        assert_eq!(text(&output.stdout), "", "a killed lesson is not reported");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "its temporary files are removed");
        assert_eq!(text(&output.stderr), "");
    }
}

#[test]
fn a_signal_during_the_build_leaves_nothing_running() {
    let fifo = Fifo::new();
    // A folder of its own: while one build hangs, another one of the same folder would wait for it.
    let target = format!("{TARGET}-that-hangs");
    let mut command = xtask("run-all hangs-while-built");
    let child = command.env("UP", fifo.path()).env("CARGO_TARGET_DIR", target).spawn().unwrap();
    fifo.wait_until_up();
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let output = end(child);
    fifo.wait_until_gone();
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn a_lesson_is_run_and_printed_while_the_last_one_is_built() {
    let fifo = Fifo::new();
    let target = format!("{TARGET}-whose-last-lesson-hangs");
    let mut command = xtask("run-all talks hangs-while-built");
    let mut child = command.env("UP", fifo.path()).env("CARGO_TARGET_DIR", target).spawn().unwrap();
    fifo.wait_until_up();
    let mut printed = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    printed.read_line(&mut first).unwrap();
    assert_eq!(first, "==> talks <==\n");
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    assert_eq!(end(child).status.code(), Some(130));
    fifo.wait_until_gone();
}

#[test]
fn a_signal_while_guarantees_are_derived_leaves_nothing_running() {
    let fifo = Fifo::new();
    let target = format!("{TARGET}-that-hangs-in-orders");
    let mut command = xtask("orders hangs-while-built");
    let child = command.env("UP", fifo.path()).env("CARGO_TARGET_DIR", target).spawn().unwrap();
    fifo.wait_until_up();
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    let output = end(child);
    fifo.wait_until_gone();
    assert_eq!(output.status.code(), Some(143), "{output:?}");
    assert_eq!(text(&output.stderr), DERIVING);
}

#[test]
fn orders_fails_if_no_test_derives_guarantees() {
    let output = run("orders talks");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(text(&output.stderr), format!("{DERIVING}error: no test derives guarantees\n"));
    assert_eq!(text(&output.stdout), "");
}

#[test]
fn a_signal_ends_a_run_that_is_blocked_writing_to_a_pipe() {
    let mut child = xtask("run-all floods").spawn().unwrap();
    let mut unread = child.stdout.take().unwrap();
    unread.read_exact(&mut [0]).unwrap();
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    assert_eq!(end(child).status.code(), Some(130));
    drop(unread);
}

#[test]
fn a_closed_standard_output_ends_the_run_silently() {
    for args in ["run-all talks floods", "run-all --json talks", "run-all --quiet talks", "list"] {
        let mut command = xtask(args);
        let child = {
            let (reader, stdout) = std::io::pipe().unwrap();
            drop(reader);
            command.stdout(stdout).spawn().unwrap()
        };
        let output = end(child);
        assert_eq!(text(&output.stderr), "", "{args}");
        assert_eq!(output.status.code(), Some(141), "{args}: as a shell reports SIGPIPE");
    }
}

// Other systems have no such device.
#[cfg(target_os = "linux")]
#[test]
fn a_help_that_cannot_be_written_is_an_error() {
    let full = fs::File::options().write(true).open("/dev/full").expect("a device");
    let output = xtask("review --help").stdout(full).output().expect("it runs");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), error.lines().count()), (Some(1), 1), "{error}");
}
