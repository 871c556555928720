//! Where the futures differ that the next choice leads to.

use crate::program::{Future, Position};

/// Describes, for each actor that can go, which outcomes are possible after its step. A `*` marks an outcome that is
/// possible after the step of one actor only.
#[must_use]
pub fn describe(futures: &[Future], position: &Position) -> Vec<String> {
    let differ = futures.iter().any(|future| !future.only.is_empty());
    match futures {
        [] => return vec!["No thread or process can take a step.".to_owned()],
        [only] => {
            let line = format!("Only one actor can go. {} after its step.", outcomes(only.total));
            return [line].into_iter().chain(listed(only, false)).collect();
        }
        [first, ..] if !differ && futures.iter().all(|other| other.total == first.total) => {
            let line = format!("It makes no difference who goes next: {}.", outcomes(first.total));
            return [line].into_iter().chain(listed(first, false)).collect();
        }
        _ => {}
    }
    let mut lines = Vec::new();
    for future in futures {
        let name = position.actors.get(future.actor).map_or("?", |actor| actor.name.as_str());
        lines.push(format!("If {} {name} goes next: {}.", future.actor, outcomes(future.total)));
        lines.extend(listed(future, true));
    }
    if differ {
        lines.push("* possible only if this actor goes next".to_owned());
    }
    lines
}

fn outcomes(count: usize) -> String {
    if count == 1 { "1 outcome is possible".to_owned() } else { format!("{count} outcomes are possible") }
}

/// Lists the outcomes; if they are too many, those that are possible after this step only.
fn listed(future: &Future, marks: bool) -> Vec<String> {
    let all = if future.outcomes.is_empty() { &future.only } else { &future.outcomes };
    let line = |outcome: &String| {
        let mark = if marks && future.only.contains(outcome) { '*' } else { ' ' };
        let outcome = if outcome.is_empty() { "(prints nothing)" } else { outcome };
        format!("{mark} {outcome}")
    };
    let more = (future.outcomes.is_empty() && future.more > 0).then(|| format!("* and {} more", future.more));
    all.iter().map(line).chain(more).collect()
}

#[cfg(test)]
mod tests {
    use super::describe;
    use crate::program::{Future, Position};

    fn future(actor: usize, outcomes: &[&str], only: &[&str]) -> Future {
        let texts = |all: &[&str]| all.iter().map(ToString::to_string).collect();
        Future { actor, total: outcomes.len(), outcomes: texts(outcomes), only: texts(only), more: 0 }
    }

    fn lines(futures: &[Future]) -> Vec<String> {
        let nothing = r#"{"actors": [], "printed": [], "holds": [], "steps": [], "end": null}"#;
        let position: Position = serde_json::from_str(nothing).expect("a position");
        describe(futures, &position)
    }

    #[test]
    fn an_outcome_of_one_actor_only_is_marked() {
        let lines = lines(&[future(1, &["1000", "1001"], &["1000"]), future(2, &["1001"], &[])]);
        assert_eq!(lines[..3], ["If 1 ? goes next: 2 outcomes are possible.", "* 1000", "  1001"]);
        assert_eq!(lines[3..5], ["If 2 ? goes next: 1 outcome is possible.", "  1001"]);
        assert_eq!(lines[5], "* possible only if this actor goes next");
    }

    #[test]
    fn equal_futures_are_listed_once() {
        let lines = lines(&[future(1, &["1000", ""], &[]), future(2, &["1000", ""], &[])]);
        assert_eq!(
            lines,
            [
                "It makes no difference who goes next: 2 outcomes are possible.",
                "  1000",
                "  (prints nothing)"
            ]
        );
    }

    #[test]
    fn of_many_outcomes_only_those_that_differ_are_listed() {
        let many = Future { total: 42, outcomes: Vec::new(), more: 3, ..future(0, &[], &["a"]) };
        let lines = lines(&[many, Future { total: 40, ..future(1, &[], &[]) }]);
        let expected = ["If 0 ? goes next: 42 outcomes are possible.", "* a", "* and 3 more"];
        assert_eq!(lines[..3], expected);
        assert_eq!(lines[3], "If 1 ? goes next: 40 outcomes are possible.");
    }

    #[test]
    fn an_outcome_is_not_marked_if_only_one_actor_can_go() {
        let lines = lines(&[future(0, &["1000"], &["1000"])]);
        assert_eq!(lines, ["Only one actor can go. 1 outcome is possible after its step.", "  1000"]);
    }
}
