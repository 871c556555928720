//! Where the futures differ that the next choice leads to.

use crate::program::{Future, Position};

/// Describes, for each actor that can go, which outcomes are possible after its step. A `*` marks an outcome that is
/// possible after the step of one actor only.
#[must_use]
pub fn describe(futures: &[Future], position: &Position) -> Vec<String> {
    let mut lines = Vec::new();
    for (index, future) in futures.iter().enumerate() {
        let name = position.actors.get(future.actor).map_or("?", |actor| actor.name.as_str());
        lines.push(format!("If {} {name} goes next:", future.actor));
        for outcome in &future.outcomes {
            let mark = if is_only_in(index, outcome, futures) { '*' } else { ' ' };
            let outcome = if outcome.is_empty() { "(prints nothing)" } else { outcome };
            lines.push(format!("{mark} {outcome}"));
        }
        if future.more > 0 {
            lines.push(format!("  and {} more", future.more));
        }
    }
    let marked = lines.iter().any(|line| line.starts_with('*'));
    lines.push(match futures {
        [] => "No actor can take a step.".to_owned(),
        [_] => "Only one actor can go.".to_owned(),
        _ if marked => "* possible only if this actor goes next".to_owned(),
        _ if futures.iter().all(|future| future.more == 0) => {
            "It makes no difference to the outcomes.".to_owned()
        }
        _ => "There is no difference in those shown.".to_owned(),
    });
    lines
}

/// Returns whether only one of the futures has this outcome. It is not known if another has more than are listed.
fn is_only_in(index: usize, outcome: &String, futures: &[Future]) -> bool {
    let mut others = futures.iter().enumerate().filter(|(other, _)| *other != index).peekable();
    others.peek().is_some() && others.all(|(_, other)| other.more == 0 && !other.outcomes.contains(outcome))
}

#[cfg(test)]
mod tests {
    use super::describe;
    use crate::program::{Future, Position};

    fn lines(futures: &[(&[&str], usize)]) -> Vec<String> {
        let future = |(actor, (outcomes, more)): (usize, &(&[&str], usize))| {
            let outcomes = outcomes.iter().map(ToString::to_string).collect();
            Future { actor, outcomes, more: *more }
        };
        let futures: Vec<Future> = futures.iter().enumerate().map(future).collect();
        let nothing = r#"{"actors": [], "printed": [], "holds": [], "steps": [], "end": null}"#;
        let position: Position = serde_json::from_str(nothing).expect("a position");
        describe(&futures, &position)
    }

    #[test]
    fn an_outcome_of_one_actor_only_is_marked() {
        let lines = lines(&[(&["1000", "1001"], 0), (&["1001"], 0)]);
        assert_eq!(lines[1..3], ["* 1000", "  1001"]);
        assert_eq!(lines[4..], ["  1001", "* possible only if this actor goes next"]);
    }

    #[test]
    fn nothing_is_marked_if_another_actor_has_outcomes_that_are_not_listed() {
        let lines = lines(&[(&["1000"], 0), (&["1001"], 3)]);
        assert_eq!(lines[1], "  1000");
        assert_eq!(lines[3..5], ["* 1001", "  and 3 more"]);
    }

    #[test]
    fn an_outcome_is_not_marked_if_only_one_actor_can_go() {
        assert_eq!(lines(&[(&["1000"], 0)])[1..], ["  1000", "Only one actor can go."]);
    }
}
