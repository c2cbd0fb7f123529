//! Business, security and privacy: the plain case, and everything around approvals.

use crate::emit::cedar::tests::{
    NOW, allows, always, approved, domain, engine, names, policy, records, refuses, refuses_edit, seat, threshold,
};
use crate::emit::cedar::{Cedar, Engine, emit, permit, print, project};
use crate::emit::policy::{Limit, Policy, Window};
use crate::emit::sample::acting;
use serde_json::{Value, json};

fn consent() -> Policy {
    let quorum = threshold(3, [seat("business"), seat("security"), seat("privacy")]);
    let seats: [(&str, &[&str]); 3] = [
        ("business", &["maria", "jo"]),
        ("security", &["sam", "dana"]),
        ("privacy", &["dana", "lee"]),
    ];
    let mut of = domain("Consent status", vec![always(quorum, "business and security and privacy")], &seats);
    of.inputs.insert("records".to_owned(), records());
    of.evidence = Some("acme.ledger".to_owned());
    of.rollbacks = vec!["acme.restore".to_owned()];
    of.purposes = Some(names(["acme.sync"]));
    let lee = vec![
        Window {
            starts: NOW - 5_000,
            ends: NOW - 2_000,
        },
        Window {
            starts: NOW - 500,
            ends: NOW + 1,
        },
    ];
    of.seats.entry("privacy".to_owned()).or_default().insert("lee".to_owned(), lee);
    let mut policy = policy(vec![("acme.consent", of)]);
    let limit = |most, per| Limit {
        input: "records".to_owned(),
        unit: "integer".to_owned(),
        most,
        per,
        source: "acme.gov:22".to_owned(),
    };
    if let Some(task) = policy.tasks.get_mut("acme.work") {
        task.limits = vec![limit(200, None), limit(5_000, Some(86_400))];
    }
    policy.tasks.insert(
        "acme.foreign".to_owned(),
        crate::emit::policy::Task {
            agent: "acme.other".to_owned(),
            ..policy.tasks["acme.work"].clone()
        },
    );
    policy
        .calls
        .insert(("acme.other".to_owned(), "acme.campaign".to_owned(), "acme.work".to_owned()));
    policy
        .calls
        .insert(("acme.third".to_owned(), "acme.other".to_owned(), "acme.foreign".to_owned()));
    policy
}

fn good() -> Value {
    let mut request = approved(&[
        ("acme.consent/business", "maria"),
        ("acme.consent/security", "sam"),
        ("acme.consent/privacy", "dana"),
    ]);
    let context = &mut request["context"];
    context["inputs"] = json!({ "records": 120 });
    context["totals"] = json!({ "acme.work/records/24h": 4_180 });
    context["evidence"] = json!({ "acme.ledger": { "ready": true, "checked_at": NOW - 10 } });
    context["rollback"] = json!({ "acme.restore": { "ready": true, "checked_at": NOW - 300 } });
    request
}

