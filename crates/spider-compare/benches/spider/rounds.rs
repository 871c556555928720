//! Measures every contender in every setting, round by round.

use std::path::Path;

use anyhow::{Context, Result};
use gallery::GalleryProcess;

use crate::comparison::{Comparison, Figures};
use crate::contender::Contender;
use crate::machine::Machine;
use crate::plan::Effort;
use crate::progress::Progress;
use crate::run;
use crate::setting::Setting;

/// Measures everything.
pub(crate) fn run(effort: Effort, machine: &Machine) -> Result<Vec<Comparison>> {
    let mut comparisons = Setting::ALL.map(|setting| Comparison::new(setting, effort, machine));
    let planned = comparisons.iter().flat_map(|comparison| &comparison.figures);
    let progress = Progress::new(planned.filter_map(|figures| figures.rounds.as_ref().ok()).sum());
    for comparison in &mut comparisons {
        let title = comparison.setting.title();
        measure(comparison, &progress).with_context(|| format!("at {title}"))?;
    }
    Ok(comparisons.into())
}

/// In each round every contender has its turn once, and each time another is the first.
fn measure(comparison: &mut Comparison, progress: &Progress) -> Result<()> {
    let title = comparison.setting.title();
    let mut turns: Vec<_> = comparison.figures.iter_mut().filter(|figures| figures.rounds.is_ok()).collect();
    if turns.is_empty() {
        return Ok(());
    }
    let gallery = GalleryProcess::start(Path::new(run::PROGRAM), &comparison.setting.knobs().options())?;
    progress.begins(title, "warming up");
    // The gallery makes a picture when it is first asked for: no contender's time is to hold that.
    run::take(Contender::Ours("overlap"), &gallery, &[])?;
    while turns.iter().any(|figures| is_due(figures)) {
        for figures in turns.iter_mut().filter(|figures| is_due(figures)) {
            progress.begins(title, &figures.contender.name());
            figures.runs.push(run::take(figures.contender, &gallery, &[])?);
            progress.step();
        }
        turns.rotate_left(1);
    }
    Ok(())
}

fn is_due(figures: &Figures) -> bool {
    figures.rounds.as_ref().is_ok_and(|rounds| figures.runs.len() < *rounds)
}
