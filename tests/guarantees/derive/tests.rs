use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::subsequence;

use super::*;

/// The one who prints a line stands before its colon.
fn spec() -> TraceSpec {
    TraceSpec::new().event("(\\w+):.*", "$1", "")
}

fn outputs(outputs: &[&[&str]]) -> Outputs {
    outputs.iter().map(|lines| lines.iter().map(|&line| line.to_owned()).collect()).collect()
}

fn words(outputs: &Outputs) -> String {
    guarantees(outputs, "made up", &spec())
}

/// What stands in a section.
fn entries<'a>(words: &'a str, title: &str) -> Vec<&'a str> {
    let lines = words.lines().skip_while(|line| *line != title).skip(1);
    lines.take_while(|line| !line.is_empty()).map(|line| &line[2..]).collect()
}

/// A few lines of two actors, of which some may be missing, in any order.
fn made_outputs() -> impl Strategy<Value = Outputs> {
    let lines = ["a: 1", "a: 2", "b: 1", "b: 2", "c: 1"].map(str::to_owned).to_vec();
    prop::collection::btree_set(subsequence(lines, 0..=5).prop_shuffle(), 1..6)
}

/// Each two lines that stand in one output, in its order.
fn in_order(output: &[String]) -> BTreeSet<Pair> {
    let later = |(place, a): (usize, &String)| {
        output[place + 1..].iter().map(|b| (a.clone(), b.clone())).collect::<Vec<_>>()
    };
    output.iter().enumerate().flat_map(later).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn who_reads_the_words_knows_exactly_what_comes_before_what(outputs in made_outputs()) {
        let told = Guarantees::read(&words(&outputs));
        let seen: BTreeSet<Pair> = outputs.iter().flat_map(|output| in_order(output)).collect();
        let turned = |(a, b): &Pair| (b.clone(), a.clone());
        let before: BTreeSet<Pair> = seen.iter().filter(|pair| !seen.contains(&turned(pair))).cloned().collect();
        prop_assert_eq!(told.before(), before);

        let next = |output: &Vec<String>| -> BTreeSet<Pair> {
            output.windows(2).map(|two| (two[0].clone(), two[1].clone())).collect()
        };
        let neighbours = |pair: &&Pair| {
            let with_both = outputs.iter().filter(|output| output.contains(&pair.0) && output.contains(&pair.1));
            with_both.into_iter().all(|output| next(output).contains(*pair))
        };
        prop_assert_eq!(told.directly(), seen.iter().filter(neighbours).cloned().collect());

        let lines: BTreeSet<String> = outputs.iter().flatten().cloned().collect();
        let all_pairs = lines.iter().flat_map(|a| lines.iter().map(|b| (a.clone(), b.clone())));
        let never_both: BTreeSet<Pair> = all_pairs
            .filter(|pair| pair.0 != pair.1 && !seen.contains(pair) && !seen.contains(&turned(pair)))
            .collect();
        prop_assert_eq!(told.never_both, never_both);

        let missing = |line: &&String| outputs.iter().any(|output| !output.contains(line));
        prop_assert_eq!(told.may_be_missing, lines.iter().filter(missing).cloned().collect());
        prop_assert_eq!(told.lines, lines);
    }

    #[test]
    fn where_no_line_may_be_missing_nothing_is_said_that_follows(
        orders in prop::collection::btree_set(Just((0..5).collect::<Vec<_>>()).prop_shuffle(), 1..4),
    ) {
        let outputs = orders.iter().map(|order| order.iter().map(|line| format!("a: {line}")).collect()).collect();
        let words = words(&outputs);
        let mut chains = entries(&words, ALWAYS);
        chains.retain(|chain| chain.contains(ARROW));
        let before = Guarantees::read(&words).before();
        for without in 0..chains.len() {
            let fewer = [&chains[..without], &chains[without + 1..]].concat().join("\n  ");
            prop_assert_ne!(&Guarantees::read(&format!("found\n\nalways\n  {fewer}\n")).before(), &before);
        }
    }
}

#[test]
fn what_comes_before_a_line_that_may_be_missing_need_not_come_before_what_comes_after_it() {
    let words = words(&outputs(&[
        &["t: a", "main: saw it", "main: goes on"],
        &["t: a", "main: goes on"],
        &["main: goes on", "t: a"],
    ]));
    assert_eq!(entries(&words, ALWAYS), ["t: a  →  main: saw it", "main: saw it  →  main: goes on"]);
    assert_eq!(entries(&words, IN_EITHER_ORDER), ["main and t, where nothing above says more"]);
    assert_eq!(entries(&words, MAY_BE_MISSING), ["main: saw it (it is there in 1 of 3 outputs)"]);
}

