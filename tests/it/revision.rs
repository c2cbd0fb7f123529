//! Every clause counts in the revision, but for those that only people read.

use crate::silence::compiled;
use quorate::model::canonical;
use quorate::source::FileId;
use quorate::syntax::parse::parse;
use quorate::syntax::tree::Node;
use quorate::syntax::vocabulary::{Absence, Clause, Place, clauses};
use std::collections::BTreeMap;
use std::ops::Range;

const EVERY_CLAUSE: &str = include_str!("fidelity/every-clause.gov");

/// A clause of the text.
struct Found {
    /// The kind of the declaration, and the words that lead to it.
    words: String,
    range: Range<usize>,
    /// Whether its row says that nothing goes by it, or that the same holds without it.
    free: bool,
}

/// Each clause is left out, and each clause with a variable value gets another value. Then some clause of each kind makes another revision,
/// except for prose and for defaults.
#[test]
fn without_a_clause_the_revision_is_another_one() {
    let text = EVERY_CLAUSE.replace("\r\n", "\n");
    let found = every_clause(&text);
    let whole = revised(&text).expect("the workspace can be read");
    let mut counts: BTreeMap<&str, bool> = BTreeMap::new();
    for clause in found.iter().filter(|clause| !clause.free) {
        let mut others = vec![String::new()];
        others.extend(changed(&text[clause.range.clone()]));
        for other in others {
            let mut without = text.clone();
            without.replace_range(clause.range.clone(), &other);
            // What cannot be left out, or cannot be that, is tried otherwise.
            let Some(without) = revised(&without) else { continue };
            *counts.entry(&clause.words).or_default() |= without != whole;
        }
    }
    assert!(counts.len() > 60, "only {} kinds of clauses could be changed", counts.len());
    let silent: Vec<&&str> = counts.iter().filter(|(_, counts)| !**counts).map(|(words, _)| words).collect();
    assert!(silent.is_empty(), "these leave the revision as it is: {silent:?}");
}

/// Prose is what nothing goes by: with it left out, the revision stays.
#[test]
fn prose_leaves_the_revision_as_it_is() {
    let text = EVERY_CLAUSE.replace("\r\n", "\n");
    let found = every_clause(&text);
    let whole = revised(&text).expect("the workspace can be read");
    let mut tried = 0;
    for clause in found.iter().filter(|clause| clause.free) {
        let mut without = text.clone();
        without.replace_range(clause.range.clone(), "");
        if let Some(without) = revised(&without) {
            assert_eq!(without, whole, "{}", clause.words);
            tried += 1;
        }
    }
    assert!(tried > 10, "{tried}");
}

/// A clause with each of its words, numbers and dates another, as far as that says something.
fn changed(clause: &str) -> Vec<String> {
    let head = clause.split('{').next().unwrap_or(clause);
    let mut all = Vec::new();
    for (at, letter) in head.char_indices().filter(|(_, letter)| letter.is_ascii_digit()) {
        let other = if letter == '1' { "2" } else { "1" };
        let mut changed = clause.to_owned();
        changed.replace_range(at..=at, other);
        all.push(changed);
    }
    all
}

fn every_clause(text: &str) -> Vec<Found> {
    let (tree, errors) = parse(FileId(0), text);
    assert!(errors.is_empty(), "{}", errors[0].message);
    let mut found: Vec<Found> = Vec::new();
    for node in &tree.nodes {
        let word = node.word.of(text);
        if let Some(clause) = clauses(Place::File).iter().find(|clause| clause.word == word) {
            below(node, text, word, clause.opens, &mut found);
        }
    }
    found
}

fn below(node: &Node, text: &str, words: &str, opens: Option<Place>, found: &mut Vec<Found>) {
    for inner in node.block.iter().flat_map(|block| &block.nodes) {
        let word = inner.word.of(text);
        let words = format!("{words} {word}");
        let range = inner.extent.start as usize..inner.extent.end as usize;
        let written = text[range.clone()].split_whitespace().collect::<Vec<_>>();
        let rows: Vec<&Clause> = opens
            .map(clauses)
            .unwrap_or_default()
            .iter()
            .filter(|clause| clause.word == word)
            .collect();
        let default = |row: &&Clause| matches!(row.absence, Absence::Default(value) if written[1..].join(" ") == value);
        found.push(Found {
            free: rows.iter().any(|row| row.prose || default(row)),
            words: words.clone(),
            range,
        });
        below(inner, text, &words, rows.iter().find_map(|row| row.opens), found);
    }
}

/// What the revision is the digest of; none where the text has an error.
fn revised(text: &str) -> Option<String> {
    let compilation = compiled(&vec![("main.gov".to_owned(), text.to_owned())]);
    compilation.meaning.map(|meaning| canonical::text(&meaning.model))
}
