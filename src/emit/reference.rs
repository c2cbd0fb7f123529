//! The reference meaning: what a policy answers to a request, straight from the definitions and slower than any engine.
//!
//! Every conjunct of the contract is one function that adds a reason where it fails; a request is allowed if none did.

mod approvals;
pub(crate) mod inputs;
pub mod open;
pub(crate) mod shape;

use crate::emit::policy::{CHECKED_WITHIN, Domain, Group, Policy, Quorum};
use shape::{Ready, Request};
use std::collections::{BTreeMap, BTreeSet};

/// Why a request is denied: the closed list of the request-time contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// An approval is not there, or no tier of a domain takes the inputs. A malformed request is said so too: what the decision needs
    /// is not there in the form that the contract asks for, and the closed list has no nearer word.
    Missing,
    /// An approver holds no such seat, or not then, or is the one who asked or who is acted for.
    Ineligible,
    /// An approval is too old, or from the future.
    Stale,
    /// One person stands where two are needed.
    SamePerson,
    /// An approval was given for another action.
    BoundElsewhere,
    /// The task, its scope, the operation, the call chain or the person acted for is not one that the policy allows.
    OutOfScope,
    /// The task has ended, or has not begun.
    Expired,
    /// The purpose is not the task's, or no purpose of a governing domain.
    Purpose,
    /// Agent, principal or credential.
    Credential,
    /// An input is absent, of the wrong type or out of bounds, or over a limit.
    Limit,
    /// The declared emergency does not hold.
    Emergency,
    /// No operation is known for the tool. Enforcement points say it; no well-formed request leads to it.
    UnknownTool,
    /// The request carries another revision.
    StalePolicy,
    /// Evidence or rollback is not ready.
    NotReady,
}

impl Reason {
    /// Every reason, in order.
    pub const ALL: [Reason; 14] = [
        Reason::Missing,
        Reason::Ineligible,
        Reason::Stale,
        Reason::SamePerson,
        Reason::BoundElsewhere,
        Reason::OutOfScope,
        Reason::Expired,
        Reason::Purpose,
        Reason::Credential,
        Reason::Limit,
        Reason::Emergency,
        Reason::UnknownTool,
        Reason::StalePolicy,
        Reason::NotReady,
    ];

    /// As policies, tests and logs write it.
    pub fn code(self) -> &'static str {
        match self {
            Reason::Missing => "missing",
            Reason::Ineligible => "ineligible",
            Reason::Stale => "stale",
            Reason::SamePerson => "same_person",
            Reason::BoundElsewhere => "bound_elsewhere",
            Reason::OutOfScope => "out_of_scope",
            Reason::Expired => "expired",
            Reason::Purpose => "purpose",
            Reason::Credential => "credential",
            Reason::Limit => "limit",
            Reason::Emergency => "emergency",
            Reason::UnknownTool => "unknown_tool",
            Reason::StalePolicy => "stale_policy",
            Reason::NotReady => "not_ready",
        }
    }
}

/// The answer to a request. It has reasons exactly if it is a denial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether it is allowed.
    pub allow: bool,
    /// Why not.
    pub reasons: BTreeSet<Reason>,
}

/// Decides a request.
pub fn decide(policy: &Policy, request: &serde_json::Value) -> Decision {
    let mut reasons = BTreeSet::new();
    match shape::read(policy, request) {
        Some(request) => {
            let mut judge = |reason: Reason, holds: bool| {
                if !holds {
                    reasons.insert(reason);
                }
            };
            judge(Reason::StalePolicy, request.revision == policy.revision);
            judge(Reason::Credential, credential(policy, &request));
            judge(Reason::OutOfScope, chain(policy, &request) && acted_for(policy, &request));
            task(policy, &request, &mut judge);
            match group(policy, request.action, request.resource) {
                Some(group) => reasons.extend(governed(policy, group, &request)),
                None => judge(Reason::OutOfScope, false),
            }
        }
        None => {
            reasons.insert(Reason::Missing);
        }
    }
    Decision {
        allow: reasons.is_empty(),
        reasons,
    }
}

/// The group an operation is in, if it is in exactly one.
pub(crate) fn group<'p>(policy: &'p Policy, action: &str, resource: &str) -> Option<&'p Group> {
    let mut groups = policy
        .groups
        .iter()
        .filter(|group| group.actions.contains(action) && group.resources.contains(resource));
    match (groups.next(), groups.next()) {
        (Some(group), None) => Some(group),
        (None, _) | (Some(_), Some(_)) => None,
    }
}

