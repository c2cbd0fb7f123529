//! One permit for each group of operations, with everything that it takes.

use crate::emit::cedar::approvals::{Approvals, Declared};
use crate::emit::cedar::requirement::Requirement;
use crate::emit::cedar::tree::{Clause, Effect, Kind, Statement, entity, resource};
use crate::emit::cedar::words::{list, sources};
use crate::emit::cedar::{domain, general, limits, quorum};
use crate::emit::policy::{Domain, Group, Policy};
use crate::emit::reason::Reason;

/// The permit of a group.
pub fn statement(policy: &Policy, group: &Group) -> Result<Statement, String> {
    Ok(with_approvals(policy, group, &Approvals::of(policy, group)?))
}

/// The permit of a group for some of its approvals.
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
    let of_domains = domains.iter().flat_map(|(id, domain)| domain::requirements(id, domain));
    // Where no emergency is declared, nothing is asked of one.
    let undeclared = approvals.declared() == Declared::No;
    asked.extend(of_domains.filter(|requirement| !(undeclared && requirement.denial.reason == Reason::Emergency)));
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
    clauses.extend(asked.into_iter().map(|Requirement { note, condition, .. }| Clause {
        unless: false,
        note,
        condition,
    }));
    Statement {
        notes: vec![list(domains.iter().map(|(_, domain)| domain.title.as_str()), "and")],
        annotations: annotations(group, &domains),
        effect: Effect::Permit,
        actions: group.actions.iter().cloned().collect(),
        resource: only,
        clauses,
    }
}

fn annotations(group: &Group, domains: &[(&str, &Domain)]) -> Vec<(&'static str, String)> {
    let mut annotations = vec![
        ("id", group.id.clone()),
        ("source", sources(domains.iter().map(|(_, domain)| domain.source.as_str()))),
        ("domain", group.domains.join(", ")),
    ];
    let controls = sources(domains.iter().flat_map(|(_, domain)| domain.controls.iter().map(String::as_str)));
    if !controls.is_empty() {
        annotations.push(("controls", controls));
    }
    annotations
}
