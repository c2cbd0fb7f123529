//! The commands of the written `VERIFY.md`, run as they stand by the public tools they name.

use crate::examples::examples;
use crate::project::{TODAY, run_in};
use crate::readme::blocks;
use crate::tools::{command, path_with};
use std::path::Path;

const TOOLS: [&str; 3] = ["cedar", "opa", "jq"];

/// Everything of a language in a text, in order.
fn script(text: &str) -> String {
    blocks(text, "sh").concat().join("\n")
}

fn build(example: &Path, folder: &Path) {
    let to = folder.to_str().expect("the path is UTF-8");
    run_in(example, TODAY, &["build", "-o", to]).ends_with(0);
}

#[test]
fn what_is_written_can_be_checked_without_this_program() {
    let Some(path) = path_with(&TOOLS, "verify") else { return };
    for (name, example) in examples(false) {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let built = folder.path().join("built");
        build(&example, &built);
        let verify = std::fs::read_to_string(built.join("VERIFY.md")).expect("it is written");
        let mut bash = command("bash", &path);
        bash.current_dir(&built).args(["-euo", "pipefail", "-c", &script(&verify)]);
        let output = bash.output().expect("bash starts");
        let [out, error] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        assert!(output.status.success(), "{name}: {}\n{error}", last(&out));
        let decided = out
            .lines()
            .find_map(|line| line.strip_prefix("results: "))
            .expect("Cedar ran the requests");
        let (passed, rest) = decided.split_once(" passed").expect("it counts them");
        assert!(
            passed.parse::<usize>().is_ok_and(|count| count > 100) && rest == ", 0 failed",
            "{name}: {decided}"
        );
        for line in ["PASS: 2/2", "true"] {
            assert!(out.lines().any(|there| there == line), "{name}: {line}\n{}", last(&out));
        }
    }
}

fn last(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}

/// So that the test above can fail: each tool notices a file that says something else.
#[test]
fn what_was_tampered_with_is_noticed() {
    let Some(path) = path_with(&TOOLS, "verify") else { return };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let built = folder.path().join("built");
    build(&crate::project::repository().join("examples/delegated-access"), &built);
    let verify = std::fs::read_to_string(built.join("VERIFY.md")).expect("it is written");
    let [digests, cedar, opa, test] = [0, 1, 2, 3].map(|at| blocks(&verify, "sh")[at].join("\n"));
    for (file, from, to, commands) in [
        ("people.json", "quorate", "quorum", digests),
        (
            "cedar/policies.cedar",
            "context.now < context.task.ends",
            "context.now <= context.task.ends",
            cedar.clone(),
        ),
        (
            "cedar/policies.cedar",
            "context.now < context.task.ends",
            "context.now < context.task.end",
            cedar,
        ),
        (
            "rego/policy.rego",
            "input.context.revision == data.quorate.revision",
            "is_string(input.context.revision)",
            test,
        ),
        ("requests/vectors.jsonl", "\"reason\":\"expired\"", "\"reason\":\"purpose\"", opa),
    ] {
        let place = built.join(file);
        let whole = std::fs::read_to_string(&place).expect("it is written");
        let tampered = whole.replace(from, to);
        assert_ne!(whole, tampered, "{file}");
        std::fs::write(&place, tampered).expect("it can be written");
        let mut bash = command("bash", &path);
        bash.current_dir(&built).args(["-euo", "pipefail", "-c", &commands]);
        let output = bash.output().expect("bash starts");
        assert!(
            !output.status.success(),
            "{file}: {to}\n{}",
            String::from_utf8_lossy(&output.stdout)
        );
        std::fs::write(&place, whole).expect("it can be written");
    }
}
