//! Who asks, for what, when, and within which limits.

use crate::emit::rego::tests::fixture::{Machines, NOW, consent_request, policy, refund_request, request, with, without};
use serde_json::{Value, json};

fn changed(changes: &[(&str, Value)]) -> Value {
    changes
        .iter()
        .fold(consent_request(), |request, (pointer, value)| with(request, pointer, value.clone()))
}

/// A name, what is changed in the request, the answer.
type Case<'a> = (&'a str, &'a [(&'a str, Value)], &'a str);

fn check(cases: &[Case]) {
    let machines = Machines::new(&policy());
    for (name, changes, answer) in cases {
        machines.expect(name, &changed(changes), answer);
    }
}

#[test]
fn agent_and_credential() {
    check(&[
        ("as it stands", &[], "allow"),
        ("another revision", &[("/context/revision", json!("sha256:old"))], "stale_policy"),
        ("unknown agent", &[("/subject/id", json!("nobody"))], "credential out_of_scope"),
        ("another agent", &[("/subject/id", json!("planner"))], "out_of_scope"),
        (
            "unknown principal",
            &[("/subject/properties/principal", json!("spiffe://other"))],
            "credential",
        ),
        (
            "principal without a life",
            &[("/subject/properties/principal", json!("key"))],
            "credential",
        ),
        (
            "issued now",
            &[("/context/credential", json!({ "issued_at": NOW, "expires_at": NOW + 900 }))],
            "allow",
        ),
        (
            "issued later",
            &[("/context/credential", json!({ "issued_at": NOW + 1, "expires_at": NOW + 600 }))],
            "credential",
        ),
        (
            "expires now",
            &[("/context/credential", json!({ "issued_at": NOW - 300, "expires_at": NOW }))],
            "credential",
        ),
        (
            "last second",
            &[("/context/credential", json!({ "issued_at": NOW - 899, "expires_at": NOW + 1 }))],
            "allow",
        ),
        (
            "too long a life",
            &[("/context/credential", json!({ "issued_at": NOW, "expires_at": NOW + 901 }))],
            "credential",
        ),
        (
            "issued before time",
            &[("/context/credential", json!({ "issued_at": -1, "expires_at": NOW + 600 }))],
            "credential",
        ),
    ]);
}

#[test]
fn task_purpose_and_scope() {
    check(&[
        ("unknown task", &[("/context/task", json!("other"))], "out_of_scope"),
        ("another agent's task", &[("/context/task", json!("helping"))], "out_of_scope"),
        ("a task that ended", &[("/context/task", json!("ended"))], "expired"),
        ("another purpose", &[("/context/purpose", json!("ads"))], "purpose"),
        ("a task without a purpose", &[("/context/task", json!("aimless"))], "purpose"),
        ("another resource", &[("/resource/id", json!("crm/profile"))], "out_of_scope"),
        ("another action", &[("/action/name", json!("write.delete"))], "out_of_scope"),
        ("an unknown action", &[("/action/name", json!("write"))], "out_of_scope"),
    ]);
    let machines = Machines::new(&policy());
    let begin = |now: i64| {
        let request = with(consent_request(), "/context/now", json!(now));
        let request = with(request, "/context/credential", json!({ "issued_at": now, "expires_at": now + 1 }));
        let ready = json!({ "ready": true, "checked_at": now });
        let request = with(request, "/context/evidence/ledger", ready.clone());
        let request = with(request, "/context/rollback/restore", ready);
        ["business", "security", "privacy"].iter().fold(request, |request, function| {
            with(request, &format!("/context/approvals/consent~1{function}/at"), json!(now))
        })
    };
    machines.expect("the first second", &begin(NOW - 10_000), "allow");
    machines.expect("the second before", &begin(NOW - 10_001), "expired");
    machines.expect("the last second", &begin(NOW + 9_999), "allow");
    machines.expect("the second after", &begin(NOW + 10_000), "expired");
}

#[test]
fn purposes_of_a_domain() {
    let mut policy = policy();
    policy.tasks.get_mut("push").expect("a task").purpose = Some("ads".to_owned());
    let machines = Machines::new(&policy);
    machines.expect(
        "a purpose the domain does not allow",
        &changed(&[("/context/purpose", json!("ads"))]),
        "purpose",
    );
}

