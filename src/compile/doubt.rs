//! Finds the names that may be missing only because the line that declares them could not be read.

use crate::diagnostic::Diagnostic;
use crate::source::Sources;
use crate::syntax::vocabulary::{self, Place};
use std::collections::BTreeSet;

/// The names that are uncertain while the text has errors.
#[derive(Debug, Default)]
pub(super) struct Doubt {
    /// Any declaration or `use` line may be lost, so every name is uncertain.
    every: bool,
    /// The words of the lines that could not be read.
    words: BTreeSet<String>,
}

impl Doubt {
    /// Returns what the errors so far leave uncertain. `shaped` states whether the syntax of every file is
    /// correct.
    pub(super) fn of(sources: &Sources, errors: &[Diagnostic], shaped: bool) -> Doubt {
        let mut doubt = Doubt {
            every: !shaped,
            words: BTreeSet::new(),
        };
        for error in errors {
            let Some(span) = error.span() else {
                doubt.every = true;
                continue;
            };
            let text = &sources.file(span.file).text;
            let start = text[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
            let line = text[start..].split('\n').next().unwrap_or_default();
            let mut words = line.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
            let first = words.next().unwrap_or_default();
            // A line at the left margin declares something or brings names in. Any other line is a clause.
            let kind = vocabulary::clauses(Place::File).iter().find(|clause| clause.word == first);
            let names = ["module", "use", "workspace"].contains(&first);
            doubt.every |= !line.starts_with([' ', '\t', '}']) && (names || kind.is_none());
            doubt.words.extend(words.filter(|word| !word.is_empty()).map(ToOwned::to_owned));
        }
        doubt
    }

    /// Whether the declaration of a missing name may be one that could not be read.
    pub(super) fn covers(&self, name: &str) -> bool {
        self.every || name.split('.').any(|part| self.words.contains(part))
    }
}
