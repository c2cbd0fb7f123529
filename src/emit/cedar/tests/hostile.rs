//! Names and texts that try to become Cedar stay names and texts.

use crate::emit::cedar::emit;
use crate::emit::cedar::tests::{allows, always, approved, domain, engine, policy, refuses_edit, request, seat, threshold};
use crate::emit::policy::{Comparison, Condition, Constant, Group, Input, Limit, Policy, Tier};
use serde_json::json;

const NASTY: [&str; 12] = [
    "\"); permit(principal, action, resource); //",
    "a\nb\r\n} when { true };\npermit (principal, action, resource);",
    "*/ /* // \\",
    "\\\" || true || \\",
    "é 火 \u{202e}evil\u{2028}permit(principal,action,resource);",
    "</script><b>",
    "@id(\"x\")",
    "__entity",
    "if",
    "\0\u{7f}\u{85}\u{feff}",
    "",
    "'; ${x} %s {{y}}",
];

fn hostile(text: &str) -> Policy {
    let id = format!("acme.{text}");
    let function = format!("f{text}");
    let input = format!("i{text}");
    let condition = Condition::Compare(input.clone(), Comparison::Equal, Constant::Word(text.to_owned()));
    let quorum = threshold(2, [seat(&function), seat("security")]);
    let tiers = vec![
        Tier {
            condition: Some(condition),
            quorum: quorum.clone(),
            text: text.to_owned(),
            source: format!("{text}.gov:1"),
        },
        always(seat("security"), text),
    ];
    let mut of = domain(text, tiers, &[(function.as_str(), &[text, "sam"]), ("security", &["sam"])]);
    of.inputs.insert(input, Input::Text);
    of.evidence = Some(text.to_owned());
    of.rollbacks = vec![text.to_owned()];
    of.source = format!("{text}:2");
    of.controls = vec![text.to_owned()];
    let mut policy = policy(vec![(id.as_str(), of)]);
    policy.workspace = text.to_owned();
    policy.revision = text.to_owned();
    let agent = policy.agents["acme.campaign"].clone();
    policy.agents.insert(text.to_owned(), agent);
    let limit = Limit {
        input: "n".to_owned() + text,
        unit: "integer".to_owned(),
        most: 10,
        per: Some(86_400),
        source: text.to_owned(),
    };
    policy.inputs.insert("n".to_owned() + text);
    for task in policy.tasks.values_mut() {
        task.agent = text.to_owned();
        task.purpose = Some(text.to_owned());
        task.scope = [(text.to_owned(), [text.to_owned()].into())].into();
        task.limits = vec![limit.clone()];
        task.source = text.to_owned();
    }
    let groups: Vec<Group> = policy
        .groups
        .iter()
        .map(|group| Group {
            actions: [text.to_owned()].into(),
            resources: [text.to_owned()].into(),
            ..group.clone()
        })
        .collect();
    policy.groups = groups;
    policy
}

fn statements(cedar: &str) -> usize {
    use std::str::FromStr;
    cedar_policy::PolicySet::from_str(cedar)
        .map(|set| set.policies().count())
        .unwrap_or(0)
}

#[test]
fn nothing_escapes() {
    for text in NASTY {
        let policy = hostile(text);
        let cedar = emit(&policy).expect("it can be said");
        assert_eq!(statements(&cedar.policies), 1, "{text:?}\n{}", cedar.policies);
        let engine = engine(&policy);
        let slot = format!("acme.{text}/f{text}");
        let security = format!("acme.{text}/security");
        let mut asked = approved(&[(slot.as_str(), text), (security.as_str(), "sam")]);
        asked["subject"]["id"] = json!(text);
        asked["action"]["name"] = json!(text);
        asked["resource"]["id"] = json!(text);
        let context = &mut asked["context"];
        context["purpose"] = json!(text);
        context["revision"] = json!(text);
        context["inputs"] = json!({ format!("i{text}"): text, format!("n{text}"): 10 });
        context["totals"] = json!({ format!("acme.work/n{text}/24h"): 0 });
        context["evidence"] = json!({ text: { "ready": true, "checked_at": context["now"] } });
        context["rollback"] = context["evidence"].clone();
        allows(&engine, &asked);
        refuses_edit(&engine, &asked, "same_person", |request| {
            request["context"]["approvals"][&slot]["by"] = json!("sam")
        });
        refuses_edit(&engine, &asked, "stale_policy", |request| {
            request["context"]["revision"] = json!("else")
        });
        assert!(!engine.permits.decide(&request()).answer.allow);
    }
}
