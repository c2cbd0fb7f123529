//! The annotations that every policy has.

use crate::emit::cedar::emit;
use crate::emit::reason::Reason;
use crate::emit::sample::{Random, policy};
use cedar_policy::{Effect, Policy, PolicySet};
use std::collections::BTreeSet;
use std::str::FromStr;

fn policies(text: &str) -> Vec<Policy> {
    let set = PolicySet::from_str(text).unwrap_or_else(|error| unreachable!("{error}"));
    set.policies().cloned().collect()
}

#[test]
fn permits_say_where_they_come_from_and_forbids_what_they_deny() {
    let mut reasons = BTreeSet::new();
    for seed in 0..6 {
        let policy = policy(&mut Random::new(seed));
        let cedar = emit(&policy).expect("it can be said");
        for permit in policies(&cedar.policies) {
            for name in ["id", "source", "domain", "controls"] {
                assert!(permit.annotation(name).is_some_and(|text| !text.is_empty()), "{name}: {permit}");
            }
        }
        let explain = policies(&cedar.explain);
        for forbid in explain.iter().filter(|policy| policy.effect() == Effect::Forbid) {
            let said = |name: &str| forbid.annotation(name);
            let reason = said("reason").and_then(Reason::of).expect("a reason of the list");
            if let Some(slot) = said("slot") {
                let (domain, function) = (said("domain").expect("a domain"), said("function").expect("a function"));
                assert!(slot.starts_with(&[domain, "/", function].concat()), "{forbid}");
            }
            reasons.insert(reason);
        }
    }
    let nowhere = [Reason::UnknownTool, Reason::Malformed];
    let expected: BTreeSet<Reason> = Reason::ALL.into_iter().filter(|reason| !nowhere.contains(reason)).collect();
    assert_eq!(reasons, expected);
}
