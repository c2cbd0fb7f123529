//! A baseline lets the old through and stops the new; it changes how `check` ends and nothing else.

use crate::overlay::over_base;
use crate::project::{Outcome, Project};
use serde_json::{Value, json};

const ROGUE: &str = "agent rogue \"Rogue\" { provider openai }\n";

fn read(project: &Project, name: &str) -> String {
    std::fs::read_to_string(project.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[track_caller]
fn says(outcome: &Outcome, text: &str) {
    assert!(outcome.out.contains(text) || outcome.error.contains(text), "{text}\n{outcome}");
}

/// A workspace with gaps and the baseline of these.
fn old() -> Project {
    let project = over_base(ROGUE);
    project.run(&["check"]).ends_with(1);
    let outcome = project.run(&["check", "--write-baseline", "baseline.json"]).ends_with(0);
    says(&outcome, "written to baseline.json");
    project
}

#[test]
fn the_old_is_let_through_and_the_new_is_not() {
    let project = old();
    let outcome = project.run(&["check", "--baseline", "baseline.json"]).ends_with(0);
    says(&outcome, "in the baseline");
    assert!(!outcome.out.contains("error["), "{outcome}");
    assert!(
        project
            .run(&["check", "--baseline", "baseline.json", "-v"])
            .ends_with(0)
            .out
            .contains("error[")
    );
    // Without it nothing is let through, and neither is it elsewhere.
    project.run(&["check"]).ends_with(1);
    project.run(&["build", "-o", "out"]).ends_with(1);
    assert!(!project.path("out").exists());
    let project = project.file("new.gov", "module acme\nagent other \"Other\" { provider openai }\n");
    let outcome = project.run(&["check", "--baseline", "baseline.json"]).ends_with(1);
    says(&outcome, "other");
    let mut errors = outcome.out.lines().filter(|line| line.starts_with("error["));
    assert!(!errors.any(|line| line.contains("rogue")), "{outcome}");
}

#[test]
fn findings_stay_open_in_json() {
    let project = old();
    let outcome = project
        .run(&["check", "--baseline", "baseline.json", "--format", "json"])
        .ends_with(0);
    let document: Value = serde_json::from_str(&outcome.out).expect("JSON");
    let errors: Vec<&Value> = document["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|finding| finding["level"] == "error")
        .collect();
    assert!(!errors.is_empty());
    for finding in errors {
        assert_eq!((&finding["status"], &finding["in_baseline"]), (&json!("open"), &json!(true)));
    }
}

#[test]
fn a_line_that_is_closed_fails_until_it_is_taken_out() {
    let project = old();
    let more = read(&project, "baseline.json");
    let mended = over_base("").file("baseline.json", &more);
    let outcome = mended.run(&["check", "--baseline", "baseline.json"]).ends_with(1);
    says(&outcome, "stale: GOV");
    let outcome = mended
        .run(&["check", "--baseline", "baseline.json", "--prune-baseline"])
        .ends_with(0);
    says(&outcome, "taken out of baseline.json");
    mended.run(&["check", "--baseline", "baseline.json"]).ends_with(0);
    let left: Value = serde_json::from_str(&read(&mended, "baseline.json")).expect("JSON");
    assert_eq!(left["workspaces"]["acme"], json!([]));
    // The gap that was closed is new when it comes back.
    let back = over_base(ROGUE).file("baseline.json", &read(&mended, "baseline.json"));
    back.run(&["check", "--baseline", "baseline.json"]).ends_with(1);
}

#[test]
fn it_only_shrinks() {
    let project = old();
    let before = read(&project, "baseline.json");
    let project = project.file("new.gov", "module acme\nagent other \"Other\" { provider openai }\n");
    let outcome = project.run(&["check", "--write-baseline", "baseline.json"]).ends_with(2);
    says(&outcome, "a baseline only shrinks");
    project
        .run(&["check", "--baseline", "baseline.json", "--prune-baseline"])
        .ends_with(1);
    assert_eq!(before, read(&project, "baseline.json"));
}

#[test]
fn a_baseline_that_cannot_be_gone_by_is_an_error() {
    let project = old();
    let good = read(&project, "baseline.json");
    for (text, why) in [
        ("", "is broken"),
        ("{", "is broken"),
        ("[]", "is broken"),
        (&good.replace("baseline/1", "baseline/2"), "its schema is"),
        (&good.replace("\"acme\"", "\"bank\""), "it is the baseline of bank, not of acme"),
        (&good.replace("\"code\"", "\"cod\""), "is broken"),
        (&good.replacen("\"fingerprint\": \"", "\"fingerprint\": \"not one ", 1), "is not a fingerprint"),
        (
            &good.replace("\"acme\": [", "\"acme\": [{\"code\":\"GOV1\",\"name\":\"x\",\"subject\":\"s\",\"fingerprint\":\"ab\"},{\"code\":\"GOV1\",\"name\":\"x\",\"subject\":\"s\",\"fingerprint\":\"ab\"},"),
            "twice",
        ),
    ] {
        let project = over_base(ROGUE).file("other.json", text);
        let outcome = project.run(&["check", "--baseline", "other.json"]).ends_with(2);
        says(&outcome, why);
    }
    says(
        &project.run(&["check", "--baseline", "nowhere.json"]).ends_with(2),
        "it is not there",
    );
    says(
        &project.run(&["check", "--write-baseline", "no/such/x.json"]).ends_with(2),
        "cannot write",
    );
    // Where the text has errors, nothing is known of what stands.
    let broken = over_base(ROGUE).file("baseline.json", &good).file("more.gov", "nonsense\n");
    broken
        .run(&["check", "--baseline", "baseline.json", "--prune-baseline"])
        .ends_with(2);
    assert_eq!(good, read(&broken, "baseline.json"));
    broken.run(&["check", "--write-baseline", "second.json"]).ends_with(2);
    assert!(!broken.path("second.json").exists());
}

#[test]
fn forges_are_shown_what_is_new() {
    let project = old();
    let outcome = project
        .run(&["check", "--baseline", "baseline.json", "--format", "github"])
        .ends_with(0);
    assert!(!outcome.out.contains("::error"), "{outcome}");
    let outcome = project
        .run(&["check", "--baseline", "baseline.json", "--format", "junit"])
        .ends_with(0);
    assert!(
        outcome.out.contains("in the baseline: ") && !outcome.out.contains("<failure"),
        "{outcome}"
    );
    project.run(&["check", "--format", "junit"]).ends_with(1);
}
