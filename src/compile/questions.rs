//! Writes the help of an open question: what belongs there, and which file declares such things.

use crate::diagnostic::Diagnostic;
use crate::resolve::Names;
use crate::source::{FileId, Sources};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Adds to each question a help that states what belongs there.
pub(super) fn explain(sources: &Sources, names: &Names, errors: &mut [Diagnostic]) {
    for error in errors {
        let Some(wanted) = &error.question else { continue };
        let wanted = told(wanted);
        let from = declared_in(names, &wanted).map_or(String::new(), |file| format!(" from {}", sources.shown(file)));
        let mut letters = wanted.chars();
        let what = match letters.next() {
            Some(first) => format!("{}{}{from}. ", first.to_uppercase(), letters.as_str()),
            None => String::new(),
        };
        error.help.push(format!("{what}Nobody else can know this."));
    }
}

/// The kinds of values to name in the help. Only people can be accountable, so agents and identities are left out,
/// although the language accepts them and a check reports them. A word in backticks is left out too, because it is
/// only the first of several that fit.
fn told(wanted: &str) -> Cow<'_, str> {
    let kinds: Vec<&str> = wanted.split(" or ").collect();
    let people: Vec<&str> = kinds
        .iter()
        .copied()
        .filter(|kind| matches!(*kind, "a person" | "a team"))
        .collect();
    match () {
        () if kinds == ["a data"] => Cow::Borrowed("a class of data"),
        () if wanted.starts_with('`') => Cow::Borrowed(""),
        () if kinds.iter().any(|kind| matches!(*kind, "an agent" | "an identity")) && !people.is_empty() => Cow::Owned(people.join(" or ")),
        () => Cow::Borrowed(wanted),
    }
}

/// The file with the most declarations of the wanted kinds.
fn declared_in(names: &Names, wanted: &str) -> Option<FileId> {
    let kinds: Vec<&str> = wanted.split(" or ").collect();
    let mut counts: BTreeMap<FileId, usize> = BTreeMap::new();
    for declaration in names.declarations.iter().filter(|declaration| !declaration.library) {
        if kinds.contains(&&*declaration.kind.phrase()) {
            *counts.entry(declaration.span.file).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .min_by_key(|(file, count)| (Reverse(*count), *file))
        .map(|(file, _)| file)
}
