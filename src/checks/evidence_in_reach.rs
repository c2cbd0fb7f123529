//! An agent that can change the evidence of what it, or another agent, did.

mod given;

use crate::checks::calling::{chain, cited};
use crate::checks::evidence_in_reach::given::{Given, Giver};
use crate::checks::stating::signed;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Magnitude, Mark, catalogue};
use crate::facts::atom::{AtomId, expand};
use crate::facts::evidence::is_evidence;
use crate::facts::flow::graph::Location;
use crate::facts::permission::{changed, classes};
use crate::model::domain::ApprovalPlace;
use crate::model::{AgentId, Grant, Ledger, LedgerId, Meta, Model, SystemId, TaskId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV505"),
    page: include_str!("../../docs/codes/evidence-in-reach.md"),
    looks_at: |context| context.model.ledgers.len(),
    run,
};

/// How evidence is within reach; the worst comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum EvidenceAccess {
    /// The records themselves.
    Records,
    /// Records that have not arrived yet where they are kept.
    Before,
    /// Permissions in the system that keeps the records.
    Permissions,
    /// The place of unsigned approvals.
    Approvals,
}

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (giver, given) in given::all(context, &kept(context)) {
        out.push(say(context, giver, &given));
    }
}

/// The changes that reach evidence, with the ledgers: changes to the records of a ledger, also before they
/// arrive there; changes to permissions in the system that keeps them; and any change in a system where the
/// ledger keeps unsigned approvals.
fn kept(context: &Context<'_>) -> BTreeMap<AtomId, Vec<(LedgerId, EvidenceAccess)>> {
    let model = context.model;
    let mut kept: BTreeMap<AtomId, Vec<(LedgerId, EvidenceAccess)>> = BTreeMap::new();
    let permissions = changed(model, context.facts, context.flows);
    let mut flowing: BTreeMap<Location, Vec<Location>> = BTreeMap::new();
    for (index, atom) in context.facts.atoms.list.iter().enumerate() {
        if !atom.mutates(model) {
            continue;
        }
        let written = (atom.system, atom.data);
        let evidence = is_evidence(model, atom.data);
        let flows_to = flowing.entry(written).or_insert_with(|| context.flows.places(written));
        let governed = permissions.get(&AtomId(index as u32)).map_or(&[][..], |changes| &changes[..]);
        for (number, ledger) in model.ledgers.iter().enumerate() {
            let access = match unsigned(ledger) {
                _ if keeps(model, ledger, written) => Some(EvidenceAccess::Records),
                // Data that becomes a record only where it arrives is how records are made. Data that already
                // is a record can be rewritten on its way.
                _ if evidence && flows_to.iter().any(|place| place.1 == atom.data && keeps(model, ledger, *place)) => {
                    Some(EvidenceAccess::Before)
                }
                _ if governed.iter().any(|change| kept_in(ledger, change.system)) => Some(EvidenceAccess::Permissions),
                // What flows into the place, as whatever it arrives, can be an approval there.
                Some(place) if place == atom.system || flows_to.iter().any(|(system, _)| *system == place) => {
                    Some(EvidenceAccess::Approvals)
                }
                Some(_) | None => None,
            };
            let ledger = LedgerId(number as u32);
            if let Some(access) = access {
                kept.entry(AtomId(index as u32)).or_default().push((ledger, access));
            }
        }
    }
    kept
}

/// Whether a ledger keeps a class in a system. A ledger without a location may keep it anywhere.
fn keeps(model: &Model, ledger: &Ledger, (system, data): Location) -> bool {
    ledger.keeps.iter().any(|(classes, systems)| {
        let here = systems.is_empty() || systems.contains(&system);
        here && classes
            .iter()
            .any(|class| model.data[class.index()].leaves.binary_search(&data).is_ok())
    })
}

/// Whether a ledger says that it keeps something in a system.
fn kept_in(ledger: &Ledger, system: SystemId) -> bool {
    ledger.keeps.iter().any(|(_, systems)| systems.contains(&system))
}

/// The system in which a ledger keeps unsigned approvals.
fn unsigned(ledger: &Ledger) -> Option<SystemId> {
    match ledger.approvals.known()?.value {
        ApprovalPlace::In(system) => Some(system),
        ApprovalPlace::Signed => None,
    }
}

