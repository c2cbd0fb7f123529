//! Requests without the shape of the contract never reach the policies.

use crate::emit::cedar::project;
use crate::emit::cedar::tests::{allows, always, approved, domain, engine, malformed, policy, refuses, request, seat};
use crate::emit::policy::Policy;
use serde_json::{Value, json};

fn small() -> Policy {
    let mut policy = policy(vec![(
        "a",
        domain("Small", vec![always(seat("business"), "business")], &[("business", &["maria"])]),
    )]);
    policy.inputs.insert("n".to_owned());
    policy
}

#[test]
fn every_part_is_required_and_nothing_else_is_taken() {
    let engine = engine(&small());
    let good = approved(&[("a/business", "maria")]);
    allows(&engine, &good);
    for place in [
        "",
        "/subject",
        "/subject/properties",
        "/action",
        "/resource",
        "/context",
        "/context/credential",
        "/context/approvals/a~1business",
    ] {
        let keys: Vec<String> = good
            .pointer(place)
            .and_then(Value::as_object)
            .map(|part| part.keys().cloned().collect())
            .unwrap_or_default();
        for key in keys {
            for value in [None, Some(Value::Null), Some(json!([])), Some(json!(1.5))] {
                let mut edited = good.clone();
                let part = edited.pointer_mut(place).and_then(Value::as_object_mut).expect("it is an object");
                match value {
                    None => part.remove(&key),
                    Some(value) => part.insert(key.clone(), value),
                };
                malformed(&engine, &edited);
            }
        }
        let mut edited = good.clone();
        edited
            .pointer_mut(place)
            .and_then(Value::as_object_mut)
            .expect("it is an object")
            .insert("more".to_owned(), json!(1));
        malformed(&engine, &edited);
    }
    malformed(&engine, &json!({}));
    malformed(&engine, &Value::Null);
}

#[test]
fn keys_and_values_are_known() {
    let engine = engine(&small());
    let with = |place: &str, value: Value| {
        let mut edited = approved(&[("a/business", "maria")]);
        edited["context"][place] = value;
        edited
    };
    let person = json!({ "by": "maria", "at": 1, "for": "x" });
    malformed(&engine, &with("approvals", json!({ "a/security": person })));
    malformed(&engine, &with("approvals", json!({ "a/business/2": person })));
    malformed(&engine, &with("approvals", json!({ "__entity": person })));
    malformed(&engine, &with("inputs", json!({ "m": 1 })));
    malformed(&engine, &with("inputs", json!({ "n": [1] })));
    malformed(&engine, &with("inputs", json!({ "n": { "amount": 1 } })));
    malformed(&engine, &with("inputs", json!({ "n:integer": 1 })));
    malformed(&engine, &with("totals", json!({ "a/n/24h": 1 })));
    malformed(&engine, &with("totals", json!({ "task/n/24h": 1 })));
    malformed(&engine, &with("evidence", json!({ "ledger": { "ready": true, "checked_at": 1 } })));
    malformed(
        &engine,
        &with("rollback", json!({ "__entity": { "type": "Gov::Person", "id": "maria" } })),
    );
    malformed(&engine, &with("now", json!(-1)));
    malformed(&engine, &with("now", json!(9_007_199_254_740_992_u64)));
    malformed(&engine, &with("now", json!(u64::MAX)));
    malformed(&engine, &with("via", json!("acme.other")));
    refuses(&engine, &with("via", json!(["a>b"])), "out_of_scope");
    malformed(&engine, &with("emergency", json!({ "declared_by": "maria", "at": 1 })));
    malformed(&engine, &with("emergency", json!({ "declared_by": "maria", "at": 1, "id": "" })));
    malformed(&engine, &with("on_behalf_of", Value::Null));
    let mut action = request();
    action["action"]["name"] = json!("write.unknown");
    refuses(&engine, &action, "out_of_scope");
    for value in [json!(1), json!(true), json!("text"), json!({ "amount": 1, "currency": "XYZ" })] {
        allows(&engine, &with("inputs", json!({ "n": value })));
    }
}

#[test]
fn the_projection_is_as_published() {
    let mut asked = approved(&[("a/business", "maria")]);
    let context = &mut asked["context"];
    context["inputs"] = json!({ "n": 5.0, "amount": { "amount": 1, "currency": "EUR" }, "x": true, "t": "word" });
    context["totals"] = json!({ "acme.work/n/24h": 1, "acme.workshop/n/24h": 2, "a/n/24h": 3 });
    context["via"] = json!(["x", "y"]);
    context["on_behalf_of"] = json!("acme.user");
    let projected = project(&asked).expect("it has the shape");
    assert_eq!(projected.action, json!({ "type": "Gov::Action", "id": "write.update" }));
    let context = projected.context;
    assert_eq!(
        context["inputs"],
        json!({ "n:integer": 5, "amount:money": { "amount": 1, "currency": "EUR" }, "x:boolean": true, "t:text": "word" })
    );
    assert_eq!(
        context["totals"],
        json!({ "acme.work/n/24h": 1, "task/n/24h": 1, "acme.workshop/n/24h": 2, "a/n/24h": 3 })
    );
    assert_eq!(context["hops"], json!(["x>y>*", "y>acme.campaign>acme.work"]));
    assert_eq!(
        context["on_behalf_of"],
        json!({ "__entity": { "type": "Gov::Person", "id": "acme.user" } })
    );
    assert_eq!(context["principal"], json!("spiffe://campaign"));
}
