//! Tests on random policies that the derived requests reach what they are meant to reach.

use crate::emit::agreement::{Decider, hold};
use crate::emit::answer::Answer;
use crate::emit::policy::{Policy, Quorum, ways};
use crate::emit::reference::shape::given;
use crate::emit::reference::{Reason, decide, group, inputs};
use crate::emit::requests::{derive, kinds};
use crate::emit::sample::{Random, approve, policy, requests};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const SEEDS: u64 = 10;

/// The group, the tier of each domain that no emergency replaces, and whether there is an emergency.
fn key(policy: &Policy, request: &Value) -> Option<(String, Vec<Option<usize>>, bool)> {
    let group = group(policy, request["action"]["name"].as_str()?, request["resource"]["id"].as_str()?)?;
    let given: BTreeMap<&str, _> = request["context"]["inputs"]
        .as_object()?
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), given(value)?)))
        .collect();
    let emergency = group.domains.iter().any(|id| policy.domains[id].emergency.is_some()) && request["context"].get("emergency").is_some();
    let tier = |id: &String| {
        Some(&policy.domains[id])
            .filter(|domain| !(emergency && domain.emergency.is_some()))
            .and_then(|domain| inputs::tier(domain, &given))
    };
    Some((group.id.clone(), group.domains.iter().map(tier).collect(), emergency))
}

#[test]
fn a_base_is_denied_only_for_what_no_request_could_mend() {
    let mut count = 0;
    for seed in 0..SEEDS {
        let policy = policy(&mut Random::new(seed));
        for derived in derive(&policy, usize::MAX).iter().filter(|derived| derived.kind == "allowed") {
            let decision = decide(&policy, &derived.request);
            let unmendable = BTreeSet::from([Reason::Purpose, Reason::Credential]);
            assert!(
                decision.reasons().is_subset(&unmendable),
                "seed {seed}, {}: {:?}\n{}",
                derived.about,
                decision.reasons(),
                derived.request
            );
            count += usize::from(decision.allow);
        }
    }
    assert!(count > 50, "{count}");
}

#[test]
fn what_a_random_request_reaches_a_base_reaches_too() {
    let mut count = 0;
    for seed in 0..SEEDS {
        let mut random = Random::new(seed);
        let policy = policy(&mut random);
        let derived = derive(&policy, usize::MAX);
        let allowed: Vec<_> = derived.iter().filter(|derived| decide(&policy, &derived.request).allow).collect();
        let reached: BTreeSet<_> = allowed.iter().filter_map(|derived| key(&policy, &derived.request)).collect();
        for request in requests(&mut random, &policy, &derived, 1000) {
            if decide(&policy, &request.request).allow {
                let key = key(&policy, &request.request).expect("an allowed request is in a group");
                assert!(reached.contains(&key), "seed {seed}: {key:?}\n{}", request.request);
                count += 1;
            }
        }
    }
    assert!(count > 200, "{count}");
}

/// Every set of good slots without a conflict, and every choice of minimal ways, as the contract defines both.
#[test]
fn approvals_are_judged_as_both_definitions_judge_them() {
    let (mut yes, mut no) = (0, 0);
    for seed in 0..SEEDS {
        let mut random = Random::new(seed);
        let policy = policy(&mut random);
        let people: Vec<&String> = policy.people.keys().collect();
        let bases: Vec<_> = derive(&policy, usize::MAX)
            .into_iter()
            .filter(|derived| derived.kind == "allowed" && decide(&policy, &derived.request).allow)
            .take(12)
            .collect();
        for base in &bases {
            for _ in 0..40 {
                let mut request = base.request.clone();
                approve(&mut random, &policy, &people, &mut request);
                let expected = by_subsets(&policy, &request);
                assert_eq!(by_ways(&policy, &request), expected, "seed {seed}\n{request}");
                assert_eq!(decide(&policy, &request).allow, expected, "seed {seed}\n{request}");
                if expected { yes += 1 } else { no += 1 }
            }
        }
    }
    assert!(yes > 200 && no > 200, "{yes} {no}");
}

/// A good slot: domain, function, its number, the human who holds it.
type Slot = (String, String, u32, String);

