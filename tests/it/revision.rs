//! Every clause counts in the revision, but for those that only people read.

use crate::silence::compiled;
use quorate::model::canonical;
use quorate::source::FileId;
use quorate::syntax::parse::parse;
use quorate::syntax::tree::Node;
use std::collections::BTreeSet;

const EVERY_CLAUSE: &str = include_str!("fidelity/every-clause.gov");

/// A clause: the kind of the declaration, the words that lead to it, and its stretch.
type Clause = (String, std::ops::Range<usize>);

#[test]
fn without_a_clause_the_revision_is_another_one() {
    let text = EVERY_CLAUSE.replace("\r\n", "\n");
    let (tree, slips) = parse(FileId(0), &text);
    assert!(slips.is_empty(), "{}", slips[0].message);
    let mut clauses: Vec<Clause> = Vec::new();
    for node in &tree.nodes {
        below(node, &text, node.word.of(&text), &mut clauses);
    }
    let whole = revised(&text).expect("the workspace can be read");
    let mut tried: BTreeSet<&str> = BTreeSet::new();
    let mut silent: BTreeSet<&str> = BTreeSet::new();
    for (words, range) in &clauses {
        let mut other = text.clone();
        other.replace_range(range.clone(), "");
        // What cannot be left out is tried by other clauses.
        let Some(without) = revised(&other) else { continue };
        tried.insert(words);
        if without == whole {
            silent.insert(words);
        }
    }
    assert!(tried.len() > 60, "only {} clauses could be left out", tried.len());
    let silent: Vec<&str> = silent.into_iter().collect();
    assert_eq!(silent, SILENT);
}

/// What leaves the revision as it is.
const SILENT: &[&str] = &[
    // What is taken to be so where nothing is said, or follows from the action below it.
    "action mutates",
    "domain binds",
    // A catalogue says what findings bear on, not what is allowed.
    "framework alias",
    "framework alias cited_by",
    "framework alias note",
    "framework alias related",
    "framework alias resolves_to",
    "framework alias status",
    "framework control",
    "framework control ask",
    "framework control evidence",
    "framework control group",
    "framework control text",
    "framework edition",
    "framework group",
    "framework group within",
    "framework kind",
    "framework note",
    "framework published",
    "framework publisher",
    "framework slug",
    "framework source",
    "framework verified",
    // Only people read these.
    "person title",
    // To need nothing is what it means that nothing is said.
    "purpose needs",
    "system vendor",
    // A test asks the policies and is no part of them.
    "test agent",
    "test approved",
    "test asked",
    "test attempt",
    "test expect",
    "test on",
    "test skip",
    "test with",
    // Only people read these.
    "waiver reason",
    "waiver ticket",
];

fn below(node: &Node, text: &str, words: &str, found: &mut Vec<Clause>) {
    for inner in node.block.iter().flat_map(|block| &block.nodes) {
        let words = format!("{words} {}", inner.word.of(text));
        found.push((words.clone(), inner.extent.start as usize..inner.extent.end as usize));
        below(inner, text, &words, found);
    }
}

/// What the revision is the digest of; none where the text has a slip.
fn revised(text: &str) -> Option<String> {
    let compilation = compiled(&vec![("main.gov".to_owned(), text.to_owned())]);
    compilation.meaning.map(|meaning| canonical::text(&meaning.model))
}
