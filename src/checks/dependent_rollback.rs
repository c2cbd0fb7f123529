//! A rollback, or a stop, that depends on the very agent it is for.

use crate::checks::changes::{self, restores, writes};
use crate::checks::slow_rollback::fast;
use crate::checks::stating::{of_agent, of_rollback};
use crate::checks::untested_rollback::lately;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, catalogue};
use crate::facts::atom::AtomId;
use crate::facts::flow::graph::Location;
use crate::facts::identity::becoming;
use crate::facts::software::{Entered, entered};
use crate::model::{AgentId, At, DomainId, IdentityId, Model, Party, PersonId, Requirement, RollbackId};
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

mod single;

/// More agents than this are counted, not named.
const NAMED: usize = 3;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV408"),
    page: include_str!("../../docs/codes/dependent-rollback.md"),
    looks_at: |context| {
        let stops = context.model.agents.iter().filter(|agent| agent.stop.is_some()).count();
        context.model.rollbacks.len() + stops
    },
    run,
};

/// The agents whose changes something undoes, each with the first of these changes.
type Undone = BTreeMap<AgentId, AtomId>;

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let found = undone(context).into_iter().map(|(rollback, undone)| {
        let runs_as = rollback_runs_as(context, rollback, &undone).or_else(|| rollback_becomes(context, rollback, &undone));
        let faults: Vec<Diagnostic> = runs_as.into_iter().chain(rollback_owner(context, rollback, &undone)).collect();
        (rollback, faults)
    });
    let found: BTreeMap<RollbackId, Vec<Diagnostic>> = found.filter(|(_, faults)| !faults.is_empty()).collect();
    let spare = spare(context, &found.keys().copied().collect());
    for (_, faults) in found.into_iter().filter(|(rollback, _)| !spare.contains(rollback)) {
        out.extend(faults);
    }
    let software = entered(context.model);
    for index in 0..context.model.agents.len() {
        out.extend(stop(context, AgentId(index as u32), &software));
    }
}

fn undone(context: &Context<'_>) -> BTreeMap<RollbackId, Undone> {
    let model = context.model;
    let mut by_domain: BTreeMap<DomainId, Undone> = BTreeMap::new();
    for (index, reach) in context.facts.reach.iter().enumerate() {
        // An agent that has another agent make a change counts as the one that makes it. The checks of stops
        // count it as well.
        for (atom, _) in reach
            .points
            .iter()
            .filter(|(atom, _)| context.facts.atoms.get(*atom).mutates(model))
        {
            for domain in &context.facts.group(*atom).domains {
                let undone = by_domain.entry(*domain).or_default();
                undone.entry(AgentId(index as u32)).or_insert(*atom);
            }
        }
    }
    let mut by_rollback: BTreeMap<RollbackId, Undone> = BTreeMap::new();
    for (domain, undone) in by_domain {
        for rollback in &model.domains[domain.index()].rollbacks {
            let all = by_rollback.entry(rollback.value).or_default();
            for (agent, atom) in &undone {
                all.entry(*agent).or_insert(*atom);
            }
        }
    }
    by_rollback
}

fn rollback_runs_as(context: &Context<'_>, id: RollbackId, undone: &Undone) -> Option<Diagnostic> {
    let model = context.model;
    let rollback = &model.rollbacks[id.index()];
    let identity = rollback.runs_as?;
    let users = context.users.get(&identity.value)?;
    let hit: Vec<_> = users.iter().filter(|(agent, _)| undone.contains_key(agent)).collect();
    let (first, steps) = hit.first()?;
    let agents: Vec<AgentId> = hit.iter().map(|(agent, _)| *agent).collect();
    let message = format!(
        "{} runs as {}, which {} can be as well",
        rollback.meta.name,
        model.identities[identity.value.index()].meta.name,
        named(model, &agents)
    );
    let finding = context
        .finding(&CHECK, Kind::Rollback, &rollback.meta, identity.span, message)
        .label(identity.span, "if you revoke the identity of the agent, you also lose the rollback");
    let mut finding = finding;
    for (number, step) in steps.iter().enumerate() {
        let who = &model.agents[first.index()].meta.name;
        finding = finding.related(
            *step,
            if number == 0 {
                format!("{who} runs as this")
            } else {
                "and can become this".to_owned()
            },
        );
    }
    let edit = of_rollback(model, rollback, "runs_as …  with an identity that no agent can be,");
    Some(counted(context, finding, "runs_as", &agents, id, undone).help(edit))
}

