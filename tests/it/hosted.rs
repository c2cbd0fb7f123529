//! The profile for hosted services: small enough, and the same decisions.

use crate::project::{TODAY, repository, run_in};
use crate::readme::blocks;
use crate::tools::{command, path_with};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Beside it there may be nothing, so that a folder holds one build.
fn built(example: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let to = folder.path().join("built");
    let from = repository().join("examples").join(example);
    run_in(&from, TODAY, &["build", "--hosted", "-o", to.to_str().expect("the path is UTF-8")]).ends_with(0);
    folder
}

fn read(folder: &TempDir, file: &str) -> String {
    std::fs::read_to_string(folder.path().join("built").join(file)).expect("it is written")
}

fn value(folder: &TempDir, file: &str) -> Value {
    serde_json::from_str(&read(folder, file)).expect("it is JSON")
}

fn output(command: &mut Command) -> String {
    let output = command.output().expect("it starts");
    let [out, error] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{out}\n{error}");
    out
}

/// That these decide as the model does was seen before they were written; here it is their shape.
#[test]
fn every_permit_is_small_enough_and_names_its_resource() {
    let mut apart = 0;
    for example in ["customer-data", "prices-and-refunds", "delegated-access"] {
        let folder = built(example);
        let statements = value(&folder, "cedar/hosted/policies.json");
        let statements = statements.as_array().expect("it is a list");
        let sizes = value(&folder, "cedar/hosted/sizes.json");
        let mut whole = Vec::new();
        for one in statements {
            let (id, text) = (one["id"].as_str().expect("an id"), one["statement"].as_str().expect("a text"));
            let head = text.split_once("\npermit (\n").expect("a head").0;
            assert!(
                head == format!("@id(\"{id}\")") || head.starts_with(&format!("@id(\"{id}\")\n@obligation(\"consume ")),
                "{text}"
            );
            assert!(text.contains("\nresource==Gov::Asset::\""), "{text}");
            assert!(text.len() <= 10_000, "{id} is {} bytes", text.len());
            assert_eq!(sizes["bytes"]["policies"][id], json!(text.len()));
            whole.push(text);
        }
        assert_eq!(whole.join("\n"), read(&folder, "cedar/hosted/policies.cedar"));
        assert_eq!(sizes["bytes"]["schema"], json!(read(&folder, "cedar/hosted/schema.json").len()));
        apart += statements
            .iter()
            .filter(|one| one["id"].as_str().is_some_and(|id| id.contains("refunds#")))
            .count();
    }
    assert!(apart > 1, "the permit of refunds has to be taken apart");
}

/// Nine functions in one case: no part of such a permit is small.
#[test]
fn what_cannot_be_made_small_enough_is_named_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let example = repository().join("examples/customer-data");
    for entry in std::fs::read_dir(&example).expect("there is the example").flatten() {
        // Its own tests say who has to approve, which is about to be more.
        if entry.path().is_file() && entry.file_name() != "tests.gov" {
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("it can be copied");
        }
    }
    let marketing = folder.path().join("marketing.gov");
    let text = std::fs::read_to_string(&marketing).expect("there is the file");
    let numbers: Vec<String> = (1..=6).map(|number| format!("f{number}")).collect();
    let functions: String = numbers
        .iter()
        .map(|name| format!("function {name} {{ decides scope }}\n"))
        .collect();
    let people: String = numbers
        .iter()
        .flat_map(|name| [format!("p_{name}"), format!("d_{name}")])
        .map(|person| format!("person {person} {{ email \"{person}@acme.example\"; accounts none; reports_to none }}\n"))
        .collect();
    let owners: String = numbers
        .iter()
        .map(|name| format!("  owner {name} p_{name} deputy d_{name}\n"))
        .collect();
    let three = "  approve   business and security and privacy";
    let wider = text.replacen(three, &format!("{owners}{three} and {}", numbers.join(" and ")), 1);
    assert_ne!(wider, text);
    std::fs::write(&marketing, format!("{wider}\n{functions}{people}")).expect("it can be written");
    let agents = folder.path().join("agents.gov");
    let signed = std::fs::read_to_string(&agents).expect("there is the file");
    let everybody: String = numbers.iter().map(|name| format!(", {name} p_{name}")).collect();
    std::fs::write(&agents, signed.replace("privacy dana on", &format!("privacy dana{everybody} on"))).expect("it can be written");
    run_in(folder.path(), TODAY, &["build", "-o", "plain"]).ends_with(0);
    let run = run_in(folder.path(), TODAY, &["build", "--hosted", "-o", "built"]).ends_with(2);
    insta::assert_snapshot!(run.error);
    assert!(!folder.path().join("built").exists());
}

