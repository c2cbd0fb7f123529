//! Section 1: what the report covers, as of which day, under which standards.

use crate::compile::Compilation;
use crate::compile::unseen::StandIn;
use crate::facts::changes;
use crate::model::{Meta, Requirement, Rule};
use crate::report::evidence::Line;
use crate::report::evidence::people::{Accountable, for_changes};
use crate::report::evidence::reading::Reading;
use crate::source::Origin;
use crate::words::{counted, duration};
use jiff::ToSpan;
use serde::Serialize;

/// A file that was read.
#[derive(Clone, Debug, Serialize)]
pub struct File {
    /// Its path from the root of the workspace.
    pub name: String,
    /// `sha256:…` of its text.
    pub digest: String,
    /// How many lines it has.
    pub lines: usize,
}

/// Something whose text decides what is required: a standard or a framework.
#[derive(Clone, Debug, Serialize)]
pub struct InForce {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The edition, of a framework.
    pub edition: Option<String>,
    /// Whether it is shipped with the tool; otherwise it is local to the workspace.
    pub shipped: bool,
    /// The file it is in.
    pub file: String,
    /// `sha256:…` of the text of that file.
    pub digest: String,
    /// What it asks, line by line, of a standard.
    pub asks: Vec<Ask>,
    /// Where it is declared.
    pub at: String,
}

/// A line of a standard.
#[derive(Clone, Debug, Serialize)]
pub struct Ask {
    /// What it asks.
    pub text: String,
    /// Where it is.
    pub at: String,
    /// The lines of another standard that it replaces, where both apply.
    pub stands_in_for: Vec<Line>,
    /// The lines of another standard that replace it, where both apply.
    pub replaced_by: Vec<Line>,
}

/// How many things there are.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Population {
    /// Agents.
    pub agents: usize,
    /// Tasks, current or not.
    pub tasks: usize,
    /// Identities.
    pub identities: usize,
    /// Systems.
    pub systems: usize,
    /// Persons.
    pub people: usize,
    /// Decision domains.
    pub domains: usize,
    /// Pairs of an agent and something it reaches: an action on a class of data in a system.
    pub decision_points: usize,
    /// Tests that the workspace declares.
    pub tests: usize,
}

/// What it takes to change the files themselves.
#[derive(Clone, Debug, Serialize)]
pub struct Changes {
    /// In words; `None` if the files do not state it.
    pub takes: Option<Line>,
    /// The size of the smallest coalition that can.
    pub people: Option<usize>,
    /// Such people, as far as they act in their own name.
    pub witness: Vec<String>,
    /// Who answers.
    pub accountable: Vec<Accountable>,
}

/// What a report covers.
#[derive(Clone, Debug, Serialize)]
pub struct Covers {
    /// The name of the workspace.
    pub workspace: String,
    /// Its title.
    pub title: String,
    /// The day the model is read as of.
    pub as_of: String,
    /// How many days ahead it is read.
    pub horizon: i64,
    /// The version of this tool.
    pub version: &'static str,
    /// The commit, if the caller gives one.
    pub commit: Option<String>,
    /// Digest over the digests and names of the files.
    pub digest: String,
    /// The files.
    pub files: Vec<File>,
    /// The standards in force.
    pub standards: Vec<InForce>,
    /// Why no standard is in force, where the files state it.
    pub no_standard: Option<Line>,
    /// The frameworks adopted.
    pub frameworks: Vec<InForce>,
    /// How many things there are.
    pub population: Population,
    /// What it takes to change the files.
    pub changes: Option<Changes>,
    /// Levels that `quorate.toml` changes, such as `unlimited-write = off`.
    pub levels: Vec<String>,
    /// Whether a check is lowered. Then the absence of findings shows less.
    pub lowered: bool,
    /// What was not checked, or not as by default: a sentence each.
    pub not_looked_at: Vec<String>,
    /// The lines of a standard that replace those of another one: a sentence each.
    pub stand_ins: Vec<String>,
}

