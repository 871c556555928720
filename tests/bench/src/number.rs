//! The format of numbers in tables.

/// Formats a number with about three significant digits and with commas: `1,106,342`, `885`, `37.5`, `0.83`.
#[must_use]
pub fn format_number(number: f64) -> String {
    let digits = if number.abs() < 9.995 { 2 } else { usize::from(number.abs() < 99.95) };
    let text = format!("{number:.digits$}");
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |text| ("-", text));
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let needs_comma = |index: usize| index > 0 && (whole.len() - index).is_multiple_of(3);
    let grouped: String = whole
        .chars()
        .enumerate()
        .map(|(index, digit)| if needs_comma(index) { format!(",{digit}") } else { digit.to_string() })
        .collect();
    format!("{sign}{grouped}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_number_has_its_sign_before_the_first_digit() {
        assert_eq!([-0.832, -123.0, -123_456.0].map(format_number), ["-0.83", "-123", "-123,456"]);
    }

    #[test]
    fn a_number_has_about_three_digits_and_commas_between_thousands() {
        assert_eq!(
            [0.832, 37.46, 99.96, 885.4, 1_106_342.0].map(format_number),
            ["0.83", "37.5", "100", "885", "1,106,342"]
        );
    }
}
