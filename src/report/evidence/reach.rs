//! Section 3: what an agent may do next to what its credentials let it do, by class of data and system.

use crate::facts::{AgentReach, Routes};
use crate::model::{DataId, SystemId};
use crate::report::evidence::reading::Reading;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What an agent can do to one data class in one system.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The name of the data class.
    pub data: String,
    /// The flags of the data class: `personal`, `restricted`, both or neither.
    pub flags: Vec<&'static str>,
    /// The title of the system; its name if it has no title.
    pub system: String,
    /// The actions that both a current task and a credential allow.
    pub both: Vec<String>,
    /// The actions that a credential allows and no current task allows.
    pub beyond_scope: Vec<String>,
    /// The actions that a current task allows and no credential allows.
    pub without_access: Vec<String>,
    /// The actions that the agent reaches only through agents that it calls.
    pub through_others: Vec<String>,
    /// The names of the domains that decide any of these actions.
    pub decided_by: Vec<String>,
    /// Whether no domain decides at least one of these actions.
    pub undecided: bool,
}

/// What the tasks of an agent allow, compared with what its credentials allow.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Reach {
    /// The number of decision points that its current tasks allow.
    pub scope: usize,
    /// The number of decision points that its credentials allow.
    pub access: usize,
    /// The number of decision points that its credentials allow and no current task allows.
    pub beyond_scope: usize,
    /// The number of decision points that the agent reaches only through agents that it calls.
    pub through_others: usize,
    /// The number of decision points that the agent reaches only through tasks that have not begun. The rows do not
    /// contain them.
    pub not_begun: usize,
    /// What the agent reaches, one row for each data class and system.
    pub rows: Vec<Row>,
    /// The titles of the systems that the agent reaches, itself or through agents that it calls.
    pub systems: Vec<String>,
}

/// An action, how it is reached, and the domains that decide it.
type Point = (String, Routes, BTreeSet<String>);

pub(super) fn reach(reading: &Reading<'_>, own: &AgentReach) -> Reach {
    let model = reading.model;
    let mut by_class: BTreeMap<(SystemId, DataId), Vec<Point>> = BTreeMap::new();
    let mut reach = Reach {
        not_begun: own.points.len() - own.now().count(),
        ..Reach::default()
    };
    for (id, routes) in own.now() {
        let atom = reading.facts.atoms.get(id);
        reach.scope += usize::from(routes.scope);
        reach.access += usize::from(routes.access);
        reach.beyond_scope += usize::from(routes.access && !routes.scope);
        reach.through_others += usize::from(routes.through && !routes.access && !routes.scope);
        let domains = reading
            .facts
            .group(id)
            .domains
            .iter()
            .map(|domain| model.domains[domain.index()].meta.name.to_string());
        let action = model.actions[atom.action.index()].meta.name.to_string();
        by_class
            .entry((atom.system, atom.data))
            .or_default()
            .push((action, routes, domains.collect()));
    }
    reach.systems = by_class
        .keys()
        .map(|(system, _)| model.systems[system.index()].meta.shown().to_owned())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    reach.rows = by_class
        .into_iter()
        .map(|((system, data), points)| row(reading, system, data, &points))
        .collect();
    reach
}

fn row(reading: &Reading<'_>, system: SystemId, data: DataId, points: &[Point]) -> Row {
    let model = reading.model;
    let data = &model.data[data.index()];
    let flags = [(data.flags.personal, "personal"), (data.flags.restricted, "restricted")];
    let actions = |wanted: &dyn Fn(Routes) -> bool| {
        points
            .iter()
            .filter(|(_, routes, _)| wanted(*routes))
            .map(|(action, _, _)| action.clone())
            .collect()
    };
    Row {
        data: data.meta.name.to_string(),
        flags: flags.into_iter().filter(|(has, _)| *has).map(|(_, flag)| flag).collect(),
        system: model.systems[system.index()].meta.shown().to_owned(),
        both: actions(&|routes| routes.scope && routes.access),
        beyond_scope: actions(&|routes| routes.access && !routes.scope),
        without_access: actions(&|routes| routes.scope && !routes.access),
        through_others: actions(&|routes| routes.through && !routes.access && !routes.scope),
        decided_by: points
            .iter()
            .flat_map(|(_, _, domains)| domains.iter().cloned())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        undecided: points.iter().any(|(_, _, domains)| domains.is_empty()),
    }
}
