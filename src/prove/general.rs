//! What is claimed of every permit, whatever its domains: data, revision, credential, task, calls, the person acted for.

use crate::emit::cedar::limits::{OWN_TASK, attribute, limit_key, total_key};
use crate::emit::policy::{Group, Limit, Policy, Task};
use crate::emit::reason::Reason;
use crate::prove::claim::{Claim, every, plain, quoted, some};
use crate::prove::inputs::within;
use std::collections::BTreeMap;

/// The claims.
pub fn claims(policy: &Policy, group: &Group, action: &str) -> Vec<Claim> {
    let mut claims = vec![
        plain(
            Reason::OutOfScope,
            some(group.resources.iter().map(|id| format!("resource == Gov::Asset::{}", quoted(id)))),
        ),
        plain(Reason::StalePolicy, format!("{} == context.revision", quoted(&policy.revision))),
        plain(Reason::Credential, credential()),
        plain(Reason::OutOfScope, "principal == context.task.agent".to_owned()),
        plain(
            Reason::OutOfScope,
            format!(
                "context.task.hasTag({action}) && context.task.getTag({action}).contains(resource)",
                action = quoted(action)
            ),
        ),
        plain(
            Reason::Expired,
            "context.now >= context.task.starts && !(context.now >= context.task.ends)".to_owned(),
        ),
        plain(
            Reason::Purpose,
            "context.task has purpose && context.purpose == context.task.purpose".to_owned(),
        ),
        plain(
            Reason::OutOfScope,
            format!("Gov::Workspace::{}.calls.containsAll(context.hops)", quoted(&policy.workspace)),
        ),
        plain(Reason::OutOfScope, acted_for()),
    ];
    claims.extend(task_limits(policy, group));
    claims
}

fn credential() -> String {
    every(
        [
            "principal.hasTag(context.principal)",
            "context.credential.issued_at >= 0",
            "context.now >= context.credential.issued_at",
            "context.credential.expires_at > context.now",
            "principal.getTag(context.principal).ttl >= context.credential.expires_at - context.credential.issued_at",
        ]
        .map(str::to_owned),
    )
}

fn acted_for() -> String {
    let somebody = "context has on_behalf_of && principal.acts_for.contains(context.on_behalf_of)";
    let nobody = "!(context has on_behalf_of) && principal.acts_for.isEmpty()";
    some([somebody, nobody].map(str::to_owned))
}

/// Whether a task can do anything that a group decides.
pub fn concerns(group: &Group, task: &Task) -> bool {
    let asked = task.scope.iter().filter(|(action, _)| group.actions.contains(*action));
    asked
        .flat_map(|(_, resources)| resources)
        .any(|resource| group.resources.contains(resource))
}

/// The kinds of limits that these tasks have: the attribute of a task and the key in it, each with one limit of the kind.
pub fn kinds<'p>(tasks: impl Iterator<Item = &'p Task>) -> BTreeMap<(&'static str, String), &'p Limit> {
    let limits = tasks.flat_map(|task| &task.limits);
    limits.map(|limit| ((attribute(limit.per), limit_key(limit)), limit)).collect()
}

/// Every limit that the task has, of the kinds that tasks of this group have.
fn task_limits(policy: &Policy, group: &Group) -> Vec<Claim> {
    let tasks = policy.tasks.values().filter(|task| concerns(group, task));
    let claim = |((attribute, key), limit): ((&'static str, String), &Limit)| {
        let place = format!("context.task[{}]", quoted(attribute));
        let total = limit.per.map(|per| total_key(OWN_TASK, &limit.input, per));
        let kept = within(limit, &format!("{place}[{}]", quoted(&key)), total.as_deref());
        let condition = format!("!({place} has {key}) || ({place} has {key} && {kept})", key = quoted(&key));
        plain(Reason::Limit, condition)
    };
    kinds(tasks).into_iter().map(claim).collect()
}
