//! The limits on a pickle: a hostile message must neither overflow the stack nor fill the memory.

/// The maximum depth of a value that is read into a type. Each list, tuple, set and dict is a level, and so is each
/// [`Option`] and each newtype of the type.
///
/// Measured: at this depth, a recursive enum with serde's derived code takes less than half of a thread's 2 MiB stack in
/// a debug build.
pub(crate) const TYPE_DEPTH: usize = 200;

/// The maximum depth of an [`Object`](crate::Object). It bounds the memory of a value that contains itself.
///
/// Measured: at their default limits, CPython 3.6 to 3.11 pickle some 1,000 nested tuples, 3.12.1 some 1,500, and 3.13
/// some 10,000; of lists and dicts half as many. CPython 3.14 has no limit but its stack.
pub(crate) const OBJECT_DEPTH: usize = 100_000;

/// The maximum size of an integer, in bytes: some 315,000 decimal digits.
///
/// Reading takes time in proportion to the size, but printing takes its square, and a program may print what it
/// receives. CPython limits the conversion to and from decimal digits for the same reason, to 4,300 digits.
pub(crate) const MAX_INT_SIZE: usize = 128 * 1024;

/// The memory that each message may take when its shared references are copied, in bytes: enough for a few thousand
/// references to a string of some kilobytes.
pub(super) const BASE_BUDGET: usize = 32 << 20;

/// The memory that each byte of a message may take in addition, in bytes. A byte of a message without shared references
/// takes at most 64, so that such a message never exceeds the budget. The shortest reference is two bytes long, so that
/// any number of references to a string of up to 96 bytes never exceeds it either.
pub(super) const BUDGET_PER_BYTE: usize = 80;
