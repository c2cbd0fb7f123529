//! Reads text to an [`ast`]: parses the tree of a file, and reads its clauses with the vocabulary.

pub mod ast;
mod constant;
mod habit;
mod import;
mod joined;
mod lookalike;
mod measure;
pub mod parse;
pub mod pattern;
pub mod phrase;
mod question;
pub mod read;
pub mod secrets;
pub mod tree;
mod value;
pub mod vocabulary;

use crate::diagnostic::Diagnostic;
use crate::source::FileId;
use crate::syntax::tree::Tree;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The content of one file.
#[derive(Debug)]
pub struct Parsed {
    /// The file.
    pub file: FileId,
    /// Its items, each read with the vocabulary of its parent.
    pub items: Vec<ast::Item>,
    /// Whether the text parsed without errors. If it did, only a declaration with an error on its own line can be
    /// lost.
    pub shaped: bool,
}

/// Reads one file, and returns its content and every error. An error affects one clause.
pub fn parse(file: FileId, text: &str) -> (Parsed, Vec<Diagnostic>) {
    let (tree, diagnostics) = parse::parse(file, text);
    read(file, text, &tree, diagnostics)
}

/// Reads a file of the standard library, and keeps its tree in memory: every compilation reads these files twice.
pub fn parse_shipped(file: FileId, text: &str) -> (Parsed, Vec<Diagnostic>) {
    static TREES: Mutex<BTreeMap<Box<str>, Arc<Tree>>> = Mutex::new(BTreeMap::new());
    let kept = || TREES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(tree) = kept().get(text).cloned() {
        return read(file, text, &tree, Vec::new());
    }
    let (tree, diagnostics) = parse::parse(file, text);
    let tree = Arc::new(tree);
    if diagnostics.is_empty() {
        kept().insert(text.into(), Arc::clone(&tree));
    }
    read(file, text, &tree, diagnostics)
}

fn read(file: FileId, text: &str, tree: &Tree, mut diagnostics: Vec<Diagnostic>) -> (Parsed, Vec<Diagnostic>) {
    let shaped = diagnostics.is_empty();
    let (items, more) = read::read_file(file, text, tree);
    diagnostics.extend(more);
    (Parsed { file, items, shaped }, diagnostics)
}

/// Whether a declaration can have this name: small letters, digits and `_`, with a letter first, and not a
/// reserved word.
pub fn declarable(name: &str) -> bool {
    let letters = name
        .chars()
        .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    letters && name.starts_with(|letter: char| letter.is_ascii_lowercase()) && !phrase::RESERVED.contains(&name)
}

/// Returns the candidate that the author of a mistyped word most likely meant, if one is similar enough.
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
