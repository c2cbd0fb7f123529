//! The same domains and quorums over more data: people in several seats and for a time only, tasks that take in less, agents that act
//! for people. What an example's own people and tasks make no use of is made use of here, and the permits ask for the same.

use quorate::emit::policy::{Agent, FOREVER, Policy, Task, Window};
use std::collections::{BTreeMap, BTreeSet};

const DAY: i64 = 86_400;
/// Holds every seat.
const EVERYWHERE: &str = "extra.everywhere";
/// Holds every seat, for a time.
const FOR_A_TIME: &str = "extra.for_a_time";
/// Holds every seat and is no person of the workspace.
const UNKNOWN: &str = "extra.unknown";
/// Holds no seat.
const USER: &str = "extra.user";
const AGENT: &str = "extra.agent";
/// No group is about it.
const ELSEWHERE: &str = "extra.system/extra.class";
const PURPOSE: &str = "extra.purpose";
/// No domain allows it.
const OTHER_PURPOSE: &str = "extra.other";

/// A policy with more data.
pub fn enriched(policy: &Policy) -> Policy {
    let mut more = policy.clone();
    let ends = policy.tasks.values().map(|task| task.window.ends).max().unwrap_or(FOREVER);
    let starts = ends - 300 * DAY;
    // Every task lasts until then.
    let within = policy.tasks.values().map(|task| task.window.ends).min().unwrap_or(FOREVER);
    for person in [EVERYWHERE, FOR_A_TIME, USER] {
        more.people.insert(person.to_owned(), BTreeSet::new());
    }
    for domain in more.domains.values_mut() {
        for seats in domain.seats.values_mut() {
            let ever = Window { starts: 0, ends: FOREVER };
            let for_a_time = [(60, 40), (30, 20)].map(|(from, to)| Window {
                starts: within - from * DAY,
                ends: within - to * DAY,
            });
            seats.insert(EVERYWHERE.to_owned(), vec![ever]);
            seats.insert(UNKNOWN.to_owned(), vec![ever]);
            seats.insert(FOR_A_TIME.to_owned(), for_a_time.to_vec());
        }
        if let Some(purposes) = &mut domain.purposes {
            purposes.insert(PURPOSE.to_owned());
        }
    }
    let everything = everything(policy);
    for (id, task) in &policy.tasks {
        let window = Window {
            starts: starts.max(task.window.starts),
            ends: task.window.ends,
        };
        let own = Task {
            window,
            scope: everything.clone(),
            ..task.clone()
        };
        let mut variants = vec![
            (
                "unlimited",
                Task {
                    limits: Vec::new(),
                    purpose: Some(PURPOSE.to_owned()),
                    ..own.clone()
                },
            ),
            (
                "deputy",
                Task {
                    agent: AGENT.to_owned(),
                    ..own.clone()
                },
            ),
        ];
        variants.push((
            "since_ever",
            Task {
                window: Window { starts: 0, ..own.window },
                ..own.clone()
            },
        ));
        for (place, name) in ["narrow_0", "narrow_1", "narrow_2", "narrow_3", "narrow_4", "narrow_5"]
            .into_iter()
            .enumerate()
        {
            let scope = narrow(policy, place);
            if !scope.is_empty() {
                variants.push((name, Task { scope, ..own.clone() }));
            }
        }
        variants.push((
            "beside",
            Task {
                scope: beside(policy),
                ..own.clone()
            },
        ));
        variants.push((
            "aimless",
            Task {
                purpose: Some(OTHER_PURPOSE.to_owned()),
                ..own.clone()
            },
        ));
        variants.push((
            "elsewhere",
            Task {
                scope: BTreeMap::new(),
                ..own.clone()
            },
        ));
        for (name, variant) in variants {
            more.tasks.insert(format!("{id}.{name}"), variant);
        }
        more.calls.insert((AGENT.to_owned(), task.agent.clone(), id.clone()));
        more.calls.insert((task.agent.clone(), AGENT.to_owned(), format!("{id}.deputy")));
        more.tasks.insert(id.clone(), own);
    }
    let agent = Agent {
        principals: BTreeMap::from([
            ("spiffe://extra/long".to_owned(), Some(900)),
            ("spiffe://extra/short".to_owned(), Some(60)),
        ]),
        acts_for: BTreeSet::from([EVERYWHERE.to_owned(), USER.to_owned()]),
        source: "extra.gov:1".to_owned(),
    };
    more.agents.insert(AGENT.to_owned(), agent);
    more
}

/// Every operation that is in a group, and each action on something that is in none.
fn everything(policy: &Policy) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for group in &policy.groups {
        for action in &group.actions {
            let resources = all.entry(action.clone()).or_default();
            resources.extend(group.resources.iter().cloned());
            resources.insert(ELSEWHERE.to_owned());
        }
    }
    all
}

/// One action of each group on all that the group is about.
fn narrow(policy: &Policy, place: usize) -> BTreeMap<String, BTreeSet<String>> {
    let mut some: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for group in &policy.groups {
        for action in group.actions.iter().skip(place).take(1) {
            some.entry(action.clone()).or_default().extend(group.resources.iter().cloned());
        }
    }
    some
}

/// Every action, on nothing that a group is about.
fn beside(policy: &Policy) -> BTreeMap<String, BTreeSet<String>> {
    let actions = policy.groups.iter().flat_map(|group| &group.actions);
    actions
        .map(|action| (action.clone(), BTreeSet::from([ELSEWHERE.to_owned()])))
        .collect()
}
