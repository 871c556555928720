//! What is true of the guarantees of every set of outputs, tried on made-up ones; and their text.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::subsequence;

use crate::TraceSpec;
use crate::guarantees::observe::declared;
use crate::guarantees::{Evidence, Guarantees, Outputs, Pair, derive};

/// The actor of a line is the word before its colon.
fn spec() -> TraceSpec {
    TraceSpec::new().event("(\\w+):.*", "$1", "")
}

fn outputs(outputs: &[&[&str]]) -> Outputs {
    outputs.iter().map(|lines| lines.iter().map(|&line| line.to_owned()).collect()).collect()
}

fn guarantees(outputs: &Outputs) -> Guarantees {
    derive(outputs, Evidence::every_schedule(Some(outputs.len())), &spec())
}

/// Returns the lines of a section of the words.
fn section(guarantees: &Guarantees, heading: &str) -> Vec<String> {
    let words = guarantees.words();
    let lines = words.lines().skip_while(|line| *line != heading).skip(1);
    lines.take_while(|line| !line.is_empty()).map(|line| line[2..].to_owned()).collect()
}

/// A few lines of three actors, some of which may be missing, in any order.
fn made_outputs() -> impl Strategy<Value = Outputs> {
    let lines = ["a: 1", "a: 2", "b: 1", "b: 2", "c: 1"].map(str::to_owned).to_vec();
    prop::collection::btree_set(subsequence(lines, 0..=5).prop_shuffle(), 1..6)
}

/// Returns each two lines of an output, in its order.
fn in_order(output: &[String]) -> BTreeSet<Pair> {
    let later = |(index, a): (usize, &String)| {
        output[index + 1..].iter().map(|b| (a.clone(), b.clone())).collect::<Vec<_>>()
    };
    output.iter().enumerate().flat_map(later).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_data_contains_exactly_what_all_outputs_have_in_common(outputs in made_outputs()) {
        let found = guarantees(&outputs);
        let seen: BTreeSet<Pair> = outputs.iter().flat_map(|output| in_order(output)).collect();
        let reversed = |(a, b): &Pair| (b.clone(), a.clone());
        let before: BTreeSet<Pair> = seen.iter().filter(|pair| !seen.contains(&reversed(pair))).cloned().collect();
        prop_assert_eq!(found.all_before(), before);

        let next = |output: &Vec<String>| -> BTreeSet<Pair> {
            output.windows(2).map(|two| (two[0].clone(), two[1].clone())).collect()
        };
        let neighbours = |pair: &&Pair| {
            let mut with_both =
                outputs.iter().filter(|output| output.contains(&pair.0) && output.contains(&pair.1));
            with_both.all(|output| next(output).contains(*pair))
        };
        prop_assert_eq!(found.all_neighbours(), seen.iter().filter(neighbours).cloned().collect());

        let lines: BTreeSet<&String> = outputs.iter().flatten().collect();
        prop_assert_eq!(found.lines.iter().map(|line| &line.label).collect::<BTreeSet<_>>(), lines.clone());
        for a in &lines {
            prop_assert_eq!(found.is_never_missing(a), outputs.iter().all(|output| output.contains(a)));
            for b in lines.iter().filter(|b| *b != a) {
                let pair = ((*a).clone(), (*b).clone());
                let both = seen.contains(&pair) || seen.contains(&reversed(&pair));
                prop_assert_eq!(found.are_never_both(a, b), !both);
            }
        }
    }

    #[test]
    fn if_no_line_may_be_missing_no_order_is_stored_that_follows(
        orders in prop::collection::btree_set(Just((0..5).collect::<Vec<_>>()).prop_shuffle(), 1..4),
    ) {
        let outputs = orders.iter().map(|order| order.iter().map(|line| format!("a: {line}")).collect()).collect();
        let found = guarantees(&outputs);
        for pair in &found.before {
            let mut fewer = found.clone();
            fewer.before.remove(pair);
            prop_assert_ne!(fewer.all_before(), found.all_before());
        }
    }

    #[test]
    fn the_chains_in_the_words_state_exactly_the_stored_order(outputs in made_outputs()) {
        let found = guarantees(&outputs);
        let chains = section(&found, "always");
        let chains = chains.iter().map(|chain| chain.split("  →  ").map(str::to_owned).collect::<Vec<_>>());
        let stated: BTreeSet<Pair> = chains.flat_map(|chain| in_order(&chain)).collect();
        prop_assert!(found.before.is_subset(&stated));
        prop_assert!(stated.is_subset(&found.all_before()));
    }
}

#[test]
fn no_order_follows_through_a_line_that_may_be_missing() {
    let found = guarantees(&outputs(&[
        &["t: a", "main: saw it", "main: goes on"],
        &["t: a", "main: goes on"],
        &["main: goes on", "t: a"],
    ]));
    assert_eq!(section(&found, "always"), ["t: a  →  main: saw it", "main: saw it  →  main: goes on"]);
    assert_eq!(section(&found, "in either order"), ["main and t, unless ordered above"]);
    assert_eq!(section(&found, "may be missing"), ["main: saw it (present in 1 of 3 outputs)"]);
}

#[test]
fn two_lines_that_are_never_both_printed_are_not_in_either_order() {
    let found = guarantees(&outputs(&[&["a: yes", "b: end"], &["b: no", "b: end"]]));
    assert_eq!(section(&found, "always"), ["a: yes  →  b: end", "b: no  →  b: end"]);
    assert_eq!(section(&found, "never both"), ["a: yes  or  b: no"]);
    assert_eq!(section(&found, "in either order"), ["nothing"]);
}