/// A day on which something begins or ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Ahead {
    /// The day.
    pub day: String,
    /// What happens.
    pub what: String,
    /// Where it is written.
    pub at: String,
}

/// What is known without a model.
pub(super) fn covers(compilation: &Compilation) -> Covers {
    let own = compilation.sources.files.iter().filter(|file| file.origin == Origin::Workspace);
    let files = own.map(|file| File {
        name: file.name.clone(),
        digest: file.digest(),
        lines: file.text.lines().count(),
    });
    let options = &compilation.options;
    let unseen = compilation.unseen();
    let levels = options
        .levels
        .iter()
        .map(|(name, (level, _))| format!("{name} = {}", level.map_or("off", |level| level.word())));
    Covers {
        workspace: compilation.workspace.clone(),
        title: compilation.workspace.clone(),
        as_of: options.as_of.to_string(),
        horizon: options.horizon,
        version: env!("CARGO_PKG_VERSION"),
        commit: None,
        digest: compilation.sources_digest(),
        files: files.collect(),
        standards: Vec::new(),
        no_standard: None,
        frameworks: Vec::new(),
        population: Population::default(),
        changes: None,
        levels: levels.collect(),
        lowered: !unseen.lowered.is_empty(),
        not_looked_at: unseen.lines(),
        stand_ins: unseen.stand_ins.iter().map(stands_in).collect(),
    }
}

/// `A line of house stands in for 2 lines of guidance.`
fn stands_in(one: &StandIn) -> String {
    let lines = match one.lines.len() {
        1 => "a line".to_owned(),
        count => format!("{count} lines"),
    };
    format!("A line of {} replaces {lines} of {}.", one.standard, one.other)
}

/// Adds the facts of the model.
pub(super) fn add(reading: &Reading<'_>, covers: &mut Covers) {
    let model = reading.model;
    if let Some(workspace) = &model.workspace {
        covers.title = workspace.meta.shown().to_owned();
    }
    covers.standards = model.adoption.standards.iter().map(|id| standard(reading, id.index())).collect();
    covers.no_standard = model.adoption.none.as_ref().map(|none| Line {
        text: none.value.to_string(),
        at: reading.at(none.span),
    });
    covers.frameworks = model
        .adoption
        .frameworks
        .iter()
        .map(|id| {
            let framework = &model.frameworks[id.index()];
            InForce {
                edition: Some(framework.edition.to_string()),
                ..in_force(reading, &framework.meta)
            }
        })
        .collect();
    covers.population = Population {
        agents: model.agents.len(),
        tasks: model.tasks.len(),
        identities: model.identities.len(),
        systems: model.systems.len(),
        people: model.people.len(),
        domains: model.domains.len(),
        decision_points: reading.facts.decision_points,
        tests: model.tests.len(),
    };
    covers.changes = model.workspace.as_ref().map(|workspace| {
        let takes = workspace.changes.as_ref().map(|changes| Line {
            text: reading.quorum(&changes.value),
            at: reading.at(changes.span),
        });
        let least = changes::takes(model, model.as_of);
        Changes {
            takes,
            people: least.as_ref().map(|takes| takes.people),
            witness: least.map_or(Vec::new(), |takes| {
                takes.together.into_iter().map(|person| reading.person(person)).collect()
            }),
            accountable: for_changes(reading, &workspace.seats),
        }
    });
}

fn standard(reading: &Reading<'_>, index: usize) -> InForce {
    let model = reading.model;
    let standard = &model.standards[index];
    let line = |rule: &Rule| Line {
        text: rule.text.to_string(),
        at: reading.at(rule.span),
    };
    let others = || {
        let adopted = model.adoption.standards.iter();
        adopted.flat_map(|id| &model.standards[id.index()].rules)
    };
    let asks = standard.rules.iter().map(|rule| {
        let replacing = others().filter(|other| other.replaces(model).any(|own| own.span == rule.span));
        Ask {
            text: rule.text.to_string(),
            at: reading.at(rule.span),
            stands_in_for: rule.replaces(model).map(line).collect(),
            replaced_by: replacing.map(line).collect(),
        }
    });
    InForce {
        asks: asks.collect(),
        ..in_force(reading, &standard.meta)
    }
}

