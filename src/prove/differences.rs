//! A request that one policy file allows and the other does not, found by asking the real engine the derived
//! requests, and described.

use crate::emit::answer::{Answer, Denial};
use crate::emit::cedar::{Cedar, Engine};
use crate::emit::package::PER_GROUP;
use crate::emit::policy::Policy;
use crate::emit::reason::Reason;
use crate::emit::reference;
use crate::emit::requests::suite;
use crate::emit::sentence::Titles;
use crate::prove::proof::Example;
use crate::prove::subject::Subject;
use cedar_policy::{Authorizer, Decision, Entities, PolicySet, Response};
use std::collections::BTreeSet;

/// A request on which the files differ.
pub struct Difference {
    /// Its data.
    pub resource: String,
    /// The request, described.
    pub example: Example,
}

/// The derived requests on which the files differ, the first of each action and resource.
pub fn among_derived(policy: &Policy, cedar: &Cedar, subject: &Subject) -> Result<Vec<Difference>, String> {
    let engine = Engine::new(cedar)?;
    let entities = Entities::from_json_str(&cedar.entities, Some(&subject.schema)).map_err(|error| error.to_string())?;
    let mut told = BTreeSet::new();
    let mut differences = Vec::new();
    for derived in suite(policy, PER_GROUP).requests {
        let Some((request, _)) = engine.admitted(&derived.request) else {
            continue;
        };
        let asked = |set: &PolicySet| Authorizer::new().is_authorized(&request, set, &entities);
        let (permits, reasons) = (asked(&subject.permits), asked(&subject.reasons));
        let text = |place: &str, name: &str| derived.request[place][name].as_str().unwrap_or_default().to_owned();
        let (agent, action, resource) = (text("subject", "id"), text("action", "name"), text("resource", "id"));
        if permits.decision() == reasons.decision() || !told.insert((action.clone(), resource.clone())) {
            continue;
        }
        let allowed = permits.decision() == Decision::Allow;
        let denials = match allowed {
            true => said(&subject.reasons, &reasons),
            false => reference::decide(policy, &derived.request).denials,
        };
        let answer = Answer::of(denials.clone());
        let because = Titles::of(policy).sentences(&answer).join("; ");
        let sentence = match allowed {
            true => format!("`{agent}` may do {action} to `{resource}`, and explain.cedar refuses it: {because}"),
            false => format!("`{agent}` may not do {action} to `{resource}`, and explain.cedar does not say why: {because}"),
        };
        differences.push(Difference {
            resource,
            example: Example {
                action,
                sentence,
                lacking: denials.iter().map(Denial::code).collect(),
            },
        });
    }
    Ok(differences)
}

/// The denials in the annotations of the reasons of an answer.
pub fn said(explain: &PolicySet, response: &Response) -> BTreeSet<Denial> {
    let denial = |reason: &cedar_policy::Policy| {
        let code = Reason::of(reason.annotation("reason")?)?;
        Some(
            match (
                reason.annotation("domain"),
                reason.annotation("function").zip(reason.annotation("slot")),
            ) {
                (Some(domain), Some((function, slot))) => Denial::at(domain, function, slot, code),
                (Some(domain), None) => Denial::by(domain, code),
                (None, _) => Denial::plain(code),
            },
        )
    };
    let reasons = response.diagnostics().reason();
    reasons.filter_map(|id| denial(explain.policy(id)?)).collect()
}
