//! `quorate decide`: requests as lines, answers as lines.

use crate::project::{Outcome, Project, TODAY, repository};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

const EXAMPLE: &str = "examples/customer-data";
const PRIVACY: &str = "acme.consent/std.prelude.privacy";
const SECURITY: &str = "acme.consent/std.prelude.security";

/// The requests that a build of the example was held against, each with its decision and denials.
fn vectors() -> &'static [Value] {
    static VECTORS: OnceLock<Vec<Value>> = OnceLock::new();
    VECTORS.get_or_init(|| {
        let project = Project::new();
        let example = repository().join(EXAMPLE);
        let built = project.run(&["build", &example.to_string_lossy(), "-o", "out"]);
        assert_eq!(built.code, Some(0), "{built}");
        let lines = std::fs::read_to_string(project.path("out/requests/vectors.jsonl")).expect("the requests are written");
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    })
}

/// A request to change consent that is allowed.
pub fn allowed() -> Value {
    let about_consent = |vector: &&Value| {
        let consent = vector["request"]["context"]["approvals"].get(PRIVACY).is_some();
        vector["decision"] == true && vector["kind"] == "allowed" && consent
    };
    vectors().iter().find(about_consent).expect("one is allowed")["request"].clone()
}

/// The same without what stands in a slot.
fn without(slot: &str) -> Value {
    let mut request = allowed();
    let approvals = request["context"]["approvals"].as_object_mut().expect("approvals");
    approvals.remove(slot).expect("an approval in the slot");
    request
}

fn lines(requests: &[Value]) -> String {
    requests.iter().map(|request| format!("{request}\n")).collect()
}

/// What is answered to these lines, from a file.
pub fn decided(text: &str, options: &[&str]) -> Outcome {
    let project = Project::new().file("requests.jsonl", text);
    let example = repository().join(EXAMPLE);
    let example = example.to_string_lossy();
    project.run(&[&["decide", &example, "requests.jsonl"], options].concat())
}

pub fn answers(outcome: &Outcome) -> Vec<Value> {
    let each = outcome
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("an answer is JSON"));
    each.collect()
}

/// The command with its standard input and output held open.
fn started() -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quorate"));
    let example: PathBuf = repository().join(EXAMPLE);
    command
        .args(["--as-of", TODAY, "decide", "--engine", "model"])
        .arg(example)
        .arg("-");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the binary starts")
}

#[test]
fn every_engine_answers_as_the_build_was_held_to() {
    let some: Vec<&Value> = vectors().iter().step_by(9).collect();
    let requests: Vec<Value> = some.iter().map(|vector| vector["request"].clone()).collect();
    for engine in ["all", "model", "cedar", "rego"] {
        let outcome = decided(&lines(&requests), &["--engine", engine]).ends_with(0);
        let answers = answers(&outcome);
        assert_eq!(answers.len(), some.len());
        for (vector, answer) in some.iter().zip(&answers) {
            assert_eq!(answer["decision"], vector["decision"], "{engine}: {vector}");
            assert_eq!(answer["context"]["denials"], vector["denials"], "{engine}: {vector}");
        }
        assert!(answers.iter().any(|answer| answer["decision"] == true));
        assert!(!outcome.out.contains("acme.maria"), "an answer names a person");
    }
}

#[test]
fn an_answer_says_what_is_open() {
    let mut both = without(PRIVACY);
    both["context"]["approvals"][SECURITY]["for"] = json!("sha256:another");
    let outcome = decided(&lines(&[allowed(), without(PRIVACY), both]), &[]).ends_with(0);
    let answers = answers(&outcome);
    assert_eq!(answers[0]["decision"], true);
    assert_eq!(answers[0]["context"]["reasons"], json!([]));
    let context = &answers[1]["context"];
    assert_eq!(answers[1]["decision"], false);
    assert_eq!(context["reasons"], json!(["missing"]));
    assert_eq!(context["open"], json!([PRIVACY]));
    assert_eq!(context["domains"], json!(["acme.consent"]));
    assert_eq!(
        context["denials"],
        json!([{ "reason": "missing", "domain": "acme.consent", "function": "std.prelude.privacy", "slot": PRIVACY }])
    );
    assert_eq!(context["revision"], allowed()["context"]["revision"]);
    assert_eq!(answers[2]["context"]["reasons"], json!(["bound_elsewhere", "missing"]));
    assert_eq!(answers[2]["context"]["open"], json!([PRIVACY, SECURITY]));
}

