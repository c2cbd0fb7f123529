//! Applies replacements to a text.

use crate::syntax::tree::Extent;

/// A stretch of a text and its replacement.
pub(super) struct Replacement {
    pub(super) extent: Extent,
    pub(super) text: String,
}

/// Returns the text with all replacements. The replacements must not overlap.
pub(super) fn apply(text: &str, mut replacements: Vec<Replacement>) -> String {
    replacements.sort_by_key(|one| (one.extent.start, one.extent.end));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for one in replacements {
        out.push_str(&text[done..one.extent.start as usize]);
        out.push_str(&one.text);
        done = one.extent.end as usize;
    }
    out.push_str(&text[done..]);
    out
}
