//! A workspace of version 0.1 in the shorter language: files of one folder see each other, clauses that domains
//! share are written once, and defaults are omitted. Its meaning before and after is compared.

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
    /// How many scopes have to be approved again, because ids are part of what was approved.
    pub scopes: usize,
    /// How many findings have to be waived again, because their fingerprints are made of ids.
    pub fingerprints: usize,
    /// Whether an id changes.
    pub ids: bool,
}

/// Why a workspace stays as it is.
#[derive(Debug)]
pub enum Refused {
    /// It cannot be read, before or after. The texts are those that the places are in.
    Unread(Sources, Vec<Diagnostic>),
    /// It would mean something else.
    Differs(Vec<String>),
}

/// Rewrites a workspace. `errors` are what reading the files already found.
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
    // Places of what is wrong are shown as they stand in the file: no line is taken out yet.
    let joined = copy(sources, &texts);
    let (now, _) = names_as(&joined, name, Layout::Folders);
    let same = modules::differences((sources, &old), (&joined, &now));
    // The error that remains explains best why.
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

/// Reads a workspace as what it is: as one of version 0.1 where that can be read, as one of today otherwise.
fn read(sources: Sources, options: &Options, errors: Vec<Diagnostic>) -> Result<(Compilation, Layout), Refused> {
    let again = copy(&sources, &BTreeMap::new());
    let today = compile_as(sources, options.clone(), errors.clone(), Layout::Folders);
    if today.errors.is_empty() {
        return Ok((today, Layout::Folders));
    }
    let then = compile_as(again, options.clone(), errors, Layout::Files);
    match then.errors.is_empty() {
        true => Ok((then, Layout::Files)),
        // A workspace of version 0.1 with an error gets that error, and not one for each line that the upgrade
        // would rewrite.
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

/// The same files, some of them with other texts.
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

/// How many tasks were approved by a digest that their scope does not have.
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

/// How many findings a waiver relieves.
fn relieved(compilation: &Compilation) -> usize {
    compilation
        .findings
        .iter()
        .filter(|finding| finding.finding.waived_by.is_some())
        .count()
}
