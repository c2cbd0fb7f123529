//! `quorate prove`: what a solver shows, and that nothing is shown where it shows nothing.

mod against;
pub mod weaker;

use crate::project::{Outcome, Project, TODAY, repository};
use crate::tools::path_with;
use std::ffi::OsStr;
use std::process::Command;

/// One example; all of them would take the gate too long.
const EXAMPLE: &str = "single-provider";

/// Runs the command over an example, with this solver and this path.
fn prove(example: &str, solver: Option<&OsStr>, path: &OsStr, options: &[&str]) -> Outcome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quorate"));
    command
        .current_dir(repository())
        .args(["--as-of", TODAY, "--color", "never", "prove", &format!("examples/{example}")]);
    command
        .args(options)
        .env("PATH", path)
        .env("RUST_BACKTRACE", "0")
        .env_remove("CVC5");
    if let Some(solver) = solver {
        command.env("CVC5", solver);
    }
    let output = command.output().expect("the binary starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is UTF-8");
    Outcome {
        out: text(output.stdout),
        error: text(output.stderr),
        code: output.status.code(),
    }
}

#[test]
fn an_example_is_proved() {
    let Some(path) = path_with(&["cvc5"], "proof") else { return };
    let outcome = prove(EXAMPLE, None, &path, &["--format", "json"]).ends_with(0);
    let proof: serde_json::Value = serde_json::from_str(&outcome.out).expect("it is JSON");
    let shown = proof["shown"].as_array().expect("a list");
    let groups = shown.iter().filter(|shown| shown["kind"] == "required").count();
    assert!(groups > 2, "{outcome}");
    assert!(shown.iter().all(|shown| shown["verdict"] == "proved"), "{outcome}");
    let files = proof["files"].as_object().expect("files");
    assert_eq!(files.len(), 4, "{outcome}");
}

/// One domain, in the human format: a line for each claim on standard output, the times on standard error.
#[test]
fn a_domain_is_proved_by_itself() {
    let Some(path) = path_with(&["cvc5"], "proof of one domain") else {
        return;
    };
    let outcome = prove("customer-data", None, &path, &["--domain", "customer_reading"]).ends_with(0);
    assert_eq!(
        outcome.out,
        "proved     acme.customer_reading: no request is allowed without everything that it needs\n"
    );
    assert!(outcome.error.contains(" s  acme.customer_reading\n"), "{outcome}");
    // What is shown of a part does not pass for the whole.
    assert!(
        outcome
            .error
            .contains("1 proved, 0 refuted, 0 not proved · of acme.customer_reading alone"),
        "{outcome}"
    );
    let part = prove("customer-data", None, &path, &["--domain", "customer_reading", "--format", "json"]).ends_with(0);
    let part: serde_json::Value = serde_json::from_str(&part.out).expect("it is JSON");
    assert_eq!(part["domains"], serde_json::json!(["acme.customer_reading"]));
    let unknown = prove("customer-data", None, &path, &["--domain", "reading"]).ends_with(2);
    assert!(
        unknown.error.contains("there is no domain `reading` in this workspace"),
        "{unknown}"
    );
    let never = prove("customer-data", None, &path, &["--timeout", "0"]).ends_with(2);
    assert!(never.error.contains("--timeout"), "{never}");
}

#[test]
fn without_a_solver_it_says_what_to_install() {
    let outcome = prove(EXAMPLE, None, OsStr::new("/nowhere"), &[]).ends_with(2);
    assert_eq!(outcome.out, "");
    for word in ["cvc5", "apt-get install", "brew install", "CVC5"] {
        assert!(outcome.error.contains(word), "{outcome}");
    }
    let named = prove(EXAMPLE, Some(OsStr::new("/nowhere/cvc5")), OsStr::new("/nowhere"), &[]).ends_with(2);
    assert!(named.error.contains("what CVC5 names does not exist"), "{named}");
}

#[test]
fn nothing_is_proved_while_a_gap_is_open() {
    let outcome = prove("customer-data-gaps", None, OsStr::new("/nowhere"), &[]).ends_with(1);
    assert!(outcome.error.contains("nothing is proved while a gap is open"), "{outcome}");
}

/// Programs that claim to be cvc5: one answers nonsense, one ends, one is not a solver at all, and one calls everything proved.
#[cfg(unix)]
#[test]
fn a_solver_that_is_none_proves_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let version = "if [ \"$1\" = --version ]; then echo 'This is cvc5 version 9.9.9'; exit; fi\n";
    let answering = |answer: &str| format!("{version}while read -r line; do case $line in *check-sat*) echo '{answer}';; esac; done\n");
    for (script, said) in [
        (answering("moo"), "is not an answer"),
        (format!("{version}exit 3\n"), "cvc5 9.9.9"),
        (answering("unknown"), "not proved"),
        (answering("unsat"), "no request is allowed, so there is nothing to show"),
        ("echo nothing of the kind\n".to_owned(), "does not say that it is cvc5"),
    ] {
        let project = Project::new().file("solver", &format!("#!/bin/sh\n{script}"));
        let solver = project.path("solver");
        std::fs::set_permissions(&solver, std::fs::Permissions::from_mode(0o755)).expect("it can be made a program");
        let path = std::env::var_os("PATH").expect("there is a path");
        // One domain is enough to be asked about.
        let outcome = prove(EXAMPLE, Some(solver.as_os_str()), &path, &["--domain", "claim_notes"]).ends_with(2);
        assert!(outcome.to_string().contains(said), "{script}\n{outcome}");
    }
}
