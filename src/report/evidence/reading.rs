//! What every section of a report reads from, and the places it cites.

use crate::compile::{Compilation, Meaning};
use crate::facts::Facts;
use crate::facts::flow::graph::Flows;
use crate::model::{Meta, Model, Party, PersonId};
use crate::report::evidence::Cited;
use crate::report::finding::Place;
use crate::source::{FileId, Span};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// A compilation that is being reported on.
pub(in crate::report) struct Reading<'a> {
    pub(in crate::report) compilation: &'a Compilation,
    pub(in crate::report) model: &'a Model,
    pub(in crate::report) facts: &'a Facts,
    pub(in crate::report) flows: Flows,
    cited: RefCell<BTreeSet<(FileId, usize)>>,
}

impl<'a> Reading<'a> {
    pub(in crate::report) fn of(compilation: &'a Compilation) -> Option<Reading<'a>> {
        Some(Reading::with(compilation, compilation.meaning.as_ref()?))
    }

    /// The same for a meaning that the caller already has.
    pub(in crate::report) fn with(compilation: &'a Compilation, meaning: &'a Meaning) -> Reading<'a> {
        Reading {
            compilation,
            model: &meaning.model,
            facts: &meaning.facts,
            flows: Flows::of(&meaning.model),
            cited: RefCell::default(),
        }
    }

    /// `file:line`, which the report then shows with its text.
    pub(in crate::report) fn at(&self, span: Span) -> String {
        self.place(span);
        self.compilation.sources.cite(span)
    }

    /// The whole place; the report then shows its first line.
    pub(in crate::report) fn place(&self, span: Span) -> Place {
        let place = Place::named(&self.compilation.sources, span);
        self.cited.borrow_mut().insert((span.file, place.line));
        place
    }

    /// The lines cited so far, by file and line.
    pub(in crate::report) fn cited(&self) -> Vec<Cited> {
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
                    // The text of a source has its secrets struck out already.
                    text: text.trim().to_owned(),
                },
            ));
        }
        cited.sort_by_key(|(name, line, _)| (*name, *line));
        cited.into_iter().map(|(_, _, cited)| cited).collect()
    }

    /// The name of a person, in full where it is given.
    pub(in crate::report) fn person(&self, person: PersonId) -> String {
        self.model.people[person.index()].meta.shown().to_owned()
    }

    /// The declaration of who stands in a seat.
    pub(in crate::report) fn party(&self, party: Party) -> &'a Meta {
        match party {
            Party::Person(person) => &self.model.people[person.index()].meta,
            Party::Team(team) => &self.model.teams[team.index()].meta,
            Party::Agent(agent) => &self.model.agents[agent.index()].meta,
            Party::Identity(identity) => &self.model.identities[identity.index()].meta,
        }
    }
}
