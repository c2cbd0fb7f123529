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

/// A `.gov` file of the workspace.
#[derive(Clone, Debug, Serialize)]
pub struct File {
    /// The path of the file from the root of the workspace.
    pub name: String,
    /// The digest of its text without a byte order mark, as `sha256:…`.
    pub digest: String,
    /// The number of its lines.
    pub lines: usize,
}

/// A standard or a framework that the workspace adopts.
#[derive(Clone, Debug, Serialize)]
pub struct InForce {
    /// The id of the standard or framework.
    pub id: String,
    /// Its title; its name if it has no title.
    pub title: String,
    /// The edition of the framework; `None` for a standard.
    pub edition: Option<String>,
    /// Whether it is part of the standard library. If false, it is in the files of the workspace.
    pub shipped: bool,
    /// The path of the file that declares it.
    pub file: String,
    /// The digest of the text of that file, as `sha256:…`.
    pub digest: String,
    /// The requirements of the standard, line by line; empty for a framework.
    pub asks: Vec<Ask>,
    /// The location of the declaration, as `file:line`.
    pub at: String,
}

/// A requirement of a standard.
#[derive(Clone, Debug, Serialize)]
pub struct Ask {
    /// The line as the standard has it.
    pub text: String,
    /// The location of the line, as `file:line`.
    pub at: String,
    /// The lines of another standard that this line replaces.
    pub stands_in_for: Vec<Line>,
    /// The lines of other adopted standards that replace this line.
    pub replaced_by: Vec<Line>,
}

/// The number of things that the workspace declares.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Population {
    /// The number of agents.
    pub agents: usize,
    /// The number of tasks, whether or not they are in force.
    pub tasks: usize,
    /// The number of identities.
    pub identities: usize,
    /// The number of systems.
    pub systems: usize,
    /// The number of people.
    pub people: usize,
    /// The number of decision domains.
    pub domains: usize,
    /// The number of decision points. Each is an agent and an action that it reaches, on a data class in a system.
    pub decision_points: usize,
    /// The number of tests.
    pub tests: usize,
}

/// What a change to the governance files themselves requires.
#[derive(Clone, Debug, Serialize)]
pub struct Changes {
    /// Who must approve, in words; `None` if the files do not state it.
    pub takes: Option<Line>,
    /// The size of the smallest group of people that can change the files. Null if the files do not state who must
    /// approve, or if nobody can.
    pub people: Option<usize>,
    /// The full names of the people in such a group; empty if `people` is `None`. People whom the files do not name
    /// are left out.
    pub witness: Vec<String>,
    /// Who is accountable for each function.
    pub accountable: Vec<Accountable>,
}

/// What the report covers.
#[derive(Clone, Debug, Serialize)]
pub struct Covers {
    /// The name of the workspace.
    pub workspace: String,
    /// The title of the workspace; its name if it has no title.
    pub title: String,
    /// The date that Quorate reads the workspace as of, as YYYY-MM-DD.
    pub as_of: String,
    /// The number of days after that date that Quorate also checks.
    pub horizon: i64,
    /// The version of Quorate that wrote this document.
    pub version: &'static str,
    /// The commit of the files; `None` if it is not known. This version of Quorate always writes `None`.
    pub commit: Option<String>,
    /// A digest over the names and digests of the files, as `sha256:…`.
    pub digest: String,
    /// The `.gov` files of the workspace.
    pub files: Vec<File>,
    /// The standards that the workspace adopts.
    pub standards: Vec<InForce>,
    /// The reason that the files give for adopting no standard; `None` if they give none.
    pub no_standard: Option<Line>,
    /// The frameworks that the workspace adopts.
    pub frameworks: Vec<InForce>,
    /// The number of things that the workspace declares.
    pub population: Population,
    /// What a change to the governance files requires; `None` if the files contain errors or declare no workspace.
    pub changes: Option<Changes>,
    /// The severities that quorate.toml sets, such as `unlimited-write = off`.
    pub levels: Vec<String>,
    /// Whether quorate.toml lowers the severity of a check or turns a check off. Then the absence of findings shows
    /// less.
    pub lowered: bool,
    /// What Quorate did not check, or did not check as by default, one line each.
    pub not_looked_at: Vec<String>,
    /// The lines of a standard that replace lines of another standard, one sentence each.
    pub stand_ins: Vec<String>,
}

/// A date on which something begins or ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Ahead {
    /// The date, as YYYY-MM-DD.
    pub day: String,
    /// What begins or ends, such as `last day of the task sync_consent`.
    pub what: String,
    /// The location of the statement in the files, as `file:line`.
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
