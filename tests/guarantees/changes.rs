//! What one version of a scenario guarantees and another does not, in sentences.

use std::collections::BTreeSet;

use crate::guarantees::data::{Guarantees, Line, Pair};

/// Returns the changes of a scenario from one version to the next; empty if there is none.
#[must_use]
pub fn changes(before: Option<&Guarantees>, after: Option<&Guarantees>) -> Vec<String> {
    match (before, after) {
        (Some(before), Some(after)) => changes_between(before, after),
        (None, Some(after)) => vec![format!("new scenario: {}", after.found)],
        (Some(_), None) => vec!["scenario removed, with all its guarantees".to_owned()],
        (None, None) => Vec::new(),
    }
}

fn changes_between(before: &Guarantees, after: &Guarantees) -> Vec<String> {
    let mut changes = lines_added_and_removed(before, after);
    let reversed = reversed(before, after);
    changes
        .extend(reversed.iter().map(|(a, b)| format!("order reversed: “{b}” now always comes before “{a}”")));
    let lost = beyond(before, after, &reversed).into_iter();
    changes.extend(lost.map(|guarantee| format!("guarantee lost: {guarantee}")));
    let flipped = reversed.into_iter().map(|(a, b)| (b, a)).collect();
    let gained = beyond(after, before, &flipped).into_iter();
    changes.extend(gained.map(|guarantee| format!("guarantee gained: {guarantee}")));
    changes.extend(values_added_and_removed(before, after));
    let mut changes = fold(changes);
    // Random schedules show some of the outputs, and not always the same.
    if before.found != after.found && !after.found.is_random() {
        changes.push(format!("before: {}", before.found));
        changes.push(format!("now: {}", after.found));
    }
    changes
}

/// Lines that only one version has. What is guaranteed of them is not listed too.
fn lines_added_and_removed(before: &Guarantees, after: &Guarantees) -> Vec<String> {
    let is_new = |line: &&Line| before.line(&line.label).is_none();
    let is_gone = |line: &&Line| after.line(&line.label).is_none();
    let gone = before.lines.iter().filter(is_gone).map(|line| format!("line removed: “{}”", line.label));
    let new = after.lines.iter().filter(is_new).map(|line| {
        let remark = if line.present_in.is_never_missing() { "" } else { " (may be missing)" };
        format!("line added: “{}”{remark}", line.label)
    });
    gone.chain(new).collect()
}

/// Folds sentences that differ in numbers only, such as those about each of several threads, if there are more than two.
fn fold(sentences: Vec<String>) -> Vec<String> {
    let family = |sentence: &str| sentence.replace(|char: char| char.is_ascii_digit(), "");
    let mut families: Vec<(String, Vec<String>)> = Vec::new();
    for sentence in sentences {
        let name = family(&sentence);
        match families.iter_mut().find(|(known, _)| *known == name) {
            Some((_, members)) => members.push(sentence),
            None => families.push((name, vec![sentence])),
        }
    }
    let folded = |(_, members): (String, Vec<String>)| match &members[..] {
        [first, _, _, ..] => {
            vec![format!("{first}; and {} more that differ in numbers only", members.len() - 1)]
        }
        _ => members,
    };
    families.into_iter().flat_map(folded).collect()
}

/// The pairs of lines that have an order in both versions, but not the same.
fn reversed(before: &Guarantees, after: &Guarantees) -> BTreeSet<Pair> {
    let now = order_beyond(after, before);
    let is_flipped = |(a, b): &Pair| now.contains(&(b.clone(), a.clone()));
    order_beyond(before, after).into_iter().filter(is_flipped).collect()
}

/// What `one` guarantees of the lines that both have, and `other` does not, without the order of the pairs in `known`.
fn beyond(one: &Guarantees, other: &Guarantees, known: &BTreeSet<Pair>) -> Vec<String> {
    let both = |label: &str| one.line(label).is_some() && other.line(label).is_some();
    let ordered = order_beyond(one, other).into_iter().filter(|pair| !known.contains(pair));
    let ordered = ordered.map(|(a, b)| format!("“{a}” always comes before “{b}”"));
    let together = neighbours_beyond(one, other)
        .into_iter()
        .map(|(a, b)| format!("nothing is ever printed between “{a}” and “{b}”"));
    let missing = other.lines.iter().map(|line| &line.label);
    let missing = missing.filter(|label| one.is_never_missing(label) && !other.is_never_missing(label));
    let never_missing = missing.map(|label| format!("“{label}” is always printed"));
    let apart = one.never_both.iter().filter(|(a, b)| both(a) && both(b) && !other.are_never_both(a, b));
    let never_both = apart.map(|(a, b)| format!("“{a}” and “{b}” are never both printed"));
    let varies = |guarantees: &Guarantees, label: &str| {
        guarantees.line(label).is_some_and(|line| !line.values.is_empty())
    };
    let vary = other.lines.iter().map(|line| &line.label);
    let vary = vary.filter(|label| both(label) && varies(other, label) && !varies(one, label));
    let never_varies = vary.map(|label| format!("“{label}” is the same in every run"));
    ordered.chain(together).chain(never_missing).chain(never_both).chain(never_varies).collect()
}

