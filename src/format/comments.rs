//! Finds every comment of a text, including documentation, with its location.

use crate::syntax::tree::Extent;

/// What a comment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// `//`: a remark.
    Remark,
    /// `///`: documentation of the item below.
    Item,
    /// `//!`: documentation of the file.
    Module,
}

/// One comment, up to the end of its line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comment {
    /// Where it is.
    pub(super) extent: Extent,
    /// What it is for.
    pub(super) purpose: Purpose,
}

impl Comment {
    /// The comment as it is written, without spaces at the end.
    pub(super) fn of<'a>(&self, text: &'a str) -> &'a str {
        self.extent.of(text).trim_end()
    }
}

/// Returns the comments of a text in order. The text parsed without errors, so every string in it is closed.
///
/// The result includes documentation with no item after it, which the tree drops.
pub(super) fn scan(text: &str) -> Vec<Comment> {
    let bytes = text.as_bytes();
    let mut comments = Vec::new();
    let mut at = 0;
    let mut in_string = false;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if in_string => at += 1,
            b'"' => in_string = !in_string,
            b'/' if !in_string && bytes.get(at + 1) == Some(&b'/') => {
                let end = text[at..].find('\n').map_or(bytes.len(), |length| at + length);
                let extent = Extent {
                    start: at as u32,
                    end: end as u32,
                };
                comments.push(Comment {
                    extent,
                    purpose: purpose(extent.of(text)),
                });
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    comments
}

fn purpose(comment: &str) -> Purpose {
    match comment {
        _ if comment.starts_with("//!") => Purpose::Module,
        _ if comment.starts_with("////") => Purpose::Remark,
        _ if comment.starts_with("///") => Purpose::Item,
        _ => Purpose::Remark,
    }
}
