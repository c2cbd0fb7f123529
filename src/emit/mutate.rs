//! Finds changes that nobody would notice: weakens the workspace by one edit at a time, compiles it, and runs
//! its checks and its tests.

mod edits;
mod loosened;
mod quorum;

use crate::compile::{Compilation, Meaning, compile};
use crate::diagnostic::Level;
use crate::emit::lower::revision;
use crate::emit::test_run::{Deciders, hold};
use crate::source::{FileId, Origin, SourceFile, Sources, Span};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// One weaker workspace.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// What is changed.
    pub span: Span,
    /// What is left out or replaced.
    pub edit: Span,
    /// The text that replaces it.
    pub with: String,
    /// The edit, in words.
    pub words: String,
    /// What would notice it.
    pub notice: Notice,
}

/// What could notice a weakening that nothing notices yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// This test, or this line of a standard, can be written.
    Write(&'static str),
    /// No test can express it and no standard can require it, and why.
    Nothing(&'static str),
}

/// The result of all weakenings.
#[derive(Clone, Debug, Default)]
pub struct Mutation {
    /// How many a check noticed.
    pub by_check: usize,
    /// How many only a test noticed.
    pub by_test: usize,
    /// Those that nobody noticed, in order.
    pub unnoticed: Vec<Mutant>,
    /// Those that nothing in the files could notice, in order.
    pub beyond: Vec<Mutant>,
}

/// Who noticed.
enum Noticed {
    Check,
    Test,
    Nobody,
}

/// Every weakening of the workspace's own files, in order.
pub fn mutants(compilation: &Compilation, meaning: &Meaning) -> Vec<Mutant> {
    let files = compilation.sources.files.iter().enumerate();
    let own = files.filter(|(_, file)| file.origin == Origin::Workspace);
    own.flat_map(|(index, file)| edits::of_file(meaning, FileId(index as u32), &file.text))
        .collect()
}

/// Tries every weakening of the workspace's own files.
pub fn mutate(compilation: &Compilation) -> Mutation {
    let Some(meaning) = &compilation.meaning else {
        return Mutation::default();
    };
    let mutants = mutants(compilation, meaning);
    let before = said(compilation);
    let same = revision(&meaning.model);
    let tried: Vec<Option<Noticed>> = mutants
        .par_iter()
        .map(|mutant| {
            let mut weaker = compile(with(&compilation.sources, mutant), compilation.options.clone(), Vec::new());
            let meaning = weaker.meaning.as_ref()?;
            // A change that cannot be read, or means the same, does not weaken the workspace.
            if revision(&meaning.model) == same {
                return None;
            }
            if new(&weaker, &before) {
                return Some(Noticed::Check);
            }
            hold(&mut weaker, Deciders::Reference);
            match new(&weaker, &before) {
                true => Some(Noticed::Test),
                false => Some(Noticed::Nobody),
            }
        })
        .collect();
    let mut mutation = Mutation::default();
    for (mutant, noticed) in mutants.into_iter().zip(tried) {
        match noticed {
            Some(Noticed::Check) => mutation.by_check += 1,
            Some(Noticed::Test) => mutation.by_test += 1,
            Some(Noticed::Nobody) => match mutant.notice {
                Notice::Write(_) => mutation.unnoticed.push(mutant),
                Notice::Nothing(_) => mutation.beyond.push(mutant),
            },
            None => {}
        }
    }
    mutation
}

/// The sources with one edit.
pub fn with(sources: &Sources, mutant: &Mutant) -> Sources {
    let files = sources.files.iter().enumerate().map(|(index, file)| {
        let mut text = file.text.clone();
        if index == mutant.edit.file.0 as usize {
            text.replace_range(mutant.edit.start as usize..mutant.edit.end as usize, &mutant.with);
        }
        SourceFile::new(file.name.clone(), text, file.origin)
    });
    Sources {
        files: files.collect(),
        base: sources.base.clone(),
    }
}

/// A finding without its place.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Said<'c> {
    /// The fault and its subject: code, subject, standard, selector.
    fault: [&'c str; 5],
    level: Level,
    message: &'c str,
}

fn said(compilation: &Compilation) -> BTreeSet<Said<'_>> {
    let findings = compilation.open();
    findings
        .map(|finding| {
            let facts = &finding.finding;
            let code = finding.code.map_or("", |code| code.id);
            let standard = facts.standard.as_ref().map_or("", |(standard, _)| standard);
            let fault = [code, &facts.subject_kind, &facts.subject, standard, &facts.selector];
            Said {
                fault,
                level: finding.level,
                message: &finding.message,
            }
        })
        .collect()
}

/// Whether there is a finding that was not there before. A severe finding that became less severe does not
/// count.
fn new(weaker: &Compilation, before: &BTreeSet<Said<'_>>) -> bool {
    said(weaker).into_iter().any(|one| {
        let graver = before.iter().any(|other| other.fault == one.fault && other.level > one.level);
        !graver && !before.contains(&one)
    })
}
