//! The example workspaces: what is governed has no finding, and each twin with gaps has the findings that its README lists.

use crate::project::{TODAY, repository, run_in};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The folders of examples, governed ones or their twins.
pub fn examples(gaps: bool) -> Vec<(String, PathBuf)> {
    let folders = std::fs::read_dir(repository().join("examples")).expect("there are examples");
    let mut found: Vec<(String, PathBuf)> = folders
        .map(|folder| folder.expect("the folder can be listed").path())
        .filter(|folder| folder.is_dir())
        .map(|folder| (folder.file_name().expect("it has a name").to_string_lossy().into_owned(), folder))
        .filter(|(name, _)| name.ends_with("-gaps") == gaps)
        .collect();
    found.sort();
    found
}

#[test]
fn every_example_has_a_twin_with_gaps() {
    let governed: Vec<String> = examples(false).into_iter().map(|(name, _)| format!("{name}-gaps")).collect();
    let gaps: Vec<String> = examples(true).into_iter().map(|(name, _)| name).collect();
    assert_eq!(governed, gaps);
}

#[test]
fn what_is_governed_has_no_finding() {
    for (name, folder) in examples(false) {
        let outcome = run_in(&folder, TODAY, &["check"]).ends_with(0);
        assert_eq!(outcome.out, "", "{name}");
        assert!(outcome.error.starts_with("no gaps in "), "{name}: {}", outcome.error);
    }
}

#[test]
fn gaps_are_found() {
    for (name, folder) in examples(true) {
        let outcome = run_in(&folder, TODAY, &["check"]).ends_with(1);
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("example-{name}"), outcome.to_string());
        });
    }
}

#[test]
fn readmes_list_what_is_found() {
    for (name, folder) in examples(true) {
        let document: serde_json::Value =
            serde_json::from_str(&run_in(&folder, TODAY, &["check", "--format", "json"]).out).expect("it is JSON");
        let findings = document["findings"].as_array().expect("there are findings");
        let found: BTreeSet<&str> = findings.iter().filter_map(|finding| finding["code"].as_str()).collect();
        let readme = std::fs::read_to_string(folder.join("README.md")).expect("there is a README");
        let lines = readme.lines().filter_map(|line| line.strip_prefix("- "));
        let listed: BTreeSet<&str> = lines
            .filter_map(|line| line.get(..6))
            .filter(|code| code.starts_with("GOV"))
            .collect();
        assert_eq!(listed, found, "{name}");
    }
}

#[test]
fn a_finding_is_said_once() {
    for (name, folder) in examples(true) {
        let document: serde_json::Value =
            serde_json::from_str(&run_in(&folder, TODAY, &["check", "--format", "json"]).out).expect("it is JSON");
        let prints: Vec<&str> = document["findings"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|finding| finding["fingerprint"].as_str())
            .collect();
        assert_eq!(prints.iter().collect::<BTreeSet<_>>().len(), prints.len(), "{name}");
    }
}

#[test]
fn what_is_found_does_not_hang_on_threads() {
    for (_, folder) in examples(true) {
        let one = run_in(&folder, TODAY, &["--jobs", "1", "check", "--format", "json"]).out;
        assert_eq!(run_in(&folder, TODAY, &["--jobs", "4", "check", "--format", "json"]).out, one);
    }
}
