//! What is true of every set of partial orders, tried on made-up ones.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::subsequence;

use crate::TraceSpec;
use crate::guarantees::outputs::outputs_up_to;
use crate::guarantees::{
    Evidence, Guarantees, Outputs, PartialOrder, Presence, allow, derive, derive_orders, for_each_output,
    outputs,
};

/// The actor of a line is the word before its colon. Lines that differ only in what `v` is are the same line.
static SPEC: LazyLock<TraceSpec> =
    LazyLock::new(|| TraceSpec::new().event(r"(\w+):.*", "$1", "").varying("value", r"v(\d)"));

/// Texts of three actors: some with two lines, some whose lines are the same line as another's.
const TEXTS: [&str; 9] =
    ["a: 1", "a: v1", "a: v2", "a: 1\na: v2", "b: 1", "b: 2\nb: 1", "b: 2", "c: 1\nc: 2\nc: v3", "c: v4"];

/// A few texts, and which of the earlier ones come before each.
fn made_order() -> impl Strategy<Value = Vec<(String, u128)>> {
    let texts = subsequence(TEXTS.to_vec(), 0..=5).prop_shuffle();
    (texts, prop::collection::vec(any::<u128>(), 5)).prop_map(|(texts, sets)| {
        // Each of the earlier texts comes before with the probability 1 in 4.
        let earlier = |index: usize| sets[index] & (sets[index] >> 64) & ((1 << index) - 1);
        texts.iter().enumerate().map(|(index, text)| ((*text).to_owned(), earlier(index))).collect()
    })
}

fn made_orders() -> impl Strategy<Value = BTreeSet<PartialOrder>> {
    let order = made_order().prop_map(|texts| PartialOrder::new(texts, true));
    prop::collection::btree_set(order, 1..4)
}

/// Orders in which the lines with the same label have an order.
fn made_orders_of_equal_lines() -> impl Strategy<Value = BTreeSet<PartialOrder>> {
    let order = made_order().prop_map(|mut texts| {
        let labels = |text: &str| text.lines().map(|line| SPEC.label(line)).collect::<BTreeSet<_>>();
        for later in 0..texts.len() {
            let equal = |earlier: &usize| !labels(&texts[*earlier].0).is_disjoint(&labels(&texts[later].0));
            texts[later].1 |= (0..later).filter(equal).fold(0, |set, earlier| set | 1 << earlier);
        }
        PartialOrder::new(texts, true)
    });
    prop::collection::btree_set(order, 1..4)
}

/// Returns all orders of these indices.
fn permutations(indices: &[usize]) -> Vec<Vec<usize>> {
    if indices.is_empty() {
        return vec![Vec::new()];
    }
    let first = |&first: &usize| {
        let others: Vec<usize> = indices.iter().copied().filter(|&other| other != first).collect();
        permutations(&others).into_iter().map(move |rest| [vec![first], rest].concat())
    };
    indices.iter().flat_map(first).collect()
}

/// Returns the outputs of an order, found without the code under test: those permutations that keep it.
fn permitted(order: &PartialOrder) -> Vec<Vec<String>> {
    let keeps = |texts: &Vec<usize>| {
        let pairs =
            texts.iter().enumerate().flat_map(|(place, a)| texts[..place].iter().map(move |b| (a, b)));
        pairs.into_iter().all(|(&later, &earlier)| !order.is_before(later, earlier))
    };
    let lines = |texts: Vec<usize>| -> Vec<String> {
        texts.iter().flat_map(|&text| order.texts()[text].split('\n')).map(str::to_owned).collect()
    };
    let all: Vec<usize> = (0..order.texts().len()).collect();
    permutations(&all).into_iter().filter(keeps).map(lines).collect()
}

fn listed(orders: &BTreeSet<PartialOrder>) -> Outputs {
    outputs(orders).expect("they are few")
}

