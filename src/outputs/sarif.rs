//! Writes SARIF 2.1.0 as GitHub code scanning expects it:
//! https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

use crate::compile::Compilation;
use crate::diagnostic::Diagnostic;
use crate::outputs::{INPUT, One, Place, at, called, errors, fingerprint, first_file, place, worst_first};
use crate::source::{Position, Span};
use crate::words::plural;
use serde_json::{Value, json};

mod rule;

/// The most results of a run. GitHub does not read more.
const MOST_RESULTS: usize = 25_000;

/// The most related locations of a result. GitHub reads at most a thousand.
const MOST_PLACES: usize = 100;

/// The address of the tool, which the validator requires. Quorate has no public address yet, and GitHub would take
/// a path for one in the checked repository. The help of each rule contains its whole page.
const INFORMATION: &str = "urn:quorate";

/// Whether the document includes waived findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suppressed {
    /// It does not. GitHub ignores suppressions and would show these findings as open.
    LeftOut,
    /// It does, each with its waiver, for archives and other viewers.
    Written,
}

/// The number of results, and how many of them the document leaves out because GitHub would not read them.
pub fn left_out(checked: &[&Compilation], suppressed: Suppressed) -> (usize, usize) {
    let errors: usize = checked.iter().map(|one| errors(one).count()).sum();
    let shown = |finding: &&Diagnostic| suppressed == Suppressed::Written || finding.finding.waived_by.is_none();
    let found: usize = checked.iter().map(|one| one.findings.iter().filter(shown).count()).sum();
    (errors + found, (errors + found).saturating_sub(MOST_RESULTS))
}

/// Returns the document, with one run for all workspaces.
pub fn sarif(checked: &[&Compilation], suppressed: Suppressed) -> String {
    with_most(checked, suppressed, MOST_RESULTS)
}

fn with_most(checked: &[&Compilation], suppressed: Suppressed, most: usize) -> String {
    let mut all = worst_first(checked);
    if suppressed == Suppressed::Written {
        let waived = |finding: &&Diagnostic| finding.finding.waived_by.is_some();
        all.extend(
            checked
                .iter()
                .flat_map(|one| one.findings.iter().filter(waived).map(move |finding| (*one, finding))),
        );
    }
    let cut = all.len().saturating_sub(most);
    let results: Vec<Value> = all.iter().take(most).map(|one| result(checked, *one)).collect();
    let readable = !checked.is_empty() && checked.iter().all(|one| errors(one).next().is_none());
    let workspaces = checked.iter().map(|one| workspace(one));
    let document = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "quorate",
                "fullName": format!("quorate {}", env!("CARGO_PKG_VERSION")),
                "organization": "Quorate",
                "informationUri": INFORMATION,
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "shortDescription": { "text": env!("CARGO_PKG_DESCRIPTION") },
                "rules": rule::all(),
            }},
            "automationDetails": { "id": "quorate/" },
            "invocations": [{
                "executionSuccessful": readable,
                "toolExecutionNotifications": notifications(checked, all.len(), cut),
            }],
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": {
                "workspaces": workspaces.collect::<Vec<_>>(),
                "results": { "found": all.len(), "written": all.len() - cut, "cut": cut },
            },
        }],
    });
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

/// The part of a run about one workspace: the files that Quorate read, and what the verdict did not check.
fn workspace(compilation: &Compilation) -> Value {
    json!({
        "name": compilation.workspace,
        "folder": compilation.sources.base,
        "asOf": compilation.options.as_of.to_string(),
        "sources": compilation.sources_digest(),
        "files": compilation.file_count(),
        "checked": errors(compilation).next().is_none(),
        "waived": compilation.waived(),
        "notLookedAt": compilation.unseen().all_lines(),
    })
}

/// The errors that prevented a check, and a warning if results were left out.
fn notifications(checked: &[&Compilation], found: usize, cut: usize) -> Vec<Value> {
    let mut all = Vec::new();
    for one in checked {
        for error in errors(one) {
            all.push(json!({
                "level": "error",
                "message": { "text": sentence(&format!("{} cannot be checked: {}", called(one), error.message)) },
                "associatedRule": { "id": INPUT, "index": rule::index(None) },
                "locations": [location(one, error)],
            }));
        }
    }
    if cut > 0 {
        let written = found - cut;
        all.push(json!({
            "level": "warning",
            "message": { "text": format!("Of {} only the {written} most severe are written here.", plural(found, "result")) },
        }));
    }
    all
}

