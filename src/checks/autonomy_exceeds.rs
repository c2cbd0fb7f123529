//! An agent that can do more by itself than its declared autonomy.

use crate::checks::approvals::when;
use crate::checks::calling::cited;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Mark, catalogue};
use crate::facts::atom::{AtomId, expand};
use crate::facts::{GroupId, Routes};
use crate::model::{AgentId, At, Call, TaskId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use jiff::civil::Date;
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV312"),
    page: include_str!("../../docs/codes/autonomy-exceeds.md"),
    looks_at: |context| context.model.agents.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (index, agent) in context.model.agents.iter().enumerate() {
        let id = AgentId(index as u32);
        let Some(autonomy) = &agent.autonomy else {
            continue;
        };
        match &*autonomy.value {
            "suggest" => out.extend(acts(context, id, autonomy)),
            "act_with_approval" => out.extend(unapproved(context, id, autonomy)),
            _ => {}
        }
    }
}

/// What an agent changes, by itself or by starting another agent.
fn mutating<'a>(context: &'a Context<'_>, id: AgentId) -> impl Iterator<Item = (AtomId, Routes)> + 'a {
    let points = context.facts.reach[id.index()].now();
    points.filter(|(atom, _)| context.facts.atoms.get(*atom).mutates(context.model))
}

fn acts(context: &Context<'_>, id: AgentId, autonomy: &At<Box<str>>) -> Option<Diagnostic> {
    let model = context.model;
    let agent = &model.agents[id.index()].meta;
    let (mut own, through): (Vec<_>, Vec<_>) = mutating(context, id).partition(|(_, routes)| routes.scope || routes.access);
    own.extend(through);
    let Some((atom, routes)) = own.first().copied() else {
        return acts_later(context, id, autonomy);
    };
    let (action, data, system) = context.facts.atoms.get(atom).names(model);
    let how = match routes.scope || routes.access {
        true => "can",
        false => "has another agent",
    };
    let message = format!("{} may only suggest, but {how} `{action}` {data} in {system}", agent.name);
    let mut finding = context
        .finding(&CHECK, Kind::Agent, agent, autonomy.span, message)
        .label(autonomy.span, "an agent that suggests must not change anything")
        .magnitude(Mark::Suggest);
    finding = finding.related(super::undecided::place(context, id, atom), "this lets it do so");
    if !routes.scope && !routes.access {
        for call in model.agents[id.index()].calls.known().into_iter().flatten() {
            finding = finding.related(call.span, "which it starts");
        }
    }
    context.points_by(&mut finding, id, own.iter().map(|(atom, _)| atom));
    Some(
        finding
            .help(format!("remove `{action} {data} in {system}`, and leave the change to a person"))
            .help("autonomy act_with_approval  if it is meant to change records"),
    )
}

/// A task that begins within the horizon and lets an agent change something, itself or by starting another
/// agent.
struct Coming<'a> {
    atoms: Vec<AtomId>,
    task: TaskId,
    day: Date,
    /// The calls that start the task; empty if it is a task of the agent itself.
    calls: Vec<&'a Call>,
}

/// The first such task of an agent that changes nothing so far.
fn coming<'a>(context: &Context<'a>, id: AgentId, wanted: impl Fn(AtomId) -> bool) -> Option<Coming<'a>> {
    let model = context.model;
    let found = context.coming().of_agent(id).iter().filter_map(|coming| {
        let mut atoms = context.facts.scope(coming.task).to_vec();
        atoms.retain(|atom| context.facts.atoms.get(*atom).mutates(model) && wanted(*atom));
        let calls = coming.calls.clone();
        (!atoms.is_empty()).then_some(Coming {
            atoms,
            task: coming.task,
            day: coming.day,
            calls,
        })
    });
    found.min_by_key(|coming| (coming.day, !coming.calls.is_empty()))
}

/// Shows the task, and the calls that start it.
fn begun(context: &Context<'_>, finding: Diagnostic, id: AgentId, coming: &Coming<'_>) -> Diagnostic {
    let name = &context.model.tasks[coming.task.index()].meta.name;
    let place = granted(context, coming.task, coming.atoms[0]);
    let finding = cited(context, finding, id, &coming.calls);
    finding.related(place, format!("by {name}, which begins on {}", coming.day))
}