/// Returns guarantees without the number of outputs that a line is in.
fn uncounted(mut guarantees: Guarantees) -> Guarantees {
    for line in guarantees.lines.iter_mut().filter(|line| !line.present_in.is_never_missing()) {
        line.present_in = Presence::SomeOutputs;
    }
    guarantees
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn the_outputs_are_all_permutations_that_keep_an_order_each_visited_once(orders in made_orders()) {
        let expected: Outputs = orders.iter().flat_map(permitted).collect();
        let mut visited: Vec<Vec<String>> = Vec::new();
        for_each_output(&orders, |lines| {
            visited.push(lines.iter().map(|&line| line.to_owned()).collect());
            true
        });
        prop_assert_eq!(visited, expected.iter().cloned().collect::<Vec<_>>());
        prop_assert_eq!(listed(&orders), expected);
    }

    #[test]
    fn the_linear_extensions_are_as_many_as_the_permutations_that_keep_the_order(texts in made_order()) {
        let order = PartialOrder::new(texts, true);
        prop_assert_eq!(order.linear_extensions(), Some(permitted(&order).len() as u128));
    }

    #[test]
    fn exactly_the_outputs_are_allowed(orders in made_orders(), other in made_orders()) {
        let (possible, others) = (listed(&orders), listed(&other));
        let labels = |lines: &Vec<String>| lines.iter().map(|line| SPEC.label(line)).collect::<Vec<_>>();
        let possible: BTreeSet<Vec<String>> = possible.iter().map(labels).collect();
        for output in possible.iter().cloned().chain(others) {
            let expected = possible.contains(&labels(&output));
            prop_assert_eq!(allow(&orders, &output.join("\n"), &SPEC), expected, "{:?}", output);
        }
    }

    #[test]
    fn the_first_output_of_an_order_is_the_least(texts in made_order()) {
        let order = PartialOrder::new(texts, true);
        let outputs = listed(&[order.clone()].into());
        prop_assert_eq!(Some(order.first_output()), outputs.first().map(|lines| lines.iter().map(String::as_str).collect()));
    }

    #[test]
    fn orders_guarantee_what_all_their_outputs_have_in_common(orders in made_orders_of_equal_lines()) {
        let found = || Evidence::every_schedule(None);
        let by_outputs = uncounted(derive(&listed(&orders), found(), &SPEC));
        prop_assert_eq!(derive_orders(&orders, found(), &SPEC), by_outputs);
    }
}

fn order(texts: &[(&str, u128)]) -> PartialOrder {
    PartialOrder::new(texts.iter().map(|&(text, before)| (text.to_owned(), before)), true)
}

#[test]
fn orders_that_differ_in_what_follows_are_equal() {
    let stated = order(&[("a", 0), ("b", 0b1), ("c", 0b11)]);
    assert_eq!(order(&[("a", 0), ("b", 0b1), ("c", 0b10)]), stated);
    assert_ne!(order(&[("a", 0), ("b", 0b1), ("c", 0b1)]), stated);
}

#[test]
#[should_panic(expected = "\"a\" comes before itself")]
fn two_texts_that_come_before_each_other_are_refused() {
    let _ = order(&[("a", 0b10), ("b", 0b1)]);
}

#[test]
#[should_panic(expected = "a run prints 129 lines, and at most 128 are supported")]
fn more_lines_than_a_set_can_hold_are_refused() {
    let _ = PartialOrder::of_output(&vec!["a".to_owned(); 129]);
}

#[test]
fn a_run_can_print_128_lines() {
    let lines: Vec<String> = (0..128).map(|line| format!("a: {line}")).collect();
    let order = PartialOrder::of_output(&lines);
    assert_eq!(order.linear_extensions(), Some(1));
    assert_eq!(outputs([&order]), Some([lines].into()));
}

#[test]
fn ten_lines_without_an_order_have_too_many_outputs_to_list_but_not_to_count() {
    let lines: Vec<String> = (0..10).map(|line| format!("a: {line}")).collect();
    let order = PartialOrder::new(lines.into_iter().map(|line| (line, 0)), true);
    assert_eq!(order.linear_extensions(), Some(3_628_800));
    assert_eq!(outputs([&order]), None);
}

#[test]
fn as_many_outputs_as_the_limit_are_listed_and_one_more_is_too_many() {
    let order = order(&[("a: 1", 0), ("b: 1", 0), ("c: 1", 0)]);
    assert_eq!(outputs_up_to(6, [&order]).map(|outputs| outputs.len()), Some(6));
    assert_eq!(outputs_up_to(5, [&order]), None);
}

#[test]
fn the_words_name_a_line_that_may_be_missing_without_a_number_if_the_outputs_are_not_listed() {
    let orders = [order(&[("a: 1", 0), ("b: 1", 0)]), order(&[("a: 1", 0)])];
    let found = derive_orders(&orders, Evidence::every_schedule(None), &SPEC);
    assert_eq!(
        found.words(),
        "more than 200000 possible outputs; every schedule was run, up to the order of independent \
         steps\n\nalways\n  a: 1\n\nin either order\n  all of a, b\n\nmay be missing\n  b: 1\n"
    );
}

#[test]
#[should_panic(
    expected = "two lines of the same run are called \"a: v<any value>\" and can be printed in either order"
)]
fn equal_lines_without_an_order_are_refused_if_the_outputs_are_not_listed() {
    let _ = derive_orders(&[order(&[("a: v1", 0), ("a: v2", 0)])], Evidence::every_schedule(None), &SPEC);
}
