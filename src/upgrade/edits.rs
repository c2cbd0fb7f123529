//! Changes of a text, by the places where they are made.

use crate::syntax::tree::Extent;

/// What takes the place of a stretch of a text.
pub(super) struct Replacement {
    pub(super) extent: Extent,
    pub(super) text: String,
}

/// The text with all replacements made, which do not overlap.
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