#[test]
fn a_denial_is_said_in_sentences() {
    let sentences = |request: &Value| {
        let outcome = decided(&lines(std::slice::from_ref(request)), &["--explain"]).ends_with(0);
        let shown = decided(&lines(std::slice::from_ref(request)), &["--format", "human"])
            .ends_with(0)
            .out;
        let sentences = answers(&outcome)[0]["context"]["sentences"].clone();
        let listed: Vec<&str> = sentences.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        let decision = if answers(&outcome)[0]["decision"] == true {
            "allowed"
        } else {
            "denied"
        };
        assert_eq!(shown, format!("1 {decision}: {}\n", listed.join("; ")));
        listed.join("; ")
    };
    assert_eq!(sentences(&allowed()), "this uses up the approvals for Consent status");
    assert_eq!(sentences(&without(PRIVACY)), "privacy has not approved for Consent status");
    let mut none = allowed();
    none["context"]["approvals"] = json!({});
    assert_eq!(
        sentences(&none),
        "business, privacy and security have not approved for Consent status"
    );
    let mut strange = without(PRIVACY);
    strange["context"]["revision"] = json!("sha256:old");
    strange["context"]["approvals"][SECURITY]["by"] = json!("acme.nobody");
    strange["context"]["rollback"] = json!({});
    assert_eq!(
        sentences(&strange),
        "privacy has not approved for Consent status; \
         the approval of security for Consent status is from a person who may not give it; \
         the request is for another revision of the policies; \
         the evidence or the rollback of Consent status is not ready, or was not checked within 5 minutes"
    );
    assert_eq!(
        sentences(&json!({})),
        "the request does not have the required form; the request has no `subject`"
    );
    let mut old = allowed();
    old["context"].as_object_mut().expect("a context").remove("requested_by");
    assert_eq!(
        sentences(&old),
        "the request does not have the required form; `context` has no `requested_by`: since version 2 of the contract every \
         request says who asked, a person, `schedule` or `outsider`"
    );
}

#[test]
fn a_line_that_is_no_json_is_denied_and_said() {
    let text = format!("{}\n\n{{\"subject\": \n\"\\ud800\"\n[1]\n{}", allowed(), allowed());
    let outcome = decided(&text, &[]).ends_with(2);
    let answers = answers(&outcome);
    let decisions: Vec<&Value> = answers.iter().map(|answer| &answer["decision"]).collect();
    assert_eq!(decisions, [true, false, false, false, true], "{outcome}");
    for denied in &answers[1..4] {
        assert_eq!(denied["context"]["reasons"], json!(["malformed"]), "{outcome}");
    }
    let error = answers[1]["context"]["error"].as_str().unwrap_or_default();
    assert!(error.starts_with("the text is not valid JSON at column "), "{error}");
    assert_eq!(answers[3]["context"]["error"], "the request is not an object");
    assert!(outcome.error.contains("1 line was denied"), "{outcome}");
    // What has the wrong shape is a denial like any other.
    decided("{}\n[]\n", &[]).ends_with(0);
}