fn good(policy: &Policy, request: &Value) -> (Vec<(String, Quorum)>, Vec<Slot>) {
    let (_, tiers, emergency) = key(policy, request).expect("a base is in a group");
    let group = group(
        policy,
        request["action"]["name"].as_str().unwrap_or(""),
        request["resource"]["id"].as_str().unwrap_or(""),
    )
    .expect("a base is in a group");
    let context = &request["context"];
    let (now, mut quorums, mut slots) = (context["now"].as_i64().unwrap_or(0), Vec::new(), Vec::new());
    for (id, tier) in group.domains.iter().zip(tiers) {
        let domain = &policy.domains[id];
        let declared = domain.emergency.as_ref().filter(|_| emergency).map(|emergency| &emergency.quorum);
        let quorum = declared
            .or_else(|| Some(&domain.tiers[tier?].quorum))
            .expect("a base has a quorum in each domain");
        quorums.push((id.clone(), quorum.clone()));
        let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
        for (slot, function) in domain.slots(id) {
            let number = numbers.entry(function.clone()).or_insert(0);
            *number += 1;
            let Some(approval) = context["approvals"].get(&slot) else {
                continue;
            };
            let (by, at) = (approval["by"].as_str().unwrap_or(""), approval["at"].as_i64().unwrap_or(-1));
            let windows = domain.seats[&function].get(by).into_iter().flatten();
            let held = windows
                .into_iter()
                .any(|window| window.starts <= at && at < window.ends && window.starts <= now && now < window.ends);
            let human = |person: &Value| person.as_str().and_then(|person| policy.human(person));
            let urgent = emergency && domain.emergency.is_some();
            let principal = request["subject"]["properties"]["principal"].as_str().unwrap_or("");
            let principal = &policy.agents[request["subject"]["id"].as_str().unwrap_or("")].principals[principal];
            let concerned = [
                human(&context["on_behalf_of"]),
                human(&context["requested_by"]),
                human(&context["emergency"]["declared_by"]).filter(|_| urgent),
                principal.human.as_deref().filter(|_| principal.life.is_some()),
            ];
            let own = policy.human(by).is_some_and(|own| concerned.contains(&Some(own)));
            let since = if urgent {
                context["emergency"]["at"].as_i64().unwrap_or(0)
            } else {
                0
            };
            if held && !own && at >= since && at <= now && now - at <= domain.valid && approval["for"] == context["binding"] {
                slots.push((id.clone(), function, *number, policy.human(by).unwrap_or(by).to_owned()));
            }
        }
    }
    (quorums, slots)
}

fn conflict(policy: &Policy, one: &Slot, two: &Slot) -> bool {
    let both = policy.domains[&one.0].same_person && policy.domains[&two.0].same_person;
    one.3 == two.3 && (one.0 == two.0 && one.1 == two.1 || one.1 != two.1 && !both)
}

fn free(policy: &Policy, slots: &[&Slot]) -> bool {
    slots
        .iter()
        .enumerate()
        .all(|(index, one)| slots[..index].iter().all(|two| !conflict(policy, one, two)))
}

fn by_subsets(policy: &Policy, request: &Value) -> bool {
    let (quorums, slots) = good(policy, request);
    (0..1_u32 << slots.len()).any(|mask| {
        let chosen: Vec<&Slot> = slots
            .iter()
            .enumerate()
            .filter(|(index, _)| mask >> index & 1 == 1)
            .map(|(_, slot)| slot)
            .collect();
        let has = |domain: &str, function: &str, number: u32| {
            chosen.iter().any(|slot| slot.0 == domain && slot.1 == function && slot.2 == number)
        };
        free(policy, &chosen)
            && quorums
                .iter()
                .all(|(domain, quorum)| quorum.met(&|function| (1..).take_while(|number| has(domain, function, *number)).count() as u32))
    })
}

fn by_ways(policy: &Policy, request: &Value) -> bool {
    let (quorums, slots) = good(policy, request);
    let mut chosen: Vec<Vec<&Slot>> = vec![Vec::new()];
    for (domain, quorum) in &quorums {
        let ways = ways(quorum, 10_000).expect("a sample has small quorums");
        chosen = chosen
            .iter()
            .flat_map(|before| {
                ways.iter().filter_map(|way| {
                    let needed = way
                        .iter()
                        .flat_map(|(function, count)| (1..=*count).map(move |number| (function, number)));
                    let more = needed.map(|(function, number)| {
                        slots
                            .iter()
                            .find(|slot| slot.0 == *domain && slot.1 == *function && slot.2 == number)
                    });
                    let more: Option<Vec<&Slot>> = more.collect();
                    Some(before.iter().copied().chain(more?).collect())
                })
            })
            .collect();
    }
    chosen.iter().any(|chosen| free(policy, chosen))
}

struct Contrary;

impl Decider for Contrary {
    fn name(&self) -> &'static str {
        "contrary"
    }

    fn answer(&self, request: &Value) -> Result<Answer, String> {
        if request.is_object() {
            Ok(Answer::yes(BTreeSet::new()))
        } else {
            Err("this is not a request".to_owned())
        }
    }
}

#[test]
fn disagreements_come_in_order_and_every_kind_is_counted() {
    let policy = policy(&mut Random::new(3));
    let derived = derive(&policy, 300);
    assert_eq!(derived, derive(&policy, 300));
    let agreement = hold(&policy, &derived, &[&Contrary]);
    assert_eq!(agreement.allowed + agreement.denied, derived.len());
    assert_eq!(agreement.kinds, kinds(&derived));
    // For an allowed request, it does not know the obligations.
    let obliged = agreement.answers.iter().filter(|answer| !answer.obligations.is_empty());
    assert_eq!(agreement.disagreements.len(), agreement.denied + obliged.count());
    assert!(agreement.disagreements.windows(2).all(|pair| pair[0].index < pair[1].index));
    assert!(agreement.disagreements.iter().any(|disagreement| disagreement.answered.is_err()));
}

#[test]
fn a_cap_keeps_some_of_every_kind() {
    let policy = policy(&mut Random::new(3));
    let (all, some) = (kinds(&derive(&policy, usize::MAX)), kinds(&derive(&policy, 60)));
    assert_eq!(all.keys().collect::<Vec<_>>(), some.keys().collect::<Vec<_>>());
    assert!(derive(&policy, 60).len() <= 60 * policy.groups.len());
}
