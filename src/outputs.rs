//! Writes findings in the formats that forges and other programs read: one document for one or several workspaces.
//!
//! A workspace that could not be read is never shown as clean: every format contains its errors.

use crate::compile::Compilation;
use crate::diagnostic::{Diagnostic, Level};
use crate::source::digest::sha256;
use crate::source::{FileId, Origin, Position, Sources, Span};
use crate::words::plural;
use std::borrow::Cow;
use std::cmp::Reverse;

pub mod difference;
pub mod github;
pub mod gitlab;
pub mod junit;
pub mod markdown;
mod page;
pub mod sarif;
pub mod subjects;

/// The id of the rule for errors in the text, in formats that require one.
pub const INPUT: &str = "QUORATE-INPUT";

/// A location on one line. Forges show an annotation beside a change only if all lines of the annotation were
/// changed.
struct Place<'a> {
    path: Cow<'a, str>,
    start: Position,
    /// The column after the last character, on the same line.
    end: usize,
}

/// The first line of a span; `None` in the standard library, which forges cannot show.
fn place(sources: &Sources, span: Span) -> Option<Place<'_>> {
    if sources.is_library(span) {
        return None;
    }
    let start = sources.position(span.file, span.start);
    let first = sources.text(span).lines().next().unwrap_or_default();
    Some(Place {
        path: sources.shown(span.file),
        start,
        end: start.column + first.trim_end().chars().count(),
    })
}

/// The location of a diagnostic: the first of its labels, related locations and steps that is not in the standard
/// library.
fn at<'a>(compilation: &'a Compilation, diagnostic: &Diagnostic) -> Option<Place<'a>> {
    let labels = diagnostic.labels.iter().map(|label| label.span);
    let steps = diagnostic.steps.iter().map(|step| step.span);
    let all = labels.chain(diagnostic.related.iter().map(|related| related.span)).chain(steps);
    all.into_iter().find_map(|span| place(&compilation.sources, span))
}

/// The errors in the text, including levels that are not permitted.
fn errors(compilation: &Compilation) -> impl Iterator<Item = &Diagnostic> {
    compilation.errors.iter().chain(&compilation.refused)
}

/// One diagnostic and its workspace.
type One<'a> = (&'a Compilation, &'a Diagnostic);

/// Returns every error in the text, and then every finding that is not waived, the most severe first. Otherwise
/// the order stays. Findings in a baseline come last.
fn worst_first<'a>(checked: &[&'a Compilation]) -> Vec<One<'a>> {
    let errors = checked.iter().flat_map(|one| errors(one).map(move |error| (*one, error)));
    let mut open: Vec<One<'_>> = checked
        .iter()
        .flat_map(|one| one.open().map(move |finding| (*one, finding)))
        .collect();
    open.sort_by_key(|(_, finding)| (finding.finding.in_baseline, Reverse(finding.level)));
    errors.chain(open).collect()
}

/// The code and name of a finding, as `GOV102 single-person-quorum`. For an error, the text states that the
/// workspace cannot be checked.
fn title(diagnostic: &Diagnostic) -> String {
    diagnostic
        .code
        .map_or_else(|| "cannot be checked".to_owned(), |code| format!("{} {}", code.id, code.name))
}

/// Identifies a diagnostic in its document: the fingerprint of a finding, or a digest of the text and file of an
/// error. If there are several workspaces, the folder and the name of the workspace are part of the digest.
fn fingerprint(checked: &[&Compilation], (compilation, diagnostic): One<'_>) -> String {
    let own = match diagnostic.code {
        Some(_) => diagnostic.finding.fingerprint.clone(),
        None => {
            let path = at(compilation, diagnostic).map_or(String::new(), |place| place.path.into_owned());
            sha256(format!("{INPUT}\n{path}\n{}", diagnostic.message).as_bytes())
        }
    };
    match checked.len() {
        0 | 1 => own,
        _ => sha256(format!("{}\n{}\n{own}", compilation.sources.base, compilation.workspace).as_bytes()),
    }
}

/// The name to show for a workspace among several: its folder, or else its name.
fn called(compilation: &Compilation) -> &str {
    match compilation.sources.base.trim_end_matches('/') {
        "" => &compilation.workspace,
        folder => folder,
    }
}

/// Returns `3 errors, 1 warning, 2 waived in 4 files as of 2026-11-23` for each workspace, and a line for each
/// thing that the verdict did not check.
fn summary(checked: &[&Compilation]) -> Vec<String> {
    let mut lines = Vec::new();
    for one in checked {
        let before = match checked.len() {
            1 => String::new(),
            _ => format!("{}: ", called(one)),
        };
        let files = plural(one.file_count(), "file");
        let day = one.options.as_of;
        let faults = errors(one).count();
        let found = match faults {
            0 => found(one),
            _ => format!("cannot be checked: {} in the text", plural(faults, "fault")),
        };
        lines.push(format!("{before}{found} in {files} as of {day}"));
        lines.extend(one.unseen().all_lines().iter().map(|line| format!("{before}{line}")));
    }
    if checked.is_empty() {
        lines.push("nothing was checked".to_owned());
    }
    lines
}

fn found(compilation: &Compilation) -> String {
    let mut found = counts(compilation.open().map(|finding| finding.level));
    if found.is_empty() {
        compilation.unseen().no_gaps().clone_into(&mut found);
    }
    match compilation.waived() {
        0 => found,
        waived => format!("{found}, {waived} waived"),
    }
}

/// The number of findings at each level, as `2 errors, 1 note`; empty if there are none.
fn counts(levels: impl Iterator<Item = Level>) -> String {
    let levels: Vec<Level> = levels.collect();
    let each = [Level::Error, Level::Warning, Level::Note].map(|level| (level, levels.iter().filter(|one| **one == level).count()));
    let some = each.iter().filter(|(_, count)| *count > 0);
    let words: Vec<String> = some.map(|(level, count)| plural(*count, level.word())).collect();
    words.join(", ")
}

/// The file for a diagnostic without a location, in formats that require one: the first file of the workspace, or
/// else its settings.
fn first_file(compilation: &Compilation) -> String {
    let sources = &compilation.sources;
    let own = sources.files.iter().position(|file| file.origin == Origin::Workspace);
    own.map_or_else(
        || format!("{}quorate.toml", sources.base),
        |index| sources.shown(FileId(index as u32)).into_owned(),
    )
}
