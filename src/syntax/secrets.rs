//! Finds the declaration that each secret in the files of a workspace belongs to.

use crate::source::{FileId, Origin, Sources, Span};
use crate::syntax::Parsed;

/// A secret in a file.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// Its location.
    pub span: Span,
    /// Its kind, as `a GitHub token`.
    pub what: &'static str,
    /// The first line of the declaration that it is in or above, or else of the last declaration; `None` in a file
    /// without declarations.
    pub declaration: Option<Span>,
    /// Its position relative to that declaration.
    pub place: Place,
}

/// The position of a secret relative to its declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Above its first line.
    Above,
    /// In the declaration.
    Inside,
    /// Below its last line, with no other declaration after it.
    Below,
}

/// Returns every secret of a file, in order; none if the file is not one of the workspace's own.
pub fn found(sources: &Sources, parsed: &Parsed) -> Vec<Found> {
    let file = sources.file(parsed.file);
    let declared = || parsed.items.iter().filter(|item| item.clause.declares.is_some());
    let own = file.secrets.iter().filter(|_| file.origin == Origin::Workspace);
    let found = own.map(|secret| {
        // The first declaration that ends after the secret contains it, or has it in the comments above.
        let item = declared()
            .find(|item| item.span.end >= secret.end)
            .or_else(|| declared().next_back());
        let place = match item {
            Some(item) if secret.end <= item.header.start => Place::Above,
            Some(item) if secret.start >= item.span.end => Place::Below,
            _ => Place::Inside,
        };
        Found {
            place,
            span: span(parsed.file, secret.start, secret.end),
            what: secret.what,
            declaration: item.map(|item| item.header),
        }
    });
    found.collect()
}

fn span(file: FileId, start: u32, end: u32) -> Span {
    Span { file, start, end }
}
