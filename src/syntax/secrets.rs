//! Secrets that stood in the files of a workspace, each with the declaration whose text it is.

use crate::source::{FileId, Origin, Sources, Span};
use crate::syntax::Parsed;

/// A secret in a file.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// Where it stood.
    pub span: Span,
    /// What it is, as `a GitHub token`.
    pub what: &'static str,
    /// The line of the declaration that it stands in, or else above, or else below; none in a file without any.
    pub declaration: Option<Span>,
    /// Where it is from there.
    pub place: Place,
}

/// Where a secret is from the declaration whose text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Above its first line.
    Above,
    /// In it.
    Inside,
    /// Below its last line, where no other declaration follows.
    Below,
}

/// Every secret of a file that is the workspace's own, in order.
pub fn found(sources: &Sources, parsed: &Parsed) -> Vec<Found> {
    let file = sources.file(parsed.file);
    let declared = || parsed.items.iter().filter(|item| item.clause.declares.is_some());
    let own = file.secrets.iter().filter(|_| file.origin == Origin::Workspace);
    let found = own.map(|secret| {
        // What ends after the secret holds it, or has it among the comments above.
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
