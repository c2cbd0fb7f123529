//! A small policy, requests to it, and both machines to ask.

use crate::emit::answer::Answer;
use crate::emit::policy::StartedBy;
use crate::emit::policy::{
    Agent, Comparison, Condition, Constant, Domain, Emergency, FOREVER, Group, Input, Limit, Policy, Quorum, Task, Tier, Window,
};
use crate::emit::reason::Reason;
use crate::emit::reference::decide;
use crate::emit::rego::{Engine, Rego, emit};
use crate::emit::sample::{acting, person, principal};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The instant of every request.
pub const NOW: i64 = 1_795_428_000;
/// The time at which windows close or open.
pub const TURN: i64 = NOW - 1_000;

/// Both machines.
pub struct Machines {
    engine: Engine,
    interpreter: regorus::Engine,
    policy: Policy,
    revision: String,
}

impl Machines {
    pub fn new(policy: &Policy) -> Machines {
        let rego = emit(policy);
        assert_eq!(rego.losses, Vec::new());
        Machines {
            engine: Engine::new(&rego).expect("it loads"),
            interpreter: interpreter(&rego),
            policy: policy.clone(),
            revision: policy.revision.clone(),
        }
    }

    /// The answer, which both machines and the reference meaning must give. A refusal must have a reason, and a
    /// permission must have none.
    pub fn ask(&self, request: &Value) -> Answer {
        let outcome = self.engine.decide(request);
        let mut interpreter = self.interpreter.clone();
        interpreter.set_input_json(&request.to_string()).expect("JSON");
        let other = interpreter
            .eval_rule("data.quorate.authz.evaluation".to_owned())
            .expect("an answer");
        let other = serde_json::to_value(other).expect("JSON");
        assert_eq!(outcome.error, None, "{request:#}");
        let answer = outcome.answer;
        let published = answer.json(&self.revision);
        assert_eq!(Answer::read(&other).as_ref(), Some(&answer), "{request:#}");
        for part in ["reasons", "open", "domains", "revision"] {
            assert_eq!(other["context"][part], published["context"][part], "{request:#}");
        }
        assert_eq!(answer.allow, answer.denials.is_empty(), "{request:#}");
        assert_eq!(answer, decide(&self.policy, request), "{request:#}");
        answer
    }

    /// Asserts the answer: `allow`, or the reasons separated by spaces.
    pub fn expect(&self, name: &str, request: &Value, answer: &str) {
        let codes: BTreeSet<&str> = self.ask(request).reasons().into_iter().map(Reason::code).collect();
        let given = match codes.is_empty() {
            true => "allow".to_owned(),
            false => codes.into_iter().collect::<Vec<_>>().join(" "),
        };
        assert_eq!(given, answer, "{name}: {request:#}");
    }
}

fn interpreter(rego: &Rego) -> regorus::Engine {
    let mut engine = regorus::Engine::new();
    for (name, text) in [("policy.rego", &rego.module), ("reasons.rego", &rego.reasons)] {
        engine.add_policy(name.to_owned(), text.clone()).expect("a module");
    }
    engine.add_data_json(&rego.data.to_string()).expect("data");
    engine
}

pub fn seat(function: &str) -> Quorum {
    Quorum::Seat(1, function.to_owned())
}

pub fn all(parts: Vec<Quorum>) -> Quorum {
    Quorum::Threshold(parts.len() as u32, parts)
}

pub fn tier(condition: Option<Condition>, quorum: Quorum) -> Tier {
    Tier {
        condition,
        quorum,
        text: "as written".to_owned(),
        source: "acme.gov:1".to_owned(),
    }
}

pub fn always() -> Window {
    Window { starts: 0, ends: FOREVER }
}

pub fn set(members: &[&str]) -> BTreeSet<String> {
    members.iter().map(|&member| member.to_owned()).collect()
}

/// People that can always approve as these functions.
pub fn seats(functions: &[(&str, &[&str])]) -> BTreeMap<String, BTreeMap<String, Vec<Window>>> {
    let people = |people: &[&str]| people.iter().map(|&person| (person.to_owned(), vec![always()])).collect();
    functions.iter().map(|&(function, of)| (function.to_owned(), people(of))).collect()
}

pub fn domain(tiers: Vec<Tier>) -> Domain {
    Domain {
        title: "A domain".to_owned(),
        seats: seats(&[
            ("business", &["maria", "max", "omni"]),
            ("security", &["sol", "omni"]),
            ("privacy", &["dana", "omni"]),
        ]),
        tiers,
        same_person: false,
        valid: 86_400,
        single_use: true,
        inputs: BTreeMap::new(),
        limits: Vec::new(),
        purposes: None,
        rollbacks: Vec::new(),
        evidence: None,
        emergency: None,
        source: "acme.gov:1".to_owned(),
        controls: vec!["house-controls:ASI03".to_owned()],
    }
}

