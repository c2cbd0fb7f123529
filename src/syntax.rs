//! Text to [`ast`]: the tree of a file, and its clauses read by the vocabulary.

pub mod ast;
mod constant;
pub mod parse;
pub mod pattern;
pub mod phrase;
pub mod read;
pub mod secrets;
pub mod tree;
pub mod vocabulary;

use crate::diagnostic::Diagnostic;
use crate::source::FileId;

/// What one file says.
#[derive(Debug)]
pub struct Parsed {
    /// Which file.
    pub file: FileId,
    /// Its items, each read by the vocabulary of its parent.
    pub items: Vec<ast::Item>,
}

/// Reads one file; a slip costs one clause, and every slip is reported.
pub fn parse(file: FileId, text: &str) -> (Parsed, Vec<Diagnostic>) {
    let (tree, mut diagnostics) = parse::parse(file, text);
    let (items, more) = read::read_file(file, text, &tree);
    diagnostics.extend(more);
    let parsed = Parsed { file, items };
    (parsed, diagnostics)
}

/// The candidate that a mistyped word was most likely meant to be; the only place where such a guess is made.
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = match word.chars().count() {
        0..=2 => 1,
        3..=5 => 2,
        _ => 3,
    };
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *distance < candidate.chars().count())
        .min()
        .map(|(_, candidate)| candidate)
}
