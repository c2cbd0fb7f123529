//! What was found, in the forms that forges and other machines read: one document for one or several workspaces.
//!
//! Nothing here takes a workspace that could not be read for a clean one: its errors stand in every form.

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

/// The rule under which faults in the text stand, where a form wants one.
pub const INPUT: &str = "QUORATE-INPUT";

/// A place on one line: forges show a remark beside a changed line only where all its lines were changed.
struct Place<'a> {
    path: Cow<'a, str>,
    start: Position,
    /// The column behind the last character, on the same line.
    end: usize,
}

/// Where a stretch begins, up to the end of its first line; none in the standard library, which no forge can show.
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

/// Where a diagnostic is: at its primary place, else at the first place of the workspace's own that bears on it.
fn at<'a>(compilation: &'a Compilation, diagnostic: &Diagnostic) -> Option<Place<'a>> {
    let labels = diagnostic.labels.iter().map(|label| label.span);
    let steps = diagnostic.steps.iter().map(|step| step.span);
    let all = labels.chain(diagnostic.related.iter().map(|related| related.span)).chain(steps);
    all.into_iter().find_map(|span| place(&compilation.sources, span))
}

/// The faults in the text, those of levels that do not hold among them.
fn errors(compilation: &Compilation) -> impl Iterator<Item = &Diagnostic> {
    compilation.errors.iter().chain(&compilation.refused)
}

/// One diagnostic and the workspace it is of.
type One<'a> = (&'a Compilation, &'a Diagnostic);

/// Every error in the text, then every finding that no waiver relieves, the most severe first; otherwise in the
/// order in which they were found. What a baseline lets through comes last.
fn worst_first<'a>(checked: &[&'a Compilation]) -> Vec<One<'a>> {
    let errors = checked.iter().flat_map(|one| errors(one).map(move |error| (*one, error)));
    let mut open: Vec<One<'_>> = checked
        .iter()
        .flat_map(|one| one.open().map(move |finding| (*one, finding)))
        .collect();
    open.sort_by_key(|(_, finding)| (finding.finding.in_baseline, Reverse(finding.level)));
    errors.chain(open).collect()
}

/// `GOV102 single-person-quorum`; of an error, that the workspace cannot be checked.
fn title(diagnostic: &Diagnostic) -> String {
    diagnostic
        .code
        .map_or_else(|| "cannot be checked".to_owned(), |code| format!("{} {}", code.id, code.name))
}

/// What distinguishes a diagnostic from every other one of its document: the fingerprint of a finding, or a
/// digest of the text of an error. The folder of the workspace counts if there are several.
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

/// How a workspace is called among several: by its folder, else by its name.
fn called(compilation: &Compilation) -> &str {
    match compilation.sources.base.trim_end_matches('/') {
        "" => &compilation.workspace,
        folder => folder,
    }
}

/// `3 errors, 1 warning, 2 waived in 4 files as of 2026-11-23`, and a line for each thing that the verdict did not look
/// at.
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

/// `2 errors, 1 note`; empty where there are none.
fn counts(levels: impl Iterator<Item = Level>) -> String {
    let levels: Vec<Level> = levels.collect();
    let each = [Level::Error, Level::Warning, Level::Note].map(|level| (level, levels.iter().filter(|one| **one == level).count()));
    let some = each.iter().filter(|(_, count)| *count > 0);
    let words: Vec<String> = some.map(|(level, count)| plural(*count, level.word())).collect();
    words.join(", ")
}

/// Where what has no place is put by forms that want one: the first file of the workspace, else its settings.
fn first_file(compilation: &Compilation) -> String {
    let sources = &compilation.sources;
    let own = sources.files.iter().position(|file| file.origin == Origin::Workspace);
    own.map_or_else(
        || format!("{}quorate.toml", sources.base),
        |index| sources.shown(FileId(index as u32)).into_owned(),
    )
}