/// A rollback whose identity can undo something only by becoming one that an agent can be.
fn rollback_becomes(context: &Context<'_>, id: RollbackId, undone: &Undone) -> Option<Diagnostic> {
    let model = context.model;
    let rollback = &model.rollbacks[id.index()];
    let runs_as = rollback.runs_as?;
    let of_agent = |identity: IdentityId| {
        let users = context.users.get(&identity).into_iter().flatten();
        let agents: Vec<AgentId> = users.map(|(agent, _)| *agent).filter(|agent| undone.contains_key(agent)).collect();
        agents
    };
    let free = becoming(model, runs_as.value, |identity| of_agent(identity).is_empty());
    let all = becoming(model, runs_as.value, |_| true);
    // An identity without `access` may be able to do enough.
    if free.iter().any(|(identity, _)| !model.identities[identity.index()].access_said) {
        return None;
    }
    let lacking = |held: &Location| !free.iter().any(|(identity, _)| writes(model, *identity, *held));
    let restored = changes::all(context).into_iter().filter(|change| change.rollbacks.contains(&id));
    let restored = restored
        .flat_map(|change| change.places)
        .filter(|held| restores(model, id, *held) && lacking(held));
    let (held, (taken, step)) = restored.into_iter().find_map(|held| {
        let mut others = all.iter().filter(|(identity, _)| !of_agent(*identity).is_empty());
        others
            .find(|(identity, _)| writes(model, *identity, held))
            .map(|other| (held, *other))
    })?;
    let agents = of_agent(taken);
    let (class, system) = changes::names(model, held);
    let name = &model.identities[taken.index()].meta.name;
    let message = format!(
        "{} can change {class} in {system} only by becoming {name}, which {} can be as well",
        rollback.meta.name,
        named(model, &agents)
    );
    let finding = context
        .finding(&CHECK, Kind::Rollback, &rollback.meta, runs_as.span, message)
        .label(runs_as.span, "if you revoke the identity of the agent, you also lose the rollback");
    let finding = step
        .into_iter()
        .fold(finding, |finding, span| finding.related(span, format!("becomes {name} here")));
    Some(counted(context, finding, "runs_as", &agents, id, undone).help(format!(
        "write.update {class} in {system}  in the access of {}",
        model.identities[runs_as.value.index()].meta.name
    )))
}

/// The faulty rollbacks that another rollback can replace: the other one depends on no agent, restores the
/// same, and is as fast and as recently tested as the rules ask.
fn spare(context: &Context<'_>, faulty: &BTreeSet<RollbackId>) -> BTreeSet<RollbackId> {
    let model = context.model;
    let mut needed: BTreeSet<RollbackId> = BTreeSet::new();
    let mut restoring: BTreeSet<RollbackId> = BTreeSet::new();
    if faulty.is_empty() {
        return needed;
    }
    for change in changes::all(context) {
        let applicable = change.atoms.iter().flat_map(|atom| {
            let downstream_rules = context.facts.downstream_rules[atom.index()]
                .iter()
                .map(|downstream_rules| &downstream_rules.applicable);
            context.facts.applicable[atom.index()].iter().chain(downstream_rules)
        });
        let applicable: Vec<(Option<i64>, Option<i64>)> = applicable
            .filter_map(|applicable| match applicable.rule(model).requirement {
                Requirement::Rollback(within, tested) => Some((within, tested)),
                _ => None,
            })
            .collect();
        let good = |rollback: &&RollbackId| {
            let enough =
                |(within, tested): &(Option<i64>, Option<i64>)| fast(model, **rollback, *within) && lately(model, **rollback, *tested);
            !faulty.contains(rollback) && applicable.iter().all(enough)
        };
        for held in &change.places {
            let ways = change.rollbacks.iter().filter(|rollback| restores(model, **rollback, *held));
            let independent = ways.clone().any(|rollback| good(&rollback));
            for rollback in ways.filter(|rollback| faulty.contains(rollback)) {
                restoring.insert(*rollback);
                if !independent {
                    needed.insert(*rollback);
                }
            }
        }
    }
    restoring.difference(&needed).copied().collect()
}

