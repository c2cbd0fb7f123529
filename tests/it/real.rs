//! The public `cedar` and `opa`, asked many requests at once.

use crate::tools::command;
use quorate::emit::cedar::{self, cases::cases};
use quorate::emit::policy::Policy;
use quorate::emit::reference::decide;
use quorate::emit::rego;
use quorate::emit::requests::Derived;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// The tools that are asked.
pub const TOOLS: [&str; 2] = ["cedar", "opa"];

/// What of the lines in `vectors.json` is answered otherwise: their places.
const ASKED: &str = "{place | some place, vector in data.vectors
  request := vector.request
  answer := data.quorate.authz.evaluation with input as request
  not as_written(answer, vector)
}";

/// One answer held against what is written.
const HELD: &str = "package held
as_written(answer, vector) if {
  answer.decision == vector.decision
  {denial | some denial in answer.context.denials} == {denial | some denial in vector.denials}
}";

/// How many requests each of the tools has decided as the model does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    pub cedar: usize,
    pub opa: usize,
}

/// Has both tools check what is emitted and decide the requests. They must agree with the model, and Open Policy Agent in the reasons
/// too. A request that does not reach Cedar's policies is refused before, which no command of it can show.
pub fn ask(path: &OsString, policy: &Policy, requests: &[Derived]) -> Result<Asked, String> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).expect("it can be written");
    let cedar = cedar::emit(policy).map_err(|loss| loss.to_string())?;
    let tests = cases(&cedar::Engine::new(&cedar)?, requests);
    let reaching = serde_json::from_str::<Vec<Value>>(&tests).map_or(0, |all| all.len());
    write("schema.cedarschema", cedar.schema);
    write("policies.cedar", cedar.policies);
    write("explain.cedar", cedar.explain);
    write("entities.json", cedar.entities);
    write("tests.json", tests);
    let rego = rego::emit(policy);
    for (name, text) in rego.files() {
        write(name, text);
    }
    let line = |derived: &Derived| {
        let answer = decide(policy, &derived.request);
        let denials: Vec<Value> = answer.denials.iter().map(quorate::emit::answer::Denial::json).collect();
        json!({ "request": derived.request, "decision": answer.allow, "denials": denials })
    };
    let vectors: Vec<Value> = requests.par_iter().map(line).collect();
    write("vectors.json", json!({ "vectors": vectors }).to_string());
    write("held.rego", HELD.to_owned());
    for policies in ["policies.cedar", "explain.cedar"] {
        let schema = "schema.cedarschema";
        run(
            command("cedar", path).args(["validate", "--schema", schema, "--policies", policies]),
            folder.path(),
        )?;
    }
    run(
        command("opa", path).args(["check", "--strict", "policy.rego", "reasons.rego"]),
        folder.path(),
    )?;
    let said = run(
        command("cedar", path).args(["run-tests", "--policies", "policies.cedar", "--tests", "./tests.json"]),
        folder.path(),
    )?;
    let wanted = format!("results: {reaching} passed, 0 failed");
    if !said.lines().any(|line| line == wanted) {
        let failed: Vec<&str> = said.lines().filter(|line| !line.ends_with("ok")).take(20).collect();
        return Err(format!("Cedar: not {wanted}\n{}", failed.join("\n")));
    }
    let mut opa = command("opa", path);
    opa.args(["eval", "--format", "raw", "--import", "data.held.as_written"]);
    for file in ["policy.rego", "reasons.rego", "data.json", "vectors.json", "held.rego"] {
        opa.args(["--data", file]);
    }
    let otherwise = run(opa.arg(ASKED), folder.path())?;
    if otherwise.trim() != "[]" {
        return Err(format!("Open Policy Agent answers otherwise: {}", otherwise.trim()));
    }
    Ok(Asked {
        cedar: reaching,
        opa: requests.len(),
    })
}

/// What a command says, or why it failed.
fn run(command: &mut Command, folder: &Path) -> Result<String, String> {
    let output = command.current_dir(folder).output().expect("the tool starts");
    let [out, error] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    match output.status.success() {
        true => Ok(out),
        false => Err(format!("{command:?}: {error}\n{}", &out[out.len().saturating_sub(2_000)..])),
    }
}
