//! `std::sync::atomic` under the scheduler: sequentially consistent, whatever the ordering. No `compare_exchange_weak`
//! fails for no reason, and a fence is not a step.

pub use ::std::sync::atomic::{Ordering, compiler_fence, fence};

use ::std::fmt;
use ::std::sync::atomic;

use exploration::Operation;
use exploration::runtime::step;

use crate::name::Name;

macro_rules! atomics {
    ($($atomic:ident: $value:ty,)*) => {$(
        /// Replaces the type of the same name in `std::sync::atomic`.
        #[derive(Default)]
        pub struct $atomic {
            name: Name,
            value: atomic::$atomic,
        }

        impl $atomic {
            /// Returns an atomic with this value.
            #[must_use]
            #[track_caller]
            pub const fn new(value: $value) -> Self {
                Self { name: Name::new(), value: atomic::$atomic::new(value) }
            }

            /// Returns the value.
            #[track_caller]
            pub fn load(&self, order: Ordering) -> $value {
                step(Operation::Load(self.name.object()));
                self.value.load(order)
            }

            /// Sets the value.
            #[track_caller]
            pub fn store(&self, value: $value, order: Ordering) {
                step(Operation::Store(self.name.object()));
                self.value.store(value, order);
            }

            /// Sets the value if it is `current`, and returns the value before.
            ///
            /// # Errors
            /// Returns the value if it is not `current`.
            #[track_caller]
            pub fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                step(Operation::ReadModifyWrite(self.name.object()));
                self.value.compare_exchange(current, new, success, failure)
            }

            /// As [`compare_exchange`](Self::compare_exchange).
            ///
            /// # Errors
            /// Returns the value if it is not `current`.
            #[track_caller]
            pub fn compare_exchange_weak(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                self.compare_exchange(current, new, success, failure)
            }

            /// Sets the value to what `update` makes of it, again and again until no other thread has changed it
            /// meanwhile, and returns the value before.
            ///
            /// # Errors
            /// Returns the value if `update` returns `None`.
            #[track_caller]
            pub fn fetch_update(
                &self,
                set_order: Ordering,
                fetch_order: Ordering,
                mut update: impl FnMut($value) -> Option<$value>,
            ) -> Result<$value, $value> {
                let mut value = self.load(fetch_order);
                while let Some(new) = update(value) {
                    match self.compare_exchange_weak(value, new, set_order, fetch_order) {
                        Ok(before) => return Ok(before),
                        Err(other) => value = other,
                    }
                }
                Err(value)
            }

            /// Returns the value.
            #[must_use]
            pub const fn into_inner(self) -> $value {
                self.value.into_inner()
            }

            /// Returns the value, which nothing else borrows.
            pub fn get_mut(&mut self) -> &mut $value {
                self.value.get_mut()
            }
        }

        impl From<$value> for $atomic {
            fn from(value: $value) -> Self {
                Self::new(value)
            }
        }

        impl fmt::Debug for $atomic {
            #[track_caller]
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.load(Ordering::Relaxed).fmt(f)
            }
        }
    )*};
}

/// Methods that change the value in one step and return the value before.
macro_rules! changes {
    ($atomic:ident: $value:ty: $($method:ident),*) => {
        impl $atomic {$(
            /// Changes the value and returns the value before, as in std.
            #[track_caller]
            pub fn $method(&self, value: $value, order: Ordering) -> $value {
                step(Operation::ReadModifyWrite(self.name.object()));
                self.value.$method(value, order)
            }
        )*}
    };
}

macro_rules! integers {
    ($($atomic:ident: $value:ty,)*) => {
        atomics!($($atomic: $value,)*);
        $(changes!(
            $atomic: $value:
            swap, fetch_add, fetch_sub, fetch_and, fetch_nand, fetch_or, fetch_xor, fetch_max, fetch_min
        );)*
    };
}

integers! {
    AtomicI8: i8,
    AtomicI16: i16,
    AtomicI32: i32,
    AtomicI64: i64,
    AtomicIsize: isize,
    AtomicU8: u8,
    AtomicU16: u16,
    AtomicU32: u32,
    AtomicU64: u64,
    AtomicUsize: usize,
}

atomics! {
    AtomicBool: bool,
}

changes!(AtomicBool: bool: swap, fetch_and, fetch_nand, fetch_or, fetch_xor);
