//! A workspace compiled in this process, for tests that look at what follows from it.

use quorate::compile::{Compilation, HORIZON, Meaning, Options, compile};
use quorate::source::{Origin, SourceFile};
use std::collections::BTreeMap;

/// The day it is read as of.
const AS_OF: jiff::civil::Date = jiff::civil::date(2026, 11, 23);

/// A workspace of one file, which has no slip.
#[track_caller]
pub fn compiled(text: &str) -> Compilation {
    let mut sources = quorate::workspace::library();
    sources
        .files
        .push(SourceFile::new("main.gov".to_owned(), text.to_owned(), Origin::Workspace));
    let options = Options {
        as_of: AS_OF,
        horizon: HORIZON,
        name: Some("test".to_owned()),
        levels: BTreeMap::new(),
    };
    let compilation = compile(sources, options, Vec::new());
    assert!(compilation.slips.is_empty(), "{:?}\n{text}", compilation.slips.first());
    compilation
}

/// What a workspace without a slip means.
#[track_caller]
pub fn meaning(compilation: &Compilation) -> &Meaning {
    compilation.meaning.as_ref().expect("a text without a slip has a meaning")
}
