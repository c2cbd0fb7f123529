//! Small policies and requests, through the real parser, the strict validator and the real engine.

mod annotations;
mod consent;
mod hostile;
mod index;
mod joint;
mod print;
mod refunds;
mod shape;

use crate::emit::cedar::{Cedar, Engine, Index, Outcome, emit};
use crate::emit::policy::{Agent, Domain, FOREVER, Group, Input, Policy, Quorum, StartedBy, Task, Tier, Window};
use crate::emit::reference;
use crate::emit::sample::{person, principal};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The instant of every request.
pub const NOW: i64 = 1_795_428_000;

/// Names as ids.
pub fn names<const N: usize>(of: [&str; N]) -> BTreeSet<String> {
    of.into_iter().map(str::to_owned).collect()
}

/// One person of a function.
pub fn seat(function: &str) -> Quorum {
    Quorum::Seat(1, function.to_owned())
}

/// At least `need` of these parts.
pub fn threshold<const N: usize>(need: u32, parts: [Quorum; N]) -> Quorum {
    Quorum::Threshold(need, parts.into_iter().collect())
}

/// A tier that always holds.
pub fn always(quorum: Quorum, text: &str) -> Tier {
    Tier {
        condition: None,
        quorum,
        text: text.to_owned(),
        source: "acme.gov:41".to_owned(),
    }
}

/// A domain with seats that never end.
pub fn domain(title: &str, tiers: Vec<Tier>, seats: &[(&str, &[&str])]) -> Domain {
    let ever = vec![Window { starts: 0, ends: FOREVER }];
    let people = |people: &[&str]| {
        people
            .iter()
            .map(|person| (person.to_string(), ever.clone()))
            .collect::<BTreeMap<_, _>>()
    };
    Domain {
        title: title.to_owned(),
        seats: seats.iter().map(|(function, of)| (function.to_string(), people(of))).collect(),
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
        source: "acme.gov:39".to_owned(),
        controls: vec!["house-controls:ASI03".to_owned()],
    }
}

/// A policy with these domains over one operation, and an agent and a task for it.
pub fn policy(domains: Vec<(&str, Domain)>) -> Policy {
    let ids: Vec<String> = domains.iter().map(|(id, _)| (*id).to_owned()).collect();
    let agent = Agent {
        principals: BTreeMap::from([
            ("spiffe://campaign".to_owned(), principal(Some(900))),
            ("standing".to_owned(), principal(None)),
        ]),
        acts_for: BTreeMap::new(),
        bounds: BTreeMap::new(),
        current: vec![Window {
            starts: NOW - 1_000,
            ends: NOW + 1_000,
        }],
        source: "acme.gov:10".to_owned(),
    };
    let task = Task {
        agent: "acme.campaign".to_owned(),
        purpose: Some("acme.sync".to_owned()),
        window: Window {
            starts: NOW - 1_000,
            ends: NOW + 1_000,
        },
        scope: BTreeMap::from([("write.update".to_owned(), names(["acme.crm/consent", "acme.crm/free"]))]),
        waived: BTreeMap::new(),
        started_by: StartedBy::default(),
        limits: Vec::new(),
        source: "acme.gov:20".to_owned(),
    };
    let inputs = domains.iter().flat_map(|(_, domain)| domain.inputs.keys().cloned()).collect();
    let seated = domains
        .iter()
        .flat_map(|(_, domain)| domain.seats.values().flat_map(|people| people.keys().cloned()));
    Policy {
        workspace: "acme".to_owned(),
        revision: "sha256:1".to_owned(),
        people: seated.chain(["acme.user".to_owned()]).map(|id| person(&id)).collect(),
        agents: BTreeMap::from([
            ("acme.campaign".to_owned(), agent.clone()),
            ("acme.other".to_owned(), agent.clone()),
            ("acme.third".to_owned(), agent),
        ]),
        tasks: BTreeMap::from([("acme.work".to_owned(), task)]),
        groups: vec![Group {
            id: ids.join("+"),
            domains: ids,
            actions: names(["write.update"]),
            resources: names(["acme.crm/consent"]),
        }],
        domains: domains.into_iter().map(|(id, domain)| (id.to_owned(), domain)).collect(),
        calls: BTreeSet::new(),
        inputs,
    }
}

