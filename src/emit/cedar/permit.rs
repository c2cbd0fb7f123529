//! One permit for each group of operations, with everything that it requires; and another for an emergency,
//! where a domain uses one.

use crate::emit::cedar::approvals::{Approvals, Declared};
use crate::emit::cedar::requirement::Requirement;
use crate::emit::cedar::tree::{Clause, Effect, Kind, Statement, entity, resource};
use crate::emit::cedar::words::sources;
use crate::emit::cedar::{domain, general, limits, quorum};
use crate::emit::obligation::{owed, words};
use crate::emit::policy::{Domain, Group, Policy};
use crate::words::list;
use std::collections::BTreeSet;

/// The annotation that lists what must be done because a permit allows.
pub const OBLIGATION: &str = "obligation";

/// The ids of the permits of a group: the usual one, and the one for an emergency.
pub fn ids(group: &Group) -> [String; 2] {
    [group.id.clone(), [&group.id, "#emergency"].concat()]
}

/// How many permits a policy has.
pub fn count(policy: &Policy) -> usize {
    let urgent = |id: &String| policy.domains.get(id).is_some_and(|domain| domain.emergency.is_some());
    let of = policy.groups.iter().map(|group| 1 + usize::from(group.domains.iter().any(urgent)));
    of.sum()
}

/// The permits of a group: one, or a second one for emergencies.
pub fn statements(policy: &Policy, group: &Group) -> Result<Vec<Statement>, String> {
    let approvals = Approvals::of(policy, group)?.by_emergency();
    let statement = |(approvals, id): (&Approvals, String)| {
        let mut statement = with_approvals(policy, group, approvals);
        statement.annotations.insert(0, ("id", id));
        statement
    };
    Ok(approvals.iter().zip(ids(group)).map(statement).collect())
}

/// The permit of a group for some of its approvals, without an id.
pub fn with_approvals(policy: &Policy, group: &Group, approvals: &Approvals) -> Statement {
    let domains: Vec<(&str, &Domain)> = group
        .domains
        .iter()
        .filter_map(|id| policy.domains.get(id).map(|domain| (id.as_str(), domain)))
        .collect();
    let tasks = general::tasks_of(policy, group);
    let mut asked = general::requirements(policy, &tasks);
    asked.push(general::scope(group, &tasks));
    asked.extend(general::waivers(group, &tasks));
    let of_domains = domains
        .iter()
        .flat_map(|(id, domain)| domain::requirements(id, domain, approvals.declared()));
    asked.extend(of_domains);
    asked.extend(limits::of_tasks(&tasks));
    asked.extend(approvals.requirements());

    let only = quorum::only_resource(group);
    let mut clauses = Vec::new();
    if only.is_none() {
        let values = group.resources.iter().map(|id| entity(Kind::Asset, id)).collect();
        let note = [
            "data that ",
            &list(domains.iter().map(|(_, domain)| domain.title.as_str()), "and"),
            " covers",
        ]
        .concat();
        clauses.push(Clause {
            unless: false,
            note,
            condition: resource().among(values),
        });
    }
    clauses.extend(approvals.declared().condition().map(|condition| {
        Clause {
            unless: false,
            note: if approvals.declared() == Declared::No {
                "no emergency is declared"
            } else {
                "an emergency is declared"
            }
            .to_owned(),
            condition,
        }
    }));
    clauses.extend(asked.into_iter().map(|Requirement { note, condition, .. }| Clause {
        unless: false,
        note,
        condition,
    }));
    Statement {
        notes: vec![list(domains.iter().map(|(_, domain)| domain.title.as_str()), "and")],
        annotations: annotations(group, &domains, approvals.declared()),
        effect: Effect::Permit,
        actions: group.actions.iter().cloned().collect(),
        resource: only,
        clauses,
    }
}

fn annotations(group: &Group, domains: &[(&str, &Domain)], declared: Declared) -> Vec<(&'static str, String)> {
    let mut annotations = vec![
        ("source", sources(domains.iter().map(|(_, domain)| domain.source.as_str()))),
        ("domain", group.domains.join(", ")),
    ];
    let controls = sources(domains.iter().flat_map(|(_, domain)| domain.controls.iter().map(String::as_str)));
    if !controls.is_empty() {
        annotations.push(("controls", controls));
    }
    let owed = domains.iter().flat_map(|(id, domain)| owed(id, domain, declared == Declared::Yes));
    let owed: BTreeSet<_> = owed.collect();
    if !owed.is_empty() {
        annotations.push((OBLIGATION, words(&owed)));
    }
    annotations
}