/// Where a task grants something.
fn granted(context: &Context<'_>, task: TaskId, atom: AtomId) -> Span {
    let own = &context.model.tasks[task.index()];
    let wanted = context.facts.atoms.get(atom);
    let grant = own.scope.iter().find(|grant| expand(context.model, grant).contains(&wanted));
    grant.map_or(own.meta.span, |grant| grant.span)
}

fn acts_later(context: &Context<'_>, id: AgentId, autonomy: &At<Box<str>>) -> Option<Diagnostic> {
    let model = context.model;
    let agent = &model.agents[id.index()].meta;
    let coming = coming(context, id, |_| true)?;
    let (atoms, day) = (&coming.atoms, coming.day);
    let (action, data, system) = context.facts.atoms.get(atoms[0]).names(model);
    let name = &model.tasks[coming.task.index()].meta.name;
    let how = if coming.calls.is_empty() { "can" } else { "has another agent" };
    let message = format!(
        "{} may only suggest, but {how} `{action}` {data} in {system} from {day}",
        agent.name
    );
    let mut finding = context
        .finding(&CHECK, Kind::Agent, agent, autonomy.span, message)
        .label(autonomy.span, "an agent that suggests must not change anything")
        .magnitude(Mark::Suggest);
    finding = begun(context, finding, id, &coming);
    context.points_by(&mut finding, id, atoms);
    Some(
        finding
            .help(format!(
                "leave `{action} {data} in {system}` out of {name}, and leave the change to a person"
            ))
            .help("autonomy act_with_approval  if it is meant to change records"),
    )
}

fn unapproved(context: &Context<'_>, id: AgentId, autonomy: &At<Box<str>>) -> Option<Diagnostic> {
    let model = context.model;
    let agent = &model.agents[id.index()].meta;
    let mut atoms: Vec<AtomId> = mutating(context, id)
        .map(|(atom, _)| atom)
        .filter(|atom| nobody(context, *atom).is_some())
        .collect();
    let mut begins = None;
    if atoms.is_empty() {
        let coming = coming(context, id, |atom| nobody(context, atom).is_some())?;
        (atoms, begins) = (coming.atoms.clone(), Some(coming));
    }
    let atom = atoms[0];
    let (action, data, system) = context.facts.atoms.get(atom).names(model);
    let from = begins.as_ref().map_or(String::new(), |coming| format!(" from {}", coming.day));
    let message = format!(
        "{} acts with approval, but `{action}` of {data} in {system} needs no approval{from}",
        agent.name
    );
    let mut finding = context
        .finding(&CHECK, Kind::Agent, agent, autonomy.span, message)
        .label(autonomy.span, "here it acts alone")
        .magnitude(Mark::ActWithApproval);
    if let Some(coming) = &begins {
        finding = begun(context, finding, id, coming);
    }
    // Accepting that a change needs no approval in some circumstances does not accept it in others.
    let groups: BTreeSet<GroupId> = atoms.iter().map(|atom| context.facts.group_of[atom.index()]).collect();
    for group in groups {
        let domains = &context.facts.groups[group.index()].domains;
        let cells = context.facts.verdicts[group.index()].cells.iter();
        let alone = cells.filter(|cell| cell.normal.nominal == Some(0));
        finding = finding.magnitudes(alone.map(|cell| when(model, domains, &cell.cell.tiers, false)));
    }
    for domain in &context.facts.group(atom).domains {
        let own = &model.domains[domain.index()];
        let tier = nobody(context, atom).flatten().and_then(|tier| own.tiers.get(tier));
        let at = tier.map_or(own.approve_span(), |tier| tier.span);
        finding = finding.related(at, format!("{} asks nobody", own.meta.name));
    }
    context.points_by(&mut finding, id, &atoms);
    Some(finding.help("approve …  in the domain, with the people who answer for it"))
}

/// Whether an atom needs no approval, and by which tier of its first domain.
fn nobody(context: &Context<'_>, atom: AtomId) -> Option<Option<usize>> {
    let governed = !context.facts.group(atom).domains.is_empty();
    let cells = context.facts.verdict(atom).cells.iter().filter(|_| governed);
    cells
        .filter(|cell| cell.normal.nominal == Some(0))
        .map(|cell| cell.cell.tiers.first().copied().flatten())
        .next()
}
