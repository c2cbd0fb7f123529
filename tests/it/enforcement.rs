//! The lines of `docs/enforcement.md`, run as they stand in a folder that was built.

use crate::project::{TODAY, repository, run_in};
use crate::readme::blocks;
use crate::tools::{command, path_with};
use quorate::emit::cedar::{Cedar, Engine, Projected};
use serde_json::{Value, json};
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const ADDRESS: &str = "127.0.0.1:8181";

struct Built {
    folder: TempDir,
    vectors: Vec<Value>,
}

impl Built {
    fn new() -> Built {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let example = repository().join("examples/customer-data");
        let to = folder.path().join("built");
        run_in(&example, TODAY, &["build", "-o", to.to_str().expect("the path is UTF-8")]).ends_with(0);
        let text = std::fs::read_to_string(to.join("requests/vectors.jsonl")).expect("they are written");
        let vectors: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
        let first = |decision: bool| vectors.iter().find(|vector| vector["decision"] == decision).expect("there is one");
        for (name, vector) in [("request.json", first(true)), ("refused.json", first(false))] {
            std::fs::write(to.join(name), vector["request"].to_string()).expect("it can be written");
        }
        Built { folder, vectors }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("built")
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.path().join(file)).expect("it is written")
    }
}

/// The blocks of a language, each as one text.
fn lines(language: &str) -> Vec<String> {
    let page = std::fs::read_to_string(repository().join("docs/enforcement.md")).expect("there is the page");
    blocks(&page, language).iter().map(|lines| lines.join("\n")).collect()
}

fn run(program: &str, arguments: &[&str], folder: &Path, path: &std::ffi::OsString) -> String {
    let output = command(program, path)
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("it starts");
    let [out, error] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{program}\n{out}\n{error}");
    out
}

fn bash(script: &str, folder: &Path, path: &std::ffi::OsString) -> String {
    run("bash", &["-euo", "pipefail", "-c", script], folder, path)
}

