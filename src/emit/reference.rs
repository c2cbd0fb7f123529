//! The reference meaning: what a policy answers to a request, straight from the definitions and slower than any engine.
//!
//! Every conjunct of the contract is one function, with a denial if it fails. A request is allowed if none
//! failed.

mod approvals;
pub(crate) mod inputs;
mod known;
pub mod open;
pub(crate) mod shape;

pub use crate::emit::reason::Reason;
pub use known::Reference;

use crate::emit::answer::{Answer, Denial};
use crate::emit::obligation::{Obligation, owed};
use crate::emit::policy::{CHECKED_WITHIN, Domain, Group, Policy, Quorum, Task};
use known::Known;
use shape::{Ready, Request};
use std::collections::{BTreeMap, BTreeSet};

/// Decides a request.
pub fn decide(policy: &Policy, request: &serde_json::Value) -> Answer {
    answer(policy, policy, request)
}

/// Decides a request; `known` looks up what the policy does not find by name.
fn answer(policy: &Policy, known: &dyn Known, request: &serde_json::Value) -> Answer {
    let Some(request) = shape::read(policy, known, request) else {
        return Answer::no(Reason::Malformed);
    };
    let mut denials = BTreeSet::new();
    let mut obligations = BTreeSet::new();
    let mut judge = |reason: Reason, holds: bool| {
        if !holds {
            denials.insert(Denial::plain(reason));
        }
    };
    judge(Reason::StalePolicy, request.revision == policy.revision);
    judge(Reason::Credential, credential(policy, &request));
    judge(Reason::OutOfScope, chain(policy, &request) && acted_for(policy, &request));
    task(policy, &request, &mut judge);
    match known.group(request.action, request.resource) {
        Some(group) => {
            judge(Reason::Expired, waiver(policy, &request));
            denials.extend(governed(policy, &policy.groups[group], &request));
            obligations = obliged(policy, &policy.groups[group], &request);
        }
        None => judge(Reason::OutOfScope, false),
    }
    match denials.is_empty() {
        true => Answer::yes(obligations),
        false => Answer::of(denials),
    }
}

/// The obligations to every governing domain if the request is allowed.
fn obliged(policy: &Policy, group: &Group, request: &Request) -> BTreeSet<Obligation> {
    let domains = group.domains.iter().filter_map(|id| policy.domains.get_key_value(id));
    let owed = domains.map(|(id, domain)| owed(id, domain, request.emergency.is_some()));
    owed.flatten().collect()
}

/// The group an operation is in, if it is in exactly one.
pub(crate) fn group<'p>(policy: &'p Policy, action: &str, resource: &str) -> Option<&'p Group> {
    policy.group(action, resource).map(|place| &policy.groups[place])
}

fn credential(policy: &Policy, request: &Request) -> bool {
    let life = policy
        .agents
        .get(request.agent)
        .and_then(|agent| agent.principals.get(request.principal)?.life);
    let live = 0 <= request.issued_at && request.issued_at <= request.now && request.now < request.expires_at;
    live && life.is_some_and(|life| request.expires_at - request.issued_at <= life)
}

/// The requirements on the agent's own task. If the task belongs to another agent, the answer reports only
/// that.
fn task(policy: &Policy, request: &Request, judge: &mut dyn FnMut(Reason, bool)) {
    let Some(task) = policy.tasks.get(request.task).filter(|task| task.agent == request.agent) else {
        return judge(Reason::OutOfScope, false);
    };
    judge(
        Reason::OutOfScope,
        task.scope
            .get(request.action)
            .is_some_and(|resources| resources.contains(request.resource)),
    );
    judge(Reason::Expired, task.window.starts <= request.now && request.now < task.window.ends);
    judge(Reason::Ineligible, asked(policy, task, request));
    judge(Reason::Purpose, task.purpose.as_deref() == Some(request.purpose));
    judge(
        Reason::Limit,
        task.limits.iter().all(|limit| inputs::within(limit, request.task, request)),
    );
}

/// Whether an operation that depends on a waiver is requested while the waiver is in force.
fn waiver(policy: &Policy, request: &Request) -> bool {
    let own = policy.tasks.get(request.task).filter(|task| task.agent == request.agent);
    let ends = own.and_then(|task| task.waived_until(request.action, request.resource));
    ends.is_none_or(|ends| request.now < ends)
}

/// Whether the one who asked may start the task: an active person, or `schedule` or `outsider` if the task has
/// that word.
fn asked(policy: &Policy, task: &Task, request: &Request) -> bool {
    let who = request.requested_by;
    match policy.people.get(who) {
        Some(person) => person.window.holds(request.now) && task.started_by.only.as_ref().is_none_or(|only| only.contains(who)),
        None => task.started_by.words.contains(who),
    }
}