fn say(context: &Context<'_>, giver: Giver, given: &Given) -> Diagnostic {
    let model = context.model;
    let here = |atom: &AtomId| way(context, given, *atom).is_none();
    let mut atoms: Vec<AtomId> = given.atoms.keys().copied().collect();
    // The worst comes first, and changes where the evidence is stored come before those that flow there.
    atoms.sort_by_cached_key(|atom| (given.atoms[atom], !here(atom), context.facts.atoms.get(*atom).gravity(model), *atom));
    let access = given.atoms[&atoms[0]];
    let way = way(context, given, atoms[0]);
    let agents: Vec<AgentId> = given.agents.iter().copied().collect();
    let first = &model.agents[agents[0].index()].meta.name;
    let (action, class, system) = context.facts.atoms.get(atoms[0]).names(model);
    let ledgers: Vec<&str> = given
        .ledgers
        .iter()
        .map(|ledger| &*model.ledgers[ledger.index()].meta.name)
        .collect();
    let (kind, meta, line): (Kind, &Meta, Option<Span>) = match giver {
        Giver::Identity(id) => {
            let own = &model.identities[id.index()];
            (Kind::Identity, &own.meta, line(model, &own.access, context, atoms[0]))
        }
        Giver::Task(id) => {
            let own = &model.tasks[id.index()];
            (Kind::Task, &own.meta, line(model, &own.scope, context, atoms[0]))
        }
        Giver::Delegated(id) => {
            let own = &model.agents[id.index()];
            let within = own.acts_for.iter().find_map(|acts| line(model, &acts.within, context, atoms[0]));
            (Kind::Agent, &own.meta, within.or(own.acts_for.first().map(|acts| acts.span)))
        }
    };
    let at = line.unwrap_or(meta.span);
    let who = match agents.len() {
        1 => first.to_string(),
        count => format!("{first} and {} more", count - 1),
    };
    let on = way.as_ref().and_then(|way| way.last()).map_or(String::new(), |(_, to)| {
        format!(", which flows to {}", model.systems[to.index()].meta.name)
    });
    let ledgers = listed(&ledgers);
    let whom = given.whom(model);
    let (of, for_whom) = match &whom {
        Some(whom) => (format!(" of {whom}"), format!(" for {whom}")),
        None => (String::new(), String::new()),
    };
    let what = match access {
        EvidenceAccess::Records => format!(", the evidence{of} that {ledgers} keeps"),
        EvidenceAccess::Before => format!("{on}, the evidence{of} that {ledgers} keeps"),
        EvidenceAccess::Permissions => format!("{on}, where {ledgers} keeps its records{of}"),
        EvidenceAccess::Approvals => format!("{on}, where the approvals of {ledgers}{for_whom} lie unsigned"),
    };
    let message = format!("{who} can `{action}` {class} in {system}{what}");
    let label = label(access, way.is_some(), whom.as_deref(), given.level);
    let mut finding = context.finding(&CHECK, kind, meta, at, message).label(at, label);
    finding.level = given.level;
    for (span, to) in way.iter().flatten() {
        let name = &model.systems[to.index()].meta.name;
        finding = finding.step(*span, format!("what is written there flows to {name}"));
    }
    for ledger in &given.ledgers {
        let own = &model.ledgers[ledger.index()];
        let (span, text) = match (access, own.approvals.known()) {
            (EvidenceAccess::Approvals, Some(place)) => (place.span, format!("{} keeps approvals here", own.meta.name)),
            (EvidenceAccess::Approvals, None) | (EvidenceAccess::Records | EvidenceAccess::Before | EvidenceAccess::Permissions, _) => {
                let span = own.keeps_spans.first().copied().unwrap_or(own.meta.span);
                (span, format!("{} keeps its records here", own.meta.name))
            }
        };
        finding = finding.related(span, text);
    }
    let ledgers = given.ledgers.iter().map(|ledger| &model.ledgers[ledger.index()].meta.id);
    finding = finding.ids(ledgers).magnitudes(given.governed.iter().cloned());
    finding = finding.magnitudes(given.atoms.values().map(|access| match access {
        EvidenceAccess::Records => Magnitude::new().word("records"),
        EvidenceAccess::Before => Magnitude::new().word("records").mark(Mark::Before),
        EvidenceAccess::Permissions => Magnitude::new().word("permissions"),
        EvidenceAccess::Approvals => Magnitude::new().word("approvals"),
    }));
    finding = path(context, finding, giver, agents[0]);
    context.points(&mut finding, &atoms);
    let take = match giver {
        Giver::Identity(_) | Giver::Task(_) => format!("remove `{action} {class} in {system}` from {}", meta.name),
        Giver::Delegated(_) => format!("remove `{action} {class} in {system}` from what {} may do for others", meta.name),
    };
    match (access, way.is_some()) {
        (EvidenceAccess::Approvals, flows) => {
            let kept = given.ledgers.iter().map(|ledger| signed(model, *ledger));
            let kept = kept.collect::<Vec<String>>().join(";  ");
            match flows {
                true => finding.help(kept).help(take),
                false => finding.help(take).help(kept),
            }
        }
        (EvidenceAccess::Records | EvidenceAccess::Before | EvidenceAccess::Permissions, _) => finding.help(take),
    }
}