#[test]
fn a_line_is_answered_before_the_next_is_waited_for() {
    let mut child = started();
    let mut input = child.stdin.take().expect("an input");
    let mut output = BufReader::new(child.stdout.take().expect("an output"));
    for (request, expected) in [(allowed(), true), (without(PRIVACY), false)] {
        writeln!(input, "{request}").expect("it is read");
        let mut answer = String::new();
        output.read_line(&mut answer).expect("an answer");
        let answer: Value = serde_json::from_str(&answer).expect("JSON");
        assert_eq!(answer["decision"], expected);
    }
    drop(input);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_reader_may_stop_reading() {
    let mut child = started();
    drop(child.stdout.take());
    let mut input = child.stdin.take().expect("an input");
    for _ in 0..2_000 {
        // It may have ended already.
        if writeln!(input, "{}", allowed()).is_err() {
            break;
        }
    }
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(
        (output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()),
        (Some(0), "")
    );
}

#[test]
fn nothing_is_decided_where_there_is_a_gap_or_nothing_to_read() {
    let gaps = repository().join("examples/customer-data-gaps");
    let project = Project::new().file("requests.jsonl", "{}\n").file("broken.gov", "agent {");
    let refused = project.run(&["decide", &gaps.to_string_lossy(), "requests.jsonl"]).ends_with(1);
    assert_eq!(refused.out, "", "{refused}");
    assert!(refused.error.contains("nothing is decided while a gap is open"), "{refused}");
    let broken = project.run(&["decide", ".", "requests.jsonl"]).ends_with(2);
    assert!(!broken.out.contains("decision"), "{broken}");
    let absent = decided("", &[]).ends_with(0);
    assert_eq!(absent.out, "");
    let example = repository().join(EXAMPLE);
    let nowhere = project.run(&["decide", &example.to_string_lossy(), "none.jsonl"]).ends_with(2);
    assert!(nowhere.error.contains("cannot read none.jsonl"), "{nowhere}");
}

#[test]
fn a_folder_that_was_built_answers_as_its_workspace_does() {
    let requests: Vec<Value> = vectors().iter().step_by(23).map(|vector| vector["request"].clone()).collect();
    let project = Project::new().file("requests.jsonl", &lines(&requests));
    let example = repository().join(EXAMPLE);
    let example = example.to_string_lossy();
    project.run(&["build", &example, "-o", "out"]).ends_with(0);
    let from_workspace = project.run(&["decide", &example, "requests.jsonl", "--explain"]).ends_with(0).out;
    assert!(from_workspace.contains("\"decision\":true") && from_workspace.contains("\"sentences\":[\""));
    for engine in ["all", "cedar", "rego"] {
        let outcome = project.run(&["decide", "out", "requests.jsonl", "--explain", "--engine", engine]);
        assert_eq!(outcome.ends_with(0).out, from_workspace, "{engine}");
    }
    let model = project.run(&["decide", "out", "requests.jsonl", "--engine", "model"]).ends_with(2);
    assert!(model.error.contains("does not contain the model"), "{model}");
    for path in ["cedar/index.json", "rego/data.json"] {
        let place = project.path("out").join(path);
        let whole = std::fs::read_to_string(&place).expect("it is written");
        std::fs::write(&place, format!("{whole}\n")).expect("it can be written");
        let changed = project.run(&["decide", "out", "requests.jsonl"]).ends_with(2);
        assert!(changed.out.is_empty(), "{changed}");
        assert!(
            changed.error.contains(&format!("{path} has changed since Quorate wrote it")),
            "{changed}"
        );
        std::fs::write(&place, whole).expect("it can be written");
    }
}

#[test]
fn a_line_without_an_end_does_not_fill_the_memory() {
    let long = format!("{}{}\n{}\n", allowed(), " ".repeat(3 << 20), allowed());
    let outcome = decided(&long, &[]).ends_with(2);
    let answers = answers(&outcome);
    assert_eq!(answers.len(), 2, "what is too long is one line");
    assert_eq!(answers[0]["context"]["error"], "the line is longer than 1 MiB");
    assert_eq!((&answers[0]["decision"], &answers[1]["decision"]), (&json!(false), &json!(true)));
}
