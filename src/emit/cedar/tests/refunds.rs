//! Tiers by amount, limits within 24 hours, and an emergency.

use crate::emit::cedar::emit;
use crate::emit::cedar::tests::{NOW, allows, always, approved, domain, engine, policy, refuses, refuses_edit, seat, threshold};
use crate::emit::policy::{Comparison, Condition, Constant, Emergency, Input, Limit, Policy, Quorum, Tier};
use serde_json::{Value, json};

fn refunds() -> Policy {
    let up_to = |most: i64, quorum: Quorum, text: &str| Tier {
        condition: Some(Condition::All(vec![
            Condition::Compare("amount".to_owned(), Comparison::AtMost, Constant::Number(most)),
            Condition::Not(Box::new(Condition::Among(
                "kind".to_owned(),
                vec![Constant::Word("gift".to_owned())],
            ))),
        ])),
        ..always(quorum, text)
    };
    let tiers = vec![
        up_to(5_000, Quorum::None, "none when amount <= 50 EUR"),
        up_to(25_000, seat("business"), "business when amount <= 250 EUR"),
        always(
            threshold(2, [seat("business"), Quorum::Seat(2, "finance".to_owned())]),
            "business and 2 finance otherwise",
        ),
    ];
    let mut of = domain(
        "Refunds",
        tiers,
        &[
            ("business", &["maria"]),
            ("finance", &["ben", "ivy", "maria"]),
            ("security", &["sam"]),
        ],
    );
    of.inputs.insert(
        "amount".to_owned(),
        Input::Money {
            currency: "EUR".to_owned(),
            from: 0,
            to: 1_000_000,
        },
    );
    of.inputs.insert(
        "kind".to_owned(),
        Input::OneOf {
            words: vec!["return".to_owned(), "gift".to_owned()],
        },
    );
    of.inputs.insert("final".to_owned(), Input::Boolean);
    of.inputs.insert("note".to_owned(), Input::Text);
    of.limits = vec![Limit {
        input: "amount".to_owned(),
        unit: "EUR".to_owned(),
        most: 500_000,
        per: Some(86_400),
        source: "acme.gov:50".to_owned(),
    }];
    of.emergency = Some(Emergency {
        quorum: seat("security"),
        lasts: 1_800,
        review: Some(86_400),
        source: "acme.gov:52".to_owned(),
    });
    policy(vec![("acme.refunds", of)])
}

fn refund(amount: i64, approvals: &[(&str, &str)]) -> Value {
    let mut request = approved(approvals);
    request["context"]["inputs"] =
        json!({ "amount": { "amount": amount, "currency": "EUR" }, "kind": "return", "final": true, "note": "" });
    request["context"]["totals"] = json!({ "acme.refunds/amount/24h": 100_000 });
    request
}

const BUSINESS: (&str, &str) = ("acme.refunds/business", "maria");
const BEN: (&str, &str) = ("acme.refunds/finance", "ben");
const IVY: (&str, &str) = ("acme.refunds/finance/2", "ivy");
const SAM: (&str, &str) = ("acme.refunds/security", "sam");

#[test]
fn the_first_tier_that_holds_decides() {
    let engine = engine(&refunds());
    allows(&engine, &refund(5_000, &[]));
    refuses(&engine, &refund(5_001, &[]), "missing");
    allows(&engine, &refund(25_000, &[BUSINESS]));
    refuses(&engine, &refund(25_001, &[BUSINESS]), "missing");
    refuses(&engine, &refund(25_001, &[BUSINESS, BEN]), "missing");
    allows(&engine, &refund(25_001, &[BUSINESS, BEN, IVY]));
    refuses(
        &engine,
        &refund(25_001, &[BUSINESS, BEN, ("acme.refunds/finance/2", "ben")]),
        "same_person",
    );
    refuses(
        &engine,
        &refund(25_001, &[BUSINESS, BEN, ("acme.refunds/finance/2", "maria")]),
        "same_person",
    );
    refuses_edit(&engine, &refund(100, &[]), "missing", |request| {
        request["context"]["inputs"]["kind"] = json!("gift")
    });
    // An approval that is not needed never causes a denial, whoever gave it.
    allows(&engine, &refund(5_000, &[("acme.refunds/finance", "nobody")]));
}

#[test]
fn inputs_and_totals_have_bounds() {
    let engine = engine(&refunds());
    let with = |field: &'static str, name: &'static str, value: Value| move |request: &mut Value| request["context"][field][name] = value;
    let total = "acme.refunds/amount/24h";
    refuses_edit(
        &engine,
        &refund(100, &[]),
        "limit",
        with("inputs", "amount", json!({ "amount": 100, "currency": "USD" })),
    );
    refuses_edit(&engine, &refund(100, &[]), "limit", with("inputs", "amount", json!(100)));
    refuses_edit(&engine, &refund(100, &[]), "limit", with("inputs", "kind", json!("loan")));
    refuses_edit(&engine, &refund(100, &[]), "limit", with("inputs", "final", json!("yes")));
    refuses_edit(&engine, &refund(100, &[]), "limit", with("inputs", "note", json!(1)));
    refuses_edit(&engine, &refund(-1, &[]), "limit", |_| ());
    refuses_edit(&engine, &refund(1_000_001, &[BUSINESS, BEN, IVY]), "limit", |_| ());
    refuses_edit(&engine, &refund(100, &[]), "limit", with("totals", total, json!(499_901)));
    refuses_edit(
        &engine,
        &refund(100, &[]),
        "limit",
        with("totals", total, json!(-9_007_199_254_740_991_i64)),
    );
    let mut edge = refund(100, &[]);
    edge["context"]["totals"][total] = json!(499_900);
    allows(&engine, &edge);
}

#[test]
fn an_emergency_replaces_the_tiers_while_it_lasts() {
    let engine = engine(&refunds());
    let declared = |by: &str, at: i64, approvals: &[(&str, &str)]| {
        let mut request = refund(25_001, approvals);
        request["context"]["emergency"] = json!({ "declared_by": by, "at": at, "id": "incident-7" });
        request
    };
    allows(&engine, &declared("maria", NOW - 1_800, &[SAM]));
    refuses(&engine, &declared("maria", NOW - 1_801, &[SAM]), "emergency");
    refuses(&engine, &declared("maria", NOW + 1, &[SAM]), "emergency");
    refuses(&engine, &declared("maria", -1, &[SAM]), "emergency");
    refuses(&engine, &declared("stranger", NOW, &[SAM]), "emergency");
    refuses(&engine, &declared("maria", NOW, &[BUSINESS, BEN, IVY]), "missing");
    refuses(&engine, &refund(25_001, &[SAM]), "missing");
}

#[test]
fn without_a_tier_that_holds_nothing_is_allowed() {
    let mut policy = refunds();
    policy.domains.get_mut("acme.refunds").expect("there").tiers.truncate(2);
    let engine = engine(&policy);
    allows(&engine, &refund(5_000, &[]));
    refuses(&engine, &refund(25_001, &[BUSINESS, SAM]), "missing");
}

#[test]
fn tiers_read_case_by_case() {
    let cedar = emit(&refunds()).expect("it can be said");
    insta::assert_snapshot!(cedar.policies);
}
