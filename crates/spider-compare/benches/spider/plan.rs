//! Who is measured how often.

use crate::contender::Contender;
use crate::setting::Setting;

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Some three minutes.
    Full,
    /// Some ten seconds, and as much again for each further one of so many rounds.
    Quick(usize),
}

/// A setting of [`Effort::Full`] has so many rounds; more where a run is over in no time and anything disturbs it.
const ROUNDS: usize = 5;
const SHORT_ROUNDS: usize = 9;

impl Effort {
    /// In how many rounds a contender has its turn, or why in none.
    ///
    /// Whoever waits for nearly all of its time takes the same time in each round: of those, the slowest have one turn,
    /// so that the whole stays below three minutes.
    pub(crate) fn rounds(self, contender: Contender, setting: Setting) -> Result<usize, String> {
        let waits = match contender {
            Contender::Ours(strategy) => strategy == "sequential" && setting != Setting::Near,
            Contender::Original(_) => matches!(setting, Setting::VeryFar | Setting::Narrow),
        };
        match self {
            Self::Full if waits => Ok(1),
            Self::Full => Ok(if setting == Setting::Near { SHORT_ROUNDS } else { ROUNDS }),
            // Of the narrow line, the two ends of the scale.
            Self::Quick(_)
                if setting == Setting::Narrow
                    && !matches!(contender, Contender::Ours("thread" | "overlap")) =>
            {
                Err("not with --quick".to_owned())
            }
            Self::Quick(_) if waits || setting == Setting::VeryFar => Err("not with --quick".to_owned()),
            Self::Quick(rounds) => Ok(rounds),
        }
    }

    /// How many images the growing galleries have.
    pub(crate) fn sizes(self) -> &'static [usize] {
        match self {
            Self::Full => &[20, 200, 2_000],
            Self::Quick(_) => &[20, 200],
        }
    }
}
