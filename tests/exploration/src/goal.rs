//! What a player can try to reach, and the way there with the fewest switches between actors.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::graph::Graph;

/// An outcome to reach.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Goal {
    /// What it is called: "print 1003".
    pub(crate) name: String,
    /// Lines that are printed, in this order. Others may be printed too, unless `exact`.
    pub(crate) lines: Vec<String>,
    /// Lines that are not printed.
    pub(crate) lacks: Vec<String>,
    /// Whether no other lines are printed.
    pub(crate) exact: bool,
    /// How the run ends: see [`crate::scene::End`]. `None`: in any way.
    pub(crate) ends: Option<String>,
}

/// The way to a goal.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Way {
    /// How many switches between actors it takes.
    pub(crate) fewest: usize,
    /// The actors that take the steps.
    #[serde(serialize_with = "as_text")]
    pub(crate) choices: Vec<usize>,
}

fn as_text<S: serde::Serializer>(choices: &[usize], serializer: S) -> Result<S::Ok, S::Error> {
    let choices: Vec<_> = choices.iter().copied().map(crate::Actor).collect();
    serializer.serialize_str(&crate::counterexample::format_choices(&choices))
}

/// A state of the graph, with the actor of the last step and how many of the goal's lines are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Node {
    state: usize,
    last: Option<usize>,
    matched: usize,
}

impl Goal {
    /// Returns the way to the goal with the fewest switches; `None` if it cannot be reached.
    pub(crate) fn way(&self, graph: &Graph) -> Option<Way> {
        // A step without a switch goes to the front of the queue, so that nodes are visited by their number of switches.
        let start = Node { state: 0, last: None, matched: 0 };
        let mut queue = VecDeque::from([(start, 0)]);
        let mut before: HashMap<Node, (Node, usize)> = HashMap::from([(start, (start, 0))]);
        let mut done = std::collections::HashSet::new();
        while let Some((node, switches)) = queue.pop_front() {
            if !done.insert(node) {
                continue;
            }
            if self.is_reached(graph, node) {
                return Some(Way { fewest: switches, choices: trace_back(&before, node) });
            }
            for edge in &graph.states[node.state].next {
                let Some(matched) = self.matched_after(node.matched, graph.text(edge)) else { continue };
                let next = Node { state: edge.to, last: Some(edge.actor), matched };
                let is_switch = node.last.is_some_and(|last| last != edge.actor);
                let switches = switches + usize::from(is_switch);
                let known = before.get(&next).is_some_and(|(_, known)| *known <= switches);
                if known || done.contains(&next) {
                    continue;
                }
                before.insert(next, (node, switches));
                if is_switch { queue.push_back((next, switches)) } else { queue.push_front((next, switches)) }
            }
        }
        None
    }

    fn is_reached(&self, graph: &Graph, node: Node) -> bool {
        let end = graph.states[node.state].end.map(|end| graph.ends[end].kind);
        end.is_some_and(|kind| self.ends.as_ref().is_none_or(|wanted| wanted == kind))
            && node.matched == self.lines.len()
    }

    /// Returns how many lines are matched after `text` is printed; `None` if the goal is out of reach then.
    fn matched_after(&self, matched: usize, text: Option<&str>) -> Option<usize> {
        text.unwrap_or_default().lines().try_fold(matched, |matched, line| {
            let is_next = self.lines.get(matched).is_some_and(|wanted| wanted == line);
            let is_forbidden = self.lacks.iter().any(|lacked| lacked == line) || self.exact && !is_next;
            (!is_forbidden).then_some(matched + usize::from(is_next))
        })
    }
}

fn trace_back(before: &HashMap<Node, (Node, usize)>, mut node: Node) -> Vec<usize> {
    let mut choices = Vec::new();
    while let Some(actor) = node.last {
        choices.push(actor);
        node = before[&node].0;
    }
    choices.reverse();
    choices
}
