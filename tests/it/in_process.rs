//! A workspace compiled in this process, for tests that look at what follows from it.

use jiff::civil::Date;
use quorate::compile::{Compilation, HORIZON, Meaning, Options, compile};
use quorate::model::Model;
use quorate::model::build::ModelBuilder;
use quorate::resolve::{Layout, Outline, gather, walk};
use quorate::source::{FileId, Origin, SourceFile, Sources};
use quorate::syntax::parse;
use std::collections::BTreeMap;

/// The day it is read as of.
const AS_OF: Date = jiff::civil::date(2026, 11, 23);

/// A workspace of one file, which has no error.
#[track_caller]
pub fn compiled(text: &str) -> Compilation {
    compiled_from(quorate::workspace::library(), text, AS_OF, HORIZON)
}

/// The same, read as of `as_of` with this horizon, without the frameworks.
#[track_caller]
pub fn compiled_on(text: &str, as_of: Date, horizon: i64) -> Compilation {
    compiled_from(without_frameworks(), text, as_of, horizon)
}

#[track_caller]
fn compiled_from(mut sources: Sources, text: &str, as_of: Date, horizon: i64) -> Compilation {
    sources
        .files
        .push(SourceFile::new("main.gov".to_owned(), text.to_owned(), Origin::Workspace));
    let options = Options {
        as_of,
        horizon,
        name: Some("test".to_owned()),
        levels: BTreeMap::new(),
    };
    let compilation = compile(sources, options, Vec::new());
    assert!(compilation.errors.is_empty(), "{:?}\n{text}", compilation.errors.first());
    compilation
}

/// Frameworks say what findings bear on and not what they are; without them each try is short.
fn without_frameworks() -> Sources {
    let mut sources = quorate::workspace::library();
    sources.files.retain(|file| !file.name.starts_with("std/frameworks/"));
    sources
}

/// What a workspace without an error means.
#[track_caller]
pub fn meaning(compilation: &Compilation) -> &Meaning {
    compilation.meaning.as_ref().expect("a text without an error has a meaning")
}

/// What a text means, without looking for gaps.
#[track_caller]
pub fn model(text: &str) -> Model {
    model_on(text, AS_OF)
}

/// The same, read as of some day.
#[track_caller]
pub fn model_on(text: &str, as_of: Date) -> Model {
    let mut sources = without_frameworks();
    sources
        .files
        .push(SourceFile::new("main.gov".to_owned(), text.to_owned(), Origin::Workspace));
    let read = sources.files.iter().zip(0..).map(|(file, id)| parse(FileId(id), &file.text));
    let (mut parsed, errors): (Vec<_>, Vec<_>) = read.unzip();
    let outlines = parsed.iter().map(|file| Outline::of(&sources, file)).collect();
    let (names, more) = gather(&sources, outlines, Some("test"), Layout::Folders);
    let mut errors: Vec<_> = errors.into_iter().flatten().chain(more).collect();
    let mut builder = ModelBuilder::new(&sources, &names, as_of);
    for mut file in parsed.drain(..) {
        let (uses, more) = walk(&sources, &names, &mut file);
        errors.extend(more);
        builder.file(file, &uses);
    }
    let (model, more) = builder.finish();
    errors.extend(more.errors);
    errors.extend(more.absences.into_iter().map(|(_, error)| error));
    assert!(errors.is_empty(), "{:?}\n{text}", errors.first());
    model
}
