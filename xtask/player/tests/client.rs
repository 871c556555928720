//! A scene's program that does not do as it should, written in the language of the shell.

mod model;

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use model::scene;
use player::program::{EndKind, Program, State};
use player::{Client, Session};

/// Returns a program that runs a script.
fn script(text: &str) -> Client {
    let mut command = Command::new("sh");
    command.args(["-c", text]);
    Client::new(command, Arc::default())
}

fn error(program: &mut Client) -> String {
    format!("{:#}", program.at(&[0, 0, 1]).expect_err("it fails"))
}

#[test]
fn an_answer_is_read() {
    let answer = r#"{"actors": [{"name": "main", "state": "waits", "file": "main.rs", "line": 41, "next": "waits"},
        {"name": "thread 1", "state": "ended", "file": null, "line": 0, "next": ""}], "printed": ["a"], "holds": [],
        "steps": [{"actor": 0, "file": "main.rs", "line": 40, "words": "takes"}],
        "end": {"kind": "deadlock", "words": []}}"#;
    let answer = answer.replace('\n', " ");
    let mut program = script(&format!("read request; [ \"$request\" = 'at 0*2,1' ] && echo '{answer}'"));
    let position = program.at(&[0, 0, 1]).expect("an answer");
    assert_eq!(position.actors[0].state, State::Waits);
    assert_eq!(position.actors[1].file, None);
    assert_eq!(position.end.expect("an end").kind, EndKind::Deadlock);
}

#[test]
fn futures_and_goals_are_read() {
    let mut program = script(
        r#"read futures; echo '{"futures": [{"actor": 1, "total": 9, "outcomes": [], "only": ["1000"], "more": 2}]}'
           read goals; echo '{"goals": [{"fewest": 2, "choices": "0*4,1"}, null]}'
           read goals; echo '{"goals": []}'"#,
    );
    assert_eq!(program.futures(&[]).expect("an answer")[0].more, 2);
    let goal = serde_json::from_str(r#"{"name": "print 1000"}"#).expect("a goal");
    let goals = [&goal, &goal].map(Clone::clone);
    let found = program.goals(&goals).expect("an answer");
    assert_eq!(found[0].as_ref().expect("it can be reached").fewest, 2);
    assert_eq!(found[1], None);
    let error = program.goals(&goals).expect_err("an answer is missing");
    assert_eq!(error.to_string(), "the program answered for 0 of 2 goals");
}

#[test]
fn an_error_that_the_program_answers_is_passed_on() {
    assert_eq!(
        error(&mut script(r#"read x; echo '{"error": "it does not compile"}'"#)),
        "it does not compile"
    );
}

#[test]
fn an_answer_that_is_not_json_is_shown() {
    let error = error(&mut script("read x; echo hello"));
    assert!(error.starts_with("invalid answer to the request `at 0*2,1`: hello: "), "{error}");
}

#[test]
fn a_program_that_ends_is_reported_with_its_status_and_the_end_of_its_standard_error() {
    assert_eq!(
        error(&mut script("read x; yes | head -9000 >&2; echo oh no >&2; exit 3")).split_once("): ").map(
            |(begin, end)| {
                (begin.to_owned(), end.trim_start_matches(['y', '\n']).to_owned(), end.len() <= 1_000)
            }
        ),
        Some((
            "the program ended without an answer to the request `at 0*2,1` (exit status: 3".to_owned(),
            "oh no".to_owned(),
            true
        ))
    );
}

#[test]
fn a_program_that_does_not_answer_is_killed_and_started_again_at_the_next_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let pids = folder.path().join("pids");
    let text = format!("echo $$ >> {}; read x; exec sleep 60", pids.display());
    let mut program = script(&text).with_time_limit(Duration::from_millis(300));
    for _ in 0..2 {
        let start = Instant::now();
        assert_eq!(
            error(&mut program),
            "no answer within 0.3 s to the request `at 0*2,1`: the program may be in a loop without a step"
        );
        assert!(start.elapsed() < Duration::from_secs(20), "it waited for the program");
    }
    let pids = fs::read_to_string(pids).expect("two processes");
    assert_eq!(pids.lines().count(), 2);
    for pid in pids.lines() {
        assert!(!is_running(pid), "process {pid} runs");
    }
}

#[test]
fn the_program_is_killed_when_it_is_dropped() {
    let mut program = script(r#"read x; echo "{\"error\": \"$$\"}"; exec sleep 60"#);
    let pid = error(&mut program);
    assert!(is_running(&pid));
    drop(program);
    assert!(!is_running(&pid));
}

#[test]
fn a_program_that_cannot_be_run_is_named() {
    let mut program = Client::new(Command::new("/does/not/exist"), Arc::default());
    assert!(error(&mut program).starts_with("cannot run /does/not/exist: "));
}

/// The start of a scene whose only actor can always go, as a line for a script.
const READY: &str = concat!(
    r#"echo '{"actors": [{"name": "main", "state": "ready", "file": null, "line": 0, "next": ""}], "#,
    r#""printed": [], "holds": [], "steps": [], "end": null}'"#
);

#[test]
fn a_step_without_an_answer_is_not_taken() {
    let mut program = script(&format!("read x; {READY}; read x; echo '{{\"error\": \"no\"}}'"));
    let mut session = Session::start(&mut program, scene("", "[]", None)).expect("it starts");
    assert_eq!(session.choose(0).expect_err("it fails").to_string(), "no");
    assert!(session.choices().is_empty());
    assert_eq!(session.position().actors.len(), 1);
}

#[test]
fn an_actor_that_always_can_go_is_run_for_a_thousand_steps() {
    let mut program = script(&format!("while read x; do {READY}; done"));
    let mut session = Session::start(&mut program, scene("", "[]", None)).expect("it starts");
    let error = session.run(0).expect_err("it does not end").to_string();
    assert_eq!(error, "main has taken 1000 steps and can take more");
    assert_eq!(session.choices().len(), 1_000);
}

/// Returns whether a process exists, by a signal that does nothing.
fn is_running(pid: &str) -> bool {
    let kill = Command::new("sh").args(["-c", "kill -0 \"$0\" 2>/dev/null", pid]).status();
    kill.expect("the shell runs").success()
}
