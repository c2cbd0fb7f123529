//! Rewrites a workspace of version 0.1 in the shorter language: files of one folder see each other, clauses that
//! domains share are written once, and defaults are omitted. Checks that the meaning stays the same.

use crate::compile::{Compilation, Meaning, Options, compile_as, names_as, needless};
use crate::diagnostic::Diagnostic;
use crate::facts::scope;
use crate::format;
use crate::model::TaskId;
use crate::resolve::{Layout, Names, without};
use crate::source::{FileId, Origin, SourceFile, Sources};
use std::collections::BTreeMap;

mod comma;
mod common;
mod edits;
mod modules;
mod same;

/// A workspace in the shorter language.
#[derive(Debug)]
pub struct Upgraded {
    /// The files that change, with their new texts.
    pub texts: BTreeMap<FileId, String>,
    /// The number of scopes that people must approve again, because an approval covers ids and ids change.
    pub scopes: usize,
    /// The number of findings that people must waive again, because a fingerprint contains ids and ids change.
    pub fingerprints: usize,
    /// Whether an id changes.
    pub ids: bool,
}

/// The reason why a workspace is not rewritten.
#[derive(Debug)]
pub enum Refused {
    /// It has errors, before or after the rewrite. The locations of the errors are in these sources.
    Unread(Sources, Vec<Diagnostic>),
    /// Its meaning would change, in these ways.
    Differs(Vec<String>),
}

/// Rewrites a workspace. `errors` are the errors found while reading the files.
pub fn upgrade(sources: &Sources, options: &Options, errors: Vec<Diagnostic>) -> Result<Upgraded, Refused> {
    let name = options.name.as_deref();
    let given = copy(sources, &BTreeMap::new());
    let (before, layout) = read(given, options, errors)?;
    let Some(old) = names_of(&before, layout) else {
        return Ok(Upgraded::nothing());
    };
    let mut texts = match layout {
        Layout::Folders => BTreeMap::new(),
        Layout::Files => modules::joined(sources, &old, name)?,
    };
    // No line is removed yet, so the locations of errors are those in the file.
    let joined = copy(sources, &texts);
    let (now, _) = names_as(&joined, name, Layout::Folders);
    let same = modules::differences((sources, &old), (&joined, &now));
    // If an error remains, it is the best explanation.
    compiled(copy(&joined, &BTreeMap::new()), options)?;
    if !same.is_empty() {
        return Err(Refused::Differs(same));
    }
    for (file, lines) in needless(&joined, name) {
        texts.insert(file, without(&joined.file(file).text, &lines));
    }
    let plain = copy(sources, &texts);
    let ids = modules::ids(&old, &now);
    let (now, _) = names_as(&plain, name, Layout::Folders);
    texts.extend(common::shared(&plain, &now));
    let said = copy(sources, &texts);
    for file in own(&said) {
        let text = comma::before_scope(file, &said.file(file).text);
        if let Ok(text) = format::filled(file, &text) {
            texts.insert(file, text);
        }
    }
    texts.retain(|file, text| *text != sources.file(*file).text);
    let after = compiled(copy(sources, &texts), options)?;
    let (Some(was), Some(is)) = (&before.meaning, &after.meaning) else {
        return Ok(Upgraded::nothing());
    };
    let differences = same::differences(&was.model, &is.model, &ids);
    if !differences.is_empty() {
        return Err(Refused::Differs(differences));
    }
    let changed = ids.iter().any(|(old, new)| old != new);
    Ok(Upgraded {
        texts,
        scopes: if changed { stale(is) } else { 0 },
        fingerprints: relieved(&before).saturating_sub(relieved(&after)),
        ids: changed,
    })
}

impl Upgraded {
    fn nothing() -> Upgraded {
        Upgraded {
            texts: BTreeMap::new(),
            scopes: 0,
            fingerprints: 0,
            ids: false,
        }
    }
}

/// Reads a workspace in the current layout or, if that has errors, in the layout of version 0.1. Returns the
/// layout that it fits.
fn read(sources: Sources, options: &Options, errors: Vec<Diagnostic>) -> Result<(Compilation, Layout), Refused> {
    let again = copy(&sources, &BTreeMap::new());
    let today = compile_as(sources, options.clone(), errors.clone(), Layout::Folders);
    if today.errors.is_empty() {
        return Ok((today, Layout::Folders));
    }
    let then = compile_as(again, options.clone(), errors, Layout::Files);
    match then.errors.is_empty() {
        true => Ok((then, Layout::Files)),
        // For a workspace of version 0.1 with an error, report that error, and not one error for each line that
        // the upgrade would rewrite.
        false if then.errors.len() < today.errors.len() => Err(Refused::Unread(then.sources, then.errors)),
        false => Err(Refused::Unread(today.sources, today.errors)),
    }
}

fn names_of(compilation: &Compilation, layout: Layout) -> Option<Names> {
    compilation.meaning.as_ref()?;
    Some(names_as(&compilation.sources, compilation.options.name.as_deref(), layout).0)
}

fn compiled(sources: Sources, options: &Options) -> Result<Compilation, Refused> {
    let compilation = compile_as(sources, options.clone(), Vec::new(), Layout::Folders);
    match compilation.errors.is_empty() {
        true => Ok(compilation),
        false => Err(Refused::Unread(compilation.sources, compilation.errors)),
    }
}

/// Copies the files, some of them with new texts.
fn copy(sources: &Sources, texts: &BTreeMap<FileId, String>) -> Sources {
    let files = sources.files.iter().enumerate().map(|(index, file)| {
        let text = texts.get(&FileId(index as u32)).unwrap_or(&file.text);
        SourceFile::new(file.name.clone(), text.clone(), file.origin)
    });
    Sources {
        files: files.collect(),
        base: sources.base.clone(),
    }
}

fn own(sources: &Sources) -> Vec<FileId> {
    let files = (0..sources.files.len()).map(|index| FileId(index as u32));
    files.filter(|file| sources.file(*file).origin == Origin::Workspace).collect()
}

/// The number of tasks with an approval for another scope digest than the current one.
fn stale(meaning: &Meaning) -> usize {
    let tasks = meaning.model.tasks.iter().enumerate().filter(|(index, task)| {
        let mut digests = task.approved.iter().filter_map(|said| said.scope.as_ref()).peekable();
        digests.peek().is_some() && {
            let digest = scope::digest(&meaning.model, &meaning.facts, TaskId(*index as u32));
            digests.any(|said| *said.value != *digest)
        }
    });
    tasks.count()
}

/// The number of waived findings.
fn relieved(compilation: &Compilation) -> usize {
    compilation
        .findings
        .iter()
        .filter(|finding| finding.finding.waived_by.is_some())
        .count()
}
