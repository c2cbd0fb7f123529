//! The finding about an agent that could change what governs it or others.

use crate::checks::Context;
use crate::checks::calling::{calls_to, cited};
use crate::checks::self_escalation::control_points::Thing;
use crate::checks::self_escalation::{CHECK, Changes, Hold};
use crate::checks::stating::said_by;
use crate::checks::undecided::place;
use crate::diagnostic::{Diagnostic, Level, Mark};
use crate::facts::atom::AtomId;
use crate::model::{AgentId, Model, SystemId};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeSet;

/// The finding; `None` where the agent holds nothing.
pub(super) fn say(context: &Context<'_>, id: AgentId, holds: &[Hold], changes: &Changes<'_>) -> Option<Diagnostic> {
    let model = context.model;
    let first = holds.first()?;
    let agent = &model.agents[id.index()].meta;
    // Where one has no stated system, it may be any of the systems in which the agent changes permissions.
    let concerned = |system: &SystemId| holds.iter().any(|hold| hold.control_point.system.is_none_or(|at| at == *system));
    let all = changes.iter().filter(|(system, _)| concerned(system));
    let atoms: BTreeSet<AtomId> = all.flat_map(|(_, changes)| changes.iter().map(|(atom, _)| *atom)).collect();
    let (atom, change) = match first.control_point.system {
        Some(system) => changes[&system][0],
        None => {
            let mut all = changes.values().flatten();
            let own = all.clone().find(|(_, change)| change.way.is_empty());
            *own.or(all.next())?
        }
    };
    let (action, data, system) = context.facts.atoms.get(atom).names(model);
    let there = &model.systems[change.system.index()].meta.name;
    let by_way = match change.way.is_empty() {
        true => String::new(),
        false => format!(", from where it flows to {there}"),
    };
    let whom = first.whom.map(|whom| named(model, whom));
    let message = format!(
        "{} can `{action}` {data} in {system}{by_way}, {}",
        agent.name,
        first.control_point.what(model, whom.as_deref().unwrap_or("it"))
    );
    let granted = place(context, id, atom);
    let calls = calls_to(context, id, atom);
    let at = calls.first().map_or(granted, |call| call.span);
    let to = whom.as_deref().unwrap_or("itself");
    let label = match (first.level, first.control_point.system) {
        (Level::Note, _) => {
            format!("with this it can give {to} more access, but only with at least the approvals that changes by {to} need")
        }
        (_, Some(_)) => format!("with this it can give {to} access that nobody approved"),
        (_, None) => format!("with this it may be able to give {to} access that nobody approved"),
    };
    let mut finding = context.finding(&CHECK, Kind::Agent, agent, at, message).label(at, label);
    finding.level = first.level;
    for (span, system) in &change.way {
        let name = &model.systems[system.index()].meta.name;
        finding = finding.step(*span, format!("what is written there flows to {name}"));
    }
    if let Some((first, further)) = calls.split_first() {
        finding = cited(context, finding, first.agent, further);
        finding = finding.related(granted, "which can do it here");
    }
    for hold in holds {
        finding = finding.related(hold.control_point.span, placed(model, hold));
        if let Some((span, by)) = hold.control_point.way(model) {
            finding = finding.related(span, by);
        }
    }
    if let Some(above) = first.above {
        let domain = &model.domains[context.facts.groups[above.index()].domains[0].index()];
        let text = format!(
            "{} requires more, or limits more closely what an approval is good for",
            domain.meta.name
        );
        finding = finding.related(domain.approve_span(), text);
    }
    for hold in holds {
        let magnitude = hold.control_point.magnitude.clone();
        let magnitude = match hold.above {
            Some(_) => magnitude.mark(Mark::Missing),
            None => magnitude,
        };
        finding = finding.magnitude(match hold.control_point.system {
            Some(system) => magnitude.id(&model.systems[system.index()].meta.id),
            None => magnitude,
        });
    }
    // The missing statement is reported here.
    let unstated = holds.iter().filter(|hold| hold.control_point.system.is_none());
    finding.finding.silence = unstated
        .map(|hold| (hold.control_point.span, hold.control_point.thing.clause()))
        .collect();
    context.points_by(&mut finding, id, std::iter::once(&atom).chain(&atoms));
    let finding = finding.help(match calls.first() {
        Some(call) => format!(
            "remove the call of {} from {}, or `{action} {data} in {system}` from what it can do",
            model.agents[call.agent.index()].meta.name,
            agent.name
        ),
        None => format!("remove `{action} {data} in {system}` from what {} can do", agent.name),
    });
    let finding = match first.control_point.system {
        Some(_) => {
            let governed = whom.as_deref().unwrap_or(&agent.name);
            finding.help(format!("have what governs {governed} kept in a system that no agent can change"))
        }
        None => {
            let edit = "write where it is: `issued_by …` in the identity, `kept_in …` in the team, `configured_in …` in the enforcement,";
            finding.help(said_by(edit, "security"))
        }
    };
    let domain = context.facts.group(atom).domains.first();
    Some(match domain.filter(|_| first.level == Level::Error && first.whom.is_some()) {
        Some(domain) => finding.help(format!(
            "let {} require at least what the changes of {to} require: the same functions, `valid` and `binds`, from people who are not chosen in {there}",
            model.domains[domain.index()].meta.name
        )),
        None => finding,
    })
}

/// `campaign and 2 more agents`
fn named(model: &Model, (first, more): (AgentId, usize)) -> String {
    let first = &model.agents[first.index()].meta.name;
    match more {
        0 => first.to_string(),
        1 => format!("{first} and 1 more agent"),
        more => format!("{first} and {more} more agents"),
    }
}

/// The text at a place.
fn placed(model: &Model, hold: &Hold) -> String {
    let place = &hold.control_point.place;
    let Some(whom) = hold.whom.or(hold.also).map(|whom| named(model, whom)) else {
        return place.clone();
    };
    let too = if hold.also.is_some() { " as well" } else { "" };
    match hold.control_point.thing {
        Thing::Issuer(_) => format!("{place}; {whom} runs as it{too}"),
        Thing::Enforcement(_) => format!("{place}, and checks what {whom} does{too}"),
        Thing::Team(team) => format!("{place}, and {} governs {whom}{too}", model.teams[team.index()].meta.name),
    }
}
