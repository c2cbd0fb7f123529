//! What every section of a report reads from, and the places it cites.

use crate::compile::Compilation;
use crate::facts::Facts;
use crate::facts::spread::Flows;
use crate::model::{Meta, Model, Party, PersonId};
use crate::report::evidence::Cited;
use crate::source::{FileId, Span};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Texts that begin like this are credentials, whose value no report repeats.
const SECRETS: &[&str] = &[
    "AKIA",
    "ASIA",
    "sk-",
    "sk_live",
    "ghp_",
    "gho_",
    "github_pat_",
    "glpat-",
    "xox",
    "AIza",
    "eyJ",
    "-----BEGIN",
    "hvs.",
    "npm_",
    "pypi-",
];

/// A compilation that is being reported on.
pub(super) struct Reading<'a> {
    pub(super) compilation: &'a Compilation,
    pub(super) model: &'a Model,
    pub(super) facts: &'a Facts,
    pub(super) flows: Flows,
    cited: RefCell<BTreeSet<(FileId, usize)>>,
}

impl<'a> Reading<'a> {
    pub(super) fn of(compilation: &'a Compilation) -> Option<Reading<'a>> {
        let meaning = compilation.meaning.as_ref()?;
        let flows = Flows::of(&meaning.model);
        Some(Reading {
            compilation,
            model: &meaning.model,
            facts: &meaning.facts,
            flows,
            cited: RefCell::default(),
        })
    }

    /// `file:line`, which the report then shows with its text.
    pub(super) fn at(&self, span: Span) -> String {
        let sources = &self.compilation.sources;
        self.cited
            .borrow_mut()
            .insert((span.file, sources.position(span.file, span.start).line));
        sources.cite(span)
    }

    /// The lines cited so far, by file and line.
    pub(super) fn cited(&self) -> Vec<Cited> {
        let sources = &self.compilation.sources;
        let mut cited: Vec<(&str, usize, Cited)> = Vec::new();
        for (file, line) in self.cited.borrow().iter() {
            let own = sources.file(*file);
            let text = own.text.split('\n').nth(line - 1).unwrap_or_default();
            cited.push((
                &own.name,
                *line,
                Cited {
                    at: format!("{}:{line}", own.name),
                    text: shown(text),
                },
            ));
        }
        cited.sort_by_key(|(name, line, _)| (*name, *line));
        cited.into_iter().map(|(_, _, cited)| cited).collect()
    }

    /// The name of a person, in full where it is given.
    pub(super) fn person(&self, person: PersonId) -> String {
        self.model.people[person.index()].meta.shown().to_owned()
    }

    /// The declaration of who stands in a seat.
    pub(super) fn party(&self, party: Party) -> &'a Meta {
        match party {
            Party::Person(person) => &self.model.people[person.index()].meta,
            Party::Team(team) => &self.model.teams[team.index()].meta,
            Party::Agent(agent) => &self.model.agents[agent.index()].meta,
            Party::Identity(identity) => &self.model.identities[identity.index()].meta,
        }
    }
}

/// A line without white space around it and without credentials.
fn shown(line: &str) -> String {
    let parts = line
        .trim()
        .split('"')
        .map(|part| match SECRETS.iter().any(|secret| part.trim_start().starts_with(secret)) {
            true => "(not shown)",
            false => part,
        });
    parts.collect::<Vec<_>>().join("\"")
}