pub fn group(domains: &[&str], action: &str, resource: &str) -> Group {
    Group {
        id: domains.join("+"),
        domains: domains.iter().map(|&id| id.to_owned()).collect(),
        actions: set(&[action]),
        resources: set(&[resource]),
    }
}

/// A limit in one window of a day.
pub fn daily(input: &str, unit: &str, most: i64) -> Limit {
    Limit {
        input: input.to_owned(),
        unit: unit.to_owned(),
        most,
        per: Some(86_400),
        source: "acme.gov:1".to_owned(),
    }
}

fn number(input: &str, comparison: Comparison, constant: i64) -> Condition {
    Condition::Compare(input.to_owned(), comparison, Constant::Number(constant))
}

fn consent() -> Domain {
    let mut consent = domain(vec![tier(None, all(vec![seat("business"), seat("security"), seat("privacy")]))]);
    let security = consent.seats.get_mut("security").expect("a seat");
    security.insert("leaver".to_owned(), vec![Window { starts: 0, ends: TURN }]);
    security.insert(
        "joiner".to_owned(),
        vec![Window {
            starts: TURN,
            ends: FOREVER,
        }],
    );
    security.insert(
        "twice".to_owned(),
        vec![
            Window {
                starts: 0,
                ends: TURN - 500,
            },
            Window {
                starts: TURN,
                ends: FOREVER,
            },
        ],
    );
    consent.inputs.insert("records".to_owned(), Input::Integer { from: 1, to: 5_000 });
    consent.limits.push(daily("records", "integer", 6_000));
    consent.purposes = Some(set(&["sync"]));
    consent.rollbacks = vec!["restore".to_owned()];
    consent.evidence = Some("ledger".to_owned());
    let quorum = all(vec![seat("security"), seat("privacy")]);
    consent.emergency = Some(Emergency {
        quorum,
        lasts: 3_600,
        review: Some(86_400),
        source: "acme.gov:2".to_owned(),
    });
    consent
}

fn refunds() -> Domain {
    let harmless = Condition::All(vec![
        number("amount", Comparison::AtMost, 5_000),
        Condition::Among("why".to_owned(), vec![Constant::Word("damage".to_owned())]),
    ]);
    let mut refunds = domain(vec![
        tier(Some(harmless), Quorum::None),
        tier(Some(number("amount", Comparison::AtMost, 50_000)), seat("business")),
        tier(
            Some(number("amount", Comparison::AtMost, 90_000)),
            all(vec![Quorum::Seat(2, "business".to_owned()), seat("security")]),
        ),
    ]);
    refunds.inputs.insert(
        "amount".to_owned(),
        Input::Money {
            currency: "EUR".to_owned(),
            from: 0,
            to: 100_000,
        },
    );
    refunds.inputs.insert(
        "why".to_owned(),
        Input::OneOf {
            words: vec!["damage".to_owned(), "goodwill".to_owned()],
        },
    );
    refunds.limits.push(daily("amount", "EUR", 150_000));
    refunds
}

