//! What is still open of a request: the functions without whose approval it stays denied, domain by domain.

use crate::emit::policy::{Domain, Policy, Quorum, Way, slots, ways};
use crate::emit::reference::shape::{self, Request};
use crate::emit::reference::{Reason, approvals, group, in_force, inputs};
use std::collections::{BTreeMap, BTreeSet};

/// So many ways of a quorum are looked at; with more, every function of it that lacks somebody counts as open.
const WAYS: usize = 256;

/// A governing domain and what it asks of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Governing<'p> {
    /// Its id.
    pub domain: &'p str,
    /// The tier in force; none if the inputs fit none.
    pub tier: Option<usize>,
    /// The functions that are open, each with what is wrong with its approvals.
    pub open: BTreeMap<String, BTreeSet<Reason>>,
}

/// The governing domains of a request that declares no emergency, in order.
pub fn governing<'p>(policy: &'p Policy, request: &serde_json::Value) -> Vec<Governing<'p>> {
    let Some(request) = shape::read(policy, request) else {
        return Vec::new();
    };
    let group = group(policy, request.action, request.resource);
    let domains: Vec<(&str, &Domain)> = group
        .into_iter()
        .flat_map(|group| &group.domains)
        .filter_map(|id| policy.domains.get_key_value(id))
        .map(|(id, domain)| (id.as_str(), domain))
        .collect();
    let quorum = |domain: &'p Domain| {
        let fits = inputs::declared(domain, &request.inputs);
        fits.then(|| in_force(policy, domain, &request).ok()).flatten()
    };
    let mut all: Vec<Governing> = domains
        .iter()
        .map(|(id, domain)| Governing {
            domain: id,
            tier: quorum(domain).and_then(|quorum| domain.tiers.iter().position(|tier| std::ptr::eq(&tier.quorum, quorum))),
            open: quorum(domain).map_or(BTreeMap::new(), |quorum| open(id, domain, quorum, &request)),
        })
        .collect();
    if all.iter().all(|governing| governing.open.is_empty()) {
        doubled(&domains, &request, &mut all);
    }
    all
}

/// The functions that the nearest ways to meet a quorum still lack.
fn open(id: &str, domain: &Domain, quorum: &Quorum, request: &Request) -> BTreeMap<String, BTreeSet<Reason>> {
    let mut have = Way::new();
    let mut faults: BTreeMap<&str, BTreeSet<Reason>> = BTreeMap::new();
    for function in quorum.functions() {
        let of = slots(id, function, quorum.most(function));
        let faulty = of.iter().map(|slot| approvals::faults(domain, function, slot, request));
        let good = faulty.clone().take_while(BTreeSet::is_empty).count();
        have.insert(function.to_owned(), good as u32);
        faults.insert(function, faulty.flatten().collect());
    }
    let everything = || {
        let all = quorum.functions();
        vec![
            all.into_iter()
                .map(|function| (function.to_owned(), quorum.most(function)))
                .collect(),
        ]
    };
    let lacks = |way: Way| -> BTreeSet<String> {
        let short = way
            .into_iter()
            .filter(|(function, need)| have.get(function).is_none_or(|have| have < need));
        short.map(|(function, _)| function).collect()
    };
    let lacking: BTreeSet<BTreeSet<String>> = ways(quorum, WAYS).unwrap_or_else(everything).into_iter().map(lacks).collect();
    let nearest = lacking
        .iter()
        .filter(|one| !lacking.iter().any(|other| other != *one && other.is_subset(one)));
    nearest
        .flatten()
        .map(|function| (function.clone(), faults.get(function.as_str()).cloned().unwrap_or_default()))
        .collect()
}

/// The functions for which somebody stands who stands for another as well, or twice for the same.
fn doubled(domains: &[(&str, &Domain)], request: &Request, all: &mut [Governing]) {
    let mut stand: Vec<(usize, &str, &str)> = Vec::new();
    for (place, ((id, domain), governing)) in domains.iter().zip(&*all).enumerate() {
        let Some(tier) = governing.tier else { continue };
        let quorum = &domain.tiers[tier].quorum;
        for function in quorum.functions() {
            let slots = slots(id, function, quorum.most(function));
            let holders = slots.iter().filter_map(|slot| request.approvals.get(slot.as_str()));
            stand.extend(holders.map(|approval| (place, function, approval.by)));
        }
    }
    for (index, (place, function, by)) in stand.iter().enumerate() {
        let clashes = stand
            .iter()
            .enumerate()
            .any(|(other, (elsewhere, as_what, who))| other != index && who == by && (as_what != function || elsewhere == place));
        if clashes {
            all[*place]
                .open
                .insert((*function).to_owned(), BTreeSet::from([Reason::SamePerson]));
        }
    }
}