#[test]
fn two_lines_that_are_never_both_printed_are_not_in_either_order() {
    let words = words(&outputs(&[&["a: yes", "b: end"], &["b: no", "b: end"]]));
    assert_eq!(entries(&words, ALWAYS), ["a: yes  →  b: end", "b: no  →  b: end"]);
    assert_eq!(entries(&words, NEVER_BOTH), ["a: yes  or  b: no"]);
    assert_eq!(entries(&words, IN_EITHER_ORDER), ["nothing"]);
}

#[test]
fn what_a_lock_keeps_together_is_told_and_what_follows_anyway_is_not() {
    let locked = outputs(&[
        &["a: 1", "a: 2", "b: 1", "b: 2", "end: all"],
        &["b: 1", "b: 2", "a: 1", "a: 2", "end: all"],
    ]);
    let words_of_locked = words(&locked);
    assert_eq!(entries(&words_of_locked, NOTHING_BETWEEN), ["a: 1  →  a: 2", "b: 1  →  b: 2"]);
    let in_one_order = outputs(&[&["a: 1", "a: 2", "b: 1", "b: 2"]]);
    assert!(!words(&in_one_order).contains(NOTHING_BETWEEN));
}

#[test]
fn where_every_two_lines_may_be_printed_together_nothing_is_said_of_never_both() {
    assert!(!words(&outputs(&[&["a: 1"], &["a: 1", "b: 1"]])).contains(NEVER_BOTH));
}

#[test]
fn a_line_that_is_ordered_with_nothing_is_named_if_it_is_never_missing() {
    let words = words(&outputs(&[&["a: 1", "a: 2", "b: alone"], &["b: alone", "a: 1", "a: 2"]]));
    assert_eq!(entries(&words, ALWAYS), ["a: 1  →  a: 2", "b: alone"]);
    assert_eq!(entries(&words, IN_EITHER_ORDER), ["all of a, b"]);
}

#[test]
fn who_prints_a_line_is_asked_of_the_line_as_it_was_printed() {
    let spec = TraceSpec::new().event(r"main: pid \d+", "main", "").any("pid", r"pid (\d+)");
    let words = guarantees(&outputs(&[&["main: pid 7", "main: pid 7"]]), "made up", &spec);
    assert_eq!(entries(&words, ALWAYS), ["main: pid <any pid>  →  main: pid <any pid> (time 2)"]);
}

#[test]
fn a_line_that_speaks_of_a_time_is_one_like_any_other() {
    let words = words(&outputs(&[&["cook: done (time 3 min)", "cook: done"]]));
    assert_eq!(entries(&words, ALWAYS), ["cook: done (time 3 min)  →  cook: done"]);
}

#[test]
fn where_who_prints_a_line_varies_all_of_them_are_named() {
    let spec =
        TraceSpec::new().event(r"took by (\w+)", "$1", "").event("main", "main", "").any("one", r"by (\w+)");
    let outputs = outputs(&[&["took by a", "main"], &["main", "took by b"]]);
    let words = guarantees(&outputs, "made up", &spec);
    assert_eq!(entries(&words, IN_EITHER_ORDER), ["all of main, a or b"]);
    assert_eq!(entries(&words, MAY_VARY), ["took by <any one>: a, b"]);
}

#[test]
#[should_panic(expected = "these lines cannot be told in words")]
fn a_line_that_would_be_read_as_two_is_refused() {
    let _ = words(&outputs(&[&["a: 1  →  a: 2"]]));
}

#[test]
fn what_is_declared_of_one_output_is_read_back_the_same() {
    let spec = TraceSpec::new()
        .event(r"made (\d)", "maker", "$1")
        .event(r"used (\d)", "user", "$1")
        .event("ready", "main", "");
    let words = declared("made 1\nready\nmade 2\nused 1\nused 2\n", "looked at", &spec);
    assert_eq!(
        entries(&words, ALWAYS),
        ["made 1  →  made 2  →  used 2", "made 1  →  used 1  →  used 2", "ready"]
    );
    assert_eq!(
        entries(&words, IN_EITHER_ORDER),
        ["all of maker, main", "all of user, main", "maker and user, where nothing above says more"]
    );
}

#[test]
fn what_is_declared_of_equal_lines_tells_them_apart_and_erases_once() {
    let spec = TraceSpec::new().event(r"main: pid \d+", "main", "").identity("pid", r"\d+");
    let words = declared("main: pid 7\nmain: pid 7\n", "looked at", &spec);
    assert_eq!(entries(&words, ALWAYS), ["main: pid <pid 1>  →  main: pid <pid 1> (time 2)"]);
}
