//! Writes the code quality report of GitLab: an array, empty if there are no findings.

use crate::compile::Compilation;
use crate::diagnostic::{Diagnostic, Level};
use crate::outputs::{INPUT, One, at, fingerprint, worst_first};
use crate::source::digest::sha256;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;

/// Writes the document. GitLab drops an entry with the same fingerprint as an earlier one, so each entry gets a
/// unique fingerprint.
pub fn gitlab(checked: &[&Compilation], out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Entries(checked))?;
    out.write_all(b"\n")
}

/// The entries. Each is created when it is written.
struct Entries<'a>(&'a [&'a Compilation]);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let one = |(compilation, diagnostic): One<'_>| {
            let own = fingerprint(self.0, (compilation, diagnostic));
            let before = seen.entry(own.clone()).or_default();
            let unique = match *before {
                0 => own,
                times => sha256(format!("{own}\n{times}").as_bytes()),
            };
            *before += 1;
            json!({
                "description": description(diagnostic),
                "check_name": diagnostic.code.map_or(INPUT, |code| code.id),
                "fingerprint": unique,
                "severity": severity(diagnostic),
                "location": location(compilation, diagnostic),
            })
        };
        serializer.collect_seq(worst_first(self.0).into_iter().map(one))
    }
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

/// The location of a diagnostic. GitLab requires one, so a diagnostic without a location is at the first line of
/// the first file.
fn location(compilation: &Compilation, diagnostic: &Diagnostic) -> Value {
    let (path, line) = match at(compilation, diagnostic) {
        Some(place) => (place.path.into_owned(), place.start.line),
        None => (super::first_file(compilation), 1),
    };
    json!({ "path": path, "lines": { "begin": line } })
}
