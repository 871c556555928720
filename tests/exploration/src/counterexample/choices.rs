//! The choices of a schedule as a short text: which actor takes each step.

use std::error::Error;
use std::fmt;
use std::num::NonZeroUsize;

use crate::operation::Actor;

/// The most steps in a row that a text may have: far more than any run takes.
const MAX_COUNT: usize = 1_000_000;

/// Formats choices: the number of an actor, and after a `*` how many steps it takes in a row. `0*5,1*3,0` is five steps of
/// actor 0, three of actor 1, and another of actor 0.
pub(crate) fn format_choices(choices: &[Actor]) -> String {
    let in_a_row = choices.chunk_by(PartialEq::eq).map(|same| match same.len() {
        1 => same[0].to_string(),
        count => format!("{}*{count}", same[0]),
    });
    in_a_row.collect::<Vec<_>>().join(",")
}

/// Reads choices that a [`Counterexample`](crate::Counterexample) shows.
///
/// # Errors
/// If `text` is not a list such as `0*5,1*3,0`.
pub fn parse_choices(text: &str) -> Result<Vec<Actor>, InvalidChoices> {
    let mut choices = Vec::new();
    for part in text.split(',') {
        let part = part.trim();
        let (actor, count) = match part.split_once('*') {
            Some((actor, count)) => (actor, count.parse().ok().map(NonZeroUsize::get)),
            None => (part, Some(1)),
        };
        let invalid = |reason| InvalidChoices { part: part.to_owned(), reason };
        let actor = actor.parse().map_err(|_| invalid("it must begin with the number of an actor"))?;
        let count = count.filter(|&count| count <= MAX_COUNT);
        let count = count.ok_or_else(|| invalid("after the *, it must have a number from 1 to 1000000"))?;
        choices.extend(std::iter::repeat_n(Actor(actor), count));
    }
    Ok(choices)
}

/// An error of [`parse_choices`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidChoices {
    part: String,
    reason: &'static str,
}

impl fmt::Display for InvalidChoices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid choices: {:?}: {}; expected a list such as 0*5,1*3,0", self.part, self.reason)
    }
}

impl Error for InvalidChoices {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{format_choices, parse_choices};
    use crate::operation::Actor;

    #[test]
    fn steps_of_one_actor_in_a_row_are_written_once() {
        let choices = [0, 0, 0, 1, 12, 12, 0].map(Actor);
        assert_eq!(format_choices(&choices), "0*3,1,12*2,0");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(actors in prop::collection::vec(0_usize..4, 1..40)) {
            let choices: Vec<_> = actors.into_iter().map(Actor).collect();
            prop_assert_eq!(parse_choices(&format_choices(&choices)), Ok(choices));
        }
    }

    #[test]
    fn an_error_names_the_part_and_says_what_is_wrong_with_it() {
        let error = |text| parse_choices(text).expect_err("it is invalid").to_string();
        let expected = "; expected a list such as 0*5,1*3,0";
        let no_actor = "it must begin with the number of an actor";
        let no_count = "after the *, it must have a number from 1 to 1000000";
        assert_eq!(error("0,main"), format!("invalid choices: \"main\": {no_actor}{expected}"));
        assert_eq!(error("0,"), format!("invalid choices: \"\": {no_actor}{expected}"));
        assert_eq!(error("0*0"), format!("invalid choices: \"0*0\": {no_count}{expected}"));
        assert_eq!(error("0*9000000000"), format!("invalid choices: \"0*9000000000\": {no_count}{expected}"));
    }
}
