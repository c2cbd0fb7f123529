//! An agent that can change the evidence of what it did.

use crate::checks::calling::{chain, cited};
use crate::checks::requirements::listed;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::{AtomId, expand};
use crate::facts::spread::{Arrival, Held};
use crate::model::domain::ApprovalPlace;
use crate::model::{AgentId, Grant, IdentityId, Ledger, LedgerId, Meta, Model, SystemId, TaskId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV505"),
    page: include_str!("../../docs/codes/evidence-in-reach.md"),
    looks_at: |context| context.model.ledgers.len(),
    run,
};

/// What lets an agent change evidence.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Giver {
    Identity(IdentityId),
    Task(TaskId),
}

/// What one giver lets agents change.
#[derive(Default)]
struct Given {
    atoms: BTreeSet<AtomId>,
    ledgers: BTreeSet<LedgerId>,
    agents: BTreeSet<AgentId>,
    /// Whether it is where the approvals are kept that is within reach, and nothing else.
    approvals: bool,
}

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let kept = kept(context);
    let mut given: BTreeMap<Giver, Given> = BTreeMap::new();
    for (index, reach) in context.facts.reach.iter().enumerate() {
        if !reach.points.iter().any(|(atom, _)| kept.contains_key(atom)) {
            continue;
        }
        let agent = AgentId(index as u32);
        // The ledgers that keep what this agent did.
        let own: BTreeSet<LedgerId> = reach
            .points
            .iter()
            .flat_map(|(atom, _)| &context.facts.group(*atom).domains)
            .filter_map(|domain| model.domains[domain.index()].evidence)
            .map(|at| at.value)
            .collect();
        for (atom, _) in &reach.points {
            let hit: Vec<&(LedgerId, bool)> = kept
                .get(atom)
                .into_iter()
                .flatten()
                .filter(|(ledger, _)| own.contains(ledger))
                .collect();
            if let Some(giver) = giver(context, agent, *atom).filter(|_| !hit.is_empty()) {
                let first = !given.contains_key(&giver);
                let given = given.entry(giver).or_default();
                let only_approvals = hit.iter().all(|(_, approvals)| *approvals);
                given.approvals = only_approvals && (first || given.approvals);
                given.atoms.insert(*atom);
                given.ledgers.extend(hit.iter().map(|(ledger, _)| *ledger));
                given.agents.insert(agent);
            }
        }
    }
    for (giver, given) in given {
        out.push(say(context, giver, &given));
    }
}

/// The changes of what a ledger keeps, and of anything where it keeps approvals that nobody signed, with the ledgers.
fn kept(context: &Context<'_>) -> BTreeMap<AtomId, Vec<(LedgerId, bool)>> {
    let model = context.model;
    let mut kept: BTreeMap<AtomId, Vec<(LedgerId, bool)>> = BTreeMap::new();
    let places: BTreeSet<SystemId> = model.ledgers.iter().filter_map(unsigned).collect();
    let mut flowing: BTreeMap<Held, BTreeSet<SystemId>> = BTreeMap::new();
    for (index, atom) in context.facts.atoms.list.iter().enumerate() {
        if !atom.mutates(model) {
            continue;
        }
        for (number, ledger) in model.ledgers.iter().enumerate() {
            let records = ledger.keeps.iter().any(|(classes, systems)| {
                let here = systems.is_empty() || systems.contains(&atom.system);
                here && classes
                    .iter()
                    .any(|class| model.data[class.index()].leaves.binary_search(&atom.data).is_ok())
            });
            // What flows into the place, as whatever it arrives, can be an approval there. That what is done flows into the records
            // is how they come about.
            let approvals = unsigned(ledger).is_some_and(|place| {
                place == atom.system
                    || flowing
                        .entry((atom.system, atom.data))
                        .or_insert_with_key(|held| {
                            let reached = context.flows.places(*held).into_iter().map(|(system, _)| system);
                            reached.filter(|system| places.contains(system)).collect()
                        })
                        .contains(&place)
            });
            if records || approvals {
                kept.entry(AtomId(index as u32))
                    .or_default()
                    .push((LedgerId(number as u32), !records));
            }
        }
    }
    kept
}

/// The system in which a ledger keeps approvals that nobody signed.
fn unsigned(ledger: &Ledger) -> Option<SystemId> {
    match ledger.approvals.known()?.value {
        ApprovalPlace::In(system) => Some(system),
        ApprovalPlace::Signed => None,
    }
}

/// What lets an agent do something: an identity, of its own or of the agent it calls, else a task.
fn giver(context: &Context<'_>, agent: AgentId, atom: AtomId) -> Option<Giver> {
    let reach = &context.facts.reach[agent.index()];
    let identity = |agent: AgentId| {
        let mut all = context.facts.reach[agent.index()].identities.iter();
        all.find(|identity| context.access_of[identity.index()].binary_search(&atom).is_ok())
    };
    let called = reach.called.iter().map(|(task, _)| task);
    let task = |task: &&TaskId| context.facts.scope(**task).contains(&atom);
    let callee = |task: &TaskId| identity(context.model.tasks[task.index()].agent);
    let called = called
        .clone()
        .find(task)
        .map(|task| callee(task).map_or(Giver::Task(*task), |identity| Giver::Identity(*identity)));
    identity(agent)
        .map(|identity| Giver::Identity(*identity))
        .or_else(|| reach.current.iter().find(task).map(|task| Giver::Task(*task)))
        .or(called)
}