/// A server that is stopped when it is let go.
struct Server {
    child: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn open_policy_agent_answers_over_http() {
    let Some(path) = path_with(&["opa", "python3", "curl", "bash"], "enforcement over HTTP") else {
        return;
    };
    let built = Built::new();
    let free = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port is free");
    let here = |text: &str| text.replace(ADDRESS, &free.to_string());
    let shell = lines("sh");
    assert!(
        shell[0].starts_with("opa run --server") && shell[1].starts_with("curl"),
        "the first two blocks"
    );
    let child = command("bash", &path)
        .current_dir(built.path())
        .args(["-c", &format!("exec {}", here(&shell[0]))])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("bash starts");
    let mut server = Server { child };
    let mut log = server.child.stderr.take().expect("it is piped");
    let logged = std::thread::spawn(move || {
        let mut all = String::new();
        log.read_to_string(&mut all).map(|_| all)
    });
    while TcpStream::connect(free).is_err() {
        assert!(
            server.child.try_wait().expect("it can be asked").is_none(),
            "the server does not run"
        );
        std::thread::sleep(Duration::from_millis(50));
    }

    let answer: Value = serde_json::from_str(&bash(&here(&shell[1]), &built.path(), &path)).expect("it is JSON");
    assert_eq!(answer["decision"], json!(true), "{answer}");
    let drive = r#"
import sys
wrong = []
vectors = [json.loads(line) for line in open("requests/vectors.jsonl")]
for vector in vectors:
    answer = decide(vector["request"])
    named = lambda denials: sorted(json.dumps(denial, sort_keys=True) for denial in denials)
    if answer["decision"] != vector["decision"] or named(answer["context"]["denials"]) != named(vector["denials"]):
        wrong.append(vector["about"])
request = json.load(open("request.json"))
assert may_call("no.such.tool", request["subject"], request["context"])["context"]["reasons"] == ["unknown_tool"]
assert may_call("crm.consent.set", request["subject"], request["context"])["decision"] is True
assert may_call("crm.profile.update", request["subject"], request["context"])["decision"] is False
assert may_call("crm.consent.set", request["subject"], {**request["context"], "approvals": {}})["context"]["reasons"] == ["missing"]
SERVER = SERVER.replace("/v0/", "/nowhere/")
assert decide(request) == {"decision": False, "context": {"reasons": ["unavailable"]}}
print(len(vectors), wrong)
"#;
    let python = format!("{}\n{drive}", here(&lines("python").join("\n")));
    let said = run("python3", &["-c", &python], &built.path(), &path);
    assert_eq!(said.trim(), format!("{} []", built.vectors.len()));

    drop(server);
    let logged = logged.join().expect("it was read").expect("it can be read");
    let decisions: Vec<Value> = logged
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(|event: &Value| event["msg"] == "Decision Log")
        .collect();
    assert!(
        decisions.len() > built.vectors.len(),
        "every decision is logged: {}",
        decisions.len()
    );
    let revision = &built.vectors[0]["request"]["context"]["revision"];
    for event in &decisions {
        let bundles = event["bundles"].as_object().expect("it names the bundle");
        assert!(
            bundles.values().all(|bundle| bundle["revision"] == *revision) && !bundles.is_empty(),
            "{event}"
        );
    }
    assert!(
        decisions
            .iter()
            .any(|event| event["input"] == built.vectors[0]["request"] && event["result"]["decision"] == true)
    );
}

#[test]
fn cedar_answers_on_the_command_line() {
    let Some(path) = path_with(&["opa", "cedar", "jq", "bash"], "enforcement with Cedar") else {
        return;
    };
    let built = Built::new();
    let shell = lines("sh");
    let [allowed, explained, evaluated] = [2, 3, 4].map(|at| bash(&shell[at], &built.path(), &path));
    assert_eq!(allowed.trim(), "ALLOW");
    assert!(explained.trim_start().starts_with("DENY"), "{explained}");
    let refused = built
        .vectors
        .iter()
        .find(|vector| vector["decision"] == false)
        .expect("there is one");
    let slot = refused["denials"][0]["slot"].as_str().expect("a slot is open");
    assert!(explained.contains(slot), "{slot}\n{explained}");
    assert_eq!(evaluated.trim(), "true");
}

/// What an enforcement point has to do stands in the permit that let the request through, and only there.
#[test]
fn the_determining_permit_says_what_has_to_be_done() {
    let Some(path) = path_with(&["cedar", "jq"], "obligations with Cedar") else {
        return;
    };
    let built = Built::new();
    let policies = built.read("cedar/policies.cedar");
    let project = r#"include "project"; project"#;
    let mut seen = std::collections::BTreeSet::new();
    for urgent in [false, true] {
        let declared = |vector: &&Value| vector["request"]["context"].get("emergency").is_some() == urgent;
        let owes = |vector: &&Value| {
            vector["obligations"]
                .as_array()
                .is_some_and(|owed| owed.len() == 1 + usize::from(urgent))
        };
        let allowed = built.vectors.iter().find(|vector| declared(vector) && owes(vector));
        let vector = allowed.expect("a request that is allowed and obliges to something");
        std::fs::write(built.path().join("request.json"), vector["request"].to_string()).expect("it can be written");
        let projected = run("jq", &["-L", "cedar", project, "request.json"], &built.path(), &path);
        std::fs::write(built.path().join("cedar-request.json"), projected).expect("it can be written");
        let files = ["--schema", "cedar/schema.cedarschema", "--policies", "cedar/policies.cedar"];
        let data = [
            "--entities",
            "cedar/entities.json",
            "--request-json",
            "cedar-request.json",
            "--verbose",
        ];
        let said = run("cedar", &[&["authorize"][..], &files, &data].concat(), &built.path(), &path);
        let determining: Vec<&str> = policies
            .split("\n@id(\"")
            .skip(1)
            .filter_map(|policy| policy.split_once('"'))
            .filter(|(id, _)| said.lines().any(|line| line.trim() == *id))
            .map(|(_, rest)| rest)
            .collect();
        let [permit] = determining[..] else {
            panic!("one permit lets it through: {said}");
        };
        let obligation = permit
            .lines()
            .find_map(|line| line.strip_prefix("@obligation(\""))
            .expect("it obliges");
        let words: Vec<&str> = obligation.trim_end_matches("\")").split(", ").collect();
        let owed = vector["obligations"].as_array().expect("a list");
        assert_eq!(words.len(), owed.len(), "{words:?}");
        for (words, owed) in words.iter().zip(owed) {
            let start = format!(
                "{} {}",
                owed["obligation"].as_str().expect("a word"),
                owed["domain"].as_str().expect("a name")
            );
            assert!(words.starts_with(&start), "{words} {owed}");
            seen.insert(owed["obligation"].to_string());
        }
    }
    assert_eq!(seen.len(), 2, "{seen:?}");
}

/// The module says which fields a request has, so that a name that is none is refused where it is written.
#[test]
fn a_field_that_no_request_has_is_an_error_of_the_module() {
    let Some(path) = path_with(&["opa"], "the fields of a request in Rego") else {
        return;
    };
    let built = Built::new();
    let check = |folder: &Path| {
        let files = ["check", "--strict", "rego/policy.rego", "rego/reasons.rego"];
        command("opa", &path).current_dir(folder).args(files).output().expect("it starts")
    };
    assert!(check(&built.path()).status.success());
    for (file, field) in [
        ("policy.rego", "revision"),
        ("policy.rego", "requested_by"),
        ("reasons.rego", "approvals"),
    ] {
        let place = built.path().join("rego").join(file);
        let text = std::fs::read_to_string(&place).expect("it is written");
        let wrong = text.replace(&format!("input.context.{field}"), &format!("input.context.{field}s"));
        assert_ne!(wrong, text);
        std::fs::write(&place, wrong).expect("it can be written");
        let outcome = check(&built.path());
        let said = String::from_utf8_lossy(&outcome.stderr).into_owned();
        assert!(
            !outcome.status.success() && said.contains("undefined ref"),
            "{file} {field}: {said}"
        );
        std::fs::write(&place, text).expect("it can be written");
    }
}

/// A server that is given the folder has nothing of it as data but what the module reads.
#[test]
fn nothing_but_the_policy_is_data() {
    let Some(path) = path_with(&["opa"], "what lies in rego") else {
        return;
    };
    let built = Built::new();
    // A bundle beside what is in it would be loaded a second time.
    std::fs::remove_file(built.path().join("rego/bundle.tar.gz")).expect("it is there");
    let out = run(
        "opa",
        &["eval", "--data", "rego", "--format", "raw", "object.keys(data)"],
        &built.path(),
        &path,
    );
    assert_eq!(out.trim(), r#"["quorate"]"#);
    let out = run(
        "opa",
        &["eval", "--data", "rego", "--format", "raw", "object.keys(data.quorate)"],
        &built.path(),
        &path,
    );
    assert!(out.contains("authz") && !out.contains("fidelity"), "{out}");
}

/// The projection is published as a program; it must be the one that the policies were held against.
#[test]
fn the_published_projection_is_the_one_of_the_policies() {
    let Some(path) = path_with(&["jq"], "the published projection") else {
        return;
    };
    let built = Built::new();
    let program = r#"include "project"; try (.request | project) catch { refused: . }"#;
    let out = run(
        "jq",
        &["-c", "-L", "cedar", program, "requests/vectors.jsonl"],
        &built.path(),
        &path,
    );
    let projected: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    assert_eq!(projected.len(), built.vectors.len());
    let engine = Engine::new(&Cedar {
        schema: built.read("cedar/schema.cedarschema"),
        policies: built.read("cedar/policies.cedar"),
        explain: built.read("cedar/explain.cedar"),
        entities: built.read("cedar/entities.json"),
        index: built.read("cedar/index.json"),
    })
    .expect("the policies load");
    let mut compared = 0;
    for (vector, projected) in built.vectors.iter().zip(projected) {
        let by_itself = engine.decide(&vector["request"]);
        assert_eq!(json!(by_itself.answer.allow), vector["decision"]);
        if projected.get("refused").is_some() {
            assert!(by_itself.malformed.is_some(), "{}", vector["about"]);
            continue;
        }
        let named = |field: &str| {
            let name = projected[field].as_str().expect("it is a name");
            let (kind, id) = name.split_once("::\"").expect("it has an id");
            json!({ "type": kind, "id": id.trim_end_matches('"') })
        };
        let asked = Projected {
            principal: named("principal"),
            action: named("action"),
            resource: named("resource"),
            context: projected["context"].clone(),
        };
        let published = engine.decide_projected(asked);
        assert_eq!(
            (published.answer, published.permits),
            (by_itself.answer, by_itself.permits),
            "{}",
            vector["about"]
        );
        compared += 1;
    }
    assert!(compared > built.vectors.len() / 2, "{compared}");
}
