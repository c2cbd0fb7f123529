//! What must hold for every request that a permit allows, as Cedar conditions written from the definitions.
//!
//! This uses neither the emitter's tree nor its printer, so that a bug there is not repeated here. The keys of
//! attributes and tags are those of the schema.

use crate::emit::answer::Denial;
use crate::emit::policy::{Domain, Group, Policy};
use crate::emit::reason::Reason;
use crate::prove::{approvals, general, inputs};

/// One thing that every allowed request has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The denial of a request without it.
    pub denial: Denial,
    /// The claim as a self-contained Cedar expression.
    pub condition: String,
}

/// Every claim about the permit of a group.
pub fn claims(policy: &Policy, group: &Group, action: &str) -> Result<Vec<Claim>, String> {
    let mut claims = general::claims(policy, group, action);
    for (id, domain) in domains(policy, group)? {
        claims.extend(inputs::claims(id, domain));
    }
    claims.extend(approvals::claims(policy, group)?);
    Ok(claims)
}

/// Claims as a Cedar policy that allows a request only if it has them all.
pub fn written<'c>(claims: impl IntoIterator<Item = &'c Claim>) -> String {
    let clauses: Vec<String> = claims
        .into_iter()
        .map(|claim| format!("\nwhen {{ {} }}", claim.condition))
        .collect();
    format!("permit (principal, action, resource){};", clauses.concat())
}

/// The governing domains of a group.
pub fn domains<'p>(policy: &'p Policy, group: &'p Group) -> Result<Vec<(&'p str, &'p Domain)>, String> {
    let known = |id: &'p String| {
        let domain = policy.domains.get(id).map(|domain| (id.as_str(), domain));
        domain.ok_or_else(|| format!("`{}` is governed by the unknown domain `{id}`", group.id))
    };
    group.domains.iter().map(known).collect()
}

/// A claim of no particular domain.
pub fn plain(reason: Reason, condition: String) -> Claim {
    Claim {
        denial: Denial::plain(reason),
        condition,
    }
}

/// A text, an id or a key as Cedar writes it.
pub fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// All of these.
pub fn every(parts: impl IntoIterator<Item = String>) -> String {
    joined(parts, " && ", "true")
}

/// One of these.
pub fn some(parts: impl IntoIterator<Item = String>) -> String {
    joined(parts, " || ", "false")
}

fn joined(parts: impl IntoIterator<Item = String>, between: &str, none: &str) -> String {
    let parts: Vec<String> = parts.into_iter().map(|part| format!("({part})")).collect();
    if parts.is_empty() { none.to_owned() } else { parts.join(between) }
}
