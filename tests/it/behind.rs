//! What is behind a finding is whole, also where it stands under another one, and no edit invites anybody to state what is not so.

use crate::corpus::blocks;
use crate::overlay::over_base;
use crate::project::{TODAY, repository, run_in};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

/// Clauses that say what is so in the world, whoever writes them.
const FACTS: &[&str] = &[
    "managed_by",
    "operated_by",
    "kept_in",
    "configured_in",
    "issued_by",
    "issued",
    "enforced_by",
    "on_failure",
    "stop",
    "evidence",
    "retention",
    "restores",
    "method",
    "within",
    "tested",
    "revoked",
    "ttl",
    "keeps",
    "records",
    "tamper_evident",
    "approvals",
    "holds",
    "provider",
    "runs_as",
    "kind",
    "basis",
];

/// How each run of `check` ends: the findings, and the text.
fn runs() -> Vec<(String, Vec<Value>, String)> {
    let of = |name: String, run: &dyn Fn(&[&str]) -> String| {
        let document: Value = serde_json::from_str(&run(&["check", "--format", "json"])).expect("JSON");
        let findings = document["findings"].as_array().cloned().unwrap_or_default();
        (name, findings, run(&["check"]))
    };
    let examples = std::fs::read_dir(repository().join("examples")).expect("there are examples");
    let examples = examples.map(|entry| entry.expect("it is readable").path());
    let mut gaps: Vec<_> = examples.filter(|path| path.to_string_lossy().ends_with("-gaps")).collect();
    gaps.sort();
    assert_eq!(gaps.len(), 5);
    let gaps = gaps
        .iter()
        .map(|path| of(path.display().to_string(), &|arguments| run_in(path, TODAY, arguments).out));
    let mut runs: Vec<_> = gaps.collect();
    let corpus: Vec<_> = blocks()
        .par_iter()
        .map(|block| {
            let project = over_base(block);
            let name = block.lines().skip(1).take(3).collect::<Vec<&str>>().join(" / ");
            of(name, &|arguments| project.run(arguments).out)
        })
        .collect();
    runs.extend(corpus);
    runs
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

#[test]
fn what_is_under_also_is_whole() {
    let mut looked_at = 0;
    for (name, findings, text) in runs() {
        for finding in &findings {
            let head = format!(
                "{}[{}] {}: {}",
                finding["level"].as_str().expect("a level"),
                finding["code"].as_str().expect("a code"),
                finding["name"].as_str().expect("a name"),
                finding["message"].as_str().expect("a message"),
            );
            let block = text.split("\n\n").find(|block| block.contains(&head)).unwrap_or_default();
            let agents = finding["agents"].as_array().expect("each finding says which agents are behind it");
            assert_eq!(agents.is_empty(), finding["decision_points"] == 0, "{name}: {head}");
            for related in list(&finding["related"]).iter().filter(|related| !related["decisions"].is_null()) {
                let decisions = list(&related["decisions"]);
                assert_eq!(
                    Some(decisions.len() as u64),
                    related["decision_points"].as_u64(),
                    "{name}: {related}"
                );
                let each: BTreeSet<String> = decisions.iter().map(Value::to_string).collect();
                assert_eq!(
                    each.len(),
                    decisions.len(),
                    "{name}: one decision point is counted twice: {related}"
                );
                assert_eq!(decisions.first().unwrap_or(&Value::Null), &related["decision"], "{name}");
                let agents: BTreeSet<String> = decisions.iter().map(|one| one["agent"].to_string()).collect();
                let named: BTreeSet<String> = list(&related["agents"]).iter().map(Value::to_string).collect();
                assert_eq!(agents, named, "{name}: {related}");
                looked_at += decisions.len();
                for agent in list(&related["agents"]) {
                    let agent = agent.as_str().expect("an id");
                    let short = agent.rsplit('.').next().expect("a name");
                    let line = |line: &str| line.starts_with(&format!("     {short}: ")) || line.starts_with(&format!("     {agent}: "));
                    let own = format!("decision point: {short} ");
                    let shown =
                        block.lines().any(|one| line(one) || one.contains(&own)) || block.contains("more decision points (--format");
                    assert!(shown, "{name}: {agent} is not named\n{block}");
                }
            }
        }
    }
    assert!(looked_at > 50, "{looked_at} decision points stand under another finding");
}

#[test]
fn an_edit_that_states_a_fact_says_so() {
    let mut facts: BTreeSet<&str> = BTreeSet::new();
    for (name, findings, _) in runs() {
        for finding in &findings {
            let helps = std::iter::once(finding["help"].clone()).chain(list(&finding["alternatives"]));
            for help in helps.filter_map(|help| help.as_str().map(str::to_owned)) {
                let word = help.split([' ', '`']).next().unwrap_or_default();
                if let Some(fact) = FACTS.iter().find(|fact| **fact == word) {
                    let says = help.contains("only if it is so; if not, make it so first (") && help.contains(" can say)");
                    assert!(says, "{name}: {help}");
                    facts.insert(fact);
                }
            }
        }
    }
    assert!(facts.len() > 15, "only these are offered: {facts:?}");
}