/// Everything at once.
pub fn policy() -> Policy {
    let mut solo = domain(vec![tier(None, all(vec![seat("business"), seat("privacy")]))]);
    solo.same_person = true;
    let two_of_three = Quorum::Threshold(2, vec![seat("business"), seat("security"), seat("privacy")]);
    let domains = [
        ("consent", consent()),
        ("refunds", refunds()),
        ("budget", domain(vec![tier(None, two_of_three.clone())])),
        (
            "export",
            domain(vec![tier(None, Quorum::Threshold(1, vec![seat("security"), seat("privacy")]))]),
        ),
        ("solo", solo),
    ];
    let groups = vec![
        group(&["consent"], "write.update", "crm/consent"),
        group(&["refunds"], "money.refund", "billing/payment"),
        group(&["budget"], "write.update", "ads/budget"),
        group(&["budget", "export"], "disclose.export", "crm/profile"),
        group(&["solo"], "write.create", "crm/note"),
        group(&["budget", "solo"], "write.delete", "crm/note"),
    ];
    let scope = groups.iter().map(|group| (group.actions.clone(), group.resources.clone()));
    let mut task = Task {
        agent: "campaign".to_owned(),
        purpose: Some("sync".to_owned()),
        window: Window {
            starts: NOW - 10_000,
            ends: NOW + 10_000,
        },
        scope: BTreeMap::new(),
        waived: BTreeMap::new(),
        started_by: StartedBy::default(),
        limits: vec![Limit {
            input: "records".to_owned(),
            unit: "integer".to_owned(),
            most: 4_000,
            per: None,
            source: String::new(),
        }],
        source: "acme.gov:9".to_owned(),
    };
    scope.for_each(|(actions, resources)| {
        actions
            .into_iter()
            .for_each(|action| task.scope.entry(action).or_default().extend(resources.clone()))
    });
    let own = Agent {
        principals: [
            ("spiffe://campaign".to_owned(), principal(Some(900))),
            ("key".to_owned(), principal(None)),
        ]
        .into(),
        current: vec![task.window],
        source: "acme.gov:3".to_owned(),
        ..Agent::default()
    };
    let scope_of = task.scope.clone();
    let agent = |people: &[&str]| acting(own.clone(), people, &scope_of);
    let wide = Task {
        limits: Vec::new(),
        ..task.clone()
    };
    let helping = Task {
        agent: "helper".to_owned(),
        ..wide.clone()
    };
    let aimless = Task {
        purpose: None,
        ..wide.clone()
    };
    let ended = Task {
        window: Window { starts: 0, ends: NOW },
        ..wide.clone()
    };
    let waived = Task {
        waived: [("write.update".to_owned(), [("crm/consent".to_owned(), NOW)].into())].into(),
        ..wide.clone()
    };
    let narrow = Task {
        scope: [("write.delete".to_owned(), set(&["crm/note"]))].into(),
        ..wide.clone()
    };
    let tasks = [
        ("narrow", narrow),
        ("waived", waived),
        ("push", task),
        ("wide", wide),
        ("helping", helping),
        ("aimless", aimless),
        ("ended", ended),
    ];
    let call = |caller: &str, callee: &str, task: &str| (caller.to_owned(), callee.to_owned(), task.to_owned());
    Policy {
        workspace: "acme".to_owned(),
        revision: "sha256:current".to_owned(),
        agents: [
            ("campaign", agent(&[])),
            ("planner", agent(&[])),
            ("root", agent(&[])),
            ("helper", agent(&["ursula", "maria"])),
        ]
        .map(named)
        .into(),
        tasks: tasks.map(named).into(),
        people: ["maria", "max", "omni", "sol", "dana", "leaver", "joiner", "twice", "ursula", "olga"]
            .map(person)
            .into(),
        domains: domains.map(named).into(),
        groups,
        calls: [call("planner", "campaign", "wide"), call("root", "planner", "planning")].into(),
        inputs: set(&["records", "amount", "why"]),
    }
}

fn named<T>((name, thing): (&str, T)) -> (String, T) {
    (name.to_owned(), thing)
}

/// A request for an operation, with approvals `slot` by `person`, ten minutes ago.
pub fn request(action: &str, resource: &str, approvals: &[(&str, &str)]) -> Value {
    let approval = |by: &str| json!({ "by": by, "at": NOW - 600, "for": "sha256:this" });
    json!({
        "subject": { "type": "agent", "id": "campaign", "properties": { "principal": "spiffe://campaign" } },
        "action": { "name": action },
        "resource": { "type": "data", "id": resource },
        "context": {
            "task": "wide", "purpose": "sync", "inputs": {}, "now": NOW, "revision": "sha256:current", "binding": "sha256:this",
            "approvals": approvals.iter().map(|&(slot, by)| (slot.to_owned(), approval(by))).collect::<serde_json::Map<_, _>>(),
            "credential": { "issued_at": NOW - 300, "expires_at": NOW + 600 },
            "totals": {}, "evidence": {}, "rollback": {}, "requested_by": "olga"
        }
    })
}

/// A request that changes consent, allowed as it stands.
pub fn consent_request() -> Value {
    let approvals = [
        ("consent/business", "maria"),
        ("consent/security", "sol"),
        ("consent/privacy", "dana"),
    ];
    let request = with(request("write.update", "crm/consent", &approvals), "/context/task", json!("push"));
    let request = with(request, "/context/inputs", json!({ "records": 120 }));
    let request = with(request, "/context/totals", json!({ "consent/records/24h": 4_180 }));
    let request = with(
        request,
        "/context/evidence",
        json!({ "ledger": { "ready": true, "checked_at": NOW - 300 } }),
    );
    with(
        request,
        "/context/rollback",
        json!({ "restore": { "ready": true, "checked_at": NOW } }),
    )
}

/// A refund of this many cents.
pub fn refund_request(amount: i64, why: &str, before: i64, approvals: &[(&str, &str)]) -> Value {
    let request = request("money.refund", "billing/payment", approvals);
    let request = with(
        request,
        "/context/inputs",
        json!({ "amount": { "amount": amount, "currency": "EUR" }, "why": why }),
    );
    with(request, "/context/totals", json!({ "refunds/amount/24h": before }))
}

/// The request with another value at a pointer, whose last part may be new.
pub fn with(mut request: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = split(pointer);
    request.pointer_mut(parent).expect("a parent")[key.as_str()] = value;
    request
}

/// The request without what a pointer shows.
pub fn without(mut request: Value, pointer: &str) -> Value {
    let (parent, key) = split(pointer);
    let parent = request.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
    parent.shift_remove(&key).expect("a key");
    request
}

fn split(pointer: &str) -> (&str, String) {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    (parent, key.replace("~1", "/").replace("~0", "~"))
}