fn say(context: &Context<'_>, giver: Giver, given: &Given) -> Diagnostic {
    let model = context.model;
    let mut atoms: Vec<AtomId> = given.atoms.iter().copied().collect();
    let places: BTreeSet<SystemId> = given
        .ledgers
        .iter()
        .filter_map(|ledger| unsigned(&model.ledgers[ledger.index()]))
        .collect();
    // What is done where the evidence lies comes before what flows there.
    let flows_on = |atom: &AtomId| given.approvals && !places.contains(&context.facts.atoms.get(*atom).system);
    atoms.sort_by_key(|atom| (flows_on(atom), *atom));
    let way = match flows_on(&atoms[0]) {
        true => arrival(context, atoms[0], &places),
        false => None,
    };
    let agents: Vec<AgentId> = given.agents.iter().copied().collect();
    let first = &model.agents[agents[0].index()].meta.name;
    let (action, class, system) = context.facts.atoms.get(atoms[0]).names(model);
    let ledgers: Vec<&str> = given
        .ledgers
        .iter()
        .map(|ledger| &*model.ledgers[ledger.index()].meta.name)
        .collect();
    let (kind, meta, grants): (Kind, &Meta, &[Grant]) = match giver {
        Giver::Identity(id) => {
            let own = &model.identities[id.index()];
            (Kind::Identity, &own.meta, &own.access)
        }
        Giver::Task(id) => {
            let own = &model.tasks[id.index()];
            (Kind::Task, &own.meta, &own.scope)
        }
    };
    let at = line(model, grants, context, atoms[0]).unwrap_or(meta.span);
    let who = match agents.len() {
        1 => first.to_string(),
        count => format!("{first} and {} more", count - 1),
    };
    let message = match (given.approvals, &way) {
        (true, Some(way)) => format!(
            "{who} can `{action}` {class} in {system}, which flows on to {}, where the approvals of {} lie unsigned",
            model.systems[way.at.0.index()].meta.name,
            listed(&ledgers)
        ),
        (true, None) => format!(
            "{who} can `{action}` {class} in {system}, where the approvals of {} lie unsigned",
            listed(&ledgers)
        ),
        (false, _) => format!(
            "{who} can `{action}` {class} in {system}, the evidence that {} keeps",
            listed(&ledgers)
        ),
    };
    let label = match given.approvals {
        true if way.is_some() => "with this an approval could be made to arrive that nobody gave",
        true => "an approval could be written here that nobody gave",
        false => "what shows a mistake of an agent is within reach of that agent",
    };
    let mut finding = context.finding(&CHECK, kind, meta, at, message).label(at, label);
    for (span, to) in way.iter().flat_map(|way| way.way.iter().zip(&way.systems)) {
        let name = &model.systems[to.index()].meta.name;
        finding = finding.step(*span, format!("what is written there flows on to {name}"));
    }
    for ledger in &given.ledgers {
        let own = &model.ledgers[ledger.index()];
        let (span, text) = match (given.approvals, own.approvals.known()) {
            (true, Some(place)) => (place.span, format!("{} keeps approvals here", own.meta.name)),
            (true, None) | (false, _) => {
                let span = own.keeps_spans.first().copied().unwrap_or(own.meta.span);
                (span, format!("{} keeps its records here", own.meta.name))
            }
        };
        finding = finding.related(span, text);
    }
    let ledgers = given.ledgers.iter().map(|ledger| &model.ledgers[ledger.index()].meta.id);
    finding = finding.extents(ledgers);
    finding = finding.extent(if given.approvals { "approvals" } else { "records" });
    finding = path(context, finding, giver, agents[0]);
    context.points(&mut finding, &atoms);
    let take = format!("take `{action} {class} in {system}` out of {}", meta.name);
    if way.is_some() {
        return finding.help("approvals signed").help(take);
    }
    let help = finding.help(take);
    match given.approvals {
        true => help.help("approvals signed"),
        false => help,
    }
}

/// The shortest way by which what is written arrives at one of these systems.
fn arrival(context: &Context<'_>, atom: AtomId, places: &BTreeSet<SystemId>) -> Option<Arrival> {
    let written = context.facts.atoms.get(atom);
    let mut arrivals = context.flows.from((written.system, written.data)).into_iter();
    arrivals.find(|arrival| places.contains(&arrival.at.0))
}

/// The line that grants an atom.
fn line(model: &Model, grants: &[Grant], context: &Context<'_>, atom: AtomId) -> Option<Span> {
    let wanted = context.facts.atoms.get(atom);
    grants
        .iter()
        .find(|grant| expand(model, grant).contains(&wanted))
        .map(|grant| grant.span)
}

/// The steps by which an agent comes to it: what it runs as and can become, or whom it calls.
fn path(context: &Context<'_>, mut finding: Diagnostic, giver: Giver, agent: AgentId) -> Diagnostic {
    let model = context.model;
    let name = &model.agents[agent.index()].meta.name;
    let users = match giver {
        Giver::Identity(id) => context.users.get(&id).into_iter().flatten().find(|(user, _)| *user == agent),
        Giver::Task(_) => None,
    };
    if let Some((_, steps)) = users {
        for (number, step) in steps.iter().enumerate() {
            let text = match number {
                0 => format!("{name} runs as this"),
                _ => "which can become this".to_owned(),
            };
            finding = finding.related(*step, text);
        }
        return finding;
    }
    let reach = &context.facts.reach[agent.index()];
    let through = reach.called.iter().find(|(task, _)| match giver {
        Giver::Task(id) => id == *task,
        Giver::Identity(id) => context.facts.reach[model.tasks[task.index()].agent.index()]
            .identities
            .contains(&id),
    });
    match through {
        Some((task, path)) => cited(context, finding, agent, &chain(model, agent, path, *task)),
        None => finding,
    }
}
