//! A mistake of a lesson, played through its program.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use player::program::{EndKind, Program};
use player::{Client, choices};
use xtask::lessons;
use xtask::scene::{self, Libraries};
use xtask::supervisor::Supervisor;

/// Plays the mistake, with these arguments and this standard output.
fn play(args: &[&str], stdout: impl Into<Stdio>) -> Output {
    let mut player = Command::new(env!("CARGO_BIN_EXE_player"));
    player.args(["shared-data", "read_then_write"]).args(args).stdin(Stdio::null()).stdout(stdout);
    player
        .env("CARGO_TERM_QUIET", "true")
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts")
        .wait_with_output()
        .expect("it ends")
}

#[test]
fn a_closed_standard_output_ends_the_player_silently() {
    let (reader, stdout) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = play(&[], stdout);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(141), "as a shell reports SIGPIPE");
}

#[test]
fn a_goal_that_no_schedule_reaches_is_an_error_that_names_the_goals_and_lines_that_one_prints_are_a_goal() {
    let output = play(&["--goal", "nonsense"], Stdio::piped());
    let error = "error: no schedule prints `nonsense`, and it is none of the goals: print 1000; print 1001\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), error);
    assert_eq!(output.status.code(), Some(2));
    let printed = String::from_utf8(play(&["--goal", "1001"], Stdio::piped()).stdout).expect("text");
    assert!(printed.contains("\nGoal: [ ] 1001 (fewest switches: "), "{printed}");
}

#[test]
fn the_program_of_a_mistake_answers_the_player() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the workspace");
    let (course, supervisor) = (lessons::course_in(root).expect("the workspace"), Supervisor::default());
    let scene = scene::find(&course, "shared-data", Some("read_then_write")).expect("it exists");
    let libraries = Libraries::build(&course, &supervisor).expect("they can be built");
    let compiled = libraries.compile(&scene, &supervisor).expect("the compiler runs").expect("it compiles");
    let mut program = Client::new(compiled.command(), Arc::default());

    let both_have_read = program.at(&[1, 2]).expect("both can read");
    let next = |actor: usize| both_have_read.actors[actor].next.as_str();
    assert_eq!([next(1), next(2)], ["will write the atomic"; 2]);
    let futures = program.futures(&[1, 2]).expect("either can write");
    assert_eq!(futures.iter().map(|future| &future.outcomes[..]).collect::<Vec<_>>(), [["1000"], ["1000"]]);

    let ways = program.goals(&scene.goals).expect("an answer");
    let way = ways[0].as_ref().expect("1000 can be printed");
    assert_eq!(way.fewest, 3);
    let reached = program.at(&choices::parse(&way.choices).expect("choices")).expect("they are possible");
    assert_eq!(
        (reached.printed, reached.end.expect("an end").kind),
        (vec!["1000".to_owned()], EndKind::Exit)
    );

    let error = program.at(&[0]).expect_err("main waits").to_string();
    assert_eq!(error, "after 0 choices, actor 0 cannot take a step; those that can: 1, 2");
}
