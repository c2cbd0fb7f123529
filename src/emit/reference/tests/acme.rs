//! A small policy by hand: consent, refunds, export, and two groups of two domains.

use crate::emit::policy::StartedBy;
use crate::emit::policy::{
    Agent, Comparison, Condition, Constant, Domain, Emergency, FOREVER, Group, Input, Limit, Policy, Quorum, Task, Tier, Window,
};
use crate::emit::sample::{acting, person, principal};
use std::collections::{BTreeMap, BTreeSet};

/// Now.
pub(super) const NOW: i64 = 1_795_428_000;
const DAY: i64 = 86_400;

fn set(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn seat(function: &str) -> Quorum {
    Quorum::Seat(1, function.to_owned())
}

fn all(functions: &[&str]) -> Quorum {
    Quorum::Threshold(functions.len() as u32, functions.iter().map(|function| seat(function)).collect())
}

fn tier(condition: Option<Condition>, quorum: Quorum) -> Tier {
    Tier {
        condition,
        quorum,
        text: String::new(),
        source: String::new(),
    }
}

fn at_most(input: &str, number: i64) -> Option<Condition> {
    Some(Condition::Compare(input.to_owned(), Comparison::AtMost, Constant::Number(number)))
}

/// Maria and Mark are business, Sam is security, Dana is privacy; Alex holds business and security; Del is privacy for
/// one day.
fn domain(tiers: Vec<Tier>) -> Domain {
    let always = vec![Window { starts: 0, ends: FOREVER }];
    let seats = |people: &[&str]| {
        people
            .iter()
            .map(|person| ((*person).to_owned(), always.clone()))
            .collect::<BTreeMap<_, _>>()
    };
    let mut privacy = seats(&["dana"]);
    privacy.insert(
        "del".to_owned(),
        vec![
            Window {
                starts: NOW - 7200,
                ends: NOW - 3600,
            },
            Window {
                starts: NOW - 600,
                ends: NOW + 600,
            },
        ],
    );
    Domain {
        title: String::new(),
        seats: BTreeMap::from([
            ("business".to_owned(), seats(&["alex", "maria", "mark"])),
            ("security".to_owned(), seats(&["alex", "sam"])),
            ("privacy".to_owned(), privacy),
        ]),
        tiers,
        same_person: false,
        valid: 3600,
        single_use: true,
        inputs: BTreeMap::new(),
        limits: Vec::new(),
        purposes: None,
        rollbacks: Vec::new(),
        evidence: None,
        emergency: None,
        source: String::new(),
        controls: Vec::new(),
    }
}

fn money(most: i64, per: Option<i64>) -> Limit {
    Limit {
        input: "amount".to_owned(),
        unit: "EUR".to_owned(),
        most,
        per,
        source: String::new(),
    }
}

/// The policy.
pub(super) fn policy() -> Policy {
    let three = &["business", "privacy", "security"];
    let consent = Domain {
        purposes: Some(set(&["sync"])),
        evidence: Some("ledger".to_owned()),
        rollbacks: vec!["restore".to_owned()],
        emergency: Some(Emergency {
            quorum: all(&["business", "security"]),
            lasts: 900,
            review: Some(86_400),
            source: String::new(),
        }),
        ..domain(vec![tier(None, all(three))])
    };
    let refund = Domain {
        inputs: BTreeMap::from([(
            "amount".to_owned(),
            Input::Money {
                currency: "EUR".to_owned(),
                from: 1,
                to: 100_000,
            },
        )]),
        limits: vec![money(90_000, Some(DAY))],
        ..domain(vec![
            tier(at_most("amount", 5_000), Quorum::None),
            tier(at_most("amount", 20_000), seat("business")),
            tier(at_most("amount", 95_000), Quorum::Seat(2, "business".to_owned())),
        ])
    };
    let export = domain(vec![tier(
        None,
        Quorum::Threshold(2, three.iter().map(|function| seat(function)).collect()),
    )]);
    let small = |functions| Domain {
        same_person: true,
        ..domain(vec![tier(None, all(functions))])
    };
    let domains = [
        ("consent", consent),
        ("refund", refund),
        ("export", export),
        ("price", small(&["business"])),
        ("stock", small(&["business", "security"])),
        ("audit", domain(vec![tier(None, seat("security"))])),
    ];
    let groups = [
        ("consent", vec!["consent"]),
        ("refund", vec!["refund"]),
        ("export", vec!["export"]),
        ("price", vec!["price", "stock"]),
        ("audit", vec!["audit", "price"]),
    ];
    let scope = |names: &[&str]| BTreeMap::from([("write".to_owned(), names.iter().map(|name| format!("crm/{name}")).collect())]);
    let window = Window {
        starts: NOW - DAY,
        ends: NOW + DAY,
    };
    let task = |agent: &str, names: &[&str], limits: Vec<Limit>| Task {
        agent: agent.to_owned(),
        purpose: Some("sync".to_owned()),
        window,
        scope: scope(names),
        waived: BTreeMap::new(),
        started_by: StartedBy::default(),
        limits,
        source: String::new(),
    };
    let agent = |name: &str| Agent {
        principals: BTreeMap::from([
            (name.to_owned(), principal(Some(900))),
            ("spiffe://none".to_owned(), principal(None)),
        ]),
        current: vec![window],
        ..Agent::default()
    };
    let agent = |name: &str, people: &[&str]| acting(agent(name), people, &scope(&["consent", "export"]));
    Policy {
        workspace: "acme".to_owned(),
        revision: "r1".to_owned(),
        agents: BTreeMap::from([
            ("bot".to_owned(), agent("spiffe://bot", &[])),
            ("helper".to_owned(), agent("spiffe://helper", &["mark", "zoe"])),
            ("lead".to_owned(), agent("spiffe://lead", &[])),
        ]),
        tasks: BTreeMap::from([
            ("sync".to_owned(), task("bot", &["consent", "export", "price", "audit"], Vec::new())),
            ("refunds".to_owned(), task("bot", &["refund"], vec![money(80_000, None)])),
            ("help".to_owned(), task("helper", &["consent", "export"], Vec::new())),
        ]),
        people: ["alex", "dana", "del", "maria", "mark", "sam", "uma", "zoe"].map(person).into(),
        domains: domains.map(|(id, domain)| (id.to_owned(), domain)).into(),
        groups: groups
            .map(|(id, domains)| Group {
                id: id.to_owned(),
                domains: domains.into_iter().map(ToOwned::to_owned).collect(),
                actions: set(&["write"]),
                resources: BTreeSet::from([format!("crm/{id}")]),
            })
            .into(),
        calls: [("lead", "bot", "sync"), ("helper", "lead", "plan")]
            .map(|(caller, callee, task)| (caller.to_owned(), callee.to_owned(), task.to_owned()))
            .into(),
        inputs: set(&["amount", "records"]),
    }
}