/// The text at the place.
fn label(access: EvidenceAccess, flows: bool, whom: Option<&str>, level: Level) -> String {
    let Some(whom) = whom else {
        let label = match access {
            EvidenceAccess::Records => "the agent can change the evidence of its own mistakes",
            EvidenceAccess::Before => "the agent can rewrite the evidence of its own mistakes before it is stored",
            EvidenceAccess::Permissions => "with this the agent can give itself access to the evidence of its mistakes",
            EvidenceAccess::Approvals if flows => "this can make an approval appear that nobody gave",
            EvidenceAccess::Approvals => "somebody could write an approval here that nobody gave",
        };
        return label.to_owned();
    };
    let label = match access {
        EvidenceAccess::Records => format!("another agent can change the evidence of mistakes of {whom}"),
        EvidenceAccess::Before => format!("another agent can rewrite the evidence of mistakes of {whom} before it is stored"),
        EvidenceAccess::Permissions => format!("with this another agent can give itself access to the evidence of mistakes of {whom}"),
        EvidenceAccess::Approvals if flows => format!("this can make an approval for {whom} appear that nobody gave"),
        EvidenceAccess::Approvals => format!("somebody could write an approval for {whom} here that nobody gave"),
    };
    match level {
        Level::Note => format!("{label}; this needs the same approvals as the changes of {whom}"),
        Level::Warning | Level::Error => label,
    }
}

/// The shortest flow by which a write reaches one of these ledgers; `None` where the ledger keeps it where it
/// is written.
fn way(context: &Context<'_>, given: &Given, atom: AtomId) -> Option<Vec<(Span, SystemId)>> {
    let model = context.model;
    let written = context.facts.atoms.get(atom);
    let ledgers = || given.ledgers.iter().map(|ledger| &model.ledgers[ledger.index()]);
    let there = |(system, data): Location| match given.atoms[&atom] {
        EvidenceAccess::Records => true,
        EvidenceAccess::Before => data == written.data && ledgers().any(|ledger| keeps(model, ledger, (system, data))),
        EvidenceAccess::Permissions => classes(model).binary_search(&data).is_ok() && ledgers().any(|ledger| kept_in(ledger, system)),
        EvidenceAccess::Approvals => ledgers().any(|ledger| unsigned(ledger) == Some(system)),
    };
    let held = (written.system, written.data);
    if there(held) {
        return None;
    }
    let arrival = context.flows.from(held).into_iter().find(|arrival| there(arrival.at))?;
    Some(arrival.way.into_iter().zip(arrival.systems).collect())
}

/// The line that grants an atom.
fn line(model: &Model, grants: &[Grant], context: &Context<'_>, atom: AtomId) -> Option<Span> {
    let wanted = context.facts.atoms.get(atom);
    grants
        .iter()
        .find(|grant| expand(model, grant).contains(&wanted))
        .map(|grant| grant.span)
}

/// The steps by which an agent reaches it: what it runs as and can become, or whom it calls.
fn path(context: &Context<'_>, mut finding: Diagnostic, giver: Giver, agent: AgentId) -> Diagnostic {
    let model = context.model;
    let name = &model.agents[agent.index()].meta.name;
    let users = match giver {
        Giver::Identity(id) => context.users.get(&id).into_iter().flatten().find(|(user, _)| *user == agent),
        Giver::Task(_) | Giver::Delegated(_) => None,
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
    let of = |task: TaskId| model.tasks[task.index()].agent;
    let through = reach.called.tasks.iter().find(|called| match giver {
        Giver::Task(id) => id == called.task,
        Giver::Identity(id) => context.facts.reach[of(called.task).index()].identities.contains(&id),
        Giver::Delegated(id) => id != agent && id == of(called.task),
    });
    match through {
        Some(called) => cited(
            context,
            finding,
            agent,
            &chain(model, agent, &reach.called.path(called), called.task),
        ),
        None => finding,
    }
}