/// A request that lacks nothing but approvals.
pub fn request() -> Value {
    json!({
        "subject": { "type": "agent", "id": "acme.campaign", "properties": { "principal": "spiffe://campaign" } },
        "action": { "name": "write.update" },
        "resource": { "type": "data", "id": "acme.crm/consent" },
        "context": {
            "task": "acme.work", "purpose": "acme.sync", "inputs": {}, "now": NOW, "revision": "sha256:1", "binding": "sha256:b",
            "approvals": {}, "credential": { "issued_at": NOW - 100, "expires_at": NOW + 100 },
            "totals": {}, "evidence": {}, "rollback": {}, "requested_by": "acme.user"
        }
    })
}

/// The same with approvals of a minute ago for this very change.
pub fn approved(approvals: &[(&str, &str)]) -> Value {
    let mut request = request();
    for (slot, person) in approvals {
        request["context"]["approvals"][*slot] = json!({ "by": person, "at": NOW - 60, "for": "sha256:b" });
    }
    request
}

/// The permits, and the explanation in their place.
pub struct Engines {
    /// What decides.
    pub permits: Engine,
    /// The engine for `explain.cedar`, which must reach the same decisions.
    pub explanation: Engine,
    /// What both come from.
    pub policy: Policy,
}

/// The index for an explanation that decides.
fn deciding(index: &str) -> String {
    let mut index = Index::read(index).expect("it is one");
    for slice in index.slices.iter_mut().chain([&mut index.otherwise]) {
        slice.policies.clone_from(&slice.explain);
    }
    index.text().expect("it is written")
}

/// The engines of a policy; both files validate.
pub fn engine(policy: &Policy) -> Engines {
    let cedar = emit(policy).expect("the policy can be said in Cedar");
    let load = |cedar: &Cedar| Engine::new(cedar).unwrap_or_else(|error| unreachable!("{error}\n{}\n{}", cedar.schema, cedar.policies));
    let explanation = Cedar {
        policies: cedar.explain.clone(),
        index: deciding(&cedar.index),
        ..cedar.clone()
    };
    Engines {
        permits: load(&cedar),
        explanation: load(&explanation),
        policy: policy.clone(),
    }
}

/// The answer of both engines. There are never errors, and a refused request that reached the policies always
/// has a reason.
pub fn decide(engine: &Engines, request: &Value) -> Outcome {
    let outcome = engine.permits.decide(request);
    assert_eq!(
        outcome.answer.allow,
        engine.explanation.decide(request).answer.allow,
        "the explanation comes to something else: {request}"
    );
    assert_eq!(outcome.errors, Vec::<String>::new(), "{request}");
    assert_eq!(
        outcome.answer,
        reference::decide(&engine.policy, request),
        "the reasons are not those of the model: {request}"
    );
    outcome
}

/// Asserts that it is allowed.
pub fn allows(engine: &Engines, request: &Value) {
    let outcome = decide(engine, request);
    assert!(outcome.answer.allow, "{outcome:?}\n{request}");
}

/// Asserts that it is refused, with this reason among others.
pub fn refuses(engine: &Engines, request: &Value, reason: &str) {
    let outcome = decide(engine, request);
    assert!(!outcome.answer.allow, "{request}");
    assert!(
        outcome.answer.reasons().iter().any(|given| given.code() == reason),
        "{reason} is not in {outcome:?}\n{request}"
    );
}

/// Asserts that it does not reach the policies.
pub fn malformed(engine: &Engines, request: &Value) {
    let outcome = decide(engine, request);
    assert!(!outcome.answer.allow && outcome.malformed.is_some(), "{outcome:?}\n{request}");
}

/// Asserts that one edit of a request is refused with a reason.
pub fn refuses_edit(engine: &Engines, request: &Value, reason: &str, edit: impl FnOnce(&mut Value)) {
    let mut edited = request.clone();
    edit(&mut edited);
    refuses(engine, &edited, reason);
}

/// A whole number from 1 to 500.
pub fn records() -> Input {
    Input::Integer { from: 1, to: 500 }
}
