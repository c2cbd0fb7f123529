//! An agent that can change permissions where its own identity, enforcement or governing teams are kept, or
//! those of another agent.

mod control_points;
mod governors;
mod others;
mod reading;
mod wording;

use crate::checks::self_escalation::control_points::{ControlPoint, Thing};
use crate::checks::self_escalation::others::Kept;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, catalogue};
use crate::facts::GroupId;
use crate::facts::atom::AtomId;
use crate::facts::governed::Comparing;
use crate::facts::permission::{self, Change};
use crate::model::{AgentId, SystemId};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV209"),
    page: include_str!("../../docs/codes/self-escalation.md"),
    looks_at: |context| context.model.agents.len(),
    run,
};

/// The permissions that an agent changes, by the system in which the change takes effect.
type Changes<'a> = BTreeMap<SystemId, Vec<(AtomId, &'a Change)>>;

/// Something that an agent could change and that governs it or another agent.
struct Hold {
    control_point: ControlPoint,
    level: Level,
    /// The agents it governs, if it does not govern the agent itself: the first, and how many more there are.
    whom: Option<(AgentId, usize)>,
    /// The other agents it governs, if it governs the agent itself.
    also: Option<(AgentId, usize)>,
    /// A decision of those agents that asks for more than the change does.
    above: Option<GroupId>,
}

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    reading::run(context, out);
    let changed = permission::changed(context.model, context.facts, context.flows);
    if changed.is_empty() {
        return;
    }
    let mut agents: Vec<(AgentId, Changes<'_>, Changes<'_>)> = Vec::new();
    for (index, reach) in context.facts.reach.iter().enumerate() {
        let (mut all, mut itself) = (Changes::new(), Changes::new());
        for (atom, routes) in &reach.points {
            for change in changed.get(atom).into_iter().flatten() {
                all.entry(change.system).or_default().push((*atom, change));
                // Where only an agent that it calls can change something for others, the finding is about the
                // called agent.
                if routes.itself() {
                    itself.entry(change.system).or_default().push((*atom, change));
                }
            }
        }
        // The most severe one is shown.
        for changes in all.values_mut().chain(itself.values_mut()) {
            changes.sort_by_key(|(atom, _)| {
                let atom = context.facts.atoms.get(*atom);
                (atom.gravity(context.model), atom.names(context.model))
            });
        }
        if !all.is_empty() {
            agents.push((AgentId(index as u32), all, itself));
        }
    }
    let systems = agents.iter().flat_map(|(_, _, itself)| itself.keys().copied()).collect();
    let kept = if agents.is_empty() {
        Kept::new()
    } else {
        others::kept(context, &systems)
    };
    let mut comparing = Comparing::of(context.model, context.facts);
    for (agent, all, itself) in &agents {
        let mut holds = own(context, *agent, all);
        let changes = if holds.is_empty() { itself } else { all };
        let further = of_others(&kept, *agent, itself, &mut holds, &mut comparing);
        holds.extend(further);
        // The most severe comes first. Then the agent's own comes before that of others, the certain before the
        // possible, and a direct decision before an indirect one.
        holds.sort_by_key(|hold| {
            let control_point = &hold.control_point;
            (
                Reverse(hold.level),
                hold.whom.is_some(),
                control_point.system.is_none(),
                control_point.by.is_some(),
            )
        });
        out.extend(wording::say(context, *agent, &holds, changes));
    }
}

/// What an agent could give itself.
fn own(context: &Context<'_>, agent: AgentId, changes: &Changes<'_>) -> Vec<Hold> {
    let control_points = control_points::of(context, agent).into_iter();
    let within = control_points.filter(|control_point| control_point.system.is_none_or(|system| changes.contains_key(&system)));
    let holds = within.map(|control_point| Hold {
        control_point,
        level: Level::Error,
        whom: None,
        also: None,
        above: None,
    });
    holds.collect()
}

/// What an agent could give others. Anything that also governs the agent itself is reported with its own.
fn of_others(kept: &Kept, agent: AgentId, changes: &Changes<'_>, own: &mut [Hold], comparing: &mut Comparing<'_>) -> Vec<Hold> {
    let mut holds = Vec::new();
    if changes.is_empty() {
        return holds;
    }
    let said: BTreeMap<(Option<SystemId>, Thing), usize> = own
        .iter()
        .enumerate()
        .map(|(place, hold)| ((hold.control_point.system, hold.control_point.thing), place))
        .collect();
    for system in changes.keys().copied().map(Some).chain([None]) {
        for (control_point, governed) in kept.get(&system).into_iter().flatten() {
            let Some(whom) = governed.others(agent) else {
                continue;
            };
            if let Some(place) = said.get(&(system, control_point.thing)) {
                own[*place].also = Some(whom);
                continue;
            }
            let mut hold = Hold {
                control_point: control_point.clone(),
                level: Level::Warning,
                whom: Some(whom),
                also: None,
                above: None,
            };
            if let Some(system) = system {
                let atoms: BTreeSet<AtomId> = changes[&system].iter().map(|(atom, _)| *atom).collect();
                let lands: BTreeSet<SystemId> = changes
                    .iter()
                    .filter(|(_, all)| all.iter().any(|(atom, _)| atoms.contains(atom)))
                    .map(|(at, _)| *at)
                    .collect();
                let groups: BTreeSet<GroupId> = atoms.iter().map(|atom| comparing.group(*atom)).collect();
                hold.above = groups.iter().find_map(|group| governed.above(agent, *group, comparing));
                let less = hold.above.is_some() || groups.iter().any(|group| comparing.appoints(*group, &lands));
                hold.level = if less { Level::Error } else { Level::Note };
            }
            holds.push(hold);
        }
    }
    holds
}
