//! Weaker policies: whatever one edit lets through, some derived request notices.

mod cedar;
mod enriched;
mod rego;
mod weaker;

use crate::in_process::compiled;
use crate::mutants::enriched::enriched;
use crate::project::repository;
use quorate::compile::{Compilation, HORIZON, Options, compile};
use quorate::emit::answer::Answer;
use quorate::emit::lower;
use quorate::emit::package::PER_GROUP;
use quorate::emit::policy::Policy;
use quorate::emit::reference::decide;
use quorate::emit::requests::{Derived, suite};
use quorate::emit::waived::Waived;
use quorate::workspace::load;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A workspace, its policy, and the requests derived from it.
struct Workspace {
    name: &'static str,
    policy: Policy,
    derived: Vec<Derived>,
    /// What the model answers to each.
    answers: Vec<Answer>,
}

impl Workspace {
    fn of(name: &'static str, compilation: &Compilation) -> Workspace {
        let meaning = compilation.meaning.as_ref().expect("a text without an error has a meaning");
        Workspace::with(
            name,
            lower::policy(&compilation.sources, &meaning.model, &meaning.facts, &[], &Waived::default()),
        )
    }

    fn with(name: &'static str, policy: Policy) -> Workspace {
        let derived = suite(&policy, PER_GROUP).requests;
        let answers = derived.par_iter().map(|derived| decide(&policy, &derived.request)).collect();
        Workspace {
            name,
            policy,
            derived,
            answers,
        }
    }

    /// The same over more data.
    fn enriched(&self) -> Workspace {
        Workspace::with(self.name, enriched(&self.policy))
    }
}

/// The examples and the workspace that says every clause, each also over more data.
fn workspaces() -> &'static [(Workspace, Workspace)] {
    static ALL: LazyLock<Vec<(Workspace, Workspace)>> = LazyLock::new(|| {
        let mut all: Vec<Workspace> = [
            "agentic-browser",
            "customer-data",
            "delegated-access",
            "prices-and-refunds",
            "single-provider",
        ]
        .into_iter()
        .map(example)
        .collect();
        let every_clause = compiled(include_str!("fidelity/every-clause.gov"));
        all.push(Workspace::of("every clause", &every_clause));
        all.into_par_iter()
            .map(|workspace| {
                let enriched = workspace.enriched();
                (workspace, enriched)
            })
            .collect()
    });
    &ALL
}

fn example(name: &'static str) -> Workspace {
    let loaded = load(&repository().join("examples").join(name));
    let options = Options {
        as_of: jiff::civil::date(2026, 11, 23),
        horizon: HORIZON,
        name: loaded.settings.name.as_deref().map(Into::into),
        levels: BTreeMap::new(),
    };
    Workspace::of(name, &compile(loaded.sources, options, loaded.errors))
}
