//! What a request still lacks: the functions without whose approval it stays denied, domain by domain.

use crate::emit::answer::Answer;
use crate::emit::policy::Policy;
use crate::emit::reason::Reason;
use crate::emit::reference::{group, in_force, inputs, shape, sound};
use std::collections::{BTreeMap, BTreeSet};

/// A governing domain and what it asks of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Governing<'p> {
    /// Its id.
    pub domain: &'p str,
    /// The tier in force; `None` if the inputs fit none, or an emergency applies.
    pub tier: Option<usize>,
    /// The functions that are missing, each with what is wrong with its approvals.
    pub open: BTreeMap<String, BTreeSet<Reason>>,
}

/// The governing domains of a request and what the answer to it leaves open in each, in order.
pub fn governing<'p>(policy: &'p Policy, request: &serde_json::Value, answer: &Answer) -> Vec<Governing<'p>> {
    let Some(request) = shape::read(policy, policy, request) else {
        return Vec::new();
    };
    let group = group(policy, request.action, request.resource);
    let ids = group.into_iter().flat_map(|group| &group.domains);
    let known = ids.filter_map(|id| policy.domains.get_key_value(id));
    let all = known.map(|(id, domain)| {
        let known = inputs::declared(domain, &request.inputs) && sound(policy, domain, &request);
        let quorum = in_force(domain, &request).filter(|_| known);
        let mut open: BTreeMap<String, BTreeSet<Reason>> = BTreeMap::new();
        for denial in answer.denials.iter().filter(|denial| denial.domain.as_ref() == Some(id)) {
            if let Some(place) = &denial.place {
                open.entry(place.function.clone()).or_default().insert(denial.reason);
            }
        }
        Governing {
            domain: id,
            tier: quorum.and_then(|quorum| domain.tiers.iter().position(|tier| std::ptr::eq(&tier.quorum, quorum))),
            open,
        }
    });
    all.collect()
}