fn rollback_owner(context: &Context<'_>, id: RollbackId, undone: &Undone) -> Option<Diagnostic> {
    let model = context.model;
    let rollback = &model.rollbacks[id.index()];
    let owner = rollback.owner.map(|owner| owner.value);
    let (when, people, agents) = first_bad(context, owner, |people| {
        let agents = undone.keys().copied();
        let agents: Vec<AgentId> = agents
            .filter(|agent| people.is_empty() || only_owner(model, *agent, people))
            .collect();
        (!agents.is_empty()).then_some(agents)
    })?;
    let (name, from) = (&rollback.meta.name, when.from());
    let at = rollback.owner.map_or(rollback.meta.span, |owner| owner.span);
    let (message, label) = if people.is_empty() {
        let label = match owner {
            Some(owner) => when.nobody(model, owner),
            None => "says no `owner`".to_owned(),
        };
        (format!("{from}nobody is there to run {name}"), label)
    } else {
        let owner = model.agents[agents.first()?.index()].owner?;
        let owner = &model.people[owner.value.index()].meta.name;
        let label = "the owner of the agent has an interest in its changes, and also decides whether to undo them";
        (
            format!("{from}only {owner}, who owns {}, can run {name}", named(model, &agents)),
            label.to_owned(),
        )
    };
    let finding = context
        .finding(&CHECK, Kind::Rollback, &rollback.meta, at, message)
        .label(at, label);
    let finding = owned(context, when.shown(finding), &agents, &people);
    let help = match when {
        Bad::Later(day, _) => format!("owner …  with a person who is active from {day} on and does not own the agent"),
        Bad::Today => "owner …  with a person or a team that does not own the agent".to_owned(),
    };
    Some(counted(context, finding, "owner", &agents, id, undone).help(help))
}

fn stop(context: &Context<'_>, id: AgentId, software: &BTreeMap<PersonId, Entered>) -> Option<Diagnostic> {
    let model = context.model;
    let agent = &model.agents[id.index()];
    let stop = agent.stop.as_ref()?;
    let bad = |people: &BTreeSet<PersonId>| (people.is_empty() || only_owner(model, id, people)).then_some(());
    let Some((when, people, ())) = first_bad(context, Some(stop.by), bad) else {
        return single::stop(context, id, software);
    };
    let (name, from) = (&agent.meta.name, when.from());
    let (message, label) = if people.is_empty() {
        (format!("{from}nobody is there to stop {name}"), when.nobody(model, stop.by))
    } else {
        let owner = &model.people[agent.owner?.value.index()].meta.name;
        let label = "the owner of the agent has an interest in it, and also decides whether to stop it";
        (format!("{from}only {owner}, who owns {name}, can stop it"), label.to_owned())
    };
    let finding = context
        .finding(&CHECK, Kind::Agent, &agent.meta, stop.span, message)
        .label(stop.span, label);
    let mut finding = owned(context, when.shown(finding), &[id], &people);
    let points = changed_by(context, id);
    stopped(context, id, &mut finding, &points);
    let help = match when {
        Bad::Later(day, _) => format!(
            "stop {} by …  with a person who is active from {day} on and does not own the agent,",
            stop.means
        ),
        Bad::Today => format!("stop {} by …  with a person or a team that does not own the agent,", stop.means),
    };
    Some(finding.help(of_agent(model, agent, &help)))
}

/// What an agent can change, by calling others as well.
fn changed_by(context: &Context<'_>, id: AgentId) -> Vec<AtomId> {
    let points = context.facts.reach[id.index()].points.iter().map(|(atom, _)| *atom);
    points
        .filter(|atom| context.facts.atoms.get(*atom).mutates(context.model))
        .collect()
}

/// Counts the operations that continue if nobody stops an agent.
fn stopped(context: &Context<'_>, id: AgentId, finding: &mut Diagnostic, points: &[AtomId]) {
    context.points_by(finding, id, points);
}

/// Since when the right people are missing: today, or from a day within the horizon, with the last day of the
/// person who leaves.
enum Bad {
    Today,
    Later(Date, At<Date>),
}

impl Bad {
    fn from(&self) -> String {
        match self {
            Bad::Today => String::new(),
            Bad::Later(day, _) => format!("from {day} "),
        }
    }

    /// Why a party has nobody.
    fn nobody(&self, model: &Model, party: Party) -> String {
        let others = &party.meta(model).name;
        match (self, party) {
            (Bad::Today, _) => "has left, or is a team with nobody in it".to_owned(),
            (Bad::Later(_, last), Party::Team(_)) => format!("the last of {others} leaves on {}", last.value),
            (Bad::Later(_, last), Party::Person(_) | Party::Agent(_) | Party::Identity(_)) => {
                format!("{others} leaves on {}", last.value)
            }
        }
    }

