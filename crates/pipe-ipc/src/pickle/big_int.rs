//! Integers of any size.

/// An integer of any size, as Python's `int` is one. It can be held, compared for equality, sent on, and converted
/// where it fits; for arithmetic, hand its bytes to a library.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BigInt {
    /// Little-endian two's complement, as short as can be; zero is no bytes.
    bytes: Vec<u8>,
}

impl BigInt {
    /// The integer whose little-endian two's complement `bytes` are. No bytes are zero.
    #[must_use]
    pub fn from_signed_bytes_le(bytes: &[u8]) -> Self {
        Self { bytes: shortest(bytes).to_owned() }
    }

    /// Its little-endian two's complement, as short as can be; no bytes if it is zero.
    #[must_use]
    pub fn as_signed_bytes_le(&self) -> &[u8] {
        &self.bytes
    }
}

impl From<i128> for BigInt {
    fn from(value: i128) -> Self {
        Self::from_signed_bytes_le(&value.to_le_bytes())
    }
}

impl From<u128> for BigInt {
    fn from(value: u128) -> Self {
        let mut bytes = value.to_le_bytes().to_vec();
        bytes.push(0);
        Self::from_signed_bytes_le(&bytes)
    }
}

/// Gives the integer back if it is out of range.
impl TryFrom<BigInt> for i128 {
    type Error = BigInt;

    fn try_from(value: BigInt) -> Result<Self, BigInt> {
        to_i128(&value.bytes).ok_or(value)
    }
}

/// Gives the integer back if it is negative or out of range.
impl TryFrom<BigInt> for u128 {
    type Error = BigInt;

    fn try_from(value: BigInt) -> Result<Self, BigInt> {
        to_u128(&value.bytes).ok_or(value)
    }
}

/// The two's complement `bytes` without those at the end that only repeat the sign.
pub(super) fn shortest(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., last] = bytes {
        let sign = if is_negative(rest) { 0xff } else { 0 };
        if *last != sign {
            break;
        }
        bytes = rest;
    }
    bytes
}

/// Two's complement `bytes`, if they say a number in range.
pub(super) fn to_i64(bytes: &[u8]) -> Option<i64> {
    Some(i64::from_le_bytes(extended(bytes)?))
}

/// Two's complement `bytes`, if they say a number in range.
pub(super) fn to_i128(bytes: &[u8]) -> Option<i128> {
    Some(i128::from_le_bytes(extended(bytes)?))
}

/// Two's complement `bytes`, if they say a number in range.
pub(super) fn to_u128(bytes: &[u8]) -> Option<u128> {
    if is_negative(bytes) {
        return None;
    }
    let magnitude = bytes.strip_suffix(&[0]).unwrap_or(bytes);
    let mut all = [0; size_of::<u128>()];
    all.get_mut(..magnitude.len())?.copy_from_slice(magnitude);
    Some(u128::from_le_bytes(all))
}

/// The two's complement of the number that has the little-endian `magnitude` and the sign.
pub(super) fn signed(mut magnitude: Vec<u8>, negative: bool) -> Vec<u8> {
    magnitude.push(0);
    if negative {
        negate(&mut magnitude);
    }
    magnitude.truncate(shortest(&magnitude).len());
    magnitude
}

/// The two's complement of the number with the other sign.
fn negate(bytes: &mut [u8]) {
    let mut carry = true;
    for byte in bytes {
        (*byte, carry) = (!*byte).overflowing_add(carry.into());
    }
}

/// The float that is nearest to two's complement `bytes`, and of two that are as near the even one, as Python's
/// `float()` has it; `None` if they are beyond the largest.
pub(super) fn to_f64(bytes: &[u8]) -> Option<f64> {
    let mut magnitude = bytes.to_vec();
    let negative = is_negative(bytes);
    if negative {
        negate(&mut magnitude);
    }
    while magnitude.pop_if(|last| *last == 0).is_some() {}

    // More than twice as many bits as a float has. Of the rest it matters only whether there is anything.
    let (rest, upper) = magnitude.split_at(magnitude.len().saturating_sub(size_of::<u128>()));
    let something = rest.iter().any(|byte| *byte != 0);
    let upper = upper.iter().rev().fold(0, |number: u128, byte| number << 8 | u128::from(*byte));
    let value = nearest(upper | u128::from(something)) * power_of_two(8 * rest.len())?;
    value.is_finite().then_some(if negative { -value } else { value })
}

#[expect(clippy::cast_precision_loss, reason = "this is where it is rounded")]
fn nearest(number: u128) -> f64 {
    number as f64
}

/// Exactly; `None` if it is beyond the largest float.
fn power_of_two(exponent: usize) -> Option<f64> {
    let biased = u64::try_from(exponent).ok().filter(|exponent| *exponent <= 1023)? + 1023;
    Some(f64::from_bits(biased << (f64::MANTISSA_DIGITS - 1)))
}

