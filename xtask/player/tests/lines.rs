//! The line mode, and the state of play below it.

mod model;

use std::io::BufRead as _;

use insta::assert_snapshot;
use model::{LOST_UPDATE_GOALS, Model, OPPOSITE_ORDERS_GOALS, scene};
use player::choices::parse;
use player::lines::{play_choices, play_commands};
use player::session::Session;

/// Plays `choices` and returns what is printed, with the error if there is one.
fn played(mut model: Model, goals: &str, choices: &str) -> String {
    let mut session = Session::start(&mut model, scene("A scene", goals, Some(0))).expect("it starts");
    let mut output = Vec::new();
    let choices = parse(choices).expect("choices");
    let end = match play_choices(&mut session, &choices, &mut output) {
        Ok(()) => String::new(),
        Err(error) => format!("error: {error:#}\n"),
    };
    String::from_utf8(output).expect("text") + &end
}

/// Carries out commands, and returns what is printed after the start.
fn commanded(mut model: Model, goals: &str, commands: &str) -> String {
    let mut session = Session::start(&mut model, scene("A scene", goals, None)).expect("it starts");
    let mut output = Vec::new();
    play_commands(&mut session, commands.as_bytes().lines(), &mut output).expect("it plays");
    let output = String::from_utf8(output).expect("text");
    let (_, commands) = output.split_once("\ncommands: ").expect("the commands are listed");
    commands.split_once('\n').expect("a line").1.to_owned()
}

#[test]
fn choices_print_each_step_and_where_they_lead() {
    assert_snapshot!(played(Model::opposite_orders(), OPPOSITE_ORDERS_GOALS, "0*2,1"));
}

#[test]
fn an_end_announces_the_goals_that_are_reached() {
    assert_snapshot!(played(Model::lost_update(), LOST_UPDATE_GOALS, "0*2,1,2*2,1,0*3"));
}

#[test]
fn a_deadlock_is_announced() {
    assert_snapshot!(played(Model::opposite_orders(), OPPOSITE_ORDERS_GOALS, "0*2,1,2"));
}

#[test]
fn an_error_names_the_choice_that_is_not_possible_and_those_that_are() {
    let error = |choices| {
        let printed = played(Model::opposite_orders(), "[]", choices);
        printed.lines().last().expect("a line").to_owned()
    };
    assert_eq!(error("0*2,1,2*2"), "error: choice 5 of 5 is 2: no thread or process can take another step");
    assert_eq!(
        error("0*2,1*2,2,0"),
        "error: choice 5 of 6 is 2: thread 2 cannot take a step: it waits for the lock toast, held by thread 1; \
         possible: 1 (thread 1)"
    );
    assert_eq!(error("1"), "error: choice 1 of 1 is 1: there is no actor 1 yet; possible: 0 (main)");
    assert_eq!(
        error("0*2,1*4,1"),
        "error: choice 7 of 7 is 1: thread 1 has ended; possible: 0 (main), 2 (thread 2)"
    );
}

#[test]
fn commands_choose_run_undo_and_restart() {
    assert_snapshot!(commanded(Model::lost_update(), "[]", "0\ne 0\nu\nr\nq\n0\n"));
}

#[test]
fn commands_compare_futures_and_list_goals() {
    assert_snapshot!(commanded(Model::lost_update(), LOST_UPDATE_GOALS, "0*2,1,2\nf\n2,1,0*3\ng\n"));
}

#[test]
fn a_command_that_cannot_be_carried_out_prints_an_error_and_changes_nothing() {
    assert_snapshot!(commanded(Model::lost_update(), "[]", "u\n7\ne 7\nx\n0*3,1\n?\n"));
}

#[test]
fn the_fewest_switches_of_the_player_are_kept_over_a_restart() {
    let mut model = Model::lost_update();
    let mut session = Session::start(&mut model, scene("", LOST_UPDATE_GOALS, None)).expect("it starts");
    let own = |session: &Session| session.goals().map(|(_, progress)| progress.own).collect::<Vec<_>>();
    for (choices, fewest) in [("0*2,1,2,1,2,0*3", 5), ("0*2,1,2*2,1,0*3", 4), ("0*2,1,2,1,2,0*3", 4)] {
        session.restart();
        session.play(&parse(choices).expect("choices")).expect("they are possible");
        assert_eq!(own(&session), [Some(fewest), None, None]);
    }
}