fn credential(policy: &Policy, request: &Request) -> bool {
    let life = policy
        .agents
        .get(request.agent)
        .and_then(|agent| *agent.principals.get(request.principal)?);
    let live = 0 <= request.issued_at && request.issued_at <= request.now && request.now < request.expires_at;
    live && life.is_some_and(|life| request.expires_at - request.issued_at <= life)
}

fn task(policy: &Policy, request: &Request, judge: &mut dyn FnMut(Reason, bool)) {
    let Some(task) = policy.tasks.get(request.task) else {
        return judge(Reason::OutOfScope, false);
    };
    judge(Reason::OutOfScope, task.agent == request.agent);
    judge(
        Reason::OutOfScope,
        task.scope
            .get(request.action)
            .is_some_and(|resources| resources.contains(request.resource)),
    );
    judge(Reason::Expired, task.window.starts <= request.now && request.now < task.window.ends);
    judge(Reason::Purpose, task.purpose.as_deref() == Some(request.purpose));
    judge(
        Reason::Limit,
        task.limits.iter().all(|limit| inputs::within(limit, request.task, request)),
    );
}

fn chain(policy: &Policy, request: &Request) -> bool {
    let called = |caller: &str, callee: &str| policy.calls.iter().any(|(from, to, _)| from == caller && to == callee);
    let last = request.via.last().is_none_or(|caller| {
        let call = ((*caller).to_owned(), request.agent.to_owned(), request.task.to_owned());
        policy.calls.contains(&call)
    });
    last && request.via.windows(2).all(|pair| called(pair[0], pair[1]))
}

/// An unknown agent is a matter of its credential.
fn acted_for(policy: &Policy, request: &Request) -> bool {
    let Some(agent) = policy.agents.get(request.agent) else {
        return true;
    };
    match request.on_behalf_of {
        Some(person) => agent.acts_for.contains(person),
        None => agent.acts_for.is_empty(),
    }
}

/// What every governing domain asks, and then their approvals jointly.
fn governed(policy: &Policy, group: &Group, request: &Request) -> BTreeSet<Reason> {
    let mut reasons = BTreeSet::new();
    let mut quorums: BTreeMap<&str, (&Domain, &Quorum)> = BTreeMap::new();
    for id in &group.domains {
        let Some(domain) = policy.domains.get(id) else {
            reasons.insert(Reason::OutOfScope);
            continue;
        };
        if domain.purposes.as_ref().is_some_and(|purposes| !purposes.contains(request.purpose)) {
            reasons.insert(Reason::Purpose);
        }
        if !domain.limits.iter().all(|limit| inputs::within(limit, id, request)) {
            reasons.insert(Reason::Limit);
        }
        let evidence = domain
            .evidence
            .iter()
            .all(|ledger| ready(request.evidence.get(ledger.as_str()), request.now));
        let rollbacks = domain
            .rollbacks
            .iter()
            .all(|rollback| ready(request.rollback.get(rollback.as_str()), request.now));
        if !(evidence && rollbacks) {
            reasons.insert(Reason::NotReady);
        }
        if inputs::declared(domain, &request.inputs) {
            match in_force(policy, domain, request) {
                Ok(quorum) => {
                    quorums.insert(id, (domain, quorum));
                }
                Err(reason) => {
                    reasons.insert(reason);
                }
            }
        } else {
            reasons.insert(Reason::Limit);
        }
    }
    reasons.extend(approvals::lacking(&quorums, request));
    reasons
}

fn ready(entry: Option<&Ready>, now: i64) -> bool {
    entry.is_some_and(|entry| entry.ready && (0..=CHECKED_WITHIN).contains(&(now - entry.checked_at)))
}

/// The quorum that a domain asks for here.
fn in_force<'p>(policy: &Policy, domain: &'p Domain, request: &Request) -> Result<&'p Quorum, Reason> {
    if let (Some(declared), Some(emergency)) = (&request.emergency, &domain.emergency) {
        let current = declared.at >= 0 && (0..=emergency.lasts).contains(&(request.now - declared.at));
        let holds = current && policy.people.contains_key(declared.by);
        return if holds { Ok(&emergency.quorum) } else { Err(Reason::Emergency) };
    }
    let tier = inputs::tier(domain, &request.inputs).ok_or(Reason::Missing)?;
    Ok(&domain.tiers[tier].quorum)
}

#[cfg(test)]
mod tests;
