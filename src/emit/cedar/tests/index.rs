//! Tests the index: a slice gives the same decision as all policies, and a policy outside a slice can never apply
//! to its operations.

use crate::emit::cedar::index::{Index, Slice};
use crate::emit::cedar::{Cedar, Engine, Outcome, emit};
use crate::emit::policy::Policy;
use crate::emit::reason::Reason;
use crate::emit::requests::derive;
use crate::emit::sample::{Random, policy, requests};
use cedar_policy::PolicySet;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::str::FromStr;

const SEEDS: u64 = 6;
const DERIVED: usize = 60;
const RANDOM: usize = 100;

fn loaded(cedar: &Cedar) -> Engine {
    Engine::new(cedar).unwrap_or_else(|error| unreachable!("{error}"))
}

/// The actions and resources that a policy names, as Cedar itself prints it: read without the tree that it was written
/// from.
fn named(set: &PolicySet, id: &str) -> Option<(BTreeSet<String>, BTreeSet<String>)> {
    let policy = set
        .policies()
        .find(|policy| policy.annotation("id") == Some(id))
        .expect("it is there");
    let json = policy.to_json().expect("it is JSON");
    let ids = |values: &Value| -> BTreeSet<String> {
        let each = values.as_array().expect("a list").iter();
        each.map(|value| value["id"].as_str().expect("an id").to_owned()).collect()
    };
    let head = |part: &str| match json[part]["op"].as_str() {
        Some("==") => Some(ids(&json!([json[part]["entity"]]))),
        Some("in") => Some(ids(&json[part]["entities"])),
        Some(_) | None => None,
    };
    let first = &json["conditions"][0];
    let among = &first["body"]["contains"];
    let by_condition = || {
        let about = first["kind"] == "when" && among["right"] == json!({ "Var": "resource" });
        let values = among["left"]["Set"].as_array().filter(|_| about)?.iter();
        Some(ids(&values.map(|value| value["Value"]["__entity"].clone()).collect()))
    };
    Some((head("action")?, head("resource").or_else(by_condition)?))
}

#[test]
fn a_slice_decides_as_everything_does_for_the_same_reasons() {
    let asked = (0..SEEDS).into_par_iter().map(|seed| {
        let mut random = Random::new(seed);
        let policy = policy(&mut random);
        let engine = loaded(&emit(&policy).expect("Cedar can say it"));
        let mut asked = derive(&policy, DERIVED);
        asked.extend(requests(&mut random, &policy, &asked.clone(), RANDOM));
        for derived in &asked {
            let (slice, whole) = (engine.decide(&derived.request), engine.decide_whole(&derived.request));
            let refused = |outcome: &Outcome| outcome.malformed.is_some();
            assert_eq!(refused(&slice), refused(&whole), "seed {seed}: {}", derived.request);
            assert_eq!(
                (slice.answer, slice.errors, slice.permits),
                (whole.answer, whole.errors, whole.permits),
                "seed {seed}: {}",
                derived.request
            );
        }
        asked.len()
    });
    assert!(asked.sum::<usize>() > 1_000);
}

#[test]
fn what_is_left_out_of_a_slice_names_other_operations() {
    for seed in 0..SEEDS {
        let policy = policy(&mut Random::new(seed));
        let cedar = emit(&policy).expect("Cedar can say it");
        let index = Index::read(&cedar.index).expect("it is an index");
        let operations: Vec<(&String, &String, &Slice)> = index
            .operations
            .iter()
            .flat_map(|(action, resources)| resources.iter().map(move |(resource, place)| (action, resource, place)))
            .map(|(action, resource, place)| (action, resource, &index.slices[*place]))
            .collect();
        for (text, ids) in [
            (&cedar.policies, (|slice| &slice.policies) as fn(&Slice) -> &Vec<String>),
            (&cedar.explain, |slice| &slice.explain),
        ] {
            let set = PolicySet::from_str(text).expect("it parses");
            for policy in set.policies() {
                let id = policy.annotation("id").expect("it has one").to_owned();
                let named = named(&set, &id);
                for (action, resource, slice) in &operations {
                    let applies = named
                        .as_ref()
                        .is_none_or(|(actions, resources)| actions.contains(*action) && resources.contains(*resource));
                    assert_eq!(ids(slice).contains(&id), applies, "seed {seed}: {id} for {action} on {resource}");
                }
                assert_eq!(
                    ids(&index.otherwise).contains(&id),
                    named.is_none(),
                    "seed {seed}: {id} for anything else"
                );
            }
        }
        let governed = policy
            .groups
            .iter()
            .map(|group| group.actions.len() * group.resources.len())
            .sum::<usize>();
        assert_eq!(operations.len(), governed, "seed {seed}");
    }
}

#[test]
fn an_operation_that_is_not_in_the_index_is_refused_with_the_reason() {
    let policy = policy(&mut Random::new(3));
    let engine = loaded(&emit(&policy).expect("Cedar can say it"));
    let derived = derive(&policy, DERIVED);
    let allowed = derived.iter().find(|derived| derived.kind == "allowed").expect("one is allowed");
    assert!(engine.decide(&allowed.request).answer.allow);
    for (place, name) in [("/action/name", "unheard.of"), ("/resource/id", "no.system/no.class")] {
        let mut request = allowed.request.clone();
        *request.pointer_mut(place).expect("it is there") = json!(name);
        let outcome = engine.decide(&request);
        assert!(outcome.answer.reasons().contains(&Reason::OutOfScope), "{outcome:?}");
        assert_eq!(outcome.answer, engine.decide_whole(&request).answer);
    }
}

/// Shows that the first test can fail: if the index leaves a reason out, the answer loses it.
#[test]
fn an_index_that_leaves_something_out_is_noticed() {
    let policy: Policy = policy(&mut Random::new(3));
    let cedar = emit(&policy).expect("Cedar can say it");
    let mut index = Index::read(&cedar.index).expect("it is an index");
    for slice in &mut index.slices {
        slice.explain.retain(|id| id != "credential");
    }
    let engine = loaded(&Cedar {
        index: index.text().expect("it is written"),
        ..cedar.clone()
    });
    let differs = |request: &Value| engine.decide(request).answer != engine.decide_whole(request).answer;
    assert!(derive(&policy, DERIVED).iter().any(|derived| differs(&derived.request)));
    index.slices[0].policies.push("no such policy".to_owned());
    let broken = Cedar {
        index: index.text().expect("it is written"),
        ..cedar
    };
    assert!(Engine::new(&broken).is_err_and(|error| error.contains("no such policy")));
}
