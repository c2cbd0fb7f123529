//! Things that govern agents other than the agent that could change them, by the system in which they can be
//! changed (rulings, R6).

use crate::checks::Context;
use crate::checks::self_escalation::control_points::{self, ControlPoint, Thing};
use crate::checks::self_escalation::governors;
use crate::diagnostic::Mark;
use crate::facts::GroupId;
use crate::facts::governed::{Governed, groups_of};
use crate::model::{AgentId, Party, SystemId, TeamId};
use crate::source::digest::sha256;
use std::collections::{BTreeMap, BTreeSet};

/// What governs several agents, by the system that keeps it; `None` if the files do not name the system.
pub type Kept = BTreeMap<Option<SystemId>, Vec<(ControlPoint, Governed)>>;

/// Where something is kept. The identities that one system issues count as one.
type Key = (Option<SystemId>, Option<Thing>);

/// What governs all agents and is kept in these systems, or has no stated system.
pub fn kept(context: &Context<'_>, systems: &BTreeSet<SystemId>) -> Kept {
    let model = context.model;
    let mut control_points: BTreeMap<Key, ControlPoint> = BTreeMap::new();
    let mut governed: BTreeMap<Key, Governed> = BTreeMap::new();
    let mut of_group: BTreeMap<GroupId, Vec<Key>> = BTreeMap::new();
    let mut of_stop: BTreeMap<TeamId, Vec<Key>> = BTreeMap::new();
    let mut of_issuer: BTreeMap<SystemId, Vec<Key>> = BTreeMap::new();
    let mut take = |found: Vec<ControlPoint>| -> Vec<Key> {
        let found = found
            .into_iter()
            .filter(|control_point| control_point.system.is_none_or(|system| systems.contains(&system)));
        let keys = found.map(|control_point| {
            let key = (
                control_point.system,
                (!matches!(control_point.thing, Thing::Issuer(_))).then_some(control_point.thing),
            );
            match control_points.get_mut(&key) {
                // A direct decision comes before an indirect one.
                Some(known) if known.by.is_some() && control_point.by.is_none() => *known = control_point,
                Some(_) => {}
                None => drop(control_points.insert(key, control_point)),
            }
            key
        });
        keys.collect()
    };
    let by = |governors| {
        let mut found = Vec::new();
        control_points::governing(model, governors, &mut found);
        found
    };
    for (index, agent) in model.agents.iter().enumerate() {
        let id = AgentId(index as u32);
        let groups = groups_of(context.facts, id);
        let mut keys: BTreeSet<Key> = BTreeSet::new();
        for group in &groups {
            let found = of_group
                .entry(*group)
                .or_insert_with(|| take(by(governors::of_group(context, &context.facts.groups[group.index()]))));
            keys.extend(found.iter().copied());
        }
        if let Some(Party::Team(team)) = agent.stop.as_ref().map(|stop| stop.by) {
            let found = of_stop
                .entry(team)
                .or_insert_with(|| take(by(governors::of_stop(context, Party::Team(team)))));
            keys.extend(found.iter().copied());
        }
        for identity in &context.facts.reach[index].identities {
            keys.extend(take(vec![control_points::issuer(model, *identity)]));
            if let Some(system) = model.identities[identity.index()].issued_by {
                let found = of_issuer
                    .entry(system)
                    .or_insert_with(|| take(by(governors::of_issuer(context, system))));
                keys.extend(found.iter().copied());
            }
        }
        for key in keys {
            governed.entry(key).or_default().add(id, &groups);
        }
    }
    let mut kept = Kept::new();
    for (key, mut control_point) in control_points {
        if let Some(governed) = governed.remove(&key) {
            let ids = governed.agents.iter().map(|agent| &*model.agents[agent.index()].meta.id);
            let all: Vec<&str> = ids.collect();
            control_point.magnitude = control_point.magnitude.mark(Mark::Agent).part(sha256(all.join("\n").as_bytes()));
            kept.entry(control_point.system).or_default().push((control_point, governed));
        }
    }
    kept
}
