//! Section 3: where a write of an agent goes, by the agents it calls and by the feeds of systems.

use crate::facts::flow::graph::Location;
use crate::facts::{AgentReach, AtomId};
use crate::model::{AgentId, DataId, RollbackId, SystemId};
use crate::report::evidence::reading::Reading;
use crate::words::duration;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// An agent or a system that the data can reach.
#[derive(Clone, Debug, Serialize)]
pub struct Node {
    /// The title of the agent or system; its name if it has no title.
    pub title: String,
    /// `agent` or `system`.
    pub kind: &'static str,
    /// The number of steps from the agent, on the shortest path; 0 for the agent itself.
    pub layer: usize,
}

/// One step on the way of the data: a call, a write or a data flow.
#[derive(Clone, Debug, Serialize)]
pub struct Edge {
    /// The number of the step, counted from 1.
    pub number: usize,
    /// The node where the step starts, as an index in `nodes`, counted from 0.
    pub from: usize,
    /// The node where the step ends, as an index in `nodes`, counted from 0.
    pub to: usize,
    /// `calls`, `writes` or `flows`.
    pub kind: &'static str,
    /// For a call, the names of the tasks that the agent is called for. For a write or a data flow, the names of the
    /// data classes.
    pub what: Vec<String>,
    /// How long a data flow takes at most, such as `1 hour`; `None` if the files do not state it, and for calls and
    /// writes.
    pub within: Option<String>,
    /// The names of the rollbacks that restore the data where the step ends. Only rollbacks of the domains that
    /// decide the write count.
    pub undone_by: Vec<String>,
    /// The names of the data classes that no such rollback restores where the step ends.
    pub not_undone: Vec<String>,
    /// The locations in the files that state the step, each as `file:line`.
    pub at: Vec<String>,
}

/// Where the data that an agent writes can go.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Spread {
    /// The agent first, then the agents and systems that the data can reach, in order of their layers.
    pub nodes: Vec<Node>,
    /// The steps between the nodes.
    pub edges: Vec<Edge>,
    /// The titles of the systems among the nodes whose `feeds` the files do not state. The data may go further from
    /// there.
    pub unstated: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Agent(AgentId),
    System(SystemId),
}

/// What a step carries and where it is written, before names are put to it.
#[derive(Default)]
struct Step {
    what: BTreeSet<String>,
    arrives: BTreeSet<Location>,
    within: Option<i64>,
    at: BTreeSet<String>,
}

