//! Compares the answers of the reference meaning with what a reader of the contract expects.

mod acme;

use crate::emit::reference::{Reason, decide};
use acme::{NOW, policy};
use serde_json::{Value, json};

/// A request of the bot for an operation, with these approvals, each given a minute ago.
fn request(operation: &str, approvals: &[(&str, &str)]) -> Value {
    let approvals: serde_json::Map<String, Value> = approvals
        .iter()
        .map(|(slot, by)| ((*slot).to_owned(), json!({ "by": by, "at": NOW - 60, "for": "b" })))
        .collect();
    json!({
        "subject": { "type": "agent", "id": "bot", "properties": { "principal": "spiffe://bot" } },
        "action": { "name": "write" },
        "resource": { "type": "data", "id": format!("crm/{operation}") },
        "context": {
            "task": "sync", "purpose": "sync", "inputs": {}, "now": NOW, "revision": "r1", "binding": "b", "approvals": approvals,
            "credential": { "issued_at": NOW - 300, "expires_at": NOW + 600 }, "totals": {},
            "evidence": { "ledger": { "ready": true, "checked_at": NOW - 10 } }, "rollback": { "restore": { "ready": true, "checked_at": NOW - 10 } },
            "requested_by": "uma" },
    })
}

fn consent() -> Value {
    request(
        "consent",
        &[
            ("consent/business", "maria"),
            ("consent/privacy", "dana"),
            ("consent/security", "sam"),
        ],
    )
}

fn refund(amount: i64, approvals: &[(&str, &str)]) -> Value {
    let mut refund = request("refund", approvals);
    refund["context"]["task"] = json!("refunds");
    refund["context"]["inputs"] = json!({ "amount": { "amount": amount, "currency": "EUR" } });
    refund["context"]["totals"] = json!({ "refund/amount/24h": 0 });
    refund
}

#[track_caller]
fn allowed(request: &Value) {
    let answer = decide(&policy(), request);
    assert!(answer.allow && answer.denials.is_empty(), "{answer:?}\n{request}");
}

#[track_caller]
fn denied(request: &Value, reasons: &[Reason]) {
    let answer = decide(&policy(), request);
    assert!(!answer.allow, "{request}");
    assert_eq!(answer.reasons(), reasons.iter().copied().collect(), "{answer:?}\n{request}");
}

/// The consent request with a value put at a place of its context; null takes it away.
fn but(mut request: Value, place: &str, value: Value) -> Value {
    let (parents, last) = place
        .rsplit_once('.')
        .map_or((None, place), |(parents, last)| (Some(parents), last));
    let mut target = &mut request["context"];
    for key in parents.into_iter().flat_map(|parents| parents.split('.')) {
        target = &mut target[key];
    }
    match (value, target.as_object_mut()) {
        (Value::Null, Some(object)) => drop(object.shift_remove(last)),
        (value, _) => target[last] = value,
    }
    request
}

fn by(slot: &str, person: &str, at: i64) -> Value {
    but(
        consent(),
        &format!("approvals.consent/{slot}"),
        json!({ "by": person, "at": at, "for": "b" }),
    )
}

#[test]
fn three_functions_take_three_people_who_hold_them_now() {
    allowed(&consent());
    denied(&but(consent(), "approvals.consent/privacy", Value::Null), &[Reason::Missing]);
    denied(&by("privacy", "sam", NOW), &[Reason::Ineligible]);
    denied(&by("privacy", "nobody", NOW), &[Reason::Ineligible]);
    allowed(&by("business", "alex", NOW));
    let both = but(by("business", "alex", NOW), "approvals.consent/security.by", json!("alex"));
    denied(&both, &[Reason::SamePerson]);
    allowed(&by("privacy", "dana", NOW - 3600));
    denied(&by("privacy", "dana", NOW - 3601), &[Reason::Stale]);
    denied(&by("privacy", "dana", NOW + 1), &[Reason::Stale]);
    denied(
        &but(consent(), "approvals.consent/privacy.for", json!("c")),
        &[Reason::BoundElsewhere],
    );
    denied(&but(consent(), "requested_by", json!("dana")), &[Reason::Ineligible]);
    allowed(&but(consent(), "requested_by", json!("zoe")));
    allowed(&but(
        consent(),
        "approvals.export/business",
        json!({ "by": "nobody", "at": -5, "for": "c" }),
    ));
}

