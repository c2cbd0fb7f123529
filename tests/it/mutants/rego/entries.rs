//! Each entry of the emitted data that a decision hangs on left out, loosened or widened.

use crate::mutants::rego::asked::{Difference, Learned, Loaded, program, value};
use crate::mutants::rego::data::{Edit, edits};
use crate::mutants::workspaces;
use rayon::prelude::*;
use serde_json::Value;

/// Whether an edit asks for less: a number that is a bound is moved outwards, or something that is asked for is left out.
fn is_weaker(edit: &Edit) -> bool {
    let path: Vec<&str> = edit.path.iter().map(String::as_str).collect();
    match (path.as_slice(), edit.words) {
        (["quorate", _, _, "principals", _, "life"] | ["quorate", .., "ends" | "valid" | "lasts" | "most" | "to"], "one more") => true,
        (["quorate", .., "starts" | "from"], "one less") | (["quorate", "checked_within"], "one more") => true,
        (["quorate", .., "limits" | "rollbacks" | "ledgers" | "inputs", _], "left out") => {
            path.contains(&"domains") || path.contains(&"tasks")
        }
        (["quorate", "groups", _, "domains", _], "left out") => true,
        (["quorate", "domains", _, "tiers" | "emergency", .., "ways"], "a way that takes nobody") => true,
        (["quorate", "domains", _, "tiers" | "emergency", .., "ways", _, _], "left out") => true,
        (["quorate", "domains", _, "tiers", _, "when", _, _], "left out")
        | (["quorate", "domains", _, "any_purpose"], "the other way round") => true,
        (["quorate", "domains", _, "tiers", _], "left out") => true,
        (_, _) => false,
    }
}

/// Why an edit changes no answer in a workspace, whatever is asked.
fn alike(data: &Value, edit: &Edit) -> Option<&'static str> {
    let path: Vec<&str> = edit.path.iter().map(String::as_str).collect();
    let whole = &data["quorate"];
    let domain = |id: &str| &whole["domains"][id];
    let takes_somebody = |id: &str| {
        let emergency = domain(id)["emergency"].get("ways").into_iter();
        let tiers = domain(id)["tiers"].as_array().into_iter().flatten().map(|tier| &tier["ways"]);
        let ways = tiers.chain(emergency).filter_map(Value::as_array).flatten();
        ways.filter_map(Value::as_object)
            .flat_map(serde_json::Map::values)
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let windows = || {
        whole["tasks"]
            .as_object()
            .into_iter()
            .flat_map(serde_json::Map::values)
            .map(|task| &task["window"])
    };
    let seconds = |value: &Value| value.as_i64().unwrap_or_default();
    match path.as_slice() {
        ["quorate", "domains", id, "seats", function, ..] if !takes_somebody(id).iter().any(|taken| taken == function) => {
            Some("no quorum of the domain asks for the function")
        }
        ["quorate", "domains", id, "inputs", input, "from"] if seconds(at(data, &path)) == 0 && is_limited(domain(id), input) => {
            Some("a limit of the input lets nothing below 0 through either")
        }
        ["quorate", "domains", id, "valid"] if takes_somebody(id).is_empty() => Some("nobody approves there"),
        ["quorate", .., "starts"] if seconds(at(data, &path)) == 0 => Some("no request is made before 1970"),
        ["quorate", "domains", _, "seats", _, _, _, "starts"] => {
            let first = windows().map(|window| seconds(&window["starts"])).min().unwrap_or_default();
            // An approval of before may still be good then.
            let valid = whole["domains"]
                .as_object()
                .into_iter()
                .flat_map(serde_json::Map::values)
                .map(|domain| seconds(&domain["valid"]));
            (seconds(at(data, &path)) < first - valid.max().unwrap_or_default()).then_some("no task has begun by then")
        }
        ["quorate", "agents", agent, "current", ..] if whole["calls"].get(*agent).is_none() => Some("the agent calls nobody"),
        ["quorate", "domains", _, "seats", _, _, _, "ends"]
        | ["quorate", "people", _, "ends"]
        | ["quorate", "agents", _, "current", _, "ends"] => {
            let last = windows().map(|window| seconds(&window["ends"])).max().unwrap_or_default();
            (seconds(at(data, &path)) >= last).then_some("every task is over by then")
        }
        ["quorate", "domains", id, .., "ways"]
            if at(data, &path)
                .as_array()
                .is_some_and(|ways| ways.iter().all(|way| way == &serde_json::json!({}))) =>
        {
            let _ = id;
            Some("it takes nobody as it is")
        }
        ["quorate", "domains", id, ..]
            if !whole["groups"]
                .as_array()
                .into_iter()
                .flatten()
                .any(|group| group["domains"].as_array().is_some_and(|all| all.iter().any(|one| one == id))) =>
        {
            Some("the domain governs nothing")
        }
        _ => None,
    }
}

/// Whether a domain has a limit of an input.
fn is_limited(domain: &Value, input: &str) -> bool {
    let limits = domain["limits"].as_array();
    limits.is_some_and(|limits| limits.iter().any(|limit| limit["input"] == input))
}

fn at<'d>(data: &'d Value, path: &[&str]) -> &'d Value {
    path.iter().fold(data, |entry, key| match entry {
        Value::Array(parts) => &parts[key.parse::<usize>().expect("a place in a list")],
        other => &other[*key],
    })
}

#[test]
fn every_entry_that_asks_for_something_is_noticed() {
    let learned = Learned::default();
    let (mut noticed, mut reasons, mut idle, mut missed) = (0, 0, 0, Vec::new());
    for (workspace, _) in workspaces() {
        let own = &Loaded::of(workspace);
        let Loaded { emitted, .. } = own;
        let program = program(&emitted.module, &emitted.reasons).expect("what is emitted loads");
        let weaker: Vec<Edit> = edits(&emitted.data).into_iter().filter(is_weaker).collect();
        assert!(weaker.len() > 20, "{}: {}", own.name, weaker.len());
        let came: Vec<(String, Option<&str>, Option<Difference>)> = weaker
            .par_iter()
            .map(|edit| {
                let class = format!(
                    "{} {}",
                    edit.path
                        .iter()
                        .rfind(|part| part.parse::<usize>().is_err())
                        .map_or("", String::as_str),
                    edit.words
                );
                let about = format!("{}: {}, {}", own.name, edit.path.join(" | "), edit.words);
                let why = alike(&emitted.data, edit);
                let seen = || {
                    own.noticed(
                        &program,
                        &value(&edit.of(&emitted.data)),
                        (&class, &edit.path),
                        Difference::Decision,
                        &learned,
                    )
                };
                (about, why, if why.is_some() { None } else { seen() })
            })
            .collect();
        for (about, why, seen) in came {
            match (why, seen) {
                (Some(_), _) => idle += 1,
                (None, Some(Difference::Decision)) => noticed += 1,
                (None, Some(Difference::Reasons)) => reasons += 1,
                (None, None) => missed.push(about),
            }
        }
        println!(
            "{}: so far noticed in the decision {noticed}, in the reasons only {reasons}, idle by a rule {idle}, missed {missed:#?}",
            own.name
        );
    }
    assert!(missed.is_empty(), "{}\n{}", missed.len(), missed.join("\n"));
    assert!(noticed > 200 && noticed > 5 * reasons, "{noticed} {reasons} {idle}");
}
