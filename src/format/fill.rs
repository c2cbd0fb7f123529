//! Chooses the clauses that `fmt --upgrade` puts on one line: small facts that belong together.

use crate::format::attach::{Body, Braces, Entry};
use std::collections::BTreeMap;

/// For each kind of block, the clauses that share a line if they are adjacent.
const TOGETHER: &[(&str, &[&str])] = &[
    ("agent", &["runs_as", "owner", "provider", "model", "autonomy", "calls", "stop"]),
    ("delegation", &["from", "function", "starts", "until"]),
    ("domain", &["valid", "binds", "purposes", "retention", "rollback", "evidence"]),
    ("emergency", &["approve", "lasts", "review"]),
    (
        "enforcement",
        &["engine", "on_failure", "managed_by", "operated_by", "configured_in"],
    ),
    (
        "identity",
        &["kind", "principal", "issued_by", "ttl", "issued", "revoked", "can_assume"],
    ),
    (
        "ledger",
        &["keeps", "approvals", "tamper_evident", "retention", "managed_by", "operated_by"],
    ),
    ("person", &["email", "title", "accounts", "reports_to"]),
    ("rollback", &["restores", "method", "within", "owner", "tested", "operated_by"]),
    ("safeguards", &["valid", "binds", "retention", "rollback", "evidence"]),
    ("system", &["vendor", "holds", "managed_by", "enforced_by", "operated_by", "feeds"]),
    ("task", &["purpose", "basis", "limit", "starts", "until", "started_by"]),
    ("team", &["lead", "members", "managed_by", "kept_in"]),
    ("test", &["on", "agent", "attempt"]),
];

/// Joins such clauses after they are in order. A clause that a block has several times keeps its own line.
pub(super) fn join(text: &str, body: &mut Body) {
    for entry in &mut body.entries {
        let word = entry.node.word.of(text);
        let Some(braces) = &mut entry.braces else {
            continue;
        };
        join(text, &mut braces.body);
        if let Some((_, together)) = TOGETHER.iter().find(|(block, _)| *block == word) {
            rows(text, &mut braces.body.entries, together);
            braces.on_one_line |= is_one_row(braces);
        }
    }
}

fn rows(text: &str, entries: &mut [Entry], together: &[&str]) {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in entries.iter() {
        *times.entry(entry.node.word.of(text)).or_default() += 1;
    }
    let shares = |entry: &Entry| {
        let word = entry.node.word.of(text);
        together.contains(&word) && times.get(word) == Some(&1)
    };
    for index in 1..entries.len() {
        if shares(&entries[index - 1]) && shares(&entries[index]) {
            entries[index].row = entries[index - 1].row;
            entries[index].blank = false;
        }
    }
}

/// Whether the content of a block may be on the line of its brace, if it fits there.
fn is_one_row(braces: &Braces) -> bool {
    let entries = &braces.body.entries;
    let alike = entries.windows(2).all(|pair| pair[0].row == pair[1].row);
    let bare = |entry: &Entry| entry.leading.is_empty() && entry.inner.is_empty() && entry.trailing.is_none() && entry.braces.is_none();
    let about = braces.opening.is_some() || !braces.body.head.is_empty() || !braces.body.rest.is_empty();
    alike && !about && entries.iter().all(bare)
}

/// Removes the blank lines between adjacent declarations of one kind, if all of them are small.
pub(super) fn close_up(text: &str, body: &mut Body) {
    let mut run = 0;
    for index in 1..=body.entries.len() {
        let goes_on = body.entries.get(index).is_some_and(|entry| {
            let above = body.entries[index - 1].node.word.of(text);
            entry.leading.is_empty() && entry.node.word.of(text) == above
        });
        if goes_on {
            continue;
        }
        let run = &mut body.entries[std::mem::replace(&mut run, index)..index];
        if run.iter().all(|entry| entry.node.extent.of(text).lines().count() <= SMALL) {
            for entry in &mut run[1..] {
                entry.blank = false;
            }
        }
    }
}

/// The most lines of a small declaration: a block with one line in it.
const SMALL: usize = 3;