    /// A fault that lies ahead is a warning and shows the last day.
    fn shown(&self, mut finding: Diagnostic) -> Diagnostic {
        match self {
            Bad::Today => finding,
            Bad::Later(_, last) => {
                finding.level = Level::Warning;
                finding.related(last.span, "the last day is here")
            }
        }
    }
}

/// The first time, today or after a last day within the horizon, when something is wrong with the people, and
/// what is wrong.
fn first_bad<T>(
    context: &Context<'_>,
    party: Option<Party>,
    wrong: impl Fn(&BTreeSet<PersonId>) -> Option<T>,
) -> Option<(Bad, BTreeSet<PersonId>, T)> {
    let model = context.model;
    let there = |day: Date| party.map(|party| humans(model, party, day)).unwrap_or_default();
    let today = there(model.as_of);
    if let Some(fault) = wrong(&today) {
        return Some((Bad::Today, today, fault));
    }
    let people = party?.people(model).into_iter();
    let mut last: Vec<At<Date>> = people.filter_map(|person| model.people[person.index()].until).collect();
    last.retain(|last| context.leaving(last.value) == Some(Level::Warning));
    last.sort_by_key(|last| (last.value, last.span));
    last.into_iter().find_map(|last| {
        let day = last.value.saturating_add(1.day());
        let people = there(day);
        wrong(&people).map(|fault| (Bad::Later(day, last), people, fault))
    })
}

/// The natural persons of a party who are there on a day.
fn humans(model: &Model, party: Party, day: Date) -> BTreeSet<PersonId> {
    let active = |person: &PersonId| model.people[person.index()].active(day);
    party
        .people(model)
        .into_iter()
        .filter(active)
        .map(|person| model.people[person.index()].human)
        .collect()
}

fn only_owner(model: &Model, agent: AgentId, people: &BTreeSet<PersonId>) -> bool {
    let owner = model.agents[agent.index()].owner;
    owner.is_some_and(|owner| people.len() == 1 && people.contains(&model.people[owner.value.index()].human))
}

/// Shows where an agent is owned, if somebody there is one of these people.
fn owned(context: &Context<'_>, finding: Diagnostic, agents: &[AgentId], people: &BTreeSet<PersonId>) -> Diagnostic {
    let model = context.model;
    let owner = agents.first().and_then(|agent| model.agents[agent.index()].owner);
    let finding = finding.ids(people.iter().map(|person| &model.people[person.index()].meta.id));
    match owner.filter(|owner| people.contains(&model.people[owner.value.index()].human)) {
        Some(owner) => finding.related(owner.span, "owns the agent here"),
        None => finding,
    }
}

fn named(model: &Model, agents: &[AgentId]) -> String {
    let name = |agent: &AgentId| model.agents[agent.index()].meta.name.to_string();
    let mut names: Vec<String> = agents.iter().take(NAMED).map(name).collect();
    if agents.len() > NAMED {
        names.push(format!("{} more", agents.len() - NAMED));
    }
    listed(&names)
}

fn counted(context: &Context<'_>, mut finding: Diagnostic, fault: &str, agents: &[AgentId], id: RollbackId, undone: &Undone) -> Diagnostic {
    let of_rollback = changes::all(context).into_iter().filter(|change| change.rollbacks.contains(&id));
    finding.finding.operations = context.operations(&changes::atoms_of(&of_rollback.collect::<Vec<_>>()));
    finding.finding.selector = fault.to_owned();
    finding = finding.ids(agents.iter().map(|agent| &context.model.agents[agent.index()].meta.id));
    let of_domain = |domain: &DomainId| context.model.domains[domain.index()].rollbacks.iter().any(|own| own.value == id);
    let undoes = |atom: &AtomId| context.facts.group(*atom).domains.iter().any(of_domain);
    let first = agents.first().and_then(|agent| Some((*agent, *undone.get(agent)?)));
    let each = agents.iter().flat_map(|agent| {
        let changed = changed_by(context, *agent).into_iter().filter(undoes);
        changed.map(|atom| (*agent, atom))
    });
    context.points_among(&mut finding, first.into_iter().chain(each));
    finding
}
