//! The text forms of protocol 0: decimal integers, and strings with escapes.

use super::big_int;
use super::error::{PickleError, Result};

/// The most digits of an integer, as `CPython` has it. The time it takes grows with the square of their number.
const MOST_DIGITS: usize = 4300;

/// So many digits are one step; ten to that power still fits a `u32`.
const DIGITS_AT_ONCE: usize = 9;

/// The two's complement of a decimal integer.
pub(super) fn decimal(line: &[u8], at: usize) -> Result<Vec<u8>> {
    let malformed = |problem| PickleError::Malformed { problem, at };
    let (negative, digits) = match line {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(malformed("holds an integer that is none"));
    }
    if digits.len() > MOST_DIGITS {
        return Err(malformed("holds an integer of more than 4300 digits"));
    }
    let mut limbs: Vec<u32> = Vec::new();
    for digits in digits.chunks(DIGITS_AT_ONCE) {
        let (mut factor, mut carry) = (1, 0);
        for digit in digits {
            factor *= 10;
            carry = carry * 10 + u64::from(digit - b'0');
        }
        for limb in &mut limbs {
            carry += u64::from(*limb) * factor;
            *limb = low(carry);
            carry >>= u32::BITS;
        }
        if carry > 0 {
            limbs.push(low(carry));
        }
    }
    Ok(big_int::signed(limbs.into_iter().flat_map(u32::to_le_bytes).collect(), negative))
}

#[expect(clippy::cast_possible_truncation, reason = "the carry has the rest")]
fn low(carry: u64) -> u32 {
    carry as u32
}

/// A string in the encoding `raw-unicode-escape`: each byte a character, but for `\uXXXX` and `\UXXXXXXXX`.
pub(super) fn unescaped(line: &[u8], at: usize) -> Result<String> {
    let mut text = String::new();
    let mut rest = line;
    while let [byte, after @ ..] = rest {
        rest = after;
        let digits = match (byte, after) {
            (b'\\', [b'u', ..]) => 4,
            (b'\\', [b'U', ..]) => 8,
            (b'\\', [second, after @ ..]) => {
                text.extend(['\\', char::from(*second)]);
                rest = after;
                continue;
            }
            _ => {
                text.push(char::from(*byte));
                continue;
            }
        };
        let number = after.get(1..=digits).and_then(hexadecimal);
        let number = number.ok_or(PickleError::Malformed { problem: "holds an escape that is none", at })?;
        text.push(match (char::from_u32(number), number) {
            (Some(char), _) => char,
            (None, 0xd800..0xe000) => return Err(PickleError::LoneSurrogate { at }),
            _ => return Err(PickleError::Malformed { problem: "holds a character beyond Unicode", at }),
        });
        rest = after.get(1 + digits..).unwrap_or_default();
    }
    Ok(text)
}

/// What Python 2's `repr` of a `str` says: it is quoted, and has escapes.
pub(super) fn unquoted(line: &[u8], at: usize) -> Result<Vec<u8>> {
    let malformed = |problem| PickleError::Malformed { problem, at };
    let ([b'\'', quoted @ .., b'\''] | [b'"', quoted @ .., b'"']) = line else {
        return Err(malformed("holds a string without its quotes"));
    };
    let mut bytes = Vec::new();
    let mut rest = quoted;
    while let [byte, after @ ..] = rest {
        let (byte, after) = match (byte, after) {
            (b'\\', [b'n', after @ ..]) => (b'\n', after),
            (b'\\', [b'r', after @ ..]) => (b'\r', after),
            (b'\\', [b't', after @ ..]) => (b'\t', after),
            (b'\\', [byte @ (b'\\' | b'\'' | b'"'), after @ ..]) => (*byte, after),
            (b'\\', [b'x', high, low, after @ ..]) => {
                let number = hexadecimal(&[*high, *low]).and_then(|number| u8::try_from(number).ok());
                (number.ok_or_else(|| malformed("holds an escape that is none"))?, after)
            }
            (b'\\', _) => return Err(malformed("holds an escape that is none")),
            (byte, after) => (*byte, after),
        };
        bytes.push(byte);
        rest = after;
    }
    Ok(bytes)
}

/// The number that the digits say; `None` if they say none.
fn hexadecimal(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |number, digit| {
        number.checked_mul(16)?.checked_add(char::from(*digit).to_digit(16)?)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pickle::BigInt;

    proptest! {
        #[test]
        fn a_decimal_integer_is_the_number_that_it_says(value: i128) {
            let bytes = decimal(value.to_string().as_bytes(), 0).expect("it is decimal");
            prop_assert_eq!(BigInt::from_signed_bytes_le(&bytes), value.into());
        }

        #[test]
        fn a_string_comes_back_from_its_escapes(text: String) {
            let escape = |char| match u32::from(char) {
                number if char == '\\' || number < 32 => format!("\\u{number:04x}").into_bytes(),
                number @ ..256 => vec![u8::try_from(number).expect("it is small")],
                number @ ..0x1_0000 => format!("\\u{number:04x}").into_bytes(),
                number => format!("\\U{number:08x}").into_bytes(),
            };
            let line: Vec<u8> = text.chars().flat_map(escape).collect();
            prop_assert_eq!(unescaped(&line, 0).expect("it is escaped"), text);
        }
    }

    #[test]
    fn an_integer_may_have_as_many_digits_as_in_python() {
        assert!(decimal(&[b'0'; MOST_DIGITS], 0).expect("not too many").is_empty());
        decimal(&[&b"-"[..], &[b'9'; MOST_DIGITS]].concat(), 0).expect("the sign is no digit");
        let error = decimal(&[b'0'; MOST_DIGITS + 1], 7).expect_err("too many");
        assert_eq!(error.to_string(), "at byte 7 the pickle holds an integer of more than 4300 digits");
    }

    #[test]
    fn a_backslash_that_begins_no_escape_is_one() {
        for (line, expected) in [(&br"\x\"[..], r"\x\"), (br"a\", r"a\"), (br"\\u0041", r"\\u0041")] {
            assert_eq!(unescaped(line, 0).expect("there is no escape"), expected);
        }
    }
}