/// The pairs of lines that `one` orders and `other` does not, without those that consist of two such pairs.
fn order_beyond(one: &Guarantees, other: &Guarantees) -> Vec<Pair> {
    let (ours, theirs) = (one.all_before(), other.all_before());
    let labels = one.lines.iter().map(|line| line.label.as_str());
    let joints: BTreeSet<&str> =
        labels.filter(|label| one.is_never_missing(label) && other.is_never_missing(label)).collect();
    let ordered = |a: &str, b: &str| ours.contains(&(a.to_owned(), b.to_owned()));
    let has_parts = |(a, b): &Pair| joints.iter().any(|between| ordered(a, between) && ordered(between, b));
    let both = |label: &str| other.line(label).is_some();
    let beyond = ours.difference(&theirs).filter(|pair| both(&pair.0) && both(&pair.1) && !has_parts(pair));
    beyond.cloned().collect()
}

/// The pairs of lines that nothing comes between in `one`, though their order allows it, and that something can come
/// between in `other`.
fn neighbours_beyond(one: &Guarantees, other: &Guarantees) -> Vec<Pair> {
    let (theirs, ordered) = (other.all_neighbours(), other.all_before());
    let lost = |pair: &&Pair| ordered.contains(pair) && !theirs.contains(pair);
    one.nothing_between.iter().filter(lost).cloned().collect()
}