/// Whether each agent in the chain may call the next, and has a current task of its own.
fn chain(policy: &Policy, request: &Request) -> bool {
    let called = |caller: &str, callee: &str| {
        let first = (caller.to_owned(), callee.to_owned(), String::new());
        policy
            .calls
            .range(first..)
            .next()
            .is_some_and(|(from, to, _)| from == caller && to == callee)
    };
    let last = request.via.last().is_none_or(|caller| {
        let call = ((*caller).to_owned(), request.agent.to_owned(), request.task.to_owned());
        policy.calls.contains(&call)
    });
    let current = |caller: &str| {
        let agent = policy.agents.get(caller);
        agent.is_some_and(|agent| agent.current.iter().any(|window| window.holds(request.now)))
    };
    last && request.via.windows(2).all(|pair| called(pair[0], pair[1])) && request.via.iter().all(|caller| current(caller))
}

/// Whether the agent acts for an active person and may do this for that person. An agent that acts for nobody
/// must name nobody. For an unknown agent, both are false.
fn acted_for(policy: &Policy, request: &Request) -> bool {
    let Some(agent) = policy.agents.get(request.agent) else {
        return false;
    };
    let Some(person) = request.on_behalf_of else {
        return agent.acts_for.is_empty();
    };
    let bound = agent.acts_for.get(person).and_then(|bound| agent.bounds.get(bound));
    let within = bound.and_then(|bound| bound.get(request.action));
    policy.active(person, request.now) && within.is_some_and(|resources| resources.contains(request.resource))
}

/// The requirements of every governing domain, and then their approvals.
fn governed(policy: &Policy, group: &Group, request: &Request) -> BTreeSet<Denial> {
    let mut denials = BTreeSet::new();
    let mut quorums: BTreeMap<&str, (&Domain, &Quorum)> = BTreeMap::new();
    let mut known = true;
    for id in &group.domains {
        let Some(domain) = policy.domains.get(id) else {
            denials.insert(Denial::plain(Reason::OutOfScope));
            continue;
        };
        let fits = inputs::declared(domain, &request.inputs);
        let sound = sound(policy, domain, request);
        let conjuncts = [
            (Reason::Purpose, purpose(domain, request)),
            (
                Reason::Limit,
                fits && domain.limits.iter().all(|limit| inputs::within(limit, id, request)),
            ),
            (Reason::NotReady, all_ready(domain, request)),
            (Reason::Emergency, sound),
        ];
        let failed = conjuncts.into_iter().filter(|(_, holds)| !holds);
        denials.extend(failed.map(|(reason, _)| Denial::by(id, reason)));
        let in_force = if fits && sound { in_force(domain, request) } else { None };
        match in_force {
            Some(quorum) => drop(quorums.insert(id, (domain, quorum))),
            None => known = false,
        }
        if fits && sound && in_force.is_none() {
            denials.insert(Denial::by(id, Reason::Missing));
        }
    }
    let mut lacking = approvals::lacking(policy, &quorums, request);
    if known && lacking.is_empty() {
        lacking = approvals::doubled(policy, &quorums, request, policy.tells_slots(group));
    }
    denials.extend(lacking);
    denials
}

fn purpose(domain: &Domain, request: &Request) -> bool {
    domain.purposes.as_ref().is_none_or(|purposes| purposes.contains(request.purpose))
}

fn all_ready(domain: &Domain, request: &Request) -> bool {
    let evidence = domain.evidence.iter().map(|ledger| request.evidence.get(ledger.as_str()));
    let rollbacks = domain.rollbacks.iter().map(|rollback| request.rollback.get(rollback.as_str()));
    evidence.chain(rollbacks).all(|entry| ready(entry, request.now))
}

fn ready(entry: Option<&Ready>, now: i64) -> bool {
    entry.is_some_and(|entry| entry.ready && (0..=CHECKED_WITHIN).contains(&(now - entry.checked_at)))
}

/// Whether a declared emergency is sound: it is not over, and an active person declared it who neither asked
/// nor is acted for. True if no emergency is declared, or the domain has none.
fn sound(policy: &Policy, domain: &Domain, request: &Request) -> bool {
    let (Some(declared), Some(emergency)) = (&request.emergency, &domain.emergency) else {
        return true;
    };
    let current = declared.at >= 0 && (0..=emergency.lasts).contains(&(request.now - declared.at));
    let human = policy.human(declared.by);
    let served = [Some(request.requested_by), request.on_behalf_of];
    let own = served.into_iter().flatten().any(|person| policy.human(person) == human);
    current && policy.active(declared.by, request.now) && !own
}

/// The quorum that a domain requires here, where its inputs fit and an emergency is sound; `None` if no tier
/// holds.
fn in_force<'p>(domain: &'p Domain, request: &Request) -> Option<&'p Quorum> {
    match (&request.emergency, &domain.emergency) {
        (Some(_), Some(emergency)) => Some(&emergency.quorum),
        (_, _) => inputs::tier(domain, &request.inputs).map(|tier| &domain.tiers[tier].quorum),
    }
}

#[cfg(test)]
mod tests;
