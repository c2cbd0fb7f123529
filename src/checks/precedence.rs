//! One fault, one code: at one subject the first of a chain is reported and the others fold into it (semantics, section 4).

use crate::diagnostic::{Diagnostic, Level, Related};
use std::collections::BTreeMap;

/// Codes in order of precedence; a finding of an earlier one takes in those of later ones at the same subject.
pub const CHAINS: &[&[&str]] = &[
    &[
        "GOV106", "GOV109", "GOV115", "GOV105", "GOV101", "GOV103", "GOV112", "GOV111", "GOV102", "GOV104",
    ],
    &["GOV202", "GOV203", "GOV201"],
    &["GOV302", "GOV303", "GOV301"],
    &["GOV204", "GOV201"],
    &["GOV204", "GOV210"],
    &["GOV404", "GOV603"],
    &["GOV401", "GOV603"],
    &["GOV301", "GOV605"],
    &["GOV407", "GOV406"],
];

/// Folds and sorts.
pub fn fold(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    fold_silence(&mut found);
    // What is waived takes in nothing that is open, and the other way round.
    let mut by_subject: BTreeMap<(String, String, Option<String>), Vec<Diagnostic>> = BTreeMap::new();
    let mut out = Vec::new();
    for diagnostic in found {
        match diagnostic.code {
            Some(_) => by_subject
                .entry((
                    diagnostic.finding.subject_kind.clone(),
                    diagnostic.finding.subject.clone(),
                    diagnostic.finding.waived_by.clone(),
                ))
                .or_default()
                .push(diagnostic),
            None => out.push(diagnostic),
        }
    }
    for (_, mut findings) in by_subject {
        findings = fold_consequences(findings);
        for chain in CHAINS {
            findings = fold_chain(findings, chain);
        }
        out.extend(findings);
    }
    out.sort_by_key(|diagnostic| (diagnostic.span(), diagnostic.code.map(|code| code.id), diagnostic.message.clone()));
    out
}

/// A note that something is unsaid goes under the finding that it leads to, where that is the only clause it is about.
fn fold_silence(found: &mut Vec<Diagnostic>) {
    let led_to = |note: &Diagnostic, finding: &Diagnostic| {
        let mut silence = finding.finding.silence.iter();
        silence.any(|(span, word)| note.span() == Some(*span) && note.finding.selector == *word)
            && note.finding.waived_by == finding.finding.waived_by
    };
    let is_note = |one: &Diagnostic| one.level == Level::Note && one.code.is_some_and(|code| code.id == "GOV710");
    let (notes, others): (Vec<_>, Vec<_>) = std::mem::take(found).into_iter().partition(is_note);
    *found = others;
    for note in notes {
        match found.iter_mut().find(|finding| led_to(&note, finding)) {
            Some(finding) => finding.related.extend(related(&note)),
            None => found.push(note),
        }
    }
}

/// What a finding says of itself that it follows from goes under that, unless it is the graver.
fn fold_consequences(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let head = |findings: &[Diagnostic], of: usize| {
        let follows = |id: &str| {
            findings
                .iter()
                .position(|other| other.code.is_some_and(|code| code.id == id) && other.level >= findings[of].level)
        };
        findings[of]
            .finding
            .follows
            .iter()
            .find_map(|id| follows(id))
            .filter(|head| *head != of)
    };
    while let Some((of, head)) = (0..findings.len()).find_map(|of| Some((of, head(&findings, of)?))) {
        let folded = related(&findings[of]);
        findings[head].related.extend(folded);
        findings.remove(of);
    }
    findings
}

/// A finding as it stands under another, with those that stood under it.
fn related(finding: &Diagnostic) -> Vec<Related> {
    let own = finding.code.zip(finding.span()).map(|(code, span)| Related {
        code: Some(code),
        span,
        message: finding.message.clone(),
    });
    let under = finding.related.iter().filter(|related| related.code.is_some()).cloned();
    own.into_iter().chain(under).collect()
}

fn fold_chain(findings: Vec<Diagnostic>, chain: &[&str]) -> Vec<Diagnostic> {
    let rank = |diagnostic: &Diagnostic| diagnostic.code.and_then(|code| chain.iter().position(|id| *id == code.id));
    // A warning does not take in an error: the error would be lost.
    let first = findings
        .iter()
        .filter_map(|finding| Some((std::cmp::Reverse(finding.level), rank(finding)?)))
        .min();
    let Some((level, best)) = first else {
        return findings;
    };
    let mut kept: Vec<Diagnostic> = Vec::new();
    let mut folded: Vec<Related> = Vec::new();
    for finding in findings {
        match (rank(&finding), finding.code, finding.span()) {
            (Some(place), Some(_), Some(_)) if place != best || std::cmp::Reverse(finding.level) != level => {
                folded.extend(related(&finding));
            }
            _ => kept.push(finding),
        }
    }
    if let Some(head) = kept.iter_mut().find(|finding| rank(finding) == Some(best)) {
        head.related.extend(folded);
    }
    kept
}
