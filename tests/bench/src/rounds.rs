//! The order of measurements, and the medians of their results.

/// Returns the order of the measurements, as indexes of contenders.
///
/// `rounds` contains the number of rounds of each contender; 0 leaves a contender out. In each round, every contender is
/// measured once. Each round begins with another contender, so that other load on the machine affects all contenders
/// equally.
pub fn turns(rounds: &[usize]) -> impl Iterator<Item = usize> {
    let contenders = rounds.len();
    (0..rounds.iter().copied().max().unwrap_or(0)).flat_map(move |round| {
        let order = (0..contenders).map(move |turn| (round + turn) % contenders);
        order.filter(move |&contender| round < rounds[contender])
    })
}

/// Returns the median, or `None` if there are no values. Of an even number, it is the mean of the middle two.
pub fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let lower = values[(values.len() - 1) / 2];
    Some(f64::midpoint(lower, upper))
}

/// Returns the median of the ratios of `values` to `baseline`, round by round, or `None` if they have no round in common.
///
/// The two values of a round are measured one soon after the other, and a disturbance that lasts for seconds affects
/// both. The ratio of the medians has no such protection.
#[must_use]
pub fn median_ratio(values: &[f64], baseline: &[f64]) -> Option<f64> {
    median(values.iter().zip(baseline).map(|(value, baseline)| value / baseline))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_round_begins_with_another_contender() {
        assert_eq!(turns(&[2, 2, 2]).collect::<Vec<_>>(), [0, 1, 2, 1, 2, 0]);
    }

    #[test]
    fn a_contender_has_no_more_turns_than_rounds() {
        assert_eq!(turns(&[3, 0, 1]).collect::<Vec<_>>(), [0, 2, 0, 0]);
        assert_eq!(turns(&[]).count(), 0);
    }

    #[test]
    fn the_median_is_the_middle_value_or_the_mean_of_the_middle_two() {
        assert_eq!(median([3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median([4.0, 1.0, 2.0, 9.0]), Some(3.0));
        assert_eq!(median([]), None);
    }

    #[test]
    fn a_slow_round_leaves_the_ratio_alone() {
        assert_eq!(median_ratio(&[2.0, 20.0, 2.0], &[1.0, 10.0, 1.0]), Some(2.0));
        assert_eq!(median_ratio(&[1.0], &[]), None);
    }
}
