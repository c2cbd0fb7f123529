//! The code quality report of GitLab: an array, empty where nothing was found.

use crate::compile::Compilation;
use crate::diagnostic::{Diagnostic, Level};
use crate::outputs::{INPUT, at, fingerprint, worst_first};
use crate::source::digest::sha256;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The document. GitLab drops what has the fingerprint of something before it, so no two have one.
pub fn gitlab(checked: &[&Compilation]) -> String {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut all: Vec<Value> = Vec::new();
    for (compilation, diagnostic) in worst_first(checked) {
        let own = fingerprint(checked, (compilation, diagnostic));
        let before = seen.entry(own.clone()).or_default();
        let unique = match *before {
            0 => own,
            times => sha256(format!("{own}\n{times}").as_bytes()),
        };
        *before += 1;
        all.push(json!({
            "description": description(diagnostic),
            "check_name": diagnostic.code.map_or(INPUT, |code| code.id),
            "fingerprint": unique,
            "severity": severity(diagnostic),
            "location": location(compilation, diagnostic),
        }));
    }
    serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
}

fn description(diagnostic: &Diagnostic) -> String {
    let name = diagnostic.code.map_or("cannot be checked", |code| code.name);
    match diagnostic.help.first() {
        Some(help) => format!("{name}: {}. {help}", diagnostic.message),
        None => format!("{name}: {}", diagnostic.message),
    }
}

fn severity(diagnostic: &Diagnostic) -> &'static str {
    match (diagnostic.code, diagnostic.level) {
        (None, _) => "blocker",
        (Some(_), Level::Error) => "critical",
        (Some(_), Level::Warning) => "minor",
        (Some(_), Level::Note) => "info",
    }
}

/// A place is asked for: what has none stands at the first line of the workspace.
fn location(compilation: &Compilation, diagnostic: &Diagnostic) -> Value {
    let (path, line) = match at(compilation, diagnostic) {
        Some(place) => (place.path.into_owned(), place.start.line),
        None => (super::first_file(compilation), 1),
    };
    json!({ "path": path, "lines": { "begin": line } })
}
