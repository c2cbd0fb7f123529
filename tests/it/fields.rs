//! Every field of a request by itself: left out, null, of another type, doubled, empty. The three deciders answer alike, and what they allow all the
//! same is what the contract leaves open.

use crate::project::{Outcome, Project, TODAY, repository, run_in};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Allowed requests that between them have every field of the contract: one on somebody's behalf, one in an emergency whose quorum is not the
/// usual one.
const EXAMPLES: [(&str, &str); 2] = [
    ("examples/delegated-access", "on_behalf_of"),
    ("examples/customer-data", "emergency"),
];

/// Of each example an allowed request that has the field.
fn allowed() -> [(&'static str, Value); 2] {
    EXAMPLES.map(|(example, field)| {
        let project = Project::new();
        let out = project.path("out").to_string_lossy().into_owned();
        run_in(repository(), TODAY, &["build", example, "-o", &out]).ends_with(0);
        let lines = std::fs::read_to_string(project.path("out/requests/vectors.jsonl")).expect("the requests are written");
        let mut vectors = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let has =
            |vector: &Value| vector["kind"] == "allowed" && vector["decision"] == true && !vector["request"]["context"][field].is_null();
        let mut request = vectors.find(has).unwrap_or_else(|| panic!("one has {field}"))["request"].clone();
        request["context"]["via"] = json!([]);
        (example, request)
    })
}

/// The pointer of every field and every member of a list.
fn pointers(value: &Value, pointer: &str, into: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        Value::Array(list) => list.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (name, value) in inner {
        let pointer = format!("{pointer}/{name}");
        into.push(pointer.clone());
        pointers(value, &pointer, into);
    }
}

fn without(request: &Value, pointer: &str) -> Value {
    let mut request = request.clone();
    let (of, name) = pointer.rsplit_once('/').expect("a pointer");
    match request.pointer_mut(of).expect("it is there") {
        Value::Object(fields) => drop(fields.shift_remove(&name.replace("~1", "/").replace("~0", "~"))),
        Value::Array(list) => drop(list.remove(name.parse().expect("a place"))),
        _ => panic!("{pointer} has nothing in it"),
    }
    request
}

fn decided(example: &str, lines: &[String]) -> Vec<Value> {
    let project = Project::new().file("requests.jsonl", &lines.join("\n"));
    let requests = project.path("requests.jsonl").to_string_lossy().into_owned();
    let outcome: Outcome = run_in(repository(), TODAY, &["decide", example, &requests, "--engine", "all"]);
    let answers: Vec<Value> = outcome.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), lines.len(), "{}", outcome.error);
    answers
}

#[test]
fn a_field_that_is_not_what_it_should_be_allows_nothing() {
    let wrong = [
        json!(null),
        json!(true),
        json!(""),
        json!("x"),
        json!(-1),
        json!([]),
        json!([null]),
        json!({}),
        json!({ "x": 1 }),
    ];
    let mut still: BTreeSet<String> = BTreeSet::new();
    for (example, request) in allowed() {
        let mut fields = Vec::new();
        pointers(&request, "", &mut fields);
        assert!(fields.len() > 25, "{fields:?}");
        let mut tried: Vec<(String, String)> = vec![("nothing changed".to_owned(), request.to_string())];
        for pointer in &fields {
            tried.push((format!("{pointer} left out"), without(&request, pointer).to_string()));
            for value in &wrong {
                let mut request = request.clone();
                *request.pointer_mut(pointer).expect("it is there") = value.clone();
                tried.push((format!("{pointer} {value}"), request.to_string()));
            }
        }
        let lines: Vec<String> = tried.iter().map(|(_, line)| line.clone()).collect();
        for ((what, line), answer) in tried.iter().zip(decided(example, &lines)) {
            if answer["decision"] == true {
                still.insert(format!("{example} {what}"));
                continue;
            }
            // Nothing is denied without a reason, and what is malformed says where.
            let reasons = answer["context"]["reasons"].as_array().expect("reasons");
            assert!(!reasons.is_empty(), "{what}: {answer}\n{line}");
            let malformed = reasons.contains(&json!("malformed"));
            assert_eq!(answer["context"]["error"].is_string(), malformed, "{what}: {answer}\n{line}");
        }
    }
    insta::assert_snapshot!(still.into_iter().collect::<Vec<_>>().join("\n"));
}

/// The text of a request that repeats one field with the same value.
fn doubled(value: &Value, pointer: &str, at: &str) -> String {
    match value {
        Value::Object(fields) => {
            let mut parts = Vec::new();
            for (name, value) in fields {
                let inner = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                let part = format!("{}:{}", json!(name), doubled(value, pointer, &inner));
                parts.extend(vec![part; if inner == pointer { 2 } else { 1 }]);
            }
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(list) => {
            let parts: Vec<String> = list
                .iter()
                .enumerate()
                .map(|(number, value)| doubled(value, pointer, &format!("{at}/{number}")))
                .collect();
            format!("[{}]", parts.join(","))
        }
        other => other.to_string(),
    }
}

#[test]
fn a_field_that_stands_twice_is_malformed_wherever_it_stands() {
    for (example, request) in allowed() {
        let mut fields = Vec::new();
        pointers(&request, "", &mut fields);
        assert_eq!(serde_json::from_str::<Value>(&doubled(&request, "", "")).expect("JSON"), request);
        let lines: Vec<String> = fields.iter().map(|pointer| doubled(&request, pointer, "")).collect();
        for ((pointer, line), answer) in fields.iter().zip(&lines).zip(decided(example, &lines)) {
            assert_eq!(answer["decision"], false, "{pointer}\n{line}");
            assert_eq!(answer["context"]["reasons"], json!(["malformed"]), "{pointer}\n{line}");
            let error = answer["context"]["error"].as_str().expect("a sentence");
            let name = pointer.rsplit('/').next().expect("a name").replace("~1", "/").replace("~0", "~");
            assert!(error.contains(&name) && error.contains("twice"), "{pointer}: {error}");
        }
    }
}
