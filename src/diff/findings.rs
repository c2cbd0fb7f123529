//! Findings that are new, and findings that are gone, by their fingerprints.

use crate::compile::Compilation;
use crate::diagnostic::{Diagnostic, Level};
use crate::diff::{Change, Kind, Place, Side, Weight};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// The findings of a compilation, by fingerprint.
fn by_fingerprint(compilation: &Compilation) -> BTreeMap<&str, &Diagnostic> {
    let findings = compilation.findings.iter().filter(|finding| finding.code.is_some());
    let mut all: BTreeMap<&str, &Diagnostic> = BTreeMap::new();
    for finding in findings {
        let known = all.entry(&finding.finding.fingerprint).or_insert(finding);
        // If one of two findings with the same fingerprint is waived, the open one counts.
        if known.finding.waived_by.is_some() {
            *known = finding;
        }
    }
    all
}

/// Returns the findings that opened or closed, and those with a new waiver status or a new level.
pub(super) fn changes(old: &Compilation, new: &Compilation) -> Vec<Change> {
    let (before, after) = (by_fingerprint(old), by_fingerprint(new));
    let mut changes = Vec::new();
    for (fingerprint, finding) in &after {
        let waived = finding.finding.waived_by.is_some();
        match before.get(fingerprint) {
            None => changes.push(opened(finding)),
            Some(earlier) => {
                let was = earlier.finding.waived_by.is_some();
                if was != waived {
                    let (weight, words) = match waived {
                        true => (Weight::Weaker, "is waived now"),
                        false => (Weight::Changed, "is waived no longer"),
                    };
                    changes.push(change(finding, Side::New, weight, Kind::Waiver, words));
                }
                if earlier.level != finding.level {
                    let own = |finding: &Diagnostic| finding.finding.built_in.unwrap_or(finding.level);
                    // If only the settings changed, a lower level hides a finding that is as severe as before.
                    let weight = match own(finding).cmp(&own(earlier)) {
                        Ordering::Greater => Weight::Weaker,
                        Ordering::Less => Weight::Stronger,
                        Ordering::Equal if finding.level < earlier.level => Weight::Weaker,
                        Ordering::Equal => Weight::Changed,
                    };
                    let words = format!(
                        "is reported as {} now, and was {} before",
                        article(finding.level),
                        article(earlier.level)
                    );
                    changes.push(change(finding, Side::New, weight, Kind::Level, &words));
                }
            }
        }
    }
    for (fingerprint, finding) in &before {
        if !after.contains_key(fingerprint) {
            let weight = match grave(finding) && finding.finding.waived_by.is_none() {
                true => Weight::Stronger,
                false => Weight::Changed,
            };
            changes.push(change(finding, Side::Old, weight, Kind::Closed, "is closed"));
        }
    }
    changes
}

fn opened(finding: &Diagnostic) -> Change {
    let weight = if grave(finding) { Weight::Weaker } else { Weight::Changed };
    let words = match finding.finding.waived_by {
        Some(_) => "is new, and waived",
        None => "is open",
    };
    change(finding, Side::New, weight, Kind::Opened, words)
}

/// Whether a finding is an error, with or without the settings.
fn grave(finding: &Diagnostic) -> bool {
    finding.level == Level::Error || finding.finding.built_in == Some(Level::Error)
}

fn article(level: Level) -> String {
    match level {
        Level::Error => format!("an {}", level.word()),
        Level::Warning | Level::Note => format!("a {}", level.word()),
    }
}

fn change(finding: &Diagnostic, side: Side, weight: Weight, kind: Kind, words: &str) -> Change {
    let code = finding.code.map_or(String::new(), |code| format!("{} {}", code.id, code.name));
    let subject = format!("{} {}", finding.finding.subject_kind, finding.finding.subject);
    Change {
        weight,
        kind,
        sentence: format!("{code} {words}"),
        detail: finding.message.clone(),
        place: finding.span().map(|span| Place { side, span }),
        subject: subject.trim().to_owned(),
    }
}
