//! The other side sends what no one should, is killed, or shares more than it should: always a value or an error, never
//! a panic, and never more memory than what has come is worth.

mod again;
mod killed;
mod memory;
mod nonblocking;
mod signals;
mod streams;