/// The body that the page makes, read back for the `cedar` command line: it must have everything the decision needs.
#[test]
fn the_body_for_the_service_holds_what_the_decision_needs() {
    let Some(path) = path_with(&["cedar", "jq", "bash"], "the hosted profile") else {
        return;
    };
    let folder = built("prices-and-refunds");
    let at = folder.path().join("built");
    let page = std::fs::read_to_string(repository().join("docs/enforcement.md")).expect("there is the page");
    let shell = blocks(&page, "sh").into_iter().map(|lines| lines.join("\n"));
    let line = shell.filter(|block| block.contains("cedar/hosted")).collect::<Vec<_>>().join("\n");
    assert!(!line.is_empty());
    output(command("cedar", &path).current_dir(&at).args([
        "validate",
        "--schema",
        "cedar/hosted/schema.json",
        "--schema-format",
        "json",
        "--policies",
        "cedar/hosted/policies.cedar",
    ]));
    let vectors = read(&folder, "requests/vectors.jsonl");
    let vectors: Vec<Value> = vectors
        .lines()
        .map(|line| serde_json::from_str(line).expect("it is JSON"))
        .collect();
    let mut seen = [0, 0];
    for vector in vectors
        .iter()
        .filter(|vector| vector["decision"] == true)
        .step_by(16)
        .chain(vectors.iter().step_by(150))
    {
        std::fs::write(at.join("request.json"), vector["request"].to_string()).expect("it can be written");
        let made = command("bash", &path)
            .current_dir(&at)
            .args(["-euo", "pipefail", "-c", &line])
            .output()
            .expect("it starts");
        if !made.status.success() {
            assert_eq!(vector["decision"], json!(false), "{}", vector["about"]);
            continue;
        }
        let body = std::fs::read_to_string(at.join("service-request.json")).expect("it is written");
        let allowed = asked(&at, &path, &serde_json::from_str(&body).expect("it is JSON"));
        assert_eq!(json!(allowed), vector["decision"], "{}", vector["about"]);
        seen[usize::from(allowed)] += 1;
    }
    assert!(seen[0] > 3 && seen[1] > 3, "{seen:?}");
}

/// What `cedar authorize` says to the body of a service.
fn asked(folder: &Path, path: &std::ffi::OsString, body: &Value) -> bool {
    let name = |field: &str, kind: &str, id: &str| format!("{}::{}", body[field][kind].as_str().expect("a type"), body[field][id]);
    let inner = |field: &str| serde_json::from_str::<Value>(body[field]["cedarJson"].as_str().expect("a text")).expect("it is JSON");
    let request = json!({
        "principal": name("principal", "entityType", "entityId"),
        "action": name("action", "actionType", "actionId"),
        "resource": name("resource", "entityType", "entityId"),
        "context": inner("context"),
    });
    std::fs::write(folder.join("asked.json"), request.to_string()).expect("it can be written");
    std::fs::write(folder.join("carried.json"), inner("entities").to_string()).expect("it can be written");
    let output = command("cedar", path)
        .current_dir(folder)
        .args(["authorize", "--schema", "cedar/hosted/schema.json", "--schema-format", "json"])
        .args([
            "--policies",
            "cedar/hosted/policies.cedar",
            "--entities",
            "carried.json",
            "--request-json",
            "asked.json",
        ])
        .output()
        .expect("it starts");
    String::from_utf8_lossy(&output.stdout).trim() == "ALLOW"
}
