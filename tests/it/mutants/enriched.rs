//! The same domains and quorums over more data: people in several seats and for a time only, tasks that take in less, agents that act
//! for people. What an example's own people and tasks make no use of is made use of here, and the permits ask for the same.

use quorate::emit::policy::{Agent, FOREVER, OUTSIDER, Person, Policy, Principal, SCHEDULE, StartedBy, Task, Window};
use std::collections::{BTreeMap, BTreeSet};

const DAY: i64 = 86_400;
/// Holds every seat.
const EVERYWHERE: &str = "extra.everywhere";
/// Holds every seat, for a time.
const FOR_A_TIME: &str = "extra.for_a_time";
/// The same human again.
const TWIN: &str = "extra.twin";
/// Holds every seat while there.
const PASSING: &str = "extra.passing";
/// Holds no seat, and an agent may do one thing for this person.
const READER: &str = "extra.reader";
/// Holds no seat, and an agent may do nothing here for this person.
const GUEST: &str = "extra.guest";
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
    let ever = Window { starts: 0, ends: FOREVER };
    let while_there = Window {
        starts: within - 50 * DAY,
        ends: within - 10 * DAY,
    };
    let people = [
        (EVERYWHERE, EVERYWHERE, ever),
        (TWIN, EVERYWHERE, ever),
        (FOR_A_TIME, FOR_A_TIME, ever),
        (USER, USER, ever),
        (READER, READER, ever),
        (GUEST, GUEST, ever),
        (PASSING, PASSING, while_there),
    ];
    for (id, human, window) in people {
        let person = Person {
            human: human.to_owned(),
            window,
            accounts: BTreeSet::new(),
        };
        more.people.insert(id.to_owned(), person);
    }
    for domain in more.domains.values_mut() {
        for seats in domain.seats.values_mut() {
            let for_a_time = [(60, 40), (30, 20)].map(|(from, to)| Window {
                starts: within - from * DAY,
                ends: within - to * DAY,
            });
            seats.insert(EVERYWHERE.to_owned(), vec![ever]);
            seats.insert(TWIN.to_owned(), vec![ever]);
            seats.insert(PASSING.to_owned(), vec![while_there]);
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
            started_by: StartedBy::default(),
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
            "scheduled",
            Task {
                started_by: StartedBy {
                    only: Some(BTreeSet::from([USER.to_owned(), PASSING.to_owned()])),
                    words: BTreeSet::from([SCHEDULE.to_owned(), OUTSIDER.to_owned()]),
                },
                ..own.clone()
            },
        ));
        let until = |resources: &BTreeSet<String>| {
            let ends = own.window.ends - 20 * DAY;
            resources.iter().map(|resource| (resource.clone(), ends)).collect()
        };
        variants.push((
            "waived",
            Task {
                waived: everything
                    .iter()
                    .map(|(action, resources)| (action.clone(), until(resources)))
                    .collect(),
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
            ("spiffe://extra/long".to_owned(), principal(900, None)),
            ("spiffe://extra/short".to_owned(), principal(60, None)),
            ("spiffe://extra/somebody".to_owned(), principal(900, Some(EVERYWHERE))),
        ]),
        acts_for: [
            (EVERYWHERE, "extra/all"),
            (USER, "extra/all"),
            (PASSING, "extra/all"),
            (READER, "extra/some"),
            (GUEST, "extra/none"),
        ]
        .map(|(person, bound)| (person.to_owned(), bound.to_owned()))
        .into(),
        bounds: BTreeMap::from([
            ("extra/all".to_owned(), everything.clone()),
            ("extra/some".to_owned(), narrow(policy, 0)),
            ("extra/none".to_owned(), beside(policy)),
        ]),
        current: vec![Window {
            starts: within - 200 * DAY,
            ends: within - 5 * DAY,
        }],
        source: "extra.gov:1".to_owned(),
    };
    more.agents.insert(AGENT.to_owned(), agent);
    more
}

fn principal(life: i64, human: Option<&str>) -> Principal {
    Principal {
        life: Some(life),
        human: human.map(str::to_owned),
    }
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
