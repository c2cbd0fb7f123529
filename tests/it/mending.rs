//! `docs/fix.md` is executed: what it says is mended becomes what it says, and what is left is left for the reason it gives.

use crate::examples::examples;
use crate::overlay::over_base;
use crate::project::{Project, TODAY, files_below, repository, run_in};
use quorate::checks::ALL;
use quorate::checks::mending::{LEFT, why};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

fn page() -> String {
    std::fs::read_to_string(repository().join("docs/fix.md")).expect("the page is there")
}

/// The blocks under each code of the page: before, after, and so on.
fn mended() -> BTreeMap<String, Vec<String>> {
    let page = page();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut code = "";
    let mut block: Option<String> = None;
    for line in page.lines() {
        match (&mut block, line) {
            (None, "```gov") => block = Some(String::new()),
            (Some(_), "```") => found.entry(code.to_owned()).or_default().extend(block.take()),
            (Some(text), _) => *text += &format!("{line}\n"),
            (None, _) if line.starts_with("### GOV") => code = &line[4..10],
            (None, _) => {}
        }
    }
    found
}

/// The codes of findings with an edit, in one document of `check --format json`.
fn with_edit(document: &serde_json::Value) -> BTreeSet<String> {
    let findings = document["findings"].as_array().into_iter().flatten();
    findings
        .filter(|finding| !finding["edit"].is_null())
        .filter_map(|finding| finding["code"].as_str().map(str::to_owned))
        .collect()
}

fn json(outcome: &str) -> serde_json::Value {
    serde_json::from_str(outcome).expect("it is JSON")
}

/// The block as it stands in a workspace, without the line that brings in its names.
fn block(project: &Project) -> String {
    let text = std::fs::read_to_string(project.path("block.gov")).expect("the file is there");
    text.split_once('\n').map_or(String::new(), |(_, block)| block.to_owned())
}

#[test]
fn what_the_page_says_is_mended_becomes_what_it_says() {
    let mended = mended();
    assert!(!mended.is_empty());
    for (code, blocks) in mended {
        assert!(
            blocks.len().is_multiple_of(2) && !blocks.is_empty(),
            "{code}: every before has an after"
        );
        for pair in blocks.chunks(2) {
            let project = over_base(&pair[0]);
            let before = project.run(&["check", "--format", "json"]);
            assert!(with_edit(&json(&before.out)).contains(&code), "{code}:\n{before}");
            let outcome = project.run(&["check", "--fix"]);
            assert_eq!(block(&project), pair[1], "{code}:\n{outcome}");
            assert!(!outcome.out.contains(&code), "{code} still stands:\n{outcome}");
            assert_eq!(outcome.code, Some(0), "{code}:\n{outcome}");
        }
    }
}

#[test]
fn every_code_that_is_mended_is_on_the_page() {
    let of_pages = crate::pages::fails()
        .into_par_iter()
        .map(|text| over_base(&text).run(&["check", "--format", "json"]).out);
    let of_examples = examples(true)
        .into_par_iter()
        .map(|(_, folder)| run_in(&folder, TODAY, &["check", "--format", "json"]).out);
    let found: Vec<BTreeSet<String>> = of_pages.chain(of_examples).map(|out| with_edit(&json(&out))).collect();
    let found: BTreeSet<String> = found.into_iter().flatten().collect();
    let listed: BTreeSet<String> = mended().into_keys().collect();
    assert!(
        found.is_subset(&listed),
        "not on the page: {:?}",
        found.difference(&listed).collect::<Vec<_>>()
    );
}

#[test]
fn every_check_says_why_it_is_left() {
    let page = page();
    let known: Vec<&str> = LEFT.iter().flat_map(|(_, codes)| codes.iter().map(|(code, _)| *code)).collect();
    for check in ALL {
        let (id, name) = (check.code.id, check.code.name);
        assert_eq!(known.iter().filter(|code| **code == id).count(), 1, "{id} {name}");
        let row = format!("| [{id} {name}](codes/{name}.md) | {} |", why(id).unwrap_or_default());
        assert!(page.lines().any(|line| line == row), "docs/fix.md lacks:\n{row}");
    }
    assert_eq!(known.len(), ALL.len());
    let headings: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .filter(|line| !line.starts_with("GOV"))
        .collect();
    assert_eq!(headings, LEFT.iter().map(|(heading, _)| *heading).collect::<Vec<_>>());
    let rows = page.lines().filter(|line| line.starts_with("| [GOV")).count();
    assert_eq!(rows, ALL.len(), "each code has one row");
}

/// A copy of an example that may be changed.
fn copy(folder: &std::path::Path) -> Project {
    files_below(folder).iter().fold(Project::new(), |project, file| {
        let name = file
            .strip_prefix(folder)
            .expect("it is in the folder")
            .to_string_lossy()
            .into_owned();
        project.bytes(&name, &std::fs::read(file).expect("the file can be read"))
    })
}