fn is_negative(bytes: &[u8]) -> bool {
    bytes.last().is_some_and(|last| *last >= 0x80)
}

/// `bytes`, filled up to a length of `N` with their sign; `None` if there are more.
fn extended<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    let mut all = [if is_negative(bytes) { 0xff } else { 0 }; N];
    all.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(all)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_bytes_are_the_shortest_that_keep_the_sign() {
        for (value, bytes) in [
            (0_i128, &[][..]),
            (1, &[1]),
            (127, &[127]),
            (128, &[128, 0]),
            (-1, &[255]),
            (-128, &[128]),
            (-129, &[127, 255]),
            (256, &[0, 1]),
            (-256, &[0, 255]),
        ] {
            assert_eq!(BigInt::from(value).as_signed_bytes_le(), bytes, "{value}");
        }
    }

    #[test]
    fn an_integer_is_converted_exactly_where_it_fits() {
        let above = BigInt::from(u128::MAX);
        assert_eq!(u128::try_from(above.clone()), Ok(u128::MAX));
        assert_eq!(i128::try_from(above.clone()), Err(above));
        let below = BigInt::from(-1_i128);
        assert_eq!(i128::try_from(below.clone()), Ok(-1));
        assert_eq!(u128::try_from(below.clone()), Err(below));
        let beyond = BigInt::from_signed_bytes_le(&[0; 16].into_iter().chain([1]).collect::<Vec<_>>());
        assert_eq!(u128::try_from(beyond.clone()), Err(beyond));
    }

    /// Two to the power of `exponent`, and so much more.
    fn power_and(exponent: usize, more: i128) -> Vec<u8> {
        let mut bytes = more.to_le_bytes().to_vec();
        bytes.resize(exponent / 8 + 2, if more < 0 { 0xff } else { 0 });
        let (power, mut carry) = (1 << (exponent % 8), false);
        for (byte, add) in bytes[exponent / 8..].iter_mut().zip([power, 0]) {
            let (sum, first) = byte.overflowing_add(add);
            let (sum, second) = sum.overflowing_add(carry.into());
            (*byte, carry) = (sum, first || second);
        }
        bytes
    }

    #[test]
    fn an_integer_of_any_size_is_rounded_to_the_nearest_float_and_of_two_to_the_even_one() {
        let power = |exponent| 2_f64.powi(exponent);
        // All bits are set from some of the byte's on, of which three are below those of a float.
        let below_1024 = |byte| [&[0; 121][..], &[byte], &[0xff; 6], &[0]].concat();
        for (bytes, expected) in [
            (vec![], 0.0),
            (vec![0xff], -1.0),
            (power_and(64, 0), power(64)),
            (power_and(64, 1 << 11), power(64)),
            (power_and(64, (1 << 11) + 1), power(64) + power(12)),
            (power_and(64, 3 << 11), power(64) + power(13)),
            (power_and(200, 0), power(200)),
            (power_and(200, -1), power(200)),
            // Halfway but for a bit that is far below.
            ([&[1; 1][..], &[0; 20], &[0, 0b1000, 0, 0, 0, 0, 0, 0, 1]].concat(), power(232) + power(180)),
            ([&[0; 21][..], &[0, 0b1000, 0, 0, 0, 0, 0, 0, 1]].concat(), power(232)),
            ([&[0; 25][..], &[0x80]].concat(), -power(207)),
            (power_and(1023, 0), power(1023)),
            (below_1024(0xf8), f64::MAX),
            (below_1024(0xfb), f64::MAX),
        ] {
            assert_eq!(to_f64(&bytes).map(f64::to_bits), Some(expected.to_bits()), "{bytes:?} is {expected}");
        }
        for bytes in [
            below_1024(0xfc),
            power_and(1024, 0),
            power_and(1024, -1),
            power_and(1 << 14, 0),
            vec![0x80; 200],
        ] {
            assert_eq!(to_f64(&bytes), None, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        #[expect(clippy::cast_precision_loss, reason = "both are rounded")]
        fn an_integer_that_rust_can_round_is_rounded_so(value: i128, shift in 0..128_u32) {
            let value = value >> shift;
            prop_assert_eq!(to_f64(BigInt::from(value).as_signed_bytes_le()), Some(value as f64));
        }

        #[test]
        fn every_i128_comes_back(value: i128) {
            prop_assert_eq!(i128::try_from(BigInt::from(value)), Ok(value));
        }

        #[test]
        fn every_u128_comes_back(value: u128) {
            prop_assert_eq!(u128::try_from(BigInt::from(value)), Ok(value));
        }

        #[test]
        fn sign_and_magnitude_make_the_same_as_twos_complement(value in -i128::MAX..) {
            let magnitude = value.unsigned_abs().to_le_bytes().to_vec();
            prop_assert_eq!(signed(magnitude, value < 0), BigInt::from(value).bytes);
        }
    }
}
