//! Tests of counterexamples: their tables, and the order of their steps.

use insta::assert_snapshot;
use unicode_width::UnicodeWidthStr as _;

use super::recorder::{MAIN, Recorder};
use super::rows::rows;
use super::{Counterexample, programs};
use crate::names::Names;
use crate::operation::{Actor, Operation};
use crate::run::{Ending, Run};

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

#[test]
fn an_actor_has_the_number_that_it_gets_when_the_run_is_replayed() {
    let run = programs::threads_of_children();
    let names: Vec<_> = run.actors.iter().map(|actor| actor.name.clone()).collect();
    assert_eq!(names, ["", "first", "second", "", ""]);
    let [of_second, of_first] = [3, 4].map(Actor);

    // The first child goes first here, and so creates its thread before the second one does.
    let counterexample = Counterexample::new(run, None).expect("any order fails");
    assert_eq!(counterexample.run().by_creation(), [0, 1, 2, 4, 3].map(Actor));
    let names = Names::new(counterexample.run());
    assert_eq!((names.actor(of_first), names.actor(of_second)), ("thread 1", "thread 2"));
    let steps = counterexample.run().steps.iter().filter(|step| step.operation != Operation::Start);
    let steps = steps.map(|step| step.actor);
    let choices = counterexample.choices();
    let first_choice = |actor| choices.iter().position(|choice| *choice == actor);
    assert_eq!(first_choice(Actor(3)), steps.clone().position(|actor| actor == of_first));
    assert_eq!(first_choice(Actor(4)), steps.clone().position(|actor| actor == of_second));
}

#[test]
fn an_actor_that_is_not_part_of_the_run_gets_no_number() {
    let mut run = programs::opposite_orders();
    let mut absent = run.actors[1].clone();
    absent.created_after = None;
    run.actors.push(absent);
    assert_eq!(run.by_creation(), [0, 1, 2].map(Actor));
}

#[test]
fn the_shortest_of_several_has_the_fewest_switches_and_then_the_fewest_steps() {
    let with_steps = |steps: &[usize]| {
        let mut run = Recorder::new();
        let thread = run.thread(MAIN, "");
        let lock = run.object();
        for &actor in steps {
            run.step([MAIN, thread][actor], Operation::Lock(lock));
        }
        Counterexample::new(run.finish(), None).expect("any order fails")
    };
    let all = [vec![0, 1, 0, 1], vec![0, 0, 0, 1], vec![0, 0, 1], vec![1, 0, 1]];
    let shortest =
        Counterexample::shortest(all.iter().map(|steps| with_steps(steps))).expect("there are some");
    assert_eq!(shortest.choices(), [0, 0, 1].map(Actor));
}

#[test]
fn a_line_in_another_file_is_shown_with_its_name() {
    let mut run = programs::opposite_orders();
    run.steps[3].place = std::panic::Location::caller();
    let line = format!("tests.rs:{}", line!() - 1);
    let (rows, _) = rows(&run, &Names::new(&run));
    assert_eq!(
        rows.iter().map(|row| row.words.as_str()).next(),
        Some(format!("takes the lock of {line}").as_str())
    );
    assert!(shown(run).contains(&format!("\n{line} │")));
}

#[test]
fn what_is_printed_on_standard_error_has_a_row() {
    let mut run = Recorder::new();
    run.print(MAIN, "tea");
    run.note("no toast\n");
    let run = run.finish();
    let (rows, _) = rows(&run, &Names::new(&run));
    let words: Vec<_> = rows.iter().map(|row| row.words.as_str()).collect();
    assert_eq!(words, ["prints \"no toast\" on standard error", "prints \"tea\""]);
}

#[test]
fn the_end_of_a_thread_is_shown_only_if_another_actor_depends_on_it() {
    let ends = |joins| {
        let mut run = Recorder::new();
        let thread = run.thread(MAIN, "");
        run.step(thread, Operation::End);
        if joins {
            run.step(MAIN, Operation::Join(vec![thread]));
        }
        let run = run.finish();
        rows(&run, &Names::new(&run)).0.iter().any(|row| row.words == "ends")
    };
    assert!(ends(true));
    assert!(!ends(false));
}

#[test]
fn an_exit_status_other_than_zero_is_shown() {
    let mut run = programs::lost_update();
    run.ending = Ending::Exited(101 << 8);
    assert!(shown(run.clone()).contains("\nThe program failed, exit status: 101.\n"));
    run.ending = Ending::Exited(13);
    assert!(shown(run).contains("\nThe program failed, signal: 13 (SIGPIPE).\n"));
}