#[test]
fn the_whole_is_allowed_and_each_lack_refused() {
    let engine = engine(&consent());
    allows(&engine, &good());
    let approvals = |request: &mut Value, slot: &str, field: &str, value: Value| request["context"]["approvals"][slot][field] = value;
    let context = |field: &'static str, value: Value| move |request: &mut Value| request["context"][field] = value;
    let without = |slot: &'static str| {
        move |request: &mut Value| drop(request["context"]["approvals"].as_object_mut().and_then(|all| all.remove(slot)))
    };
    for slot in ["acme.consent/business", "acme.consent/security", "acme.consent/privacy"] {
        refuses_edit(&engine, &good(), "missing", without(slot));
        refuses_edit(&engine, &good(), "bound_elsewhere", |request| {
            approvals(request, slot, "for", json!("sha256:c"))
        });
        refuses_edit(&engine, &good(), "ineligible", |request| {
            approvals(request, slot, "by", json!("nobody"))
        });
        refuses_edit(&engine, &good(), "stale", |request| {
            approvals(request, slot, "at", json!(NOW - 86_401))
        });
        refuses_edit(&engine, &good(), "stale", |request| approvals(request, slot, "at", json!(NOW + 1)));
    }
    refuses_edit(&engine, &good(), "same_person", |request| {
        approvals(request, "acme.consent/security", "by", json!("dana"))
    });
    refuses_edit(&engine, &good(), "ineligible", context("requested_by", json!("sam")));
    refuses_edit(&engine, &good(), "out_of_scope", context("on_behalf_of", json!("acme.user")));
    refuses_edit(&engine, &good(), "stale_policy", context("revision", json!("sha256:2")));
    refuses_edit(&engine, &good(), "purpose", context("purpose", json!("acme.ads")));
    refuses_edit(&engine, &good(), "out_of_scope", context("task", json!("acme.none")));
    refuses_edit(&engine, &good(), "out_of_scope", context("task", json!("acme.foreign")));
    refuses_edit(&engine, &good(), "limit", context("inputs", json!({})));
    refuses_edit(&engine, &good(), "limit", context("inputs", json!({ "records": true })));
    refuses_edit(&engine, &good(), "limit", context("inputs", json!({ "records": 201 })));
    refuses_edit(&engine, &good(), "limit", context("inputs", json!({ "records": 0 })));
    refuses_edit(&engine, &good(), "limit", context("totals", json!({})));
    refuses_edit(
        &engine,
        &good(),
        "limit",
        context("totals", json!({ "acme.work/records/24h": 4_881 })),
    );
    refuses_edit(&engine, &good(), "limit", context("totals", json!({ "acme.work/records/24h": -1 })));
    refuses_edit(
        &engine,
        &good(),
        "limit",
        context("totals", json!({ "acme.foreign/records/24h": 0 })),
    );
    refuses_edit(&engine, &good(), "not_ready", context("evidence", json!({})));
    refuses_edit(&engine, &good(), "not_ready", |request| {
        request["context"]["evidence"]["acme.ledger"]["ready"] = json!(false)
    });
    refuses_edit(&engine, &good(), "not_ready", |request| {
        request["context"]["rollback"]["acme.restore"]["checked_at"] = json!(NOW - 301)
    });
    refuses_edit(&engine, &good(), "not_ready", |request| {
        request["context"]["rollback"]["acme.restore"]["checked_at"] = json!(NOW + 1)
    });
    refuses_edit(&engine, &good(), "credential", |request| {
        request["subject"]["properties"]["principal"] = json!("standing")
    });
    refuses_edit(&engine, &good(), "credential", |request| {
        request["subject"]["id"] = json!("acme.unknown")
    });
    refuses_edit(
        &engine,
        &good(),
        "credential",
        context("credential", json!({ "issued_at": NOW - 100, "expires_at": NOW })),
    );
    refuses_edit(
        &engine,
        &good(),
        "credential",
        context("credential", json!({ "issued_at": NOW + 1, "expires_at": NOW + 2 })),
    );
    refuses_edit(
        &engine,
        &good(),
        "credential",
        context("credential", json!({ "issued_at": NOW - 100, "expires_at": NOW + 801 })),
    );
    refuses_edit(&engine, &good(), "expired", context("now", json!(NOW + 1_000)));
    refuses_edit(&engine, &good(), "out_of_scope", |request| {
        request["resource"]["id"] = json!("acme.crm/free")
    });
    refuses_edit(&engine, &good(), "out_of_scope", |request| {
        request["resource"]["id"] = json!("acme.crm/other")
    });
}

#[test]
fn edges_are_allowed() {
    let engine = engine(&consent());
    let edges: [(&str, Value); 6] = [
        ("/context/approvals/acme.consent~1privacy/at", json!(NOW - 86_400)),
        ("/context/inputs/records", json!(200)),
        ("/context/totals/acme.work~1records~124h", json!(4_880)),
        ("/context/credential/expires_at", json!(NOW + 800)),
        ("/context/evidence/acme.ledger/checked_at", json!(NOW)),
        (
            "/context/totals",
            json!({ "acme.work/records/24h": 0, "acme.foreign/records/24h": 9 }),
        ),
    ];
    for (place, value) in edges {
        let mut request = good();
        *request.pointer_mut(place).expect("it is there") = value;
        allows(&engine, &request);
    }
    let mut request = good();
    request["context"]["emergency"] = json!({ "declared_by": "nobody", "at": 0, "id": "x" });
    request["context"]["requested_by"] = json!("jo");
    allows(&engine, &request);
}

