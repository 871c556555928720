//! Running programs concurrently, with `sh -c …` instead of lessons.

use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::process::Command;
use std::time::Duration;

use crate::support::{Fifo, make_fifo};
use course_tests::run::output::OUTPUT_LIMIT;
use xtask::concurrent::{Finished, Limits, Program, run_concurrently};
use xtask::status_line::StatusLine;
use xtask::supervisor::Supervisor;

/// All programs at the same time, and far more time than any of them needs.
const LIMITS: Limits = Limits { jobs: NonZeroUsize::MAX, timeout: Duration::from_secs(30) };

fn shell(name: &str, script: &str) -> Program {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    Program::new(name.to_owned(), command)
}

fn with(program: Program, change: impl FnOnce(&mut Command)) -> Program {
    let mut command = program.command.recv().expect("it is built");
    change(&mut command);
    Program::new(program.name, command)
}

fn with_variable(program: Program, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Program {
    with(program, |command| {
        command.env(name, value);
    })
}

fn run(programs: Vec<Program>, limits: Limits) -> Vec<Finished> {
    run_concurrently(programs, limits, &Supervisor::default(), &StatusLine::new(), |_| Ok(())).unwrap()
}

fn run_one(program: Program, limits: Limits) -> Finished {
    run(vec![program], limits).remove(0)
}

fn output(finished: &Finished) -> &str {
    str::from_utf8(&finished.output).unwrap()
}

#[test]
fn outputs_are_complete_and_in_order_whichever_program_finishes_first() {
    let folder = tempfile::tempdir().unwrap();
    let second_is_over = make_fifo(folder.path(), "over");
    let first = shell("first", r#"echo before; read line <"$OVER"; echo "after $line""#);
    let second = shell("second", r#"echo second; echo second >"$OVER""#);
    let programs = [first, second].map(|program| with_variable(program, "OVER", &second_is_over));
    let mut handed_over = Vec::new();
    run_concurrently(Vec::from(programs), LIMITS, &Supervisor::default(), &StatusLine::new(), |program| {
        handed_over.push((program.name.clone(), output(program).to_owned()));
        Ok(())
    })
    .unwrap();
    let expected = [("first", "before\nafter second\n"), ("second", "second\n")];
    assert_eq!(handed_over, expected.map(|(name, output)| (name.to_owned(), output.to_owned())));
}

#[test]
fn a_finished_program_is_handed_over_while_later_ones_are_still_running() {
    let folder = tempfile::tempdir().unwrap();
    let first_is_handed_over = folder.path().join("turn");
    let second = shell("second", r#"until test -e "$TURN"; do sleep 0.01; done; echo second"#);
    let second = with_variable(second, "TURN", &first_is_handed_over);
    let programs = vec![shell("first", "echo first"), second];
    let finished =
        run_concurrently(programs, LIMITS, &Supervisor::default(), &StatusLine::new(), |program| {
            if program.name == "first" { fs::write(&first_is_handed_over, "") } else { Ok(()) }
        });
    assert!(finished.unwrap()[1].passed(), "the first was not handed over before the second finished");
}

#[test]
fn one_job_runs_one_program_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let alone = r#"mkdir "$ALONE" && sleep 0.05 && rmdir "$ALONE""#;
    let programs = ["a", "b", "c", "d"]
        .map(|name| with_variable(shell(name, alone), "ALONE", folder.path().join("alone")));
    let finished = run(Vec::from(programs), Limits { jobs: NonZeroUsize::MIN, ..LIMITS });
    assert_eq!(finished.len(), 4);
    assert!(finished.iter().all(Finished::passed), "{finished:?}");
}

#[test]
fn both_streams_are_kept_in_the_order_in_which_they_were_written() {
    let finished = run_one(shell("both", "echo out; echo err >&2; echo out"), LIMITS);
    assert_eq!(output(&finished), "out\nerr\nout\n");
    assert!(finished.passed());
    assert_eq!(finished.exit_status, Some(0));
}

#[test]
fn the_middle_of_a_long_output_is_omitted() {
    let floods = run_one(shell("floods", "echo first; yes | head -c 20000000; echo last"), LIMITS);
    let output = output(&floods);
    assert!(output.len() < OUTPUT_LIMIT + 100, "{} bytes are kept", output.len());
    assert!(output.starts_with("first\ny\n") && output.ends_with("\ny\nlast\n"));
    assert_eq!(output.matches(" bytes of the output are omitted]\n").count(), 1);
    assert!(floods.passed());
}

#[test]
fn standard_input_is_empty() {
    let (reader, never_closed) = io::pipe().unwrap();
    let reads = with(shell("reads", "cat; echo end"), |command| {
        command.stdin(reader);
    });
    let finished = run_one(reads, LIMITS);
    drop(never_closed);
    assert_eq!(output(&finished), "end\n");
    assert!(finished.passed(), "{finished:?}");
}

#[test]
fn a_program_that_times_out_is_killed_with_its_children_and_its_partial_output_is_kept() {
    let fifo = Fifo::new();
    let hung = shell("hung", r#"exec 3>"$UP"; echo up >&3; echo partial; sleep 60; echo never"#);
    let limits = Limits { timeout: Duration::from_millis(1200), ..LIMITS };
    let finished = run_one(with_variable(hung, "UP", fifo.path()), limits);
    assert_eq!(output(&finished), "partial\n");
    assert_eq!(finished.failures, ["timed out after 1.2s"]);
    assert_eq!(finished.exit_status, None);
    fifo.wait_until_up();
    fifo.wait_until_gone();
}

#[test]
fn a_program_that_leaves_a_process_behind_fails_and_that_process_is_killed() {
    let fifo = Fifo::new();
    let leaves = shell("leaves", r#"exec 3>"$UP"; echo up >&3; echo done; sleep 60 >&3 2>&3 &"#);
    let finished = run_one(with_variable(leaves, "UP", fifo.path()), LIMITS);
    assert_eq!(output(&finished), "done\n");
    assert_eq!(finished.exit_status, Some(0));
    assert_eq!(finished.failures, ["left a process behind (a child process was still running)"]);
    fifo.wait_until_up();
    fifo.wait_until_gone();
}

#[test]
fn the_reason_of_a_failure_is_described() {
    let missing = Program::new("missing".to_owned(), Command::new("/no/such/program"));
    let finished = run(vec![shell("fails", "exit 7"), shell("crashes", "kill -SEGV $$"), missing], LIMITS);
    let reasons: Vec<_> = finished.iter().map(|program| program.failures.join("; ")).collect();
    assert_eq!(reasons[..2], ["exit status 7", "killed by SIGSEGV"]);
    assert!(reasons[2].starts_with("cannot start: No such file or directory"), "{}", reasons[2]);
    assert_eq!(finished.iter().map(|program| program.exit_status).collect::<Vec<_>>(), [Some(7), None, None]);
}

#[test]
fn an_error_of_the_callback_kills_all_running_programs() {
    let fifo = Fifo::new();
    let hung = shell("hung", r#"exec 3>"$UP"; echo up >&3; sleep 60"#);
    let programs = vec![shell("first", "echo first"), with_variable(hung, "UP", fifo.path())];
    let supervisor = Supervisor::default();
    let error = run_concurrently(programs, LIMITS, &supervisor, &StatusLine::new(), |_| {
        fifo.wait_until_up();
        Err(io::Error::from(io::ErrorKind::BrokenPipe))
    })
    .unwrap_err();
    assert_eq!(error.downcast::<io::Error>().unwrap().kind(), io::ErrorKind::BrokenPipe);
    assert!(supervisor.has_stopped(), "the running program was not killed");
    fifo.wait_until_gone();
}

#[test]
fn a_stopped_supervisor_starts_no_program() {
    let folder = tempfile::tempdir().unwrap();
    let started = folder.path().join("started");
    let late = with_variable(shell("late", r#"touch "$STARTED""#), "STARTED", &started);
    let supervisor = Supervisor::default();
    supervisor.stop();
    let finished = run_concurrently(vec![late], LIMITS, &supervisor, &StatusLine::new(), |_| {
        panic!("no program has run")
    });
    assert!(finished.is_err());
    assert!(!started.exists());
}
