//! Joint approving sets, against a search over every set of approvals.

use crate::emit::policy::{Domain, Policy, Quorum};
use crate::emit::rego::tests::fixture::{Machines, domain, group, policy, request, seats, tier};
use crate::emit::sample::person;

const PEOPLE: [&str; 4] = ["ann", "bob", "cid", "eve"];
const FUNCTIONS: [&str; 3] = ["business", "security", "privacy"];

/// Numbers that look like chance, the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn quorum(&mut self, depth: usize) -> Quorum {
        let function = FUNCTIONS[self.below(3)].to_owned();
        match self.below(if depth == 0 { 2 } else { 4 }) {
            0 => Quorum::Seat(1, function),
            1 => Quorum::Seat(2, function),
            _ => {
                let parts: Vec<Quorum> = (0..2 + self.below(2)).map(|_| self.quorum(depth - 1)).collect();
                Quorum::Threshold(1 + self.below(parts.len()) as u32, parts)
            }
        }
    }

    fn domain(&mut self) -> Domain {
        let mut made = domain(vec![tier(None, self.quorum(2))]);
        let mut eligible = || PEOPLE.into_iter().filter(|_| self.below(3) > 0).collect::<Vec<_>>();
        let of = FUNCTIONS.map(|_| eligible());
        let of: Vec<(&str, &[&str])> = FUNCTIONS
            .iter()
            .zip(&of)
            .map(|(function, people)| (*function, people.as_slice()))
            .collect();
        made.seats = seats(&of);
        made.same_person = self.below(3) == 0;
        made
    }
}

struct Given {
    domain: String,
    function: String,
    slot: String,
    by: String,
}

fn conflict(policy: &Policy, one: &Given, two: &Given) -> bool {
    let lenient = policy.domains[&one.domain].same_person && policy.domains[&two.domain].same_person;
    one.by == two.by
        && one.slot != two.slot
        && if one.function == two.function {
            one.domain == two.domain
        } else {
            !lenient
        }
}

/// Whether some set of good approvals without a conflict meets every quorum, a function counted up to its first empty
/// slot.
fn expected(policy: &Policy, domains: &[&str], good: &[Given]) -> bool {
    (0_u32..1 << good.len()).any(|chosen| {
        let set: Vec<&Given> = good
            .iter()
            .enumerate()
            .filter(|(index, _)| chosen >> index & 1 == 1)
            .map(|(_, given)| given)
            .collect();
        let distinct = set.iter().all(|one| set.iter().all(|two| !conflict(policy, one, two)));
        distinct
            && domains.iter().all(|id| {
                let domain = &policy.domains[*id];
                let count = |function: &str| {
                    let slots = domain.slots(id).into_iter().filter(|(_, of)| of == function);
                    slots.take_while(|(slot, _)| set.iter().any(|given| given.slot == *slot)).count() as u32
                };
                domain.tiers[0].quorum.met(&count)
            })
    })
}

#[test]
fn joint_quorums_agree_with_a_search() {
    let mut chance = Chance(7);
    let (mut allowed, mut asked) = (0, 0);
    for _ in 0..60 {
        let names = &["one", "two", "three"][..1 + chance.below(3)];
        let mut policy = policy();
        policy.people.extend(PEOPLE.map(person));
        policy.domains = names.iter().map(|&id| (id.to_owned(), chance.domain())).collect();
        policy.groups = vec![group(names, "write.update", "ads/budget")];
        let machines = Machines::new(&policy);
        for _ in 0..12 {
            let (mut approvals, mut good) = (Vec::new(), Vec::new());
            for id in names {
                for (slot, function) in policy.domains[*id].slots(id) {
                    let by = PEOPLE[chance.below(4)];
                    if chance.below(8) == 0 {
                        continue;
                    }
                    approvals.push((slot.clone(), by));
                    if policy.domains[*id].seats[&function].contains_key(by) {
                        good.push(Given {
                            domain: (*id).to_owned(),
                            function,
                            slot,
                            by: by.to_owned(),
                        });
                    }
                }
            }
            let approvals: Vec<(&str, &str)> = approvals.iter().map(|(slot, by)| (slot.as_str(), *by)).collect();
            let outcome = machines.ask(&request("write.update", "ads/budget", &approvals));
            assert_eq!(
                outcome.allow,
                expected(&policy, names, &good),
                "{:#?} {approvals:?}",
                policy.domains
            );
            allowed += usize::from(outcome.allow);
            asked += 1;
        }
    }
    assert!(allowed > asked / 10 && allowed < asked * 9 / 10, "{allowed} of {asked}");
}
