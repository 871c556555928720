//! What identifies a line in all outputs: its label.

use std::collections::HashMap;

use crate::trace::spec::TraceSpec;

/// The labels of all lines that were read, as indices.
#[derive(Debug)]
pub(super) struct Labels {
    spec: TraceSpec,
    /// The labels, each once.
    distinct: Vec<String>,
    /// The label of each line.
    of_lines: HashMap<String, usize>,
}

impl Labels {
    pub(super) fn new(spec: TraceSpec) -> Self {
        Self { spec, distinct: Vec::new(), of_lines: HashMap::new() }
    }

    pub(super) fn spec(&self) -> &TraceSpec {
        &self.spec
    }

    /// Returns the index of a line's label.
    pub(super) fn of(&mut self, line: &str) -> usize {
        if let Some(&label) = self.of_lines.get(line) {
            return label;
        }
        let label = self.spec.label(line);
        let known = self.distinct.iter().position(|known| *known == label);
        let index = known.unwrap_or_else(|| {
            self.distinct.push(label);
            self.distinct.len() - 1
        });
        self.of_lines.insert(line.to_owned(), index);
        index
    }

    /// Returns the label with this index for a line before which an output has `earlier` lines with the same label.
    pub(super) fn numbered(&self, index: usize, earlier: usize) -> String {
        numbered(&self.distinct[index], earlier, &self.distinct)
    }
}

/// Returns labels with a number added to each that was there before.
pub(super) fn number_equal(labels: &[String]) -> Vec<String> {
    let number = |(index, label): (usize, &String)| {
        let earlier = labels[..index].iter().filter(|other| *other == label).count();
        numbered(label, earlier, labels)
    };
    labels.iter().enumerate().map(number).collect()
}

/// Returns a label with a number, unless there are no `earlier` lines with the same label: never the label of another
/// line.
fn numbered(label: &str, earlier: usize, labels: &[String]) -> String {
    if earlier == 0 {
        return label.to_owned();
    }
    let numbers = (2..).map(|number: usize| format!("{label} (time {number})"));
    let mut free = numbers.filter(|label| !labels.contains(label));
    free.nth(earlier - 1).expect("numbers do not end")
}
