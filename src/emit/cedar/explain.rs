//! `explain.cedar`: the same requirements one by one, each refusing with its reason. It runs only after a
//! denial.

use crate::emit::answer::Denial;
use crate::emit::cedar::approvals::Declared;
use crate::emit::cedar::entities::GOVERNED;
use crate::emit::cedar::requirement::Requirement;
use crate::emit::cedar::tree::{Clause, Effect, Expression, Kind, Statement, action, all, entity, resource};
use crate::emit::cedar::{domain, general, lacking, limits, quorum};
use crate::emit::policy::{Group, Policy, Task};
use crate::emit::reason::Reason;
use std::collections::BTreeMap;

/// One permit for everything, and a forbid for each requirement.
pub fn statements(policy: &Policy) -> Result<Vec<Statement>, String> {
    let everything = Statement {
        notes: Vec::new(),
        annotations: vec![("id", "everything".to_owned())],
        effect: Effect::Permit,
        actions: Vec::new(),
        resource: None,
        clauses: Vec::new(),
    };
    let tasks: BTreeMap<&str, &Task> = policy.tasks.iter().map(|(id, task)| (id.as_str(), task)).collect();
    let mut statements = vec![everything, forbid("", None, covered())];
    statements.extend(
        general::requirements(policy, &tasks)
            .into_iter()
            .map(|requirement| forbid("", None, requirement)),
    );
    statements.extend(
        limits::of_tasks(&tasks)
            .into_iter()
            .map(|requirement| forbid("", None, requirement)),
    );
    for group in &policy.groups {
        let prefix = [group.id.as_str(), "/"].concat();
        let tasks = general::tasks_of(policy, group);
        let mut asked = vec![general::scope(group, &tasks)];
        asked.extend(general::waivers(group, &tasks));
        for id in &group.domains {
            asked.extend(
                policy
                    .domains
                    .get(id)
                    .into_iter()
                    .flat_map(|of| domain::requirements(id, of, Declared::Perhaps)),
            );
        }
        asked.extend(lacking::requirements(policy, group)?);
        statements.extend(asked.into_iter().map(|requirement| forbid(&prefix, Some(group), requirement)));
    }
    Ok(statements)
}

/// The condition that some domain governs the operation. This is data of the resource: one look-up, however
/// many domains there are.
fn covered() -> Requirement {
    Requirement {
        id: "operation".to_owned(),
        denial: Denial::plain(Reason::OutOfScope),
        premise: Expression::Boolean(true),
        note: "a domain governs this action on this data".to_owned(),
        source: String::new(),
        condition: all([resource().has(GOVERNED), resource().get(GOVERNED).contains(action())]),
    }
}

fn resources(group: &Group) -> Expression {
    resource().among(group.resources.iter().map(|id| entity(Kind::Asset, id)).collect())
}

/// A statement that refuses what does not meet a requirement.
fn forbid(prefix: &str, group: Option<&Group>, requirement: Requirement) -> Statement {
    let mut annotations = vec![("id", [prefix, &requirement.id].concat())];
    if !requirement.source.is_empty() {
        annotations.push(("source", requirement.source));
    }
    let denial = requirement.denial;
    annotations.push(("reason", denial.reason.code().to_owned()));
    annotations.extend(denial.domain.map(|domain| ("domain", domain)));
    if let Some(place) = denial.place {
        annotations.extend([("function", place.function), ("slot", place.slot)]);
    }
    let mut clauses = Vec::new();
    let mut only = None;
    if let Some(group) = group {
        only = quorum::only_resource(group);
        if only.is_none() {
            clauses.push(Clause {
                unless: false,
                note: "where it concerns this data".to_owned(),
                condition: resources(group),
            });
        }
    }
    if requirement.premise != Expression::Boolean(true) {
        clauses.push(Clause {
            unless: false,
            note: "where this is required".to_owned(),
            condition: requirement.premise,
        });
    }
    clauses.push(Clause {
        unless: true,
        note: requirement.note,
        condition: requirement.condition,
    });
    let actions = group.map(|group| group.actions.iter().cloned().collect()).unwrap_or_default();
    Statement {
        notes: Vec::new(),
        annotations,
        effect: Effect::Forbid,
        actions,
        resource: only,
        clauses,
    }
}