#[test]
fn the_gaps_are_mended_where_that_is_no_guess_and_else_it_is_said_why_not() {
    let mended = BTreeMap::from([("prices-and-refunds-gaps", 1)]);
    for (name, folder) in examples(true) {
        let project = copy(&folder);
        let before = json(&project.run(&["check", "--format", "json"]).out);
        let outcome = project.run(&["check", "--fix"]).ends_with(1);
        let after = json(&project.run(&["check", "--format", "json"]).out);
        let count = |document: &serde_json::Value| document["findings"].as_array().map_or(0, Vec::len);
        let expected = mended.get(&*name).copied().unwrap_or(0);
        assert_eq!(count(&before) - count(&after), expected, "{name}:\n{outcome}");
        assert_eq!(outcome.error.contains("fixed "), expected > 0, "{name}:\n{outcome}");
        // What is open and fails has a reason: in the list by its code, or at the place of the edit that is not made.
        for finding in after["findings"].as_array().into_iter().flatten() {
            let code = finding["code"].as_str().unwrap_or_default();
            if finding["level"] == "error" && finding["edit"].is_null() {
                let reason = why(code).unwrap_or_default();
                let said = |line: &str| line.trim_start().starts_with(code) && line.ends_with(reason);
                assert!(outcome.error.lines().any(said), "{name}: {code}\n{outcome}");
            }
            if !finding["edit"].is_null() {
                assert!(
                    outcome.error.contains("is not written: it would cause another finding"),
                    "{name}\n{outcome}"
                );
            }
        }
    }
}

fn weak() -> String {
    let text = std::fs::read_to_string(repository().join("docs/codes/base.gov")).expect("the base is there");
    let (old, new) = ("approve business and security and privacy", "approve business and security");
    assert!(text.contains(old));
    text.replacen(old, new, 1)
}

/// Applies a diff in the folder of a project.
fn applied(project: &Project, diff: &str) {
    std::fs::write(project.path("change.diff"), diff).expect("the diff can be written");
    let folder = project.path("");
    let git = Command::new("git")
        .args(["apply", "change.diff"])
        .current_dir(folder)
        .output()
        .expect("git runs");
    assert!(git.status.success(), "{}\n{diff}", String::from_utf8_lossy(&git.stderr));
}

#[test]
fn a_diff_shows_the_edit_and_writes_nothing() {
    for (name, text) in [
        ("main.gov", weak()),
        ("two words.gov", weak()),
        ("main.gov", format!("\u{feff}{}", weak().replace('\n', "\r\n"))),
        ("main.gov", weak().trim_end().to_owned()),
    ] {
        let project = Project::new().file(name, &text);
        let outcome = project.run(&["check", "--fix", "--diff"]).ends_with(1);
        assert!(outcome.out.starts_with(&format!("--- a/{name}")), "{outcome}");
        let added: Vec<&str> = outcome.out.lines().filter(|line| line.starts_with("+  ")).collect();
        assert!(
            matches!(added[..], [line] if line.contains("approve") && line.ends_with("business and security and privacy")),
            "{outcome}"
        );
        assert!(
            !outcome.out.contains("GOV103"),
            "standard output holds nothing but the diff: {outcome}"
        );
        let read = || std::fs::read_to_string(project.path(name)).expect("the file is there");
        assert_eq!(read(), text, "it is as it was");
        applied(&project, &outcome.out);
        let fixed = Project::new().file(name, &text);
        fixed.run(&["check", "--fix"]).ends_with(0);
        assert_eq!(read(), std::fs::read_to_string(fixed.path(name)).expect("the file is there"));
    }
}

#[test]
fn a_diff_of_nothing_is_empty_and_ends_as_check_ends() {
    let clean = Project::of(&std::fs::read_to_string(repository().join("docs/codes/base.gov")).expect("the base is there"));
    let outcome = clean.run(&["check", "--fix", "--diff"]).ends_with(0);
    assert_eq!(outcome.out, "");
    assert!(!outcome.error.contains("left to people"), "{outcome}");
    let mixed = Project::of(&weak().replacen('\n', "\r\n", 1));
    assert_eq!(mixed.run(&["check", "--fix", "--diff"]).ends_with(2).out, "");
    assert_eq!(clean.run(&["check", "--diff"]).code, Some(2), "a diff is one of what is mended");
}

#[test]
fn a_diff_repeats_no_secret() {
    let secret = ["AKIA", "IOSFODNN7EXAMPLE"].concat();
    let text = weak().replacen(
        "  covers  write customer.consent",
        &format!("  // {secret}\n  covers  write customer.consent"),
        1,
    );
    let outcome = Project::of(&text).run(&["check", "--fix", "--diff"]);
    assert!(!outcome.to_string().contains(&secret), "{outcome}");
    assert!(outcome.error.contains("main.gov contains a secret"), "{outcome}");
}

#[test]
fn reasons_are_of_what_fails_and_quiet_leaves_them_out() {
    let text = weak().replacen("ttl 15m", "ttl 12h", 1);
    let outcome = Project::of(&text).run(&["check", "--fix"]).ends_with(1);
    let line = "  GOV205 standing-credential  1 finding: how long a credential lives is a fact about your systems";
    assert!(outcome.error.lines().any(|said| said == line), "{outcome}");
    assert!(!outcome.error.contains("GOV311"), "a note does not fail: {outcome}");
    let all = Project::of(&text).run(&["check", "--fix", "--fail-on", "note"]);
    assert!(all.error.contains("GOV311"), "{all}");
    let never = Project::of(&text).run(&["check", "--fix", "--fail-on", "never"]);
    assert!(!never.error.contains("left to people"), "{never}");
    let quiet = Project::of(&text).run(&["check", "--fix", "--quiet"]);
    assert!(!quiet.error.contains("left to people"), "{quiet}");
    let plain = Project::of(&text).run(&["check"]);
    assert!(
        !plain.error.contains("left to people"),
        "only whoever wants to mend asks why: {plain}"
    );
}
