//! A grant that includes a restricted class without naming it on its line.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::{AtomId, expand};
use crate::model::{AgentId, DataId, Grant, Meta, Model, Party};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use std::collections::{BTreeMap, BTreeSet};

mod plain;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV306"),
    page: include_str!("../../docs/codes/over-broad-scope.md"),
    looks_at: |context| context.model.tasks.len() + context.users.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    plain::run(context, out);
    for task in model.tasks.iter().filter(|task| !task.ended(model.as_of)) {
        out.extend(say(context, Kind::Task, &task.meta, &task.scope, &[task.agent]));
    }
    for (id, users) in context.users {
        let identity = &model.identities[id.index()];
        let agents: Vec<AgentId> = users.iter().map(|(agent, _)| *agent).collect();
        out.extend(say(context, Kind::Identity, &identity.meta, &identity.access, &agents));
    }
    // The access of people bounds an agent that acts for them only where nothing narrower is written.
    let mut others: BTreeMap<Party, Vec<AgentId>> = BTreeMap::new();
    for (index, agent) in model.agents.iter().enumerate() {
        let id = AgentId(index as u32);
        let within: Vec<Grant> = agent.acts_for.iter().flat_map(|acts| acts.within.iter().cloned()).collect();
        out.extend(say(context, Kind::Agent, &agent.meta, &within, &[id]));
        for acts in agent.acts_for.iter().filter(|acts| acts.within.is_empty()) {
            others.entry(acts.principal).or_default().push(id);
        }
    }
    for (party, agents) in others {
        out.extend(match party {
            Party::Person(person) => {
                let own = &model.people[person.index()];
                say(context, Kind::Person, &own.meta, &own.access, &agents)
            }
            Party::Team(team) => {
                let own = &model.teams[team.index()];
                say(context, Kind::Team, &own.meta, &own.access, &agents)
            }
            Party::Agent(_) | Party::Identity(_) => None,
        });
    }
}

/// The restricted leaves that a grant includes by a class above them, each with what it lets somebody do.
fn unwritten(context: &Context<'_>, grant: &Grant) -> (BTreeSet<DataId>, Vec<AtomId>) {
    let model = context.model;
    let mut leaves: BTreeSet<DataId> = BTreeSet::new();
    for written in &grant.data {
        let class = &model.data[written.index()];
        // A class that is itself restricted shows this to anybody who reads the line.
        if !class.flags.restricted {
            leaves.extend(class.leaves.iter().filter(|leaf| model.data[leaf.index()].flags.restricted));
        }
    }
    let aloud = |leaf: &DataId| {
        let mut written = grant.data.iter().map(|written| &model.data[written.index()]);
        written.any(|class| class.flags.restricted && class.leaves.contains(leaf))
    };
    leaves.retain(|leaf| !aloud(leaf));
    if leaves.is_empty() {
        return (leaves, Vec::new());
    }
    let reached: Vec<_> = expand(model, grant)
        .into_iter()
        .filter(|atom| leaves.contains(&atom.data))
        .collect();
    let held = reached.iter().map(|atom| atom.data).collect();
    let atoms = reached.iter().filter_map(|atom| context.facts.atoms.find(*atom)).collect();
    (held, atoms)
}

fn say(context: &Context<'_>, kind: Kind, meta: &Meta, grants: &[Grant], agents: &[AgentId]) -> Option<Diagnostic> {
    let model = context.model;
    let mut broad: Vec<(&Grant, BTreeSet<DataId>)> = Vec::new();
    let mut atoms: BTreeSet<AtomId> = BTreeSet::new();
    for grant in grants {
        let (leaves, more) = unwritten(context, grant);
        if !leaves.is_empty() {
            broad.push((grant, leaves));
            atoms.extend(more);
        }
    }
    let (first, leaves) = broad.first()?;
    let all: BTreeSet<DataId> = broad.iter().flat_map(|(_, leaves)| leaves.iter().copied()).collect();
    let names = named(model, &all);
    let verb = if names.len() == 1 { "is" } else { "are" };
    let message = format!(
        "{} includes {}, which {verb} restricted and not named there",
        meta.name,
        listed(&names)
    );
    let mut finding = context.finding(&CHECK, kind, meta, first.span, message);
    for (grant, leaves) in &broad {
        let classes: Vec<String> = written(model, grant).iter().map(|name| format!("`{name}`")).collect();
        finding = finding.label(
            grant.span,
            format!("{} includes {}", listed(&classes), listed(&named(model, leaves))),
        );
    }
    for span in leaves.iter().map(|leaf| restricted_at(model, *leaf)).collect::<BTreeSet<Span>>() {
        finding = finding.related(span, "restricted here");
    }
    let atoms: Vec<AtomId> = atoms.into_iter().collect();
    finding = finding.ids(all.iter().map(|leaf| &model.data[leaf.index()].meta.id));
    context.points_of(&mut finding, agents, atoms.iter().map(|atom| context.facts.atoms.get(*atom)));
    Some(
        finding
            .help(format!("except {}  after the classes on that line", names.join(", ")))
            .help(format!("write {} on the line, and have it approved as that", listed(&names))),
    )
}

fn named(model: &Model, leaves: &BTreeSet<DataId>) -> Vec<String> {
    leaves.iter().map(|leaf| model.data[leaf.index()].meta.name.to_string()).collect()
}

/// The classes of a line that are not restricted themselves and contain something restricted.
fn written(model: &Model, grant: &Grant) -> Vec<String> {
    let classes = grant.data.iter().map(|written| &model.data[written.index()]);
    classes
        .filter(|class| !class.flags.restricted && class.leaves.iter().any(|leaf| model.data[leaf.index()].flags.restricted))
        .map(|class| class.meta.name.to_string())
        .collect()
}

/// The class that makes a leaf restricted: the topmost one with the flag.
fn restricted_at(model: &Model, leaf: DataId) -> Span {
    let mut at = leaf;
    while let Some(parent) = model.data[at.index()]
        .parent
        .filter(|parent| model.data[parent.index()].flags.restricted)
    {
        at = parent;
    }
    model.data[at.index()].meta.span
}
