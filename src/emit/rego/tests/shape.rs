//! Requests that are not of the published shape: always no, never an error, never undefined.

use crate::emit::rego::tests::fixture::{Machines, NOW, consent_request, policy, with, without};
use serde_json::{Value, json};

/// Every pointer into a value, the whole first.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    let Value::Object(fields) = value else { return };
    for (key, field) in fields {
        pointers(field, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found);
    }
}

fn full() -> Value {
    let request = with(consent_request(), "/context/via", json!(["planner"]));
    let request = with(request, "/context/task", json!("wide"));
    let request = without(request, "/context/approvals/consent~1business");
    with(
        request,
        "/context/emergency",
        json!({ "declared_by": "ursula", "at": NOW - 900, "id": "INC-1" }),
    )
}

#[test]
fn every_wrong_type_is_refused() {
    let machines = Machines::new(&policy());
    machines.expect("as it stands", &full(), "allow");
    let mut places = Vec::new();
    pointers(&full(), "", &mut places);
    let values = [
        json!(null),
        json!(true),
        json!(false),
        json!(1.5),
        json!("x"),
        json!([]),
        json!(["x"]),
        json!({}),
        json!({ "x": 1 }),
        json!(-9_007_199_254_740_992_i64),
        json!(1e300),
    ];
    for place in &places {
        for value in &values {
            let mut request = full();
            let there = request.pointer_mut(place).expect("a place");
            if there == value || place == "/context/emergency/id" && value.is_string() || place == "/context/via" && *value == json!([]) {
                continue;
            }
            *there = value.clone();
            let outcome = machines.ask(&request);
            let may =
                ["/context/evidence/ledger/ready", "/context/rollback/restore/ready"].contains(&place.as_str()) && *value == json!(true);
            assert_eq!(outcome.allow, may, "{place} {value}");
        }
    }
}

#[test]
fn every_missing_field_is_refused() {
    let machines = Machines::new(&policy());
    let mut places = Vec::new();
    pointers(&full(), "", &mut places);
    for place in places.iter().filter(|place| !place.is_empty()) {
        let outcome = machines.ask(&without(full(), place));
        let optional = ["/context/via"];
        assert_eq!(outcome.allow, optional.contains(&place.as_str()), "{place}");
    }
}

#[test]
fn every_unknown_key_is_refused() {
    let machines = Machines::new(&policy());
    let mut places = Vec::new();
    pointers(&full(), "", &mut places);
    for place in &places {
        let mut request = full();
        if let Some(fields) = request.pointer_mut(place).and_then(Value::as_object_mut) {
            fields.insert("x".to_owned(), fields.values().next().cloned().unwrap_or_default());
            machines.expect(place, &request, "malformed");
        }
    }
}

#[test]
fn malformed() {
    let machines = Machines::new(&policy());
    for whole in [json!(null), json!(7), json!("x"), json!([]), json!({}), json!([{}]), json!(true)] {
        machines.expect("no request at all", &whole, "malformed");
    }
    let cases = [
        ("/subject/type", json!("user")),
        ("/resource/type", json!("tool")),
        ("/context/now", json!(-1)),
        ("/context/now", json!(NOW as f64 + 0.5)),
        ("/context/now", json!(9_007_199_254_740_992_i64)),
        ("/context/now", json!(u64::MAX)),
        ("/context/on_behalf_of", json!(null)),
        ("/context/emergency", json!(false)),
        ("/context/emergency/at", json!(i64::MIN)),
        ("/context/via", json!([1])),
        ("/context/via", json!("planner")),
        (
            "/context/approvals/consent~1legal",
            json!({ "by": "omni", "at": NOW, "for": "sha256:this" }),
        ),
        (
            "/context/approvals/consent~1business~12",
            json!({ "by": "omni", "at": NOW, "for": "sha256:this" }),
        ),
        ("/context/totals/consent~1records~17d", json!(0)),
        ("/context/evidence/other", json!({ "ready": true, "checked_at": NOW })),
        ("/context/rollback/ledger", json!({ "ready": true, "checked_at": NOW })),
        ("/context/inputs/other", json!(1)),
        ("/context/inputs/amount", json!({ "amount": 1.5, "currency": "EUR" })),
        ("/context/inputs/amount", json!({ "amount": 1, "currency": "EUR", "rate": 1 })),
        ("/context/inputs/why", json!(null)),
        ("/context/inputs/why", json!(["damage"])),
    ];
    for (place, value) in cases {
        machines.expect(place, &with(full(), place, value), "malformed");
    }
}
