//! An agent that can change permissions where its own identity, its enforcement or those who govern it are kept.

use crate::checks::calling::{calls_to, cited};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::AtomId;
use crate::facts::permission::{self, Change};
use crate::model::{AgentId, EnforcementId, Meta, Party, PeopleQuorum, SystemId, TeamId};
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
    place: String,
    span: Span,
}

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
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
        // What is known to be so comes before what may be.
        grips.sort_by_key(|grip| grip.system.is_none());
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
                place: format!("{} is issued there", own.meta.name),
                span: own.meta.span,
            },
            None => unsaid("what issues what it runs as", &own.meta),
        });
    }
    let (enforcements, teams) = governors(context, id);
    for enforcement in enforcements {
        let own = &model.enforcements[enforcement.index()];
        if own.configured_in.known().is_none() {
            let what = format!("in which system {}, which checks what it does, is configured", own.meta.name);
            grips.push(unsaid(&what, &own.meta));
        }
        for at in own.configured_in.known().into_iter().flatten() {
            grips.push(Grip {
                system: Some(at.value),
                what: format!("where {}, which checks what it does, is configured", own.meta.name),
                place: format!("{} is configured there", own.meta.name),
                span: at.span,
            });
        }
    }
    for team in teams {
        let own = &model.teams[team.index()];
        if own.kept_in.known().is_none() {
            let what = format!("which system keeps who is in {}, a team that governs it", own.meta.name);
            grips.push(unsaid(&what, &own.meta));
        }
        for at in own.kept_in.known().into_iter().flatten() {
            grips.push(Grip {
                system: Some(at.value),
                what: format!("which keeps who is in {}, a team that governs it", own.meta.name),
                place: format!("who is in {} is kept there", own.meta.name),
                span: at.span,
            });
        }
    }
    grips
}

fn unsaid(what: &str, meta: &Meta) -> Grip {
    Grip {
        system: None,
        what: format!("and nobody has said {what}"),
        place: format!("{} does not say it", meta.name),
        span: meta.span,
    }
}

/// The enforcements in front of what an agent reaches, and the teams that decide about it, stop it, or change what is enforced.
pub(super) fn governors(context: &Context<'_>, id: AgentId) -> (BTreeSet<EnforcementId>, BTreeSet<TeamId>) {
    let model = context.model;
    let mut enforcements = BTreeSet::new();
    let mut teams = BTreeSet::new();
    let mut parties: Vec<Party> = Vec::new();
    let points = &context.facts.reach[id.index()].points;
    let groups: BTreeSet<_> = points.iter().map(|(atom, _)| context.facts.group_of[atom.index()]).collect();
    for group in groups {
        let group = &context.facts.groups[group.index()];
        enforcements.extend(group.enforcements.iter().copied());
        for domain in &group.domains {
            for seat in &model.domains[domain.index()].seats {
                parties.extend(std::iter::once(&seat.owner).chain(&seat.deputies).map(|party| party.value));
            }
        }
    }
    parties.extend(model.agents[id.index()].stop.as_ref().map(|stop| stop.by));
    for enforcement in &enforcements {
        if let Some(managers) = model.enforcements[enforcement.index()].managed_by.known() {
            managing(&managers.value, &mut teams);
        }
    }
    teams.extend(parties.into_iter().filter_map(|party| match party {
        Party::Team(team) => Some(team),
        Party::Person(_) | Party::Agent(_) | Party::Identity(_) => None,
    }));
    (enforcements, teams)
}

fn managing(quorum: &PeopleQuorum, teams: &mut BTreeSet<TeamId>) {
    match quorum {
        PeopleQuorum::None | PeopleQuorum::Person(..) => {}
        PeopleQuorum::Team(_, team, _) => {
            teams.insert(*team);
        }
        PeopleQuorum::Threshold(_, parts) => parts.iter().for_each(|part| managing(part, teams)),
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
