//! What the Rego policies deny with `not`. Where an argument of a denied call is undefined, one engine leaves the rule and another finds the
//! call untrue, so that it holds; and one takes `x := undefined` for true. So every argument is a parameter or gone through with `some` or `every`.

use crate::project::repository;
use crate::tools::path_with;
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;

/// A module as Open Policy Agent reads it.
fn parsed(path: &str, file: &std::path::Path) -> Value {
    let output = Command::new("opa")
        .args(["parse", "--format", "json"])
        .arg(file)
        .env("PATH", path)
        .output()
        .expect("Open Policy Agent starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The variables that have a value wherever a rule uses them: its parameters, and what it goes through.
fn bound(value: &Value, into: &mut BTreeSet<String>) {
    let mut variable = |value: &Value| {
        if value["type"] == "var" {
            into.insert(value["value"].as_str().unwrap_or_default().to_owned());
        }
    };
    match value {
        Value::Object(fields) => {
            if let Some(parameters) = fields.get("args").and_then(Value::as_array) {
                parameters.iter().for_each(&mut variable);
            }
            // `every key, value in domain`
            ["key", "value"]
                .iter()
                .filter(|_| fields.contains_key("domain"))
                .for_each(|name| variable(&fields[*name]));
            // `some value in list` is a call of `member` with the list at its end.
            if let Some(symbols) = fields.get("symbols").and_then(Value::as_array) {
                for symbol in symbols {
                    let of = symbol["value"].as_array().into_iter().flatten().skip(1);
                    of.for_each(&mut variable);
                }
            }
            fields.values().for_each(|value| bound(value, into));
        }
        Value::Array(list) => list.iter().for_each(|value| bound(value, into)),
        _ => {}
    }
}

/// Each denied call in a rule, and whether all that it is asked about has a value.
fn denied(value: &Value, known: &BTreeSet<String>, into: &mut Vec<(String, bool)>) {
    match value {
        Value::Object(fields) => {
            if fields.get("negated") == Some(&Value::Bool(true))
                && let Some([called, arguments @ ..]) = fields["terms"].as_array().map(Vec::as_slice)
            {
                let has_value = |argument: &Value| match argument["type"].as_str() {
                    Some("var") => known.contains(argument["value"].as_str().unwrap_or_default()),
                    Some("string" | "number" | "boolean" | "null") => true,
                    _ => false,
                };
                into.push((called["value"].to_string(), arguments.iter().all(has_value)));
            }
            fields.values().for_each(|value| denied(value, known, into));
        }
        Value::Array(list) => list.iter().for_each(|value| denied(value, known, into)),
        _ => {}
    }
}

fn calls(module: &Value) -> Vec<(String, bool)> {
    let mut all = Vec::new();
    for rule in module["rules"].as_array().expect("rules") {
        let mut known = BTreeSet::new();
        bound(rule, &mut known);
        let mut found = Vec::new();
        denied(rule, &known, &mut found);
        let name = rule["head"]["name"].as_str().unwrap_or_default();
        all.extend(found.into_iter().map(|(call, sound)| (format!("{name}: not {call}"), sound)));
    }
    all
}

#[test]
fn nothing_is_denied_of_what_may_be_absent() {
    let Some(path) = path_with(&["opa"], "the negations of the Rego policies") else {
        return;
    };
    let folder = repository().join("src/emit/rego");
    let mut all = Vec::new();
    for file in ["policy.rego", "reasons.rego"] {
        all.extend(calls(&parsed(&path.to_string_lossy(), &folder.join(file))));
    }
    assert!(all.len() > 12, "{all:?}");
    let faults: Vec<&String> = all.iter().filter(|(_, sound)| !sound).map(|(call, _)| call).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    // One that may: what has no value is found.
    let strange = tempfile::tempdir().expect("a folder");
    let file = strange.path().join("strange.rego");
    let text = "package strange\n\nallow if not f(input.person)\n\nworse if {\n\tperson := input.person\n\tnot f(person)\n}\n\nfine if {\n\tsome person in input.people\n\tnot f(person)\n}\n\nf(person) if person == \"a\"\n";
    std::fs::write(&file, text).expect("it can be written");
    let found: Vec<bool> = calls(&parsed(&path.to_string_lossy(), &file))
        .into_iter()
        .map(|(_, sound)| sound)
        .collect();
    assert_eq!(found, [false, false, true]);
}
