//! An agent that can change permissions where its own identity, its enforcement or those who govern it are kept.

mod governors;
mod reading;

use crate::checks::calling::{calls_to, cited};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Extent, Mark, catalogue};
use crate::facts::atom::AtomId;
use crate::facts::permission::{self, Change};
use crate::model::{AgentId, Meta, SystemId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV209"),
    page: include_str!("../../docs/codes/self-escalation.md"),
    looks_at: |context| context.model.agents.len(),
    run,
};

/// What an agent could give itself, and where it is said that it is kept there.
struct Grip {
    /// Which; where nobody has said, it may be any.
    system: Option<SystemId>,
    what: String,
    extent: Extent,
    place: String,
    span: Span,
    /// By way of what a team governs, where it is not named as one that decides.
    by: Option<(Span, String)>,
}

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    reading::run(context, out);
    let changed = permission::changed(context.model, context.facts, context.flows);
    if changed.is_empty() {
        return;
    }
    for (index, reach) in context.facts.reach.iter().enumerate() {
        let agent = AgentId(index as u32);
        let mut by_system: BTreeMap<SystemId, Vec<(AtomId, &Change)>> = BTreeMap::new();
        for (atom, changes) in permission::within(reach, &changed) {
            for change in changes {
                by_system.entry(change.system).or_default().push((atom, change));
            }
        }
        if by_system.is_empty() {
            continue;
        }
        let mut grips: Vec<Grip> = grips(context, agent);
        grips.retain(|grip| grip.system.is_none_or(|system| by_system.contains_key(&system)));
        // What is known to be so comes before what may be, and who decides before who does by way of something else.
        grips.sort_by_key(|grip| (grip.system.is_none(), grip.by.is_some()));
        if let Some(first) = grips.first() {
            out.push(say(context, agent, first, &grips, &by_system));
        }
    }
}

/// The systems that decide what an agent is and what it may do.
fn grips(context: &Context<'_>, id: AgentId) -> Vec<Grip> {
    let model = context.model;
    let mut grips = Vec::new();
    for identity in &context.facts.reach[id.index()].identities {
        let own = &model.identities[identity.index()];
        grips.push(match own.issued_by {
            Some(system) => Grip {
                system: Some(system),
                what: "which issues what it runs as".to_owned(),
                extent: Extent::from(Mark::Issues).id(&own.meta.id),
                place: format!("{} is issued there", own.meta.name),
                span: own.meta.span,
                by: None,
            },
            None => unsaid(Mark::Issues, "what issues what it runs as", &own.meta),
        });
    }
    let governors = governors::of(context, id);
    for enforcement in governors.enforcements {
        let own = &model.enforcements[enforcement.index()];
        if own.configured_in.known().is_none() {
            let what = format!("in which system {}, which checks what it does, is configured", own.meta.name);
            grips.push(unsaid(Mark::Configured, &what, &own.meta));
        }
        for at in own.configured_in.known().into_iter().flatten() {
            grips.push(Grip {
                system: Some(at.value),
                what: format!("where {}, which checks what it does, is configured", own.meta.name),
                extent: Extent::from(Mark::Configured).id(&own.meta.id),
                place: format!("{} is configured there", own.meta.name),
                span: at.span,
                by: None,
            });
        }
    }
    for (team, by) in governors.teams {
        let own = &model.teams[team.index()];
        let extent = Extent::from(Mark::Keeps).id(&own.meta.id);
        let extent = if by.is_some() { extent.mark(Mark::Way) } else { extent };
        let does = by.as_ref().map_or("governs it", |(_, does)| does);
        let by = by.as_ref().map(|(span, does)| (*span, format!("{} {does}", own.meta.name)));
        if own.kept_in.known().is_none() {
            let what = format!("which system keeps who is in {}, a team that {does}", own.meta.name);
            grips.push(Grip {
                by: by.clone(),
                extent: extent.clone().mark(Mark::Unsaid),
                ..unsaid(Mark::Keeps, &what, &own.meta)
            });
        }
        for at in own.kept_in.known().into_iter().flatten() {
            grips.push(Grip {
                system: Some(at.value),
                what: format!("which keeps who is in {}, a team that {does}", own.meta.name),
                extent: extent.clone(),
                place: format!("who is in {} is kept there", own.meta.name),
                span: at.span,
                by: by.clone(),
            });
        }
    }
    grips
}