#[test]
fn a_delegate_approves_and_is_used_within_one_window() {
    allowed(&by("privacy", "del", NOW));
    allowed(&by("privacy", "del", NOW - 600));
    denied(&by("privacy", "del", NOW - 601), &[Reason::Ineligible]);
    denied(&by("privacy", "del", NOW - 3601), &[Reason::Ineligible, Reason::Stale]);
    let later = |now: i64| {
        let credential = but(
            by("privacy", "del", now - 5),
            "credential",
            json!({ "issued_at": now, "expires_at": now + 60 }),
        );
        let evidence = but(credential, "evidence.ledger.checked_at", json!(now));
        but(but(evidence, "rollback.restore.checked_at", json!(now)), "now", json!(now))
    };
    allowed(&later(NOW + 599));
    denied(&later(NOW + 600), &[Reason::Ineligible]);
}

#[test]
fn a_refund_takes_what_its_tier_asks_and_keeps_its_limits() {
    let (one, two) = (("refund/business", "maria"), ("refund/business/2", "mark"));
    allowed(&refund(5_000, &[]));
    denied(&refund(5_001, &[]), &[Reason::Missing]);
    allowed(&refund(20_000, &[one]));
    denied(&refund(20_000, &[two]), &[Reason::Missing]);
    denied(&refund(20_001, &[one]), &[Reason::Missing]);
    allowed(&refund(20_001, &[one, two]));
    denied(&refund(20_001, &[one, ("refund/business/2", "maria")]), &[Reason::SamePerson]);
    allowed(&refund(80_000, &[one, two]));
    denied(&refund(80_001, &[one, two]), &[Reason::Limit]);
    denied(&refund(96_000, &[one, two]), &[Reason::Limit, Reason::Missing]);
    denied(&refund(0, &[]), &[Reason::Limit]);
    let total = |total: Value| but(refund(5_000, &[]), "totals.refund/amount/24h", total);
    allowed(&total(json!(85_000)));
    denied(&total(json!(85_001)), &[Reason::Limit]);
    denied(&total(json!(-1)), &[Reason::Limit]);
    denied(&total(Value::Null), &[Reason::Limit]);
    denied(&but(refund(5_000, &[]), "inputs.amount.currency", json!("USD")), &[Reason::Limit]);
    denied(&but(refund(5_000, &[]), "inputs.amount", json!(5_000)), &[Reason::Limit]);
    denied(&but(refund(5_000, &[]), "inputs.amount", Value::Null), &[Reason::Limit]);
    allowed(&but(refund(5_000, &[]), "inputs.records", json!("many")));
}

#[test]
fn two_of_three_are_two_people() {
    let export = |approvals: &[(&str, &str)]| request("export", approvals);
    allowed(&export(&[("export/business", "maria"), ("export/privacy", "dana")]));
    allowed(&export(&[("export/security", "sam"), ("export/privacy", "dana")]));
    denied(&export(&[("export/security", "sam")]), &[Reason::Missing]);
    denied(
        &export(&[("export/business", "alex"), ("export/security", "alex")]),
        &[Reason::SamePerson],
    );
    allowed(&export(&[
        ("export/business", "alex"),
        ("export/security", "alex"),
        ("export/privacy", "dana"),
    ]));
}

#[test]
fn one_person_may_stand_twice_only_where_every_domain_concerned_says_so() {
    let price = |business: &str, security: &str| {
        request(
            "price",
            &[
                ("price/business", business),
                ("stock/business", business),
                ("stock/security", security),
            ],
        )
    };
    allowed(&price("maria", "sam"));
    allowed(&price("alex", "alex"));
    let audit = |business: &str, security: &str| request("audit", &[("price/business", business), ("audit/security", security)]);
    allowed(&audit("maria", "sam"));
    denied(&audit("alex", "alex"), &[Reason::SamePerson]);
    denied(&request("audit", &[("price/business", "maria")]), &[Reason::Missing]);
}

#[test]
fn an_emergency_replaces_the_quorum_while_it_lasts() {
    let lacking = but(consent(), "approvals.consent/privacy", Value::Null);
    let declared = |by: &str, at: i64| but(lacking.clone(), "emergency", json!({ "declared_by": by, "at": at, "id": "i" }));
    denied(&declared("zoe", NOW), &[Reason::Stale]);
    denied(&declared("zoe", NOW - 59), &[Reason::Stale]);
    allowed(&declared("zoe", NOW - 60));
    allowed(&declared("zoe", NOW - 900));
    denied(&but(declared("zoe", NOW - 60), "requested_by", json!("zoe")), &[Reason::Emergency]);
    denied(&declared("maria", NOW - 60), &[Reason::Ineligible]);
    denied(&declared("zoe", NOW - 901), &[Reason::Emergency]);
    denied(&declared("zoe", NOW + 1), &[Reason::Emergency]);
    denied(&declared("nobody", NOW), &[Reason::Emergency]);
    let unused = request("export", &[("export/business", "maria"), ("export/privacy", "dana")]);
    allowed(&but(unused, "emergency", json!({ "declared_by": "nobody", "at": -9, "id": "i" })));
}

