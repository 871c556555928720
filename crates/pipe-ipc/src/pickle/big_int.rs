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
        let mut carry = true;
        for byte in &mut magnitude {
            (*byte, carry) = (!*byte).overflowing_add(carry.into());
        }
    }
    magnitude.truncate(shortest(&magnitude).len());
    magnitude
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

    proptest! {
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
