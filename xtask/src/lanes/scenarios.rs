//! The choice of a lesson's scenarios.

use std::fmt;

use course_tests::trace::scenarios::{Scenario, Scenarios};

use crate::lessons::Lesson;

/// A name that is not the name of a scenario.
#[derive(Debug)]
pub struct UnknownScenario {
    lesson: String,
    unknown: String,
    scenarios: Vec<String>,
}

impl fmt::Display for UnknownScenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lesson, unknown, scenarios } = self;
        write!(f, "{lesson} has no scenario `{unknown}`; ")?;
        match &scenarios[..] {
            [_] => write!(f, "it has a single one, without a name"),
            _ => write!(f, "its scenarios are {}", scenarios.join(", ")),
        }
    }
}

impl std::error::Error for UnknownScenario {}

/// Returns the scenario with this name, or all of them.
///
/// # Errors
/// If there is no scenario with this name.
pub fn choose<'a>(
    all: &'a Scenarios,
    lesson: &Lesson,
    name: Option<&str>,
) -> Result<Vec<&'a Scenario>, UnknownScenario> {
    let Some(name) = name else { return Ok(all.iter().collect()) };
    let found = all.iter().find(|scenario| scenario.name() == name && !name.is_empty());
    let unknown = || UnknownScenario {
        lesson: lesson.name.clone(),
        unknown: name.to_owned(),
        scenarios: all.iter().map(|scenario| scenario.name().to_owned()).collect(),
    };
    found.map(|scenario| vec![scenario]).ok_or_else(unknown)
}
