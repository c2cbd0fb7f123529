//! Every condition of `allow` is needed: without it some request that has to be refused goes through.

use crate::emit::rego::tests::fixture::{NOW, consent_request, policy, with, without};
use crate::emit::rego::{Engine, Rego, emit};
use serde_json::{Value, json};

#[test]
fn no_condition_is_idle() {
    let rego = emit(&policy());
    let (head, body) = rego.module.split_once("allow if {\n").expect("the rule");
    let (body, tail) = body.split_once("\n}").expect("its end");
    let conditions: Vec<&str> = body.lines().map(str::trim).collect();
    let breaking = breaking();
    assert_eq!(conditions, breaking.iter().map(|(condition, _)| *condition).collect::<Vec<_>>());
    let whole = Engine::new(&rego).expect("it loads");
    for (condition, request) in &breaking {
        assert!(!whole.decide(request).answer.allow, "{condition}");
        let rest: Vec<&str> = body.lines().filter(|line| line.trim() != *condition).collect();
        let module = format!("{head}allow if {{\n{}\n}}{tail}", rest.join("\n"));
        let part = Engine::new(&Rego { module, ..rego.clone() }).expect("it loads");
        assert!(part.decide(request).answer.allow, "{condition}");
        assert!(part.decide(&consent_request()).answer.allow, "{condition}");
    }
}

/// For each condition, a request that only this condition refuses.
fn breaking() -> Vec<(&'static str, Value)> {
    let changed = |pointer: &str, value: Value| with(consent_request(), pointer, value);
    let emergency = json!({ "declared_by": "stranger", "at": NOW - 900, "id": "INC-1" });
    vec![
        ("well_formed", changed("/subject/properties/x", json!(1))),
        ("revision_current", changed("/context/revision", json!("sha256:old"))),
        ("credential_live", changed("/context/credential/expires_at", json!(NOW))),
        ("task_own", changed("/subject/id", json!("planner"))),
        ("task_current", changed("/context/task", json!("ended"))),
        ("waiver_holds", changed("/context/task", json!("waived"))),
        ("asked", changed("/context/requested_by", json!("stranger"))),
        ("purpose_agrees", changed("/context/task", json!("aimless"))),
        ("in_scope", changed("/context/task", json!("narrow"))),
        ("inputs_given", changed("/context/inputs/records", json!(0))),
        ("limits_kept", changed("/context/totals/consent~1records~124h", json!(6_000))),
        ("records_ready", changed("/context/rollback", json!({}))),
        ("emergency_sound", changed("/context/emergency", emergency)),
        ("approved", without(consent_request(), "/context/approvals/consent~1privacy")),
        ("chain_legal", changed("/context/via", json!(["root"]))),
        ("delegation_legal", changed("/context/on_behalf_of", json!("ursula"))),
    ]
}