fn result(checked: &[&Compilation], (compilation, diagnostic): One<'_>) -> Value {
    let facts = &diagnostic.finding;
    let (related, links) = related(compilation, diagnostic);
    let mut text = sentence(&unlinked(&diagnostic.message));
    if let Some(help) = diagnostic.help.first() {
        text += &format!(" To fix: {}", sentence(&unlinked(help)));
    }
    if !links.is_empty() {
        text += &format!(" See {}.", links.join(", "));
    }
    let mut result = json!({
        "ruleId": diagnostic.code.map_or(INPUT, |code| code.id),
        "ruleIndex": rule::index(diagnostic.code),
        "level": diagnostic.level.word(),
        "message": { "text": text },
        "locations": [location(compilation, diagnostic)],
        "partialFingerprints": { "quorateFinding/v1": fingerprint(checked, (compilation, diagnostic)) },
    });
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    if diagnostic.code.is_some() {
        result["properties"] = json!({
            "workspace": compilation.workspace,
            "subject": facts.subject,
            "subjectKind": facts.subject_kind,
            "decisionPoints": facts.points.count(),
            "controls": &*facts.controls,
        });
    }
    if let Some(waiver) = &facts.waived_by {
        let until = facts.waived_until.map_or(String::new(), |day| format!(" until {day}"));
        result["suppressions"] = json!([{
            "kind": "external",
            "status": "accepted",
            "justification": format!("Waived by {waiver}{until}."),
        }]);
    }
    result
}

/// The related locations, and a link to each for the message. GitHub shows only locations that the message links
/// to.
fn related(compilation: &Compilation, diagnostic: &Diagnostic) -> (Vec<Value>, Vec<String>) {
    let labels = diagnostic.labels.iter().skip(1).map(|label| (label.span, &label.text));
    let steps = diagnostic.steps.iter().map(|step| (step.span, &step.text));
    let related = diagnostic.related.iter().map(|related| (related.span, &related.message));
    let all: Vec<(Span, &String)> = steps.chain(labels).chain(related).collect();
    let placed = all
        .iter()
        .filter_map(|(span, text)| Some((place(&compilation.sources, *span)?, *text)));
    let (mut values, mut links) = (Vec::new(), Vec::new());
    for (place, text) in placed.take(MOST_PLACES) {
        let id = values.len() + 1;
        let text = match &**text {
            "" => format!("line {}", place.start.line),
            text => text.to_owned(),
        };
        links.push(format!("[{}]({id})", unlinked(&text)));
        let mut value = physical(&place);
        value["id"] = id.into();
        value["message"] = json!({ "text": sentence(&text) });
        values.push(value);
    }
    if all.len() > MOST_PLACES {
        links.push(plural(all.len() - MOST_PLACES, "more place"));
    }
    (values, links)
}

/// The location of a diagnostic. SARIF requires one, so a diagnostic without a location is at the start of the
/// first file.
fn location(compilation: &Compilation, diagnostic: &Diagnostic) -> Value {
    physical(&at(compilation, diagnostic).unwrap_or_else(|| Place {
        path: first_file(compilation).into(),
        start: Position { line: 1, column: 1 },
        end: 1,
    }))
}

fn physical(place: &Place<'_>) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": address(&place.path) },
        "region": {
            "startLine": place.start.line,
            "startColumn": place.start.column,
            "endLine": place.start.line,
            "endColumn": place.end,
        },
    }})
}

/// A path as a relative reference (RFC 3986). A reader would take the text before a colon for a scheme, so colons
/// are escaped.
fn address(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => out.push(byte as char),
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}

/// A text with a period at its end, if it does not end as a sentence already.
fn sentence(text: &str) -> String {
    let text = text.trim_end();
    match text.ends_with(['.', '?', '!']) {
        true => text.to_owned(),
        false => format!("{text}."),
    }
}

/// A text in which brackets are escaped, so that it contains no links.
fn unlinked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '[' | ']') {
            out.push('\\');
        }
        out.push(if letter.is_control() { ' ' } else { letter });
    }
    out
}
