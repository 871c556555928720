//! The command line that all lessons share, tried on a small one.

use std::fs;
#[cfg(target_os = "linux")]
use std::fs::File;
use std::process::Command;

use course_tests::{Program, Run};

fn demo() -> Program {
    Program::new(env!("CARGO_BIN_EXE_scenarios-demo"))
}

fn run(args: &[&str]) -> Run {
    demo().args(args).run()
}

#[test]
fn help_lists_the_scenarios_and_not_what_child_processes_run() {
    let help = "\
Usage: scenarios-demo [SCENARIO]

Scenarios:
  count               prints one, two, three
  fail                ends with an error
  copy --into [FILE]  copies standard input

Without a scenario, it runs count, fail.

Options:
  -h, --help  Print this help
";
    for args in [&["--help"][..], &["-h"], &["count", "--help"]] {
        let run = run(args);
        assert_eq!((run.output.as_str(), run.status.code()), (help, Some(0)), "{args:?}");
    }
}

#[test]
fn help_ends_quietly_when_standard_output_is_closed() {
    let run = demo().arg("--help").without_reader().run();
    assert_eq!((run.output.as_str(), run.status.code()), ("", Some(0)));
}

#[test]
fn a_scenario_prints_its_own_lines_and_no_heading() {
    assert_eq!(run(&["count"]).output, "one\ntwo\none to three\n");
}

#[test]
fn without_an_argument_each_scenario_has_a_heading_and_a_failure_ends_the_program() {
    let run = run(&[]);
    assert_eq!(
        run.output,
        "== count: prints one, two, three\none\ntwo\none to three\n\
         == fail: ends with an error\nerror: it failed: the cause\nerror: fail failed: exit status: 1\n"
    );
    assert_eq!(run.status.code(), Some(1));
}

#[test]
fn headings_go_to_standard_error_and_are_not_dimmed_where_that_is_not_a_terminal() {
    let run = demo().without_reader().run();
    assert!(run.output.starts_with("== count: prints one, two, three\n"), "{}", run.output);
}

#[test]
fn an_error_is_one_line_with_its_cause_and_status_1() {
    let run = run(&["fail"]);
    assert_eq!((run.output.as_str(), run.status.code()), ("error: it failed: the cause\n", Some(1)));
}

#[test]
fn an_unknown_scenario_is_one_line_with_the_scenarios_and_status_2() {
    for args in [&["nonsense"][..], &["count", "more"], &["count", "up-to"], &[""], &["copy"]] {
        let run = run(args);
        let message = format!(
            "error: no scenario {:?}; the scenarios are count, fail, copy --into [FILE] (see --help)\n",
            args.join(" ")
        );
        assert_eq!((run.output, run.status.code()), (message, Some(2)), "{args:?}");
    }
}

#[test]
fn a_scenario_on_a_file_takes_its_name_or_the_default_but_no_option() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (args, file) in [(&["copy", "--into"][..], "copy.txt"), (&["copy", "--into", "notes"], "notes")] {
        let run = demo().args(args).in_folder(&folder).type_in("text").run();
        assert_eq!((run.output.as_str(), run.status.code()), ("", Some(0)));
        assert_eq!(fs::read_to_string(folder.path().join(file)).expect("a file"), "text");
    }
    for file in ["--force", ""] {
        assert_eq!(run(&["copy", "--into", file]).status.code(), Some(2), "{file:?}");
    }
}

#[test]
fn a_scenario_ends_quietly_when_standard_output_is_closed() {
    let run = demo().arg("long").without_reader().run();
    assert_eq!((run.output.as_str(), run.status.code()), ("", Some(0)));
}

#[test]
fn a_closed_pipe_other_than_standard_output_is_an_error() {
    let run = run(&["pipe"]);
    assert_eq!((run.output.as_str(), run.status.code()), ("error: Broken pipe (os error 32)\n", Some(1)));
}

// Other systems have no such device.
#[cfg(target_os = "linux")]
#[test]
fn a_standard_output_that_cannot_be_written_is_one_error_and_never_a_panic() {
    let message = "error: cannot write to standard output: No space left on device (os error 28)\n";
    for (command, status) in [("line", 1), ("long", 1)] {
        let full = File::options().write(true).open("/dev/full").expect("a device");
        let mut demo = Command::new(env!("CARGO_BIN_EXE_scenarios-demo"));
        let output = demo.arg(command).env("RUST_BACKTRACE", "1").stdout(full).output().expect("it starts");
        assert_eq!(String::from_utf8_lossy(&output.stderr), message, "{command}");
        assert_eq!(output.status.code(), Some(status), "{command}");
    }
}

#[test]
fn print_line_runs_on_when_standard_output_is_closed() {
    let run = demo().arg("line").without_reader().run();
    assert_eq!((run.output.as_str(), run.status.code()), ("error: after the line\n", Some(1)));
}

#[test]
fn a_program_that_cannot_be_started_is_named() {
    let run = run(&["start"]);
    let message = "error: cannot start missing/program: No such file or directory (os error 2)\n";
    assert_eq!((run.output.as_str(), run.status.code()), (message, Some(1)));
}

#[test]
fn a_child_that_ctrl_c_has_ended_is_no_failure_to_report_and_another_signal_is() {
    let run_until = |signal| run(&["signal", signal]);
    let ended = run_until("INT");
    assert_eq!((ended.output.as_str(), ended.status.code()), ("", Some(130)));
    let ended = run_until("KILL");
    assert!(ended.output.ends_with("failed: signal: 9 (SIGKILL)\n"), "{}", ended.output);
    assert_eq!(ended.status.code(), Some(1));
}

// Other systems cannot tell a process that its parent has ended.
#[cfg(target_os = "linux")]
#[test]
fn a_child_ends_with_its_parent_at_whatever_moment_that_is_killed() {
    use std::thread;
    use std::time::{Duration, Instant};

    // The argument of the children.
    let name = format!("child-of-{}", std::process::id());
    for moment in 0..100 {
        let mut parent = Command::new(env!("CARGO_BIN_EXE_scenarios-demo"));
        let mut parent = parent.args(["parent", &name]).spawn().expect("it starts");
        thread::sleep(Duration::from_micros(50 * moment));
        parent.kill().expect("it is not reaped yet");
        parent.wait().expect("it can be waited for");
    }
    let runs = |process: &fs::DirEntry| {
        fs::read_to_string(process.path().join("cmdline")).is_ok_and(|line| line.contains(&name))
    };
    let start = Instant::now();
    while let Some(child) = fs::read_dir("/proc").expect("processes").flatten().find(runs) {
        assert!(start.elapsed() < Duration::from_secs(20), "{} runs on", child.path().display());
        thread::sleep(Duration::from_millis(1));
    }
}
