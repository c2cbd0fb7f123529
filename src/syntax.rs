//! Text to [`ast`]: the tree of a file, and its clauses read by the vocabulary.

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
    /// Which file.
    pub file: FileId,
    /// Its items, each read by the vocabulary of its parent.
    pub items: Vec<ast::Item>,
    /// Whether the shape of the text is sound. Then only a declaration whose own line has an error can be lost.
    pub shaped: bool,
}

/// Reads one file. An error costs one clause, and every error is reported.
pub fn parse(file: FileId, text: &str) -> (Parsed, Vec<Diagnostic>) {
    let (tree, diagnostics) = parse::parse(file, text);
    read(file, text, &tree, diagnostics)
}

/// Reads a file of the standard library, whose tree is kept: every compilation has these files, and each is read twice.
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

/// Whether something can be called this: small letters, digits and `_`, a letter first, and not a word of the language.
pub fn declarable(name: &str) -> bool {
    let letters = name
        .chars()
        .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    letters && name.starts_with(|letter: char| letter.is_ascii_lowercase()) && !phrase::RESERVED.contains(&name)
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
