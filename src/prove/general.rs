//! The claims about every permit, whatever its domains: data, revision, credential, task, calls, the person
//! acted for.

use crate::emit::cedar::limits::{OWN_TASK, attribute, limit_key, total_key};
use crate::emit::policy::{Group, Limit, MOST_CALLERS, Policy, Task};
use crate::emit::reason::Reason;
use crate::prove::claim::{Claim, every, plain, quoted, some};
use crate::prove::inputs::within;
use std::collections::{BTreeMap, BTreeSet};

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
        plain(Reason::OutOfScope, on_task(policy)),
        plain(Reason::OutOfScope, acted_for()),
        plain(Reason::Ineligible, asked()),
    ];
    claims.extend(waivers(policy, group, action));
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
    let somebody = format!(
        "context has on_behalf_of && {} && context.on_behalf_of.bounds.containsAny(context.delegation.bounds)",
        there("context.on_behalf_of")
    );
    let nobody = "!(context has on_behalf_of) && !(principal.acts_for)".to_owned();
    some([somebody, nobody])
}

/// The condition that a person is active now.
pub fn there(person: &str) -> String {
    format!("{person}.starts <= context.now && {person}.ends > context.now")
}

/// The condition that the one who asked is an active person who may start the task, or a word that the task
/// allows.
fn asked() -> String {
    let who = "context.requested_by";
    let named = format!("context.task.started_by.contains({who})");
    // Somebody whom the entities lack has no human, so only the words can be compared.
    let person = format!("{who} has human && {} && (context.task.anybody || {named})", there(who));
    some([person, format!("!({who} has human) && {named}")])
}

/// The condition that every agent in the chain has a current task of its own, and that the chain is not longer
/// than possible.
fn on_task(policy: &Policy) -> String {
    let calling = |id: &String| policy.calls.iter().any(|(caller, ..)| caller == id);
    let agents = policy.agents.iter().filter(|(id, _)| calling(id));
    let windows = agents.map(|(_, agent)| agent.current.len()).max().unwrap_or(0).max(1);
    let longest = policy.longest_chain();
    let places = (1..=MOST_CALLERS).map(|place| {
        let caller = format!("context.callers[{}]", quoted(&place.to_string()));
        let absent = format!("!(context.callers has {})", quoted(&place.to_string()));
        let held = (1..=windows).map(|number| {
            let tag = quoted(&number.to_string());
            format!("{caller}.hasTag({tag}) && {}", there(&format!("{caller}.getTag({tag})")))
        });
        match place {
            place if place <= longest => some([
                absent,
                format!("context.callers has {} && {}", quoted(&place.to_string()), bracketed(&some(held))),
            ]),
            // A chain fills its first places first, so checking one place beyond the longest is enough.
            place if place == longest + 1 => absent,
            _ => "true".to_owned(),
        }
    });
    every(places)
}

fn bracketed(text: &str) -> String {
    format!("({text})")
}

/// The condition that an action which is allowed only while a waiver is in force is not requested after its
/// end.
fn waivers(policy: &Policy, group: &Group, action: &str) -> Vec<Claim> {
    let of_action = policy.tasks.values().filter_map(|task| task.waived.get(action)).flatten();
    let ends: BTreeSet<i64> = of_action
        .filter(|(resource, _)| group.resources.contains(*resource))
        .map(|(_, ends)| *ends)
        .collect();
    let claim = |ends: i64| {
        let tag = quoted(&format!("{action} until {ends}"));
        let named = format!("context.task.hasTag({tag}) && context.task.getTag({tag}).contains(resource)");
        plain(Reason::Expired, format!("!({named}) || context.now < {ends}"))
    };
    ends.into_iter().map(claim).collect()
}

/// Whether a task can do anything that a group decides.
pub fn concerns(group: &Group, task: &Task) -> bool {
    let asked = task.scope.iter().filter(|(action, _)| group.actions.contains(*action));
    asked
        .flat_map(|(_, resources)| resources)
        .any(|resource| group.resources.contains(resource))
}

/// The kinds of limits of these tasks: the attribute of a task and the key in it, each with one limit of the
/// kind.
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