#[test]
fn lines_that_a_lock_keeps_together_are_stated_unless_that_follows_from_the_order() {
    let locked = guarantees(&outputs(&[
        &["a: 1", "a: 2", "b: 1", "b: 2", "end: all"],
        &["b: 1", "b: 2", "a: 1", "a: 2", "end: all"],
    ]));
    assert_eq!(section(&locked, "with nothing between"), ["a: 1  →  a: 2", "b: 1  →  b: 2"]);
    let in_one_order = guarantees(&outputs(&[&["a: 1", "a: 2", "b: 1", "b: 2"]]));
    assert!(!in_one_order.words().contains("with nothing between"));
}

#[test]
fn a_line_without_an_order_is_listed_if_it_is_never_missing() {
    let found = guarantees(&outputs(&[&["a: 1", "a: 2", "b: alone"], &["b: alone", "a: 1", "a: 2"]]));
    assert_eq!(section(&found, "always"), ["a: 1  →  a: 2", "b: alone"]);
    assert_eq!(section(&found, "in either order"), ["all of a, b"]);
    assert!(!found.words().contains("never both"));
}

#[test]
fn lines_that_differ_in_what_varies_are_the_same_line() {
    let spec = TraceSpec::new().event(r"main: pid \d+", "main", "").varying("pid", r"pid (\d+)");
    let found = derive(
        &outputs(&[&["main: pid 7", "main: pid 7"], &["main: pid 8", "main: pid 9"]]),
        Evidence::every_schedule(Some(2)),
        &spec,
    );
    assert_eq!(section(&found, "always"), ["main: pid <any pid>  →  main: pid <any pid> (time 2)"]);
    assert_eq!(
        section(&found, "may vary"),
        ["main: pid <any pid>: 7, 8", "main: pid <any pid> (time 2): main: pid 7, main: pid 9"]
    );
}

#[test]
fn lines_are_listed_by_their_first_appearance_in_alphabetical_order_of_the_outputs() {
    let found = guarantees(&outputs(&[&["b: y"], &["a: x", "c: z", "a: x"]]));
    let labels: Vec<&str> = found.lines.iter().map(|line| line.label.as_str()).collect();
    assert_eq!(labels, ["a: x", "c: z", "a: x (time 2)", "b: y"]);
}

#[test]
fn a_line_that_contains_a_number_of_times_is_a_line_like_any_other() {
    let found = guarantees(&outputs(&[&["cook: done (time 3 min)", "cook: done"]]));
    assert_eq!(section(&found, "always"), ["cook: done (time 3 min)  →  cook: done"]);
}

#[test]
fn a_line_that_reads_like_a_numbered_one_keeps_its_label() {
    let found = guarantees(&outputs(&[&["a: x", "a: x (time 2)", "a: x"]]));
    assert_eq!(section(&found, "always"), ["a: x  →  a: x (time 2)  →  a: x (time 3)"]);
    let found = guarantees(&outputs(&[&["a: x", "a: x"], &["a: x (time 2)", "a: x"]]));
    assert_eq!(section(&found, "always"), ["a: x (time 2)  →  a: x", "a: x  →  a: x (time 3)"]);
    let found = declared("a: x\na: x (time 2)\na: x\n", 50, &spec());
    assert_eq!(section(&found, "always"), ["a: x  →  a: x (time 2)  →  a: x (time 3)"]);
}

#[test]
fn if_the_actor_of_a_line_varies_all_of_them_are_named() {
    let spec = TraceSpec::new()
        .event(r"took by (\w+)", "$1", "")
        .event("main", "main", "")
        .varying("one", r"by (\w+)");
    let outputs = outputs(&[&["took by a", "main"], &["main", "took by b"]]);
    let found = derive(&outputs, Evidence::every_schedule(Some(2)), &spec);
    assert_eq!(section(&found, "in either order"), ["all of main, a or b"]);
    assert_eq!(section(&found, "may vary"), ["took by <any one>: a, b"]);
}

#[test]
fn some_sections_can_be_chosen() {
    let found = guarantees(&outputs(&[&["a: 1", "b: 1"], &["b: 1", "a: 1"]]));
    let chosen =
        |headings: &[&str]| found.words_of(&headings.iter().map(|&one| one.to_owned()).collect::<Vec<_>>());
    assert_eq!(
        chosen(&["in either order"]).as_deref(),
        Some(
            "2 possible outputs; every schedule was run, up to the order of independent steps\n\nin either order\n  all of a, b\n"
        )
    );
    assert_eq!(chosen(&["never both"]), None);
}

#[test]
fn the_declared_order_of_one_output_is_a_guarantee() {
    let spec = TraceSpec::new()
        .event(r"made (\d)", "maker", "$1")
        .event(r"used (\d)", "user", "$1")
        .event("ready", "main", "");
    let found = declared("made 1\nready\nmade 2\nused 1\nused 2\n", 50, &spec);
    assert_eq!(
        section(&found, "always"),
        ["made 1  →  made 2  →  used 2", "made 1  →  used 1  →  used 2", "ready"]
    );
    assert_eq!(
        section(&found, "in either order"),
        ["all of maker, main", "all of user, main", "maker and user, unless ordered above"]
    );
    assert!(!found.words().contains("may be missing"));
}

#[test]
fn equal_declared_lines_are_numbered_after_they_are_redacted() {
    let spec = TraceSpec::new().event(r"main: pid \d+", "main", "").identity("pid", r"\d+");
    let found = declared("main: pid 7\nmain: pid 7\n", 50, &spec);
    assert_eq!(section(&found, "always"), ["main: pid <pid 1>  →  main: pid <pid 1> (time 2)"]);
}