#[test]
fn agent_task_credential_and_revision_are_the_policys() {
    denied(&but(consent(), "revision", json!("r2")), &[Reason::StalePolicy]);
    denied(&but(consent(), "purpose", json!("ads")), &[Reason::Purpose]);
    denied(&but(consent(), "task", json!("refunds")), &[Reason::Limit, Reason::OutOfScope]);
    denied(&but(consent(), "task", json!("none")), &[Reason::OutOfScope]);
    let credential =
        |issued_at: i64, expires_at: i64| but(consent(), "credential", json!({ "issued_at": issued_at, "expires_at": expires_at }));
    allowed(&credential(NOW, NOW + 900));
    denied(&credential(NOW, NOW + 901), &[Reason::Credential]);
    denied(&credential(NOW + 1, NOW + 2), &[Reason::Credential]);
    denied(&credential(NOW - 1, NOW), &[Reason::Credential]);
    let as_principal = |principal: &str| {
        let mut request = consent();
        request["subject"]["properties"]["principal"] = json!(principal);
        request
    };
    denied(&as_principal("spiffe://helper"), &[Reason::Credential]);
    denied(&as_principal("spiffe://none"), &[Reason::Credential]);
    let mut elsewhere = consent();
    elsewhere["resource"]["id"] = json!("crm/profile");
    denied(&elsewhere, &[Reason::OutOfScope]);
    denied(&but(consent(), "evidence.ledger.ready", json!(false)), &[Reason::NotReady]);
    denied(
        &but(consent(), "rollback.restore.checked_at", json!(NOW - 301)),
        &[Reason::NotReady],
    );
    allowed(&but(consent(), "rollback.restore.checked_at", json!(NOW - 300)));
}

#[test]
fn who_called_and_who_is_acted_for_have_to_be_legal() {
    let via = |via: &[&str]| but(consent(), "via", json!(via));
    allowed(&via(&[]));
    allowed(&via(&["lead"]));
    allowed(&via(&["helper", "lead"]));
    denied(&via(&["lead", "helper"]), &[Reason::OutOfScope]);
    denied(&via(&["helper"]), &[Reason::OutOfScope]);
    denied(&but(consent(), "on_behalf_of", json!("zoe")), &[Reason::OutOfScope]);
    let helping = |person: Value| {
        let mut request = but(but(consent(), "task", json!("help")), "on_behalf_of", person);
        request["subject"] = json!({ "type": "agent", "id": "helper", "properties": { "principal": "spiffe://helper" } });
        request
    };
    allowed(&helping(json!("zoe")));
    denied(&helping(Value::Null), &[Reason::OutOfScope]);
    denied(&helping(json!("sam")), &[Reason::Ineligible, Reason::OutOfScope]);
    denied(
        &but(helping(json!("mark")), "approvals.consent/business.by", json!("mark")),
        &[Reason::Ineligible],
    );
}

#[test]
fn a_request_of_another_shape_is_denied() {
    let shapes = [
        json!(null),
        json!([]),
        json!({}),
        but(consent(), "surprise", json!(1)),
        but(consent(), "totals", Value::Null),
        but(consent(), "now", json!("1795428000")),
        but(consent(), "now", json!(1.5)),
        but(consent(), "now", json!(-1)),
        but(consent(), "totals.refund/amount/1d", json!(0)),
        but(consent(), "inputs.unknown", json!(0)),
        but(consent(), "inputs.records", json!([])),
        but(
            consent(),
            "approvals.consent/business/2",
            json!({ "by": "mark", "at": NOW, "for": "b" }),
        ),
        but(consent(), "approvals.consent/business.note", json!("ok")),
        but(consent(), "evidence.paper", json!({ "ready": true, "checked_at": NOW })),
        but(consent(), "emergency", json!({ "declared_by": "zoe", "at": NOW })),
        but(consent(), "via", json!("lead")),
        but(consent(), "inputs.records", json!(1_i64 << 53)),
    ];
    for shape in shapes {
        denied(&shape, &[Reason::Malformed]);
    }
    allowed(&but(consent(), "now", json!(NOW as f64)));
    allowed(&but(consent(), "inputs.records", json!((1_i64 << 53) - 1)));
}