#[test]
fn inputs_and_limits() {
    check(&[
        ("no input", &[("/context/inputs", json!({}))], "limit"),
        ("below the bounds", &[("/context/inputs/records", json!(0))], "limit"),
        ("a word for a number", &[("/context/inputs/records", json!("120"))], "limit"),
        (
            "money for a number",
            &[("/context/inputs/records", json!({ "amount": 1, "currency": "EUR" }))],
            "limit",
        ),
        ("yes for a number", &[("/context/inputs/records", json!(true))], "limit"),
        ("a whole float", &[("/context/inputs/records", json!(120.0))], "allow"),
        (
            "the window is full",
            &[("/context/totals/consent~1records~124h", json!(5_880))],
            "allow",
        ),
        (
            "the window overflows",
            &[("/context/totals/consent~1records~124h", json!(5_881))],
            "limit",
        ),
        (
            "the window overflowed before",
            &[("/context/totals/consent~1records~124h", json!(9_007_199_254_740_991_i64))],
            "limit",
        ),
        (
            "a total below nothing",
            &[("/context/totals/consent~1records~124h", json!(-1))],
            "limit",
        ),
        ("no total", &[("/context/totals", json!({}))], "limit"),
        (
            "the task's most",
            &[
                ("/context/inputs/records", json!(4_000)),
                ("/context/totals/consent~1records~124h", json!(0)),
            ],
            "allow",
        ),
        (
            "above the task's most",
            &[
                ("/context/inputs/records", json!(4_001)),
                ("/context/totals/consent~1records~124h", json!(0)),
            ],
            "limit",
        ),
    ]);
}

#[test]
fn ledgers_and_rollbacks() {
    let state = |ready: bool, at: i64| json!({ "ready": ready, "checked_at": at });
    check(&[
        ("no ledger", &[("/context/evidence", json!({}))], "not_ready"),
        ("ledger not ready", &[("/context/evidence/ledger", state(false, NOW))], "not_ready"),
        (
            "ledger not looked at",
            &[("/context/evidence/ledger", state(true, NOW - 301))],
            "not_ready",
        ),
        (
            "ledger looked at later",
            &[("/context/evidence/ledger", state(true, NOW + 1))],
            "not_ready",
        ),
        ("no rollback", &[("/context/rollback", json!({}))], "not_ready"),
        (
            "rollback not ready",
            &[("/context/rollback/restore", state(false, NOW))],
            "not_ready",
        ),
        (
            "rollback looked at in time",
            &[("/context/rollback/restore", state(true, NOW - 300))],
            "allow",
        ),
        (
            "rollback not looked at",
            &[("/context/rollback/restore", state(true, NOW - 301))],
            "not_ready",
        ),
    ]);
}

#[test]
fn tiers() {
    let machines = Machines::new(&policy());
    let (one, two, other) = (
        ("refunds/business", "maria"),
        ("refunds/business/2", "max"),
        ("refunds/security", "sol"),
    );
    machines.expect("small damage", &refund_request(5_000, "damage", 0, &[]), "allow");
    machines.expect("small goodwill", &refund_request(5_000, "goodwill", 0, &[]), "missing");
    machines.expect("small goodwill, approved", &refund_request(5_000, "goodwill", 0, &[one]), "allow");
    machines.expect("above small", &refund_request(5_001, "damage", 0, &[]), "missing");
    machines.expect("middle", &refund_request(50_000, "damage", 0, &[one]), "allow");
    machines.expect("large, too few", &refund_request(50_001, "damage", 0, &[one, other]), "missing");
    machines.expect("large", &refund_request(50_001, "damage", 0, &[one, two, other]), "allow");
    machines.expect(
        "one person twice",
        &refund_request(50_001, "damage", 0, &[one, ("refunds/business/2", "maria"), other]),
        "same_person",
    );
    machines.expect("the second slot alone", &refund_request(50_000, "damage", 0, &[two]), "missing");
    machines.expect("no tier", &refund_request(90_001, "damage", 0, &[one, two, other]), "missing");
    machines.expect("out of bounds", &refund_request(100_001, "damage", 0, &[one, two, other]), "limit");
    machines.expect("below bounds", &refund_request(-1, "damage", 0, &[]), "limit");
    machines.expect("an unknown word", &refund_request(5_000, "theft", 0, &[one]), "limit");
    machines.expect("the day's most", &refund_request(50_000, "damage", 100_000, &[one]), "allow");
    machines.expect("above the day's most", &refund_request(50_000, "damage", 100_001, &[one]), "limit");
    let dollars = with(
        refund_request(5_000, "damage", 0, &[one]),
        "/context/inputs/amount/currency",
        json!("USD"),
    );
    machines.expect("another currency", &dollars, "limit");
    let plain = with(refund_request(5_000, "damage", 0, &[one]), "/context/inputs/amount", json!(5_000));
    machines.expect("a number for money", &plain, "limit");
}

