//! Choices as a short text: which actor takes each step.

use std::iter;

use anyhow::{Context, Result, ensure};

/// The most steps in a row that a text may have: far more than any run takes.
const MAX_COUNT: usize = 1_000_000;

/// Formats choices: the number of an actor, and after a `*` how many steps it takes in a row. `0*5,1*3,0` is five steps of
/// actor 0, three of actor 1, and another of actor 0.
#[must_use]
pub fn format(choices: &[usize]) -> String {
    let in_a_row = choices.chunk_by(PartialEq::eq).map(|same| match same.len() {
        1 => same[0].to_string(),
        count => format!("{}*{count}", same[0]),
    });
    in_a_row.collect::<Vec<_>>().join(",")
}

/// Reads choices as [`format()`] writes them. An empty text is the start, without any choice.
///
/// # Errors
/// If `text` is not a list such as `0*5,1*3,0`.
pub fn parse(text: &str) -> Result<Vec<usize>> {
    let mut choices = Vec::new();
    if text.trim().is_empty() {
        return Ok(choices);
    }
    for part in text.split(',').map(str::trim) {
        let (actor, count) = parse_part(part)
            .with_context(|| format!("invalid choices: {part:?}: expected a list such as 0*5,1*3,0"))?;
        choices.extend(iter::repeat_n(actor, count));
    }
    Ok(choices)
}

fn parse_part(part: &str) -> Result<(usize, usize)> {
    let (actor, count) = part.split_once('*').unwrap_or((part, "1"));
    let actor = actor.parse().ok().context("it must begin with the number of an actor")?;
    let count = count.parse().ok().context("after the * must stand a number of steps")?;
    ensure!((1..=MAX_COUNT).contains(&count), "after the * must stand a number from 1 to {MAX_COUNT}");
    Ok((actor, count))
}

/// Counts the switches: how often a step is taken by another actor than the step before.
#[must_use]
pub fn switches(choices: &[usize]) -> usize {
    choices.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{format, parse, switches};

    #[test]
    fn steps_of_one_actor_in_a_row_are_written_once() {
        assert_eq!(format(&[0, 0, 0, 1, 12, 12, 0]), "0*3,1,12*2,0");
    }

    #[test]
    fn steps_of_one_actor_in_a_row_are_not_a_switch() {
        assert_eq!(switches(&[]), 0);
        assert_eq!(switches(&[0, 0, 1, 1, 0]), 2);
    }

    #[test]
    fn an_error_names_the_part_and_says_what_is_wrong_with_it() {
        let error = |text| format!("{:#}", parse(text).expect_err("it is invalid"));
        assert_eq!(
            error("0,main"),
            "invalid choices: \"main\": expected a list such as 0*5,1*3,0: it must begin with the number of an actor"
        );
        assert!(error("0,").contains("invalid choices: \"\""));
        assert!(error("0*0").contains("from 1 to 1000000"));
        assert!(error("0*9000000000").contains("from 1 to 1000000"));
        assert!(error("0*").contains("a number of steps"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(choices in prop::collection::vec(0_usize..4, 0..40)) {
            prop_assert_eq!(parse(&format(&choices)).expect("it is valid"), choices);
        }
    }
}