/// Draws together the calls, writes and flows that begin at an agent.
pub(super) fn spread(reading: &Reading<'_>, id: AgentId, own: &AgentReach) -> Spread {
    let model = reading.model;
    let mut steps: BTreeMap<(Place, Place, &'static str), Step> = BTreeMap::new();
    let mut written: BTreeMap<Location, BTreeSet<RollbackId>> = BTreeMap::new();
    let allowed = own.points.iter().filter(|(_, routes)| routes.scope).map(|(atom, _)| *atom);
    let beyond = own
        .points
        .iter()
        .filter(|(_, routes)| routes.access && !routes.scope)
        .map(|(atom, _)| *atom);
    let mut writers: Vec<(AgentId, &str, Vec<AtomId>)> =
        vec![(id, "", allowed.collect()), (id, " (possible, beyond its tasks)", beyond.collect())];
    for called in &own.called.tasks {
        let (task, path) = (called.task, own.called.path(called));
        let mut from = id;
        for to in &path {
            let call = model.agents[from.index()]
                .calls
                .known()
                .into_iter()
                .flatten()
                .find(|call| call.agent == *to);
            let step = steps.entry((Place::Agent(from), Place::Agent(*to), "calls")).or_default();
            if path.last() == Some(to) {
                step.what.insert(model.tasks[task.index()].meta.name.to_string());
            }
            step.at.extend(call.map(|call| reading.at(call.span)));
            from = *to;
        }
        writers.push((from, "", reading.facts.scope(task).to_vec()));
    }
    for (writer, note, atoms) in writers {
        for atom_id in atoms {
            let atom = reading.facts.atoms.get(atom_id);
            if !atom.mutates(model) {
                continue;
            }
            let held = (atom.system, atom.data);
            let step = steps
                .entry((Place::Agent(writer), Place::System(atom.system), "writes"))
                .or_default();
            let name = &model.data[atom.data.index()].meta.name;
            if note.is_empty() || !step.what.contains(&**name) {
                step.what.insert(format!("{name}{note}"));
            }
            step.arrives.insert(held);
            step.at.insert(reading.at(model.agents[writer.index()].meta.span));
            let domains = &reading.facts.group(atom_id).domains;
            let rollbacks = domains
                .iter()
                .flat_map(|domain| model.domains[domain.index()].rollbacks.iter().map(|at| at.value));
            written.entry(held).or_default().extend(rollbacks);
        }
    }
    let reached = flow(reading, written, &mut steps);
    named(reading, id, steps, &reached)
}

/// Follows every feed from what is written; what undoes the write travels along.
fn flow(
    reading: &Reading<'_>,
    written: BTreeMap<Location, BTreeSet<RollbackId>>,
    steps: &mut BTreeMap<(Place, Place, &'static str), Step>,
) -> BTreeMap<Location, BTreeSet<RollbackId>> {
    let mut reached = written.clone();
    for (start, rollbacks) in &written {
        for arrival in reading.flows.from(*start) {
            reached.entry(arrival.at).or_default().extend(rollbacks.iter().copied());
        }
    }
    let model = reading.model;
    let systems: BTreeSet<SystemId> = reached.keys().map(|(system, _)| *system).collect();
    for system in systems {
        for feed in model.systems[system.index()].feeds.known().into_iter().flatten() {
            for (from, to) in feed.carries.iter().map(|carried| (&carried.data, &carried.arrives)) {
                let carried: Vec<DataId> = model.data[from.index()]
                    .leaves
                    .iter()
                    .copied()
                    .filter(|leaf| reached.contains_key(&(system, *leaf)))
                    .collect();
                if carried.is_empty() {
                    continue;
                }
                let step = steps.entry((Place::System(system), Place::System(feed.to), "flows")).or_default();
                let name = |data: DataId| &model.data[data.index()].meta.name;
                match from == to {
                    true => {
                        step.what.extend(carried.iter().map(|leaf| name(*leaf).to_string()));
                        step.arrives.extend(carried.iter().map(|leaf| (feed.to, *leaf)));
                    }
                    false => {
                        step.what
                            .extend(carried.iter().map(|leaf| format!("{} as {}", name(*leaf), name(*to))));
                        step.arrives
                            .extend(model.data[to.index()].leaves.iter().map(|leaf| (feed.to, *leaf)));
                    }
                }
                step.within = step.within.max(feed.within);
                step.at.insert(reading.at(feed.span));
            }
        }
    }
    reached
}

/// Puts names and numbers to it, layer by layer from the agent.
fn named(
    reading: &Reading<'_>,
    id: AgentId,
    steps: BTreeMap<(Place, Place, &'static str), Step>,
    reached: &BTreeMap<Location, BTreeSet<RollbackId>>,
) -> Spread {
    let model = reading.model;
    let mut layers: BTreeMap<Place, usize> = BTreeMap::from([(Place::Agent(id), 0)]);
    let mut layer = 0;
    let mut grown = true;
    while grown {
        let here: BTreeSet<Place> = layers.iter().filter(|(_, at)| **at == layer).map(|(place, _)| *place).collect();
        let next: BTreeSet<Place> = steps
            .keys()
            .filter(|(from, to, _)| here.contains(from) && !layers.contains_key(to))
            .map(|(_, to, _)| *to)
            .collect();
        layer += 1;
        grown = !next.is_empty();
        layers.extend(next.into_iter().map(|place| (place, layer)));
    }
    let mut order: Vec<(usize, Place)> = layers.iter().map(|(place, layer)| (*layer, *place)).collect();
    order.sort();
    let mut spread = Spread::default();
    for (layer, place) in &order {
        let (title, kind) = match place {
            Place::Agent(agent) => (model.agents[agent.index()].meta.shown(), "agent"),
            Place::System(system) => (model.systems[system.index()].meta.shown(), "system"),
        };
        spread.nodes.push(Node {
            title: title.to_owned(),
            kind,
            layer: *layer,
        });
        if let Place::System(system) = place
            && model.systems[system.index()].feeds.known().is_none()
        {
            spread.unstated.push(title.to_owned());
        }
    }
    let index = |place: &Place| order.iter().position(|(_, other)| other == place);
    let mut edges: Vec<(usize, usize, &'static str, Step)> = Vec::new();
    for ((from, to, kind), step) in steps {
        if let (Some(from), Some(to)) = (index(&from), index(&to)) {
            edges.push((from, to, kind, step));
        }
    }
    edges.sort_by_key(|(from, to, kind, _)| (*from, *to, *kind));
    for (number, (from, to, kind, step)) in edges.into_iter().enumerate() {
        let (undone_by, not_undone) = undone(reading, &step.arrives, reached);
        spread.edges.push(Edge {
            number: number + 1,
            from,
            to,
            kind,
            what: step.what.into_iter().collect(),
            within: step.within.map(duration),
            undone_by,
            not_undone,
            at: step.at.into_iter().collect(),
        });
    }
    spread
}

/// Which rollbacks of the deciding domains restore what arrives, and what none of them does.
fn undone(
    reading: &Reading<'_>,
    arrives: &BTreeSet<Location>,
    reached: &BTreeMap<Location, BTreeSet<RollbackId>>,
) -> (Vec<String>, Vec<String>) {
    let model = reading.model;
    let (mut by, mut not) = (BTreeSet::new(), BTreeSet::new());
    for (system, data) in arrives {
        let mut found = false;
        for rollback in reached.get(&(*system, *data)).into_iter().flatten() {
            let own = &model.rollbacks[rollback.index()];
            let restores = own.restores.iter().any(|(classes, systems)| {
                let here = systems.is_empty() || systems.contains(system);
                here && classes
                    .iter()
                    .any(|class| model.data[class.index()].leaves.binary_search(data).is_ok())
            });
            if restores {
                found = true;
                by.insert(own.meta.name.to_string());
            }
        }
        if !found {
            not.insert(model.data[data.index()].meta.name.to_string());
        }
    }
    (by.into_iter().collect(), not.into_iter().collect())
}
