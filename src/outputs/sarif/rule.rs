//! Writes the rules of a SARIF run: one for each check, with its page as help, and one for errors in the text.

use crate::checks::{ALL, Check};
use crate::diagnostic::{Code, Level};
use crate::outputs::INPUT;
use crate::outputs::page::{paragraph, readable, section, sentence};
use serde_json::{Value, json};

/// The most characters of a description that GitHub reads.
const LONGEST: usize = 1000;

/// The checks whose findings are security weaknesses, each with its score on the CVSS scale. The other checks are
/// about accountability, and forges should not list them as weaknesses.
const SECURITY: &[(&str, &str)] = &[
    ("GOV111", "8.0"),
    ("GOV201", "7.0"),
    ("GOV202", "7.0"),
    ("GOV204", "7.0"),
    ("GOV205", "7.0"),
    ("GOV206", "7.0"),
    ("GOV207", "5.0"),
    ("GOV208", "9.0"),
    ("GOV209", "9.0"),
    ("GOV210", "7.0"),
    ("GOV301", "7.5"),
    ("GOV406", "8.0"),
    ("GOV407", "8.0"),
    ("GOV502", "7.0"),
    ("GOV505", "7.5"),
    ("GOV601", "8.0"),
    ("GOV602", "8.0"),
    ("GOV605", "7.5"),
];

/// Returns all rules.
pub(super) fn all() -> Vec<Value> {
    ALL.iter().map(|check| rule(check)).chain([input()]).collect()
}

/// The index of the rule for a code. Without a code, the index of the rule for errors, which is the last.
pub(super) fn index(code: Option<&Code>) -> usize {
    let place = ALL.iter().position(|check| Some(check.code) == code);
    place.unwrap_or(ALL.len())
}

fn rule(check: &Check) -> Value {
    let code = check.code;
    let page = readable(check.page);
    let says = section(&page, "What it says");
    let mut tags = vec!["governance", "accountability"];
    let security = SECURITY.iter().find(|(id, _)| *id == code.id);
    tags.extend(security.map(|_| "security"));
    let mut rule = json!({
        "id": code.id,
        "name": pascal(code.name),
        "shortDescription": { "text": sentence(says) },
        "fullDescription": { "text": paragraph(says, LONGEST) },
        "help": { "text": section(&page, "How to fix"), "markdown": page },
        "defaultConfiguration": { "level": code.level.word() },
        "properties": {
            "tags": tags,
            "precision": "very-high",
            "problem.severity": severity(code.level),
        },
    });
    if let Some((_, grade)) = security {
        rule["properties"]["security-severity"] = (*grade).into();
    }
    rule
}

fn input() -> Value {
    let short = "The workspace cannot be checked.";
    let full = "The files have an error, so Quorate cannot look for gaps. A workspace that cannot be checked is not clean.";
    let help = "Fix the error that the message names, then check again.";
    json!({
        "id": INPUT,
        "name": "WorkspaceInput",
        "shortDescription": { "text": short },
        "fullDescription": { "text": full },
        "help": { "text": help, "markdown": format!("{full}\n\n{help}\n") },
        "defaultConfiguration": { "level": "error" },
        "properties": { "tags": ["governance"], "precision": "very-high", "problem.severity": "error" },
    })
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "recommendation",
    }
}

/// Turns `single-person-quorum` into `SinglePersonQuorum`.
fn pascal(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}