fn in_force(reading: &Reading<'_>, meta: &Meta) -> InForce {
    let file = reading.compilation.sources.file(meta.span.file);
    InForce {
        id: meta.id.to_string(),
        title: meta.shown().to_owned(),
        edition: None,
        shipped: meta.library,
        file: file.name.clone(),
        digest: file.digest(),
        asks: Vec::new(),
        at: reading.at(meta.span),
    }
}

/// The days within the horizon on which a task, a delegation, a person or a waiver begins or ends, and those on
/// which the last test of a rollback becomes too old.
pub(super) fn ahead(reading: &Reading<'_>) -> Vec<Ahead> {
    let model = reading.model;
    let last = model.as_of.saturating_add(reading.compilation.options.horizon.days());
    let mut ahead = Vec::new();
    let mut add = |day: Option<jiff::civil::Date>, what: String, span| {
        if let Some(day) = day.filter(|day| model.as_of < *day && *day <= last) {
            ahead.push(Ahead {
                day: day.to_string(),
                what,
                at: reading.at(span),
            });
        }
    };
    for task in &model.tasks {
        add(
            task.starts.map(|at| at.value),
            format!("first day of the task {}", task.meta.name),
            task.starts.map_or(task.meta.span, |at| at.span),
        );
        add(
            task.until.map(|at| at.value),
            format!("last day of the task {}", task.meta.name),
            task.until.map_or(task.meta.span, |at| at.span),
        );
    }
    for delegation in &model.delegations {
        add(
            delegation.starts,
            format!("first day of the delegation {}", delegation.meta.shown()),
            delegation.meta.span,
        );
        add(
            delegation.until,
            format!("last day of the delegation {}", delegation.meta.shown()),
            delegation.meta.span,
        );
    }
    for person in &model.people {
        add(
            person.until.map(|at| at.value),
            format!("last day of {}", person.meta.shown()),
            person.until.map_or(person.meta.span, |at| at.span),
        );
    }
    for waiver in &model.waivers {
        add(
            waiver.until.map(|until| until.value),
            format!("last day of the waiver {}", waiver.meta.shown()),
            waiver.meta.span,
        );
    }
    for (rollback, seconds) in tested(reading) {
        let tested = &model.rollbacks[rollback].tested;
        let day = tested.map(|tested| tested.value.saturating_add(seconds.seconds()));
        let what = format!(
            "last day on which the drill of {} is recent enough ({})",
            model.rollbacks[rollback].meta.name,
            duration(seconds)
        );
        add(day, what, tested.map_or(model.rollbacks[rollback].meta.span, |tested| tested.span));
    }
    ahead.sort();
    ahead.dedup();
    ahead
}

/// The rollbacks that domains use, each with the shortest age of a test that a standard in force requires.
fn tested(reading: &Reading<'_>) -> Vec<(usize, i64)> {
    let model = reading.model;
    let rules = model
        .adoption
        .standards
        .iter()
        .flat_map(|standard| &model.standards[standard.index()].rules);
    let age = rules.filter_map(|rule| {
        if let Requirement::Rollback(_, tested) = rule.requirement {
            tested
        } else {
            None
        }
    });
    let Some(age) = age.min() else {
        return Vec::new();
    };
    let mut used: Vec<usize> = model
        .domains
        .iter()
        .flat_map(|domain| domain.rollbacks.iter().map(|at| at.value.index()))
        .collect();
    used.sort_unstable();
    used.dedup();
    used.into_iter().map(|rollback| (rollback, age)).collect()
}

impl Population {
    /// `3 agents, 4 decision domains, 38 decision points`
    pub fn words(&self) -> String {
        let agents = counted(self.agents, "agent", "agents");
        let domains = counted(self.domains, "decision domain", "decision domains");
        format!(
            "{agents}, {domains}, {}",
            counted(self.decision_points, "decision point", "decision points")
        )
    }
}