fn unsaid(mark: Mark, what: &str, meta: &Meta) -> Grip {
    Grip {
        system: None,
        what: format!("and nobody has said {what}"),
        extent: Extent::from(mark).id(&meta.id).mark(Mark::Unsaid),
        place: format!("{} does not say it", meta.name),
        span: meta.span,
        by: None,
    }
}

fn say(
    context: &Context<'_>,
    id: AgentId,
    first: &Grip,
    grips: &[Grip],
    by_system: &BTreeMap<SystemId, Vec<(AtomId, &Change)>>,
) -> Diagnostic {
    let model = context.model;
    let agent = &model.agents[id.index()].meta;
    // Where one is unsaid, it may be any of the systems in which it changes permissions.
    let concerned = |system: &SystemId| grips.iter().any(|grip| grip.system.is_none_or(|at| at == *system));
    let changes = by_system.iter().filter(|(system, _)| concerned(system));
    let atoms: BTreeSet<AtomId> = changes.flat_map(|(_, changes)| changes.iter().map(|(atom, _)| *atom)).collect();
    let (atom, change) = match first.system {
        Some(system) => by_system[&system][0],
        None => {
            let mut all = by_system.values().flatten();
            let own = all.clone().find(|(_, change)| change.way.is_empty());
            *own.or(all.next()).expect("an agent that changes no permissions was left out")
        }
    };
    let (action, data, system) = context.facts.atoms.get(atom).names(model);
    let there = &model.systems[change.system.index()].meta.name;
    let by_way = match change.way.is_empty() {
        true => String::new(),
        false => format!(", from where it flows to {there}"),
    };
    let message = format!("{} can `{action}` {data} in {system}{by_way}, {}", agent.name, first.what);
    let granted = super::undecided::place(context, id, atom);
    let calls = calls_to(context, id, atom);
    let at = calls.first().map_or(granted, |call| call.span);
    let label = match first.system {
        Some(_) => "with this it can give itself what nobody approved",
        None => "with this it may be able to give itself what nobody approved",
    };
    let mut finding = context.finding(&CHECK, Kind::Agent, agent, at, message).label(at, label);
    for (span, system) in &change.way {
        let name = &model.systems[system.index()].meta.name;
        finding = finding.step(*span, format!("what is written there flows on to {name}"));
    }
    if let Some((first, further)) = calls.split_first() {
        finding = cited(context, finding, first.agent, further);
        finding = finding.related(granted, "which can do it here");
    }
    for grip in grips {
        finding = finding.related(grip.span, grip.place.clone());
        if let Some((span, by)) = &grip.by {
            finding = finding.related(*span, by.clone());
        }
    }
    for grip in grips {
        let extent = grip.extent.clone();
        finding = finding.extent(match grip.system {
            Some(system) => extent.id(&model.systems[system.index()].meta.id),
            None => extent,
        });
    }
    finding.finding.operations = context.operations(&atoms);
    finding.finding.decision_points = atoms.len();
    finding.finding.decision = Some(context.decision(id, atom));
    let finding = finding.help(match calls.first() {
        Some(call) => format!(
            "take the call of {} out of {}, or `{action} {data} in {system}` out of what it can do",
            model.agents[call.agent.index()].meta.name,
            agent.name
        ),
        None => format!("take `{action} {data} in {system}` out of what {} can do", agent.name),
    });
    match first.system {
        Some(_) => finding.help(format!(
            "have what governs {} kept in a system that no agent can change",
            agent.name
        )),
        None => {
            finding.help("say where it is: `issued_by …` in the identity, `kept_in …` in the team, `configured_in …` in the enforcement")
        }
    }
}
