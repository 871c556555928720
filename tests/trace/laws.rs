//! What is true of the canonical form of every trace, tried on made-up ones.
//!
//! A line of a made-up trace reads `A2 B x`: the third line of actor A, which depends on the actor B and the thing x; or
//! `A2 *`, which depends on every line.

use crate::TraceSpec;
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};

/// Four actors, and two things that they may share.
fn spec() -> TraceSpec {
    TraceSpec::new().event(r"([A-D])\d+ ?(.*)", "$1", "$2")
}

/// A line: its actor, and what it depends on.
type Made = (usize, Vec<&'static str>);

fn made_lines() -> impl Strategy<Value = Vec<Made>> {
    let names = subsequence(vec!["A", "B", "C", "D", "x", "y"], 0..=2);
    let depends = prop_oneof![9 => names, 1 => Just(vec!["*"])];
    prop::collection::vec((0..4_usize, depends), 2..14)
}

/// Returns the lines as text. The number in each distinguishes an actor's lines.
fn written(made: &[Made]) -> Vec<String> {
    let mut counts = [0; 4];
    made.iter()
        .map(|(actor, names)| {
            let number = counts[*actor];
            counts[*actor] += 1;
            format!("{}{number} {}", ["A", "B", "C", "D"][*actor], names.join(" "))
        })
        .collect()
}

/// Returns whether two lines depend on each other, decided independently of the code under test.
fn depend(a: &str, b: &str) -> bool {
    if a.ends_with(" *") || b.ends_with(" *") {
        return true;
    }
    let touches = |line: &str| -> Vec<String> {
        let (actor, names) = line.split_once(' ').expect("an actor, then dependencies");
        let own = actor[..1].to_owned();
        names.split_whitespace().map(str::to_owned).chain([own]).collect()
    };
    let theirs = touches(b);
    touches(a).iter().any(|name| theirs.contains(name))
}

fn text(lines: &[String]) -> String {
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

fn canonical_order(output: &str) -> Vec<String> {
    spec().trace(output).lines.into_iter().map(|line| line.text).collect()
}

proptest! {
    #[test]
    fn swapping_two_neighbours_changes_the_text_exactly_if_their_order_matters(
        made in made_lines(), at: Index,
    ) {
        let lines = written(&made);
        let at = at.index(lines.len() - 1);
        let mut swapped = lines.clone();
        swapped.swap(at, at + 1);

        let same = spec().canonical(&text(&lines)) == spec().canonical(&text(&swapped));
        prop_assert_eq!(same, !depend(&lines[at], &lines[at + 1]));
    }

    #[test]
    fn every_legal_shuffle_gives_the_same_text(
        made in made_lines(), swaps in prop::collection::vec(any::<Index>(), 0..60),
    ) {
        let lines = written(&made);
        let mut shuffled = lines.clone();
        for at in swaps {
            let at = at.index(lines.len() - 1);
            if !depend(&shuffled[at], &shuffled[at + 1]) {
                shuffled.swap(at, at + 1);
            }
        }
        prop_assert_eq!(spec().canonical(&text(&lines)), spec().canonical(&text(&shuffled)));
    }

    #[test]
    fn the_canonical_order_is_a_possible_run(made in made_lines()) {
        let lines = written(&made);
        let output = text(&lines);
        let order = canonical_order(&output);

        let mut sorted = lines.clone();
        let mut kept = order.clone();
        sorted.sort_unstable();
        kept.sort_unstable();
        prop_assert_eq!(sorted, kept, "the same lines, as often");

        let place = |line: &String| order.iter().position(|kept| kept == line);
        for (at, earlier) in lines.iter().enumerate() {
            for later in lines[at + 1..].iter().filter(|later| depend(earlier, later)) {
                prop_assert!(place(earlier) < place(later), "{earlier} must stay before {later}");
            }
        }
    }

    #[test]
    fn the_canonical_form_of_the_canonical_order_is_the_same(made in made_lines()) {
        let output = text(&written(&made));
        let once = canonical_order(&output);
        prop_assert_eq!(spec().canonical(&output), spec().canonical(&text(&once)));
    }

    #[test]
    fn each_actor_runs_for_as_long_as_it_can(made in made_lines()) {
        let output = text(&written(&made));
        let order = canonical_order(&output);
        for at in 1..order.len() {
            let actor = &order[at - 1][..1];
            let next = (at..order.len()).find(|&later| order[later].starts_with(actor));
            if let Some(next) = next.filter(|&next| next > at) {
                let delayed = order[at..next].iter().any(|between| depend(between, &order[next]));
                prop_assert!(delayed, "{} could have come before {}", order[next], order[at]);
            }
        }
    }

    #[test]
    fn a_lost_line_changes_the_canonical_form(made in made_lines(), at: Index) {
        let lines = written(&made);
        let mut changed = lines.clone();
        changed.remove(at.index(lines.len()));
        prop_assert_ne!(spec().canonical(&text(&lines)), spec().canonical(&text(&changed)));
    }

    #[test]
    fn a_doubled_line_changes_the_canonical_form(made in made_lines(), at: Index) {
        let lines = written(&made);
        let mut changed = lines.clone();
        let at = at.index(lines.len());
        changed.insert(at, lines[at].clone());
        prop_assert_ne!(spec().canonical(&text(&lines)), spec().canonical(&text(&changed)));
    }

    #[test]
    fn a_changed_line_changes_the_canonical_form(made in made_lines(), at: Index) {
        let lines = written(&made);
        let mut changed = lines.clone();
        let at = at.index(lines.len());
        changed[at] = format!("A99 {}", changed[at]);
        prop_assert_ne!(spec().canonical(&text(&lines)), spec().canonical(&text(&changed)));
    }

    #[test]
    fn other_identities_give_the_same_text(
        pids in prop::collection::vec(1_u32..50, 1..8), factor in 1_u32..1009,
    ) {
        // Multiplied in a prime field: each becomes another, in no particular order.
        let others: Vec<_> = pids.iter().map(|pid| pid * factor % 1009).collect();
        prop_assert_eq!(pids_in_canonical_form(&pids), pids_in_canonical_form(&others));
    }

    #[test]
    fn a_repeated_identity_and_a_new_one_give_different_texts(pids in prop::collection::vec(1_u32..50, 2..8)) {
        let mut changed = pids.clone();
        let last = changed.len() - 1;
        changed[last] = if pids[..last].contains(&pids[last]) { 99 } else { pids[0] };
        prop_assert_ne!(pids_in_canonical_form(&pids), pids_in_canonical_form(&changed));
    }

    #[test]
    fn a_duration_is_redacted_inside_its_range_only(milliseconds in 0_u32..20_000) {
        let seconds = f64::from(milliseconds) / 1000.0;
        let line = format!("took {seconds}s");
        let text = TraceSpec::new().event("took .*", "main", "").duration(r"took (.*)s", 0.5..=5.0).canonical(&line);
        prop_assert_eq!(text.contains("took <duration>s"), (0.5..=5.0).contains(&seconds));
        prop_assert_eq!(text.contains(&line), !(0.5..=5.0).contains(&seconds));
    }
}

/// Each pid is printed by an actor of its own.
fn pids_in_canonical_form(pids: &[u32]) -> String {
    let lines: Vec<_> = pids.iter().enumerate().map(|(at, pid)| format!("{at}: pid {pid}")).collect();
    TraceSpec::new().event(r"(\d+): pid \d+", "$1", "").identity("pid", r"pid (\d+)").canonical(&text(&lines))
}

#[test]
fn lines_of_an_unordered_actor_keep_only_the_order_with_what_they_depend_on() {
    let spec = TraceSpec::new().event(r"made (\d)", "maker", "item_$1").unordered_actor(
        r"used (\d)",
        "users",
        "item_$1",
    );
    let one = spec.canonical("made 0\nused 0\nmade 1\nused 1\n");
    assert_eq!(one, spec.canonical("made 0\nmade 1\nused 1\nused 0\n"));
    assert_ne!(one, spec.canonical("used 0\nmade 0\nmade 1\nused 1\n"));
    assert!(one.contains("partly in either order: maker, users\n"), "{one}");
    assert!(one.contains("in either order among themselves: users\n"), "{one}");
}

#[test]
fn an_identity_in_the_name_of_an_actor_is_renumbered_there_too() {
    let spec = TraceSpec::new().event(r"(thread_\d): .*", "$1", "number").identity("thread", r"thread_\d");
    let text = spec.canonical("thread_3: one\nthread_1: two\nthread_3: three\n");
    let expected =
        "<thread 1> | <thread 1>: one\n<thread 2> | <thread 2>: two\n<thread 1> | <thread 1>: three\n";
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn it_does_not_matter_which_of_two_actors_has_which_identity() {
    let spec = TraceSpec::new().event(r"(thread_\d): .*", "$1", "").identity("thread", r"thread_\d");
    let one = spec.canonical("thread_1: start\nthread_1: A\nthread_2: start\nthread_2: B\n");
    let other = spec.canonical("thread_2: start\nthread_2: A\nthread_1: start\nthread_1: B\n");
    assert_eq!(one, other);
}

#[test]
#[should_panic(expected = "no actor is declared for this line: \"who am I\"")]
fn a_line_without_an_actor_is_an_error() {
    let _ = TraceSpec::new().event("main: .*", "main", "").canonical("main: begin\nwho am I\n");
}

#[test]
fn a_last_line_without_a_newline_is_reported() {
    let spec = TraceSpec::new().event("main: .*", "main", "");
    assert!(spec.canonical("main: be").contains("(the last line does not end with a newline)"));
}

#[test]
fn a_rule_that_keeps_less_order_shows_below_the_lines() {
    let strict = TraceSpec::new().event("tea: .*", "tea", "kettle").event("toast: .*", "toast", "kettle");
    let lax = TraceSpec::new().event("tea: .*", "tea", "").event("toast: .*", "toast", "");
    let output = "tea: boils\ntoast: browns\n";
    assert!(strict.canonical(output).ends_with("in either order: nothing\n"));
    assert!(lax.canonical(output).ends_with("in either order: tea, toast\n"));
}