/// The values of lines that vary in both versions.
fn values_added_and_removed(before: &Guarantees, after: &Guarantees) -> Vec<String> {
    let mut changes = Vec::new();
    for Line { label, values, .. } in after.lines.iter().filter(|line| !line.values.is_empty()) {
        let Some(former) = before.line(label).map(|line| &line.values).filter(|former| !former.is_empty())
        else {
            continue;
        };
        let without = |values: &[String], others: &[String]| -> Vec<String> {
            values.iter().filter(|value| !others.contains(value)).cloned().collect()
        };
        let (gone, new) = (without(former, values), without(values, former));
        if !gone.is_empty() {
            changes.push(format!("“{label}” can no longer be {}", gone.join(", ")));
        }
        if !new.is_empty() {
            changes.push(format!("“{label}” can now also be {}", new.join(", ")));
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TraceSpec;
    use crate::guarantees::{Evidence, Outputs, derive};

    /// The guarantees of a program with these outputs, whose lines are words.
    fn of(outputs: &[&str]) -> Guarantees {
        let spec = TraceSpec::new().event(r"(\w).*", "$1", "").varying("value", r"v(\d)");
        let words = |output: &&str| output.split(' ').map(str::to_owned).collect();
        let outputs: Outputs = outputs.iter().map(words).collect();
        // The number of outputs is the same, so that it is not a change.
        derive(&outputs, Evidence::every_schedule(Some(2)), &spec)
    }

    fn between(before: &[&str], after: &[&str]) -> Vec<String> {
        changes(Some(&of(before)), Some(&of(after)))
    }

    #[test]
    fn an_order_that_no_longer_holds_is_a_lost_guarantee() {
        assert_eq!(
            between(&["a b c", "b a c", "a c b"], &["a b c", "c a b", "b a c"]),
            ["guarantee lost: “a” always comes before “c”"]
        );
    }

    #[test]
    fn equal_guarantees_of_different_outputs_are_not_a_change() {
        assert_eq!(between(&["a b c", "c b a"], &["b a c", "c a b", "a c b"]), [""; 0]);
    }

    #[test]
    fn a_reversed_order_is_one_change() {
        assert_eq!(between(&["a b end"], &["b a end"]), ["order reversed: “b” now always comes before “a”"]);
    }

    #[test]
    fn changes_that_differ_in_numbers_only_are_one_sentence() {
        let ordered = ["a1 end", "a2 end", "a30 end"];
        let free = ["a1 end", "end a1", "a2 end", "end a2", "a30 end", "end a30"];
        let lost = "guarantee lost: “a1” always comes before “end”";
        let folded = format!("{lost}; and 2 more that differ in numbers only");
        assert_eq!(between(&ordered, &free), [folded]);
        let of_two = between(&ordered[..2], &free[..4]);
        assert_eq!(of_two, [lost.to_owned(), lost.replace('1', "2")]);
    }

    #[test]
    fn a_line_that_may_be_missing_from_now_on_is_a_lost_guarantee() {
        let (always, sometimes) = (["a end"], ["a end", "a"]);
        assert_eq!(between(&always, &sometimes), ["guarantee lost: “end” is always printed"]);
        assert_eq!(between(&sometimes, &always), ["guarantee gained: “end” is always printed"]);
    }

    #[test]
    fn an_order_through_a_line_that_may_be_missing_now_is_lost() {
        assert_eq!(
            between(&["a b end"], &["a b end", "end a"]),
            ["guarantee lost: “a” always comes before “end”", "guarantee lost: “b” is always printed"]
        );
    }

    #[test]
    fn a_new_line_is_reported_as_a_new_line_whether_it_may_be_missing_or_not() {
        assert_eq!(between(&["a end"], &["a new end"]), ["line added: “new”"]);
        assert_eq!(between(&["a end"], &["a new end", "a end"]), ["line added: “new” (may be missing)"]);
    }

    #[test]
    fn the_order_of_the_other_lines_is_compared_when_a_line_is_removed() {
        assert_eq!(between(&["a b end"], &["a end"]), ["line removed: “b”"]);
        assert_eq!(
            between(&["a b end"], &["a end", "end a"]),
            ["line removed: “b”", "guarantee lost: “a” always comes before “end”"]
        );
    }

    #[test]
    fn a_renamed_line_is_one_removed_and_one_added() {
        assert_eq!(between(&["a b end"], &["a bee end"]), ["line removed: “b”", "line added: “bee”"]);
    }

    #[test]
    fn lines_that_a_lock_keeps_together_are_reported_when_it_no_longer_does() {
        let locked = ["a b c", "c a b"];
        let narrowed = ["a b c", "c a b", "a c b"];
        let guarantee = "nothing is ever printed between “a” and “b”";
        assert_eq!(between(&locked, &narrowed), [format!("guarantee lost: {guarantee}")]);
        assert_eq!(between(&narrowed, &locked), [format!("guarantee gained: {guarantee}")]);
        // Where it follows from the order, it is not lost.
        assert_eq!(between(&locked, &["a b c"]), ["guarantee gained: “b” always comes before “c”"]);
    }

    #[test]
    fn two_lines_that_are_never_both_printed_from_now_on_are_reported() {
        let (ordered, apart) = (["a b", "a", "b"], ["a", "b"]);
        let (order, never_both) = ("“a” always comes before “b”", "“a” and “b” are never both printed");
        assert_eq!(
            between(&ordered, &apart),
            [format!("guarantee lost: {order}"), format!("guarantee gained: {never_both}")]
        );
        assert_eq!(
            between(&apart, &ordered),
            [format!("guarantee lost: {never_both}"), format!("guarantee gained: {order}")]
        );
    }

    #[test]
    fn values_are_compared_one_by_one() {
        let line = "“v<any value>”";
        assert_eq!(between(&["v1", "v2", "v3"], &["v1", "v2"]), [format!("{line} can no longer be 3")]);
        assert_eq!(
            between(&["v1", "v2", "v3"], &["v2", "v3", "v4", "v5"]),
            [format!("{line} can no longer be 1"), format!("{line} can now also be 4, 5")]
        );
        assert_eq!(
            between(&["v1", "v2"], &["v1"]),
            [format!("guarantee gained: {line} is the same in every run")]
        );
    }

    #[test]
    fn a_different_number_of_outputs_is_reported() {
        let two = of(&["a"]);
        let three = Guarantees { found: Evidence::every_schedule(Some(3)), ..two.clone() };
        assert_eq!(
            changes(Some(&two), Some(&three)),
            [
                "before: 2 possible outputs; every schedule was run, up to the order of independent steps",
                "now: 3 possible outputs; every schedule was run, up to the order of independent steps"
            ]
        );
    }

    #[test]
    fn a_new_and_a_removed_scenario_are_reported() {
        let scenario = of(&["a"]);
        assert_eq!(
            changes(None, Some(&scenario)),
            [
                "new scenario: 2 possible outputs; every schedule was run, up to the order of independent steps"
            ]
        );
        assert_eq!(changes(Some(&scenario), None), ["scenario removed, with all its guarantees"]);
    }
}