#[test]
fn a_delegation_counts_within_its_windows() {
    let engine = engine(&consent());
    let by_lee = |at: i64, now: i64| {
        let mut request = good();
        request["context"]["now"] = json!(now);
        request["context"]["approvals"]["acme.consent/privacy"] = json!({ "by": "lee", "at": at, "for": "sha256:b" });
        request["context"]["evidence"]["acme.ledger"]["checked_at"] = json!(now);
        request["context"]["rollback"]["acme.restore"]["checked_at"] = json!(now);
        request
    };
    allows(&engine, &by_lee(NOW - 500, NOW));
    refuses(&engine, &by_lee(NOW - 501, NOW), "ineligible");
    refuses(&engine, &by_lee(NOW - 3_000, NOW), "ineligible");
    refuses(&engine, &by_lee(NOW - 500, NOW + 1), "ineligible");
}

#[test]
fn calls_are_legal_hop_by_hop() {
    let engine = engine(&consent());
    let via = |callers: Value| {
        let mut request = good();
        request["context"]["via"] = callers;
        request
    };
    allows(&engine, &via(json!([])));
    allows(&engine, &via(json!(["acme.other"])));
    allows(&engine, &via(json!(["acme.third", "acme.other"])));
    refuses(&engine, &via(json!(["acme.third"])), "out_of_scope");
    refuses(&engine, &via(json!(["acme.other", "acme.other"])), "out_of_scope");
    refuses(&engine, &via(json!(["acme.other", "acme.third", "acme.other"])), "out_of_scope");
}

#[test]
fn acting_for_somebody_takes_somebody_it_may_act_for() {
    let mut policy = consent();
    let own = policy.agents["acme.campaign"].clone();
    let scope = policy.tasks["acme.work"].scope.clone();
    policy
        .agents
        .insert("acme.campaign".to_owned(), acting(own, &["acme.user", "maria"], &scope));
    let engine = engine(&policy);
    let mut request = good();
    refuses(&engine, &request, "out_of_scope");
    request["context"]["on_behalf_of"] = json!("acme.user");
    allows(&engine, &request);
    request["context"]["on_behalf_of"] = json!("jo");
    refuses(&engine, &request, "out_of_scope");
    request["context"]["on_behalf_of"] = json!("maria");
    refuses(&engine, &request, "ineligible");
}

#[test]
fn the_permit_reads_like_the_file_and_is_the_same_each_time() {
    let cedar = emit(&consent()).expect("it can be said");
    assert_eq!(cedar, emit(&consent()).expect("it can be said"));
    insta::assert_snapshot!(cedar.policies);
}

#[test]
fn every_condition_stands_alone() {
    let policy = consent();
    let cedar = emit(&policy).expect("it can be said");
    let statement = permit::statements(&policy, &policy.groups[0]).expect("it can be said").remove(0);
    for index in 0..statement.clauses.len() {
        let mut shorter = statement.clone();
        shorter.clauses.remove(index);
        let engine = Engine::new(&Cedar {
            policies: print::file(&[], &[shorter]),
            ..cedar.clone()
        })
        .expect("it validates without any one condition");
        assert!(engine.decide(&good()).answer.allow);
    }
}

#[test]
fn no_number_overflows() {
    let engine = engine(&consent());
    let projected = project(&good()).expect("it has the shape");
    let places = [
        "/now",
        "/approvals/acme.consent~1privacy/at",
        "/credential/issued_at",
        "/credential/expires_at",
        "/inputs/records:integer",
        "/totals/task~1records~124h",
        "/evidence/acme.ledger/checked_at",
        "/rollback/acme.restore/checked_at",
    ];
    let extremes = [i64::MIN, i64::MIN + 300, -1, 0, 1, NOW, i64::MAX - 300, i64::MAX];
    for one in places {
        for two in places {
            for (first, second) in extremes
                .iter()
                .flat_map(|first| extremes.iter().map(move |second| (*first, *second)))
            {
                let mut asked = projected.clone();
                for (place, value) in [(one, first), (two, second)] {
                    *asked.context.pointer_mut(place).expect("it is there") = json!(value);
                }
                let outcome = engine.permits.decide_projected(asked);
                assert_eq!(
                    (outcome.errors, outcome.malformed),
                    (Vec::new(), None),
                    "{one} {first} {two} {second}"
                );
            }
        }
    }
}
