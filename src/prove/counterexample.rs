//! A request that a solver found, tried in the real engine and described in words.

use crate::emit::answer::{Answer, Denial};
use crate::emit::policy::{Group, Policy};
use crate::emit::sentence::Titles;
use crate::prove::approvals::Slot;
use crate::prove::claim::{Claim, domains, written};
use crate::prove::proof::Example;
use crate::words::list;
use cedar_policy::{Authorizer, Decision, EvalResult, PolicySet};
use cedar_policy_symcc::Env;
use std::collections::BTreeSet;
use std::str::FromStr;

/// The engine's decision; `None` if a policy erred.
pub fn decided(set: &PolicySet, found: &Env) -> Option<Decision> {
    let response = Authorizer::new().is_authorized(&found.request, set, &found.entities);
    let sound = response.diagnostics().errors().next().is_none();
    sound.then(|| response.decision())
}

/// Whether these policies allow a request.
pub fn allows(set: &PolicySet, found: &Env) -> bool {
    decided(set, found) == Some(Decision::Allow)
}

/// The claims that a request violates.
pub fn broken<'c>(claims: &'c [Claim], found: &Env) -> Result<Vec<&'c Claim>, String> {
    let mut broken = Vec::new();
    for claim in claims {
        let set = PolicySet::from_str(&written([claim])).map_err(|error| error.to_string())?;
        if !allows(&set, found) {
            broken.push(claim);
        }
    }
    Ok(broken)
}

/// An allowed request and what it lacks, in words.
pub fn told(policy: &Policy, group: Option<&Group>, action: &str, lacking: &BTreeSet<Denial>, found: &Env) -> Example {
    let answer = Answer::of(lacking.clone());
    let because = Titles::of(policy).sentences(&answer).join("; ");
    let approvals = group.map_or(String::new(), |group| approvals(policy, group, found));
    let because = match because.is_empty() {
        true => because,
        false => format!(" although {because}"),
    };
    let sentence = format!(
        "{} may do {action} to {}{because}{approvals}",
        agent(policy, found),
        data(policy, group, found)
    );
    Example {
        action: action.to_owned(),
        sentence,
        lacking: lacking.iter().map(Denial::code).collect(),
    }
}

/// The agent of the request. Names that a solver invented are left out.
pub fn agent(policy: &Policy, found: &Env) -> String {
    let id = found.request.principal().map(|agent| agent.id().unescaped().to_owned());
    let known = id.filter(|id| policy.agents.contains_key(id));
    known.map_or("an agent".to_owned(), |id| format!("`{id}`"))
}

/// The data of the request.
pub fn data(policy: &Policy, group: Option<&Group>, found: &Env) -> String {
    let id = found
        .request
        .resource()
        .map(|asset| asset.id().unescaped().to_owned())
        .unwrap_or_default();
    let known = policy.groups.iter().any(|group| group.resources.contains(&id));
    match (known, group) {
        (true, _) => format!("`{id}`"),
        (false, Some(group)) => format!("data that `{}` does not cover", group.id),
        (false, None) => "data that no domain covers".to_owned(),
    }
}

/// Which approvals it comes with, and which of them are from one person.
pub fn approvals(policy: &Policy, group: &Group, found: &Env) -> String {
    let given = match found.request.context().and_then(|context| context.get("approvals")) {
        Some(EvalResult::Record(given)) => given,
        Some(_) | None => return String::new(),
    };
    let mut people: Vec<EvalResult> = Vec::new();
    let (mut there, mut absent) = (Vec::new(), Vec::new());
    for (id, domain) in domains(policy, group).unwrap_or_default() {
        for slot in Slot::all(id, domain) {
            let key = slot.key();
            let name = key.strip_prefix(id).unwrap_or(&key).trim_start_matches('/');
            let name = if group.domains.len() > 1 { key.as_str() } else { name };
            let by = match given.get(&key) {
                Some(EvalResult::Record(approval)) => approval.get("by").cloned(),
                Some(_) | None => None,
            };
            let Some(by) = by else {
                absent.push(format!("`{name}`"));
                continue;
            };
            let number = people.iter().position(|person| *person == by).unwrap_or_else(|| {
                people.push(by);
                people.len() - 1
            });
            there.push(format!("`{name}` from person {}", number + 1));
        }
    }
    let words = |parts: &[String]| list(parts.iter().map(String::as_str), "and");
    match (there.is_empty(), absent.is_empty()) {
        (true, true) => String::new(),
        (true, false) => " (there is no approval)".to_owned(),
        (false, true) => format!(" (approvals: {})", words(&there)),
        (false, false) => format!(" (approvals: {}; none as {})", words(&there), words(&absent)),
    }
}
