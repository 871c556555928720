//! Tests of counterexamples: their tables, and the order of their steps.

use insta::assert_snapshot;
use unicode_width::UnicodeWidthStr as _;

use super::{Counterexample, programs};
use crate::operation::Actor;
use crate::run::Run;

fn shown(run: Run) -> String {
    Counterexample::new(run, None).expect("any order fails").to_string()
}

#[test]
fn a_deadlock_shows_who_holds_what_each_actor_waits_for() {
    assert_snapshot!("opposite_orders", shown(programs::opposite_orders()));
}

#[test]
fn a_lost_update_shows_both_reads_before_both_writes() {
    let output = vec!["1000".to_owned()];
    let counterexample = Counterexample::new(programs::lost_update(), Some(output)).expect("it prints that");
    assert_snapshot!("lost_update", counterexample);
}

#[test]
fn a_panic_is_shown_with_its_message() {
    assert_snapshot!("wait_without_a_loop", shown(programs::wait_without_a_loop()));
}

#[test]
fn a_notification_for_which_no_actor_waits_is_shown_as_such() {
    assert_snapshot!("lost_notification", shown(programs::lost_notification()));
}

#[test]
fn a_zombie_is_named() {
    assert_snapshot!("child_never_waited_for", shown(programs::child_never_waited_for()));
}

#[test]
fn steps_that_are_repeated_are_shown_once() {
    assert_snapshot!("two_pipes_full", shown(programs::two_pipes_full()));
}

#[test]
fn a_table_of_five_actors_fits_a_hundred_columns() {
    let table = shown(programs::many_actors());
    let too_wide = table.lines().find(|line| line.width() > 100);
    assert_eq!(too_wide, None);
    assert_snapshot!("many_actors", table);
}
