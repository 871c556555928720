//! One measured figure beside another: what the benchmarks of the small lessons print, and `cargo xtask measure` records.
//! Ratios carry the argument; absolute figures are those of one machine.

use std::env;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

/// A figure, and how it compares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// [What it is about](Ratio::about): `start`, say.
    pub about: String,
    /// What was measured.
    pub what: String,
    /// So many times as much as [`Ratio::beside`]; `None` where it stands for itself.
    pub ratio: Option<f64>,
    /// What it is measured beside; empty where it stands for itself.
    pub beside: String,
    /// The median itself; `None` where it is of no interest.
    pub figure: Option<f64>,
    /// The unit of the figure.
    pub unit: String,
}

impl Ratio {
    /// A figure that stands for itself.
    #[must_use]
    pub fn alone(about: &str, what: &str, figure: f64, unit: &str) -> Self {
        let [about, what, unit] = [about, what, unit].map(str::to_owned);
        Self { about, what, ratio: None, beside: String::new(), figure: Some(figure), unit }
    }

    /// So many times as much as something else.
    #[must_use]
    pub fn beside(self, beside: &str, ratio: f64) -> Self {
        Self { ratio: Some(ratio), beside: beside.to_owned(), ..self }
    }

    /// The cells of a table: what, ratio, to what, figure.
    #[must_use]
    pub fn cells(&self) -> [String; 4] {
        let ratio = self.ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{} ×", in_digits(ratio)));
        let figure = self
            .figure
            .map_or_else(|| "-".to_owned(), |figure| format!("{} {}", in_digits(figure), self.unit));
        [self.what.clone(), ratio, self.beside.clone(), figure]
    }
}

/// What a benchmark of a small lesson is asked for on its command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// `--json`: one JSON array of [`Ratio`]s.
    pub json: bool,
    /// `--quick`: whether it works, not how much.
    pub quick: bool,
    /// What to measure; empty for everything.
    pub about: Vec<String>,
}

impl Wish {
    /// Reads this program's arguments. `all` is what it can measure.
    ///
    /// # Errors
    /// An argument is none of these: one line that says so.
    pub fn read(all: &[&str]) -> Result<Self, String> {
        Self::of(env::args().skip(1), all)
    }

    fn of(words: impl Iterator<Item = String>, all: &[&str]) -> Result<Self, String> {
        let mut wish = Self { json: false, quick: false, about: Vec::new() };
        for word in words {
            match word.as_str() {
                // What cargo adds.
                "--bench" => {}
                "--json" => wish.json = true,
                "--quick" => wish.quick = true,
                about if all.contains(&about) => wish.about.push(word),
                _ => {
                    return Err(format!(
                        "no argument {word:?}; there are --json, --quick, {}",
                        all.join(", ")
                    ));
                }
            }
        }
        Ok(wish)
    }

    /// Whether this is to be measured.
    #[must_use]
    pub fn has(&self, about: &str) -> bool {
        self.about.is_empty() || self.about.iter().any(|wanted| wanted == about)
    }

    /// Prints what was measured: as JSON, or as a table.
    ///
    /// # Errors
    /// When nobody reads it.
    pub fn print(&self, ratios: &[Ratio]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if self.json {
            serde_json::to_writer(&mut out, ratios)?;
            return writeln!(out);
        }
        for ratio in ratios {
            let [what, times, beside, figure] = ratio.cells();
            writeln!(out, "{what:<44} {times:>9} {beside:<28} {figure:>16}")?;
        }
        Ok(())
    }
}

/// The middle one; of an even number, the lower of the two.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn median(mut figures: Vec<f64>) -> f64 {
    assert!(!figures.is_empty(), "nothing was measured");
    figures.sort_by(f64::total_cmp);
    figures[(figures.len() - 1) / 2]
}

/// A number, as one says it: `1,106,342`, `885`, `37.5`, `0.83`.
#[must_use]
pub fn in_digits(number: f64) -> String {
    let digits = if number.abs() < 9.995 { 2 } else { usize::from(number.abs() < 99.95) };
    let text = format!("{number:.digits$}");
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let comma = |place: usize| place > 0 && (whole.len() - place).is_multiple_of(3);
    let grouped = whole
        .chars()
        .enumerate()
        .map(|(place, digit)| if comma(place) { format!(",{digit}") } else { digit.to_string() });
    grouped.collect::<String>() + fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_three_digits_or_so_and_commas_where_it_is_long() {
        assert_eq!(
            [0.832, 37.46, 99.96, 885.4, 1_106_342.0].map(in_digits),
            ["0.83", "37.5", "100", "885", "1,106,342"]
        );
    }

    #[test]
    fn the_median_is_the_middle_one() {
        assert_eq!(
            [vec![3.0, 1.0, 2.0], vec![4.0, 1.0], vec![5.0]].map(median).map(in_digits),
            ["2.00", "1.00", "5.00"]
        );
    }

    #[test]
    fn a_wish_is_read_and_another_word_is_refused_with_what_there_is() {
        let wish = |line: &str| Wish::of(line.split_whitespace().map(str::to_owned), &["start", "cpu"]);
        let read = wish("--bench --quick cpu").expect("it is one");
        assert!(read.quick && !read.json && read.has("cpu") && !read.has("start"));
        assert!(wish("").expect("it is one").has("start"));
        assert_eq!(wish("gpu"), Err("no argument \"gpu\"; there are --json, --quick, start, cpu".to_owned()));
    }
}