#[test]
fn emergencies() {
    let urgent = |by: &str, at: i64| {
        let request = without(consent_request(), "/context/approvals/consent~1business");
        with(request, "/context/emergency", json!({ "declared_by": by, "at": at, "id": "INC-1" }))
    };
    let machines = Machines::new(&policy());
    machines.expect("declared", &urgent("ursula", NOW - 600), "allow");
    machines.expect("declared after what was approved", &urgent("ursula", NOW - 599), "stale");
    machines.expect("declared by the one who asked", &urgent("olga", NOW - 600), "emergency");
    machines.expect("its last second", &urgent("ursula", NOW - 3_600), "allow");
    machines.expect("over", &urgent("ursula", NOW - 3_601), "emergency");
    machines.expect("not yet", &urgent("ursula", NOW + 1), "emergency");
    machines.expect("declared by nobody", &urgent("stranger", NOW), "emergency");
    let quiet = without(urgent("ursula", NOW), "/context/emergency");
    machines.expect("no emergency", &quiet, "missing");
    let early = with(
        consent_request(),
        "/context/emergency",
        json!({ "declared_by": "stranger", "at": -1, "id": "INC-1" }),
    );
    machines.expect("a bad declaration does not get round the tiers", &early, "emergency");
    let unused = with(
        refund_request(5_000, "damage", 0, &[]),
        "/context/emergency",
        json!({ "declared_by": "stranger", "at": -1, "id": "INC-1" }),
    );
    machines.expect("no governing domain has one", &unused, "allow");
}

#[test]
fn chains_and_delegation() {
    let machines = Machines::new(&policy());
    let note = |task: &str| {
        with(
            request("write.create", "crm/note", &[("solo/business", "omni"), ("solo/privacy", "omni")]),
            "/context/task",
            json!(task),
        )
    };
    let via = |task: &str, via: &[&str]| with(note(task), "/context/via", json!(via));
    machines.expect("nobody calls", &via("wide", &[]), "allow");
    machines.expect("a legal call", &via("wide", &["planner"]), "allow");
    machines.expect("a legal chain", &via("wide", &["root", "planner"]), "allow");
    machines.expect("a call for another task", &via("push", &["planner"]), "limit out_of_scope");
    machines.expect("not a caller", &via("wide", &["root"]), "out_of_scope");
    machines.expect("a broken chain", &via("wide", &["planner", "root"]), "out_of_scope");
    machines.expect("a chain with a stranger", &via("wide", &["stranger", "planner"]), "out_of_scope");
    let behalf = |agent: &str, task: &str, person: &str| {
        with(
            with(note(task), "/subject/id", json!(agent)),
            "/context/on_behalf_of",
            json!(person),
        )
    };
    machines.expect("for one of its users", &behalf("helper", "helping", "ursula"), "allow");
    machines.expect("for another", &behalf("helper", "helping", "dana"), "out_of_scope");
    machines.expect("for nobody", &with(note("helping"), "/subject/id", json!("helper")), "out_of_scope");
    machines.expect("acts for nobody, yet does", &behalf("campaign", "wide", "ursula"), "out_of_scope");
}
