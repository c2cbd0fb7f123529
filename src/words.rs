//! How we write lists, counts, durations and days: one way for each, in messages, policies and reports alike.
//!
//! Everything here takes plain values and returns text. What only one kind of text needs stays with that text.

pub mod count;
pub mod date;
pub mod duration;
pub mod list;
pub mod literal;

pub use count::{counted, grouped, plural};
pub use date::day;
pub use duration::duration;
pub use list::{at_most, few, list, listed};
