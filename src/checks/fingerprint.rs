//! The fingerprint of a finding: this fault with this severity. A waiver lists fingerprints, and relieves
//! nothing else.

use crate::checks::precedence;
use crate::diagnostic::{Diagnostic, Magnitude};
use crate::model::Model;
use crate::source::digest::sha256;
use std::collections::BTreeSet;

/// Digest of what makes it this fault: code, level, subject, the rule that asks for it, selector, operations,
/// magnitude. The level is the check's own. Places, titles and days are not part of it, so the fingerprint stays
/// the same while somebody edits the file. A fault that becomes more severe, covers more or exceeds by more
/// gets another fingerprint.
pub fn of(model: &Model, finding: &Diagnostic) -> String {
    let facts = &finding.finding;
    let code = finding.code.map_or("", |code| code.id);
    let standard = facts.standard.as_ref().map_or("", |(standard, _)| standard);
    let mut magnitude: Vec<String> = facts.magnitude.iter().map(Magnitude::to_string).collect();
    magnitude.sort_unstable();
    sha256(
        [
            code,
            finding.level.word(),
            &facts.subject_kind,
            if facts.alike { "" } else { &facts.subject },
            standard,
            &rule(model, finding),
            &facts.selector,
            &facts.operations.digest,
            &magnitude.join("\n"),
        ]
        .join("\n")
        .as_bytes(),
    )
}

/// The line of the standard that makes it a fault, with one space between words.
fn rule(model: &Model, finding: &Diagnostic) -> String {
    let at = finding.finding.standard.as_ref().map(|(_, span)| *span);
    let mut rules = model.standards.iter().flat_map(|standard| &standard.rules);
    let rule = rules.find(|rule| Some(rule.span) == at);
    let words: Vec<&str> = rule.map_or(Vec::new(), |rule| rule.text.split_whitespace().collect());
    words.join(" ")
}

/// Adds to the fingerprint of each finding the fingerprints of the findings folded into it, and the people they
/// name. Somebody who accepts the finding has seen the others below it, and accepts nothing that comes up there
/// later.
pub fn take_in(found: &mut [Diagnostic]) {
    let below = precedence::below(found);
    let own: Vec<String> = found.iter().map(|finding| finding.finding.fingerprint.clone()).collect();
    let alone: Vec<BTreeSet<String>> = found.iter().map(alone).collect();
    for (finding, alone) in found.iter_mut().zip(&alone) {
        finding.finding.alone.clone_from(alone);
    }
    for (head, taken) in below.into_iter().enumerate().filter(|(_, taken)| !taken.is_empty()) {
        let mut prints: Vec<&str> = taken.iter().map(|index| own[*index].as_str()).collect();
        prints.sort_unstable();
        let facts = &mut found[head].finding;
        facts.fingerprint = sha256(format!("{}\n{}", own[head], prints.join("\n")).as_bytes());
        facts.alone.extend(taken.iter().flat_map(|index| alone[*index].iter().cloned()));
    }
}

/// The people who can act alone according to a finding: those it lists as such, and the only one whom it shows.
fn alone(finding: &Diagnostic) -> BTreeSet<String> {
    let shown: BTreeSet<&String> = finding.finding.witness.iter().map(|witness| &witness.person).collect();
    let only = shown.into_iter().filter(|_| {
        finding
            .finding
            .witness
            .iter()
            .all(|one| one.person == finding.finding.witness[0].person)
    });
    finding
        .finding
        .alone
        .iter()
        .chain(only)
        .filter(|person| !person.is_empty())
        .cloned()
        .collect()
}
